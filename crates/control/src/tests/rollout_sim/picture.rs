//! What is stored of a rollout at one moment, read past the code that wrote it.

use std::collections::BTreeSet;
use std::path::Path;

use adoption::rollout::{
    Command, Effect, Event, Facts, Impact, NoticeKind, Phase, Recipient, Rollout, transition,
};
use adoption::{Micros, RolloutId};
use sqlx::{Connection, Row, SqliteConnection};

/// A notice that is to be told: id, kind, recipient.
type Told = (String, String, String);

/// All that one step writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) edition: i64,
    pub(super) rollout: Rollout,
    pub(super) impact: Impact,
    pub(super) notices: BTreeSet<Told>,
    /// Entries of the audit log that speak of the rollout.
    audited: i64,
    /// The newest Snapshot that is asked for.
    generation: i64,
    /// Outcomes of versions, operations of the new one, pins, contracts.
    versions: String,
}

/// A reader of its own.
pub(super) struct Camera {
    connection: SqliteConnection,
    rollout: RolloutId,
}

impl Camera {
    pub(super) async fn new(folder: &Path, rollout: RolloutId) -> Self {
        let url = format!("sqlite:{}", folder.join("towpath.db").display());
        Self {
            connection: SqliteConnection::connect(&url).await.unwrap(),
            rollout,
        }
    }

    pub(super) async fn picture(&mut self) -> Picture {
        let id = self.rollout.to_string();
        let row = sqlx::query(
            "SELECT edition, phase, rollout, impact,
                    (SELECT COUNT(*) FROM audit_log WHERE noun = 'rollout' AND object = ?1) AS audited,
                    (SELECT COALESCE(MAX(id), 0) FROM outbox) AS generation,
                    (SELECT COALESCE(GROUP_CONCAT(COALESCE(outcome, 'open')), '') FROM version)
                    || ' ' || (SELECT COUNT(*) FROM version_operation)
                    || ' ' || (SELECT COUNT(*) FROM pin)
                    || ' ' || (SELECT GROUP_CONCAT(contract) FROM surface) AS versions
             FROM rollout WHERE id = ?1",
        );
        let row = row.bind(&id).fetch_one(&mut self.connection).await.unwrap();
        let told = sqlx::query(
            "SELECT id, kind, recipient FROM notice WHERE rollout = ?1 AND kind <> 'unreached'",
        );
        let told = told
            .bind(&id)
            .fetch_all(&mut self.connection)
            .await
            .unwrap();
        let rollout: Rollout = serde_json::from_str(row.get("rollout")).unwrap();
        assert_eq!(row.get::<String, _>("phase"), rollout.state.as_str());
        Picture {
            edition: row.get("edition"),
            rollout,
            impact: serde_json::from_str(row.get("impact")).unwrap(),
            notices: told
                .iter()
                .map(|row| (row.get("id"), row.get("kind"), row.get("recipient")))
                .collect(),
            audited: row.get("audited"),
            generation: row.get("generation"),
            versions: row.get("versions"),
        }
    }

    /// Deliveries: notice, channel, address, consumer, state.
    pub(super) async fn deliveries(&mut self) -> Vec<[String; 5]> {
        let rows = sqlx::query(
            "SELECT d.notice, d.channel, COALESCE(w.url, d.address) AS address,
                    COALESCE(d.consumer, '') AS consumer, d.state
             FROM delivery d LEFT JOIN webhook w ON w.id = d.address
             WHERE d.rollout = ?1 ORDER BY d.notice, d.channel, d.address",
        );
        let rows = rows.bind(self.rollout.to_string());
        let rows = rows.fetch_all(&mut self.connection).await.unwrap();
        let columns = ["notice", "channel", "address", "consumer", "state"];
        rows.iter()
            .map(|row| columns.map(|column| row.get(column)))
            .collect()
    }
}

impl Picture {
    /// `after` is this with `commands` carried out one by one, whole; how many phases were skipped.
    pub(super) fn assert_became(&self, after: &Self, commands: &[Command], now: Micros) -> u64 {
        let steps = commands.len() as i64;
        assert_eq!(after.edition, self.edition + steps, "{commands:?}");
        assert_eq!(after.audited, self.audited + steps, "{commands:?}");
        assert_eq!(after.generation, self.generation + steps, "{commands:?}");
        // Live use can only refuse, and these were carried out.
        let facts = Facts {
            impact: &after.impact,
            live: &[],
        };
        let mut rollout = self.rollout.clone();
        let mut told = self.notices.clone();
        let mut skipped = 0;
        for command in commands {
            let was = rollout.state.phase();
            for notice in carry_out(&mut rollout, command, &facts, now) {
                assert!(told.insert(notice), "an id was made twice");
            }
            let is = rollout.state.phase();
            skipped += u64::from(is != was && was.next() != Some(is));
        }
        assert_eq!(after.rollout, rollout, "{commands:?}");
        assert_eq!(after.notices, told, "{commands:?}");
        let entered: Vec<_> = rollout.entered.keys().copied().collect();
        skipped + u64::from(entered != Phase::ALL[..entered.len()])
    }
}

/// What the laws say that the command does.
fn carry_out(
    rollout: &mut Rollout,
    command: &Command,
    facts: &Facts<'_>,
    now: Micros,
) -> Vec<Told> {
    assert!(!rollout.applied.contains(&command.id), "done twice");
    // A draft is edited without asking the laws.
    if let (Event::Edit { plan }, "draft") = (&command.event, rollout.state.as_str()) {
        rollout.plan = (**plan).clone();
        rollout.applied.insert(command.id.clone());
        return Vec::new();
    }
    let effects = transition(rollout, command, facts, now).unwrap();
    let told = effects.into_iter().filter_map(|effect| match effect {
        Effect::Notify { notice } => Some((
            notice.id.to_string(),
            NoticeKind::as_str(notice.kind).to_owned(),
            Recipient::key(notice.recipient),
        )),
        Effect::Publish { .. } => None,
    });
    told.collect()
}
