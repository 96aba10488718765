//! The publisher, the running jobs, retention, health and doctor.

use std::sync::{Arc, Mutex};

use adoption::{Clock, Micros};
use tokio::sync::mpsc;

use super::world::{World, answer, call};
use crate::jobs::publish::publish;
use crate::jobs::retain::delete_old;
use crate::{
    Actor, Check, CheckState, ControlConfig, Retention, SnapshotSink, SnapshotSpec, Taken, UsageBy,
    UsageQuery, last_snapshot,
};

/// Keeps what was published, and tells of it.
struct Sink {
    specs: Mutex<Vec<SnapshotSpec>>,
    told: mpsc::UnboundedSender<u64>,
}

impl SnapshotSink for Sink {
    fn publish(&self, spec: &SnapshotSpec) -> Taken {
        self.specs.lock().unwrap().push(spec.clone());
        let _ = self.told.send(spec.generation);
        Taken::No
    }
}

fn sink() -> (Arc<Sink>, mpsc::UnboundedReceiver<u64>) {
    let (told, heard) = mpsc::unbounded_channel();
    (
        Arc::new(Sink {
            specs: Mutex::default(),
            told,
        }),
        heard,
    )
}

#[tokio::test]
async fn every_change_of_interest_makes_a_new_generation() {
    let world = World::new().await;
    let (sink, _heard) = sink();
    let generation = async || publish(&world.control, sink.as_ref()).await.unwrap();
    assert_eq!(generation().await, 0);
    world.surface("payments").await;
    assert_eq!(generation().await, 1);
    assert_eq!(generation().await, 1, "nothing has changed");
    world.consumer("acme").await;
    assert_eq!(generation().await, 1, "the gateway need not know");
    let key = world.key("acme", "payments").await;
    assert_eq!(generation().await, 2);
    world
        .control
        .revoke_key(Actor::Cli, &key.key.id.to_string())
        .await
        .unwrap();
    assert_eq!(generation().await, 3);
    let last = last_snapshot(world.dir.path()).unwrap().unwrap();
    assert_eq!((last.generation, last.keys.len()), (3, 0));
    // Published notes are forgotten; their numbers are not given again.
    let world = world.reopened().await;
    world.key("acme", "payments").await;
    assert_eq!(world.control.snapshot().await.unwrap().generation, 4);
}

#[tokio::test]
async fn a_crash_between_commit_and_publication_is_caught_up_at_start() {
    let world = World::new().await;
    let (first, _heard) = sink();
    world.surface("payments").await;
    world.consumer("acme").await;
    publish(&world.control, first.as_ref()).await.unwrap();
    let revoked = world.key("acme", "payments").await;
    publish(&world.control, first.as_ref()).await.unwrap();
    // Committed, and the process dies before anything is published.
    world
        .control
        .revoke_key(Actor::Cli, &revoked.key.id.to_string())
        .await
        .unwrap();
    let world = world.reopened().await;
    assert_eq!(
        last_snapshot(world.dir.path()).unwrap().unwrap().keys.len(),
        1
    );

    let (second, mut heard) = sink();
    let jobs = world.control.start_jobs(world.journal(), second.clone());
    assert_eq!(heard.recv().await, Some(3));
    jobs.stop().await;
    assert!(second.specs.lock().unwrap()[0].keys.is_empty());
    assert!(
        last_snapshot(world.dir.path())
            .unwrap()
            .unwrap()
            .keys
            .is_empty()
    );
    assert_eq!(world.control.health().await.generation, 3);
}

#[tokio::test]
async fn a_crash_at_any_statement_of_a_change_leaves_all_of_it_or_nothing() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    let faults = world.control.store().faults().clone();
    let mut crashes = 0;
    for statement in 1.. {
        let before = world.control.snapshot().await.unwrap();
        let logged = world
            .control
            .list_audit(&Default::default())
            .await
            .unwrap()
            .items
            .len();
        faults.fail_at(statement);
        let new = crate::NewKey {
            consumer: "acme".to_owned(),
            surface: "payments".to_owned(),
            kind: None,
            expires_at: None,
        };
        let made = world.control.create_key(Actor::Cli, new).await;
        faults.fail_at(0);
        let after = world.control.snapshot().await.unwrap();
        let log = world
            .control
            .list_audit(&Default::default())
            .await
            .unwrap()
            .items
            .len();
        // The state, its note in the outbox and its line in the audit log come together.
        let whole = (
            (after.keys.len() - before.keys.len()) as u64,
            after.generation - before.generation,
            (log - logged) as u64,
        );
        assert!(
            whole == (0, 0, 0) || whole == (1, 1, 1),
            "statement {statement}: {whole:?}"
        );
        if made.is_ok() {
            break;
        }
        crashes += 1;
    }
    assert!(crashes > 4, "{crashes}");
}

#[tokio::test]
async fn running_jobs_publish_and_apply_without_being_asked() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let (sink, mut heard) = sink();
    let jobs = world.control.start_jobs(journal.clone(), sink.clone());
    assert_eq!(heard.recv().await, Some(1));
    let key = world.key("acme", "payments").await;
    assert_eq!(heard.recv().await, Some(2));
    world
        .control
        .revoke_key(Actor::Cli, &key.key.id.to_string())
        .await
        .unwrap();
    assert_eq!(heard.recv().await, Some(3));

    answer(&lane, &call(world.clock.now(), 1), 200);
    let fence = lane
        .reserve(
            &call(world.clock.now(), 1),
            200,
            adoption::Origin::Upstream,
            1,
        )
        .unwrap();
    lane.durable(&fence).await.unwrap();
    // Asking for usage is enough to see it.
    assert_eq!(world.usage(UsageBy::Operation).await.total.calls, 2);
    let health = world.control.health().await;
    assert!(health.is_ready() && !health.journal_full);
    assert_eq!((health.usage_lag_ms, health.streams_damaged), (Some(0), 0));
    world.clock.advance_seconds(400);
    assert_eq!(
        state_of(&world.control.doctor(vec![]).await, "usage.lag"),
        CheckState::Fail
    );

    // Stopping applies what is on disk.
    lane.settle(fence, &super::world::SETTLEMENT);
    let fence = lane
        .reserve(
            &call(world.clock.now(), 1),
            200,
            adoption::Origin::Upstream,
            1,
        )
        .unwrap();
    lane.durable(&fence).await.unwrap();
    jobs.stop().await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.bytes_out), (3, 2_000));
}

fn state_of(checks: &[Check], name: &str) -> CheckState {
    checks
        .iter()
        .find(|check| check.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
        .state
}

#[tokio::test]
async fn a_sound_installation_passes_its_check_up() {
    let world = World::new().await;
    world.surface("payments").await;
    let (sink, _heard) = sink();
    publish(&world.control, sink.as_ref()).await.unwrap();
    crate::local_token(world.dir.path()).unwrap();
    let outside = Check::warn("upstream.payments", "no answer".to_owned(), "start it");
    let checks = world.control.doctor(vec![outside]).await;
    let bad: Vec<_> = checks
        .iter()
        .filter(|check| check.state != CheckState::Ok)
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(bad, ["upstream.payments"], "{checks:#?}");
    let names: Vec<_> = checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "database.library",
            "database.integrity",
            "database.migrations",
            "usage.lag",
            "usage.streams",
            "snapshot",
            "disk.free",
            "clock",
            "permissions.data",
            "permissions.token",
            "permissions.database",
            "upstream.payments",
        ]
    );
    assert!(
        checks
            .iter()
            .all(|check| check.next_step.is_some() == (check.state != CheckState::Ok))
    );
}

#[tokio::test]
async fn a_check_up_finds_a_clock_that_went_back_a_stale_snapshot_and_open_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    world.surface("payments").await;
    let (sink, _heard) = sink();
    publish(&world.control, sink.as_ref()).await.unwrap();
    world.consumer("acme").await;
    world.key("acme", "payments").await;
    crate::local_token(world.dir.path()).unwrap();
    let token = world.dir.path().join("admin.token");
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).unwrap();
    world.clock.advance_seconds(-3_600);
    let checks = world.control.doctor(vec![]).await;
    assert_eq!(state_of(&checks, "clock"), CheckState::Fail);
    assert_eq!(state_of(&checks, "snapshot"), CheckState::Warn);
    assert_eq!(state_of(&checks, "permissions.token"), CheckState::Warn);
    std::fs::write(world.dir.path().join("snapshot.json"), "{").unwrap();
    assert_eq!(
        state_of(&world.control.doctor(vec![]).await, "snapshot"),
        CheckState::Fail
    );
    std::fs::rename(
        world.dir.path().join("towpath.db"),
        world.dir.path().join("away"),
    )
    .unwrap();
    assert_eq!(
        state_of(&world.control.doctor(vec![]).await, "database.open"),
        CheckState::Fail
    );
}

#[tokio::test]
async fn old_minutes_and_hours_go_and_longer_grains_stand_in_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(testkit::FakeClock::new(super::world::START));
    let config = ControlConfig {
        retention: Retention {
            minute_hours: 2,
            hour_days: 2,
            day_days: Some(10),
        },
        ..ControlConfig::new(dir.path().to_owned())
    };
    let control = crate::Control::open(config, clock.clone()).await.unwrap();
    let world = World {
        dir,
        clock,
        control,
    };
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let start = world.clock.now();
    for hour in 0..24 * 14 {
        answer(&lane, &call(start.plus_seconds(hour * 3_600 + 61), 1), 200);
    }
    world.clock.set(start.plus_seconds(14 * 86_400));
    drop(lane);
    super::world::apply_all(&world, journal).await;

    let calls = async |since: Micros, until: Micros| {
        let report = world
            .control
            .usage(&UsageQuery::new(UsageBy::Key, since, until))
            .await
            .unwrap();
        (report.total.calls, report.since, report.until)
    };
    let end = world.clock.now();
    let all = calls(start, end).await;
    assert_eq!(all, (24 * 14, start, end));
    assert!(delete_old(&world.control).await.unwrap() > 0);
    assert_eq!(delete_old(&world.control).await.unwrap(), 0);

    // The last hour is exact to the minute, the day before to the hour, before that to the day.
    assert_eq!(calls(end.plus_seconds(-3_600), end).await.0, 1);
    let half = end.plus_seconds(-20 * 3_600 + 1_800);
    assert_eq!(
        calls(half, end).await,
        (20, end.plus_seconds(-20 * 3_600), end)
    );
    let (days, since, _) = calls(end.plus_seconds(-5 * 86_400), end).await;
    assert_eq!(since.0 % (86_400 * 1_000_000), 0, "a whole day");
    assert!((120..144).contains(&days), "{days}");
    let (rest, since, _) = calls(start, end).await;
    assert!(since > start && rest < 24 * 14 && rest > 24 * 9, "{rest}");
}
