//! What is asked of a rollout: decided by the laws on what is known now, and carried out in one transaction with all that follows.

use adoption::rollout::{
    Command, Effect, Event, Facts, Phase, Plan, Refusal, Rollout, State, transition,
};
use adoption::{KeyId, Micros};
use serde_json::json;
use store::notice::NoticeRow;
use store::version::{VersionOutcome, VersionRow};
use store::{Tx, WriteTx};

use super::facts::{Known, judges_evidence};
use super::touched::read_touched;
use super::{RolloutView, Stored, find, surface_name, to_json};
use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::contracts;
use crate::control::Control;
use crate::error::ControlError;
use crate::random;

/// Another change was faster.
const MOVED: &str = "rollout_moved";

/// A rollout changes a few times an hour: twice in a row is chance, more is a fault.
const TRIES_MAX: u32 = 4;

/// Who asks, and under which id.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub actor: Actor,
    /// A person, for the history; `None` is the actor's own name.
    pub by: Option<&'a str>,
    /// The same id twice is the same request, delivered twice. Made up when absent.
    pub id: Option<&'a str>,
    /// The edition that the asker has read; `None` takes whatever is there.
    pub edition: Option<u64>,
}

impl Asked<'_> {
    pub(super) fn command(&self, event: Event) -> Result<Command, ControlError> {
        let id = match self.id {
            Some(id) => id.to_owned(),
            None => format!("{:016x}", random::raw_id()?),
        };
        let by = self.by.map(str::trim).filter(|by| !by.is_empty());
        Ok(Command {
            id,
            by: by.unwrap_or(self.actor.as_str()).to_owned(),
            event,
        })
    }
}

impl Control {
    /// Asks `event` of the rollout of this id, or of the newest one of the surface of this name.
    ///
    /// Errors: `Refused` where the laws say no; `State` with code `rollout_moved` when another change was faster, or
    /// `rollout_not_started` for a step that only a start takes.
    pub async fn ask_rollout(
        &self,
        rollout: &str,
        asked: Asked<'_>,
        event: Event,
    ) -> Result<RolloutView, ControlError> {
        let command = asked.command(event)?;
        if judges_evidence(&command.event) {
            self.freshen_usage().await;
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_asking(rollout, asked, &command).await {
                // Somebody else was faster, and the asker has not named what it has read: decided anew.
                Err(error)
                    if error.code() == MOVED && asked.edition.is_none() && tries < TRIES_MAX => {}
                done => return done,
            }
        }
    }

    async fn try_asking(
        &self,
        rollout: &str,
        asked: Asked<'_>,
        command: &Command,
    ) -> Result<RolloutView, ControlError> {
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        asked.check_edition(&stored)?;
        refuse_other_surface(&stored.rollout, &command.event)?;
        let known = self.known(&mut tx, &stored, &command.event).await?;
        drop(tx);

        let now = self.now();
        let mut tx = self.store().write().await?;
        let mut current = find(&mut tx, &stored.row.id.to_string()).await?;
        if current.row.edition != stored.row.edition {
            return Err(moved(&current));
        }
        refuse_skipped_start(&current.rollout, &command.event)?;
        let done = self
            .carry_out(&mut tx, &mut current, command, known, asked.actor, now)
            .await?;
        let name = surface_name(&mut tx, &current).await?;
        match done {
            Carried::Nothing => {}
            Carried::Out => self.commit_rollout(tx, now).await?,
        }
        Ok(current.view(name, now))
    }

    /// Commits a step of a rollout, and wakes who has to act on it.
    pub(super) async fn commit_rollout(
        &self,
        tx: WriteTx,
        now: Micros,
    ) -> Result<(), ControlError> {
        self.commit_with_snapshot(tx, now).await?;
        self.notices_are_due();
        Ok(())
    }

    /// Decides `command` and writes what follows from it: state, notices, versions and pins, the audit log.
    pub(super) async fn carry_out(
        &self,
        tx: &mut WriteTx,
        stored: &mut Stored,
        command: &Command,
        known: Known,
        actor: Actor,
        now: Micros,
    ) -> Result<Carried, ControlError> {
        let before = stored.rollout.clone();
        let facts = Facts {
            impact: &known.impact,
            live: &known.live,
        };
        let effects = match &command.event {
            // What nobody has heard of is edited freely: the bar tells, and refuses once it is to be published.
            Event::Edit { plan } if before.state.as_str() == Phase::Draft.as_str() => {
                edit_draft(&mut stored.rollout, &command.id, plan);
                Vec::new()
            }
            _ => transition(&mut stored.rollout, command, &facts, now)?,
        };
        if stored.rollout == before {
            return Ok(Carried::Nothing);
        }
        stored.impact = known.impact;
        stored.save(tx, now).await?;
        let notices = notices_of(stored, &effects, now);
        store::notice::append(tx, &notices).await?;
        follow(tx, stored, before.state.phase(), now).await?;
        let detail = json!({
            "command": command.id, "by": command.by, "edition": stored.row.edition,
            "what": stored.rollout.history.last().map(|step| step.what.as_str()),
        });
        let change = Change {
            actor,
            action: action_of(&command.event),
            noun: "rollout",
            object: &stored.row.id,
            detail,
        };
        note(tx, now, change).await?;
        Ok(Carried::Out)
    }

    /// Takes the next step, or the one to `to`.
    pub async fn advance_rollout(
        &self,
        rollout: &str,
        asked: Asked<'_>,
        to: Option<Phase>,
    ) -> Result<RolloutView, ControlError> {
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        drop(tx);
        let next = stored.rollout.state.phase().next();
        // After the last step there is none; the law says so.
        let to = to.or(next).unwrap_or(Phase::Removed);
        self.ask_rollout(rollout, asked, Event::Advance { to })
            .await
    }

    /// The id of a friction entry that is asked for so: of the same request the same.
    pub fn friction_id(&self, asked: Asked<'_>) -> Result<String, ControlError> {
        let command = asked.command(Event::Resume)?;
        let digest = adoption::KeyDigest::of(command.id.as_bytes()).to_string();
        Ok(digest[..12].to_owned())
    }

    /// Moves the key of this `key_` id onto the new version.
    pub async fn opt_in_key(
        &self,
        rollout: &str,
        asked: Asked<'_>,
        key: KeyId,
    ) -> Result<RolloutView, ControlError> {
        let mut tx = self.store().read().await?;
        let surface = find(&mut tx, rollout).await?.row.surface;
        let row = store::key::by_id(&mut tx, key).await?;
        drop(tx);
        let row = row.filter(|row| row.key.surface == surface);
        let row = row.ok_or_else(|| ControlError::NotFound {
            noun: "key of the surface",
            name: key.to_string(),
        })?;
        let consumer = row.key.consumer;
        let event = Event::OptIn { key, consumer };
        self.ask_rollout(rollout, asked, event).await
    }
}

/// Whether a command changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carried {
    /// It was so already; nothing was written.
    Nothing,
    Out,
}

impl Asked<'_> {
    fn check_edition(&self, stored: &Stored) -> Result<(), ControlError> {
        match self.edition {
            Some(edition) if edition != stored.row.edition => Err(moved(stored)),
            _ => Ok(()),
        }
    }
}

fn moved(stored: &Stored) -> ControlError {
    ControlError::State {
        code: MOVED,
        message: format!(
            "rollout {} was changed meanwhile and is at edition {}; read it and try again",
            stored.row.id, stored.row.edition
        ),
    }
}

fn refuse_other_surface(rollout: &Rollout, event: &Event) -> Result<(), ControlError> {
    match event {
        Event::Edit { plan } if plan.surface != rollout.plan.surface => {
            Err(ControlError::Invalid {
                field: "surface",
                message: "a plan stays with its surface".to_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// A beta needs the new to stand somewhere: a start says where.
fn refuse_skipped_start(rollout: &Rollout, event: &Event) -> Result<(), ControlError> {
    let enters_beta = matches!(event, Event::Advance { to: Phase::Beta });
    if enters_beta && rollout.state.phase() == Phase::Draft {
        return Err(ControlError::State {
            code: "rollout_not_started",
            message: format!(
                "rollout {} is a draft: start it and say where the new version answers (towpath rollout start)",
                rollout.id
            ),
        });
    }
    Ok(())
}

/// The same command again does nothing: it must not take back what was written since.
fn edit_draft(rollout: &mut Rollout, command: &str, plan: &Plan) {
    if *plan != rollout.plan && rollout.applied.insert(command.to_owned()) {
        rollout.plan = plan.clone();
    }
}

fn notices_of(stored: &Stored, effects: &[Effect], now: Micros) -> Vec<NoticeRow> {
    let notices = effects.iter().filter_map(|effect| match effect {
        Effect::Notify { notice } => Some(notice),
        // The Snapshot is built from the state that is stored with it.
        Effect::Publish { .. } => None,
    });
    notices
        .map(|notice| NoticeRow {
            id: notice.id,
            rollout: notice.rollout,
            surface: stored.row.surface,
            kind: notice.kind.as_str().to_owned(),
            recipient: notice.recipient.key(),
            revision: notice.revision,
            created_at: now,
        })
        .collect()
}

/// What a step means for the versions of the surface.
async fn follow(
    tx: &mut WriteTx,
    stored: &Stored,
    from: Phase,
    now: Micros,
) -> Result<(), ControlError> {
    let State::Running { phase } = stored.rollout.state else {
        return Ok(());
    };
    if phase == from {
        return Ok(());
    }
    let Some(version) = store::version::by_rollout(tx, stored.row.id).await? else {
        return Ok(());
    };
    match phase {
        Phase::Closed => close(tx, stored, &version, now).await,
        Phase::Removed => finish(tx, &version, now).await,
        _ => Ok(()),
    }
}

/// Newcomers get the new from now on; who came before stays where it is, and who used what goes may go on using it.
async fn close(
    tx: &mut WriteTx,
    stored: &Stored,
    version: &VersionRow,
    now: Micros,
) -> Result<(), ControlError> {
    let operations = touched_operations(tx, stored).await?;
    let (surface, contract) = (version.surface, version.contract);
    let known = store::version::callers(tx, surface, &operations, contract).await?;
    store::rollout::set_known(tx, stored.row.id, &to_json(&known)).await?;
    store::version::pin_callers(tx, surface, contract, &version.name_old, now).await?;
    Ok(())
}

async fn touched_operations(
    tx: &mut Tx,
    stored: &Stored,
) -> Result<Vec<adoption::OperationId>, ControlError> {
    let surface = stored.row.surface;
    let touched = read_touched(tx, stored.row.id).await?;
    let mut operations = std::collections::BTreeSet::new();
    for one in &touched {
        match one.operation(surface) {
            Some(operation) => {
                operations.insert(operation);
            }
            None => {
                let running = store::operation::running(tx, surface).await?;
                operations.extend(running.into_iter().map(|row| row.id));
            }
        }
    }
    Ok(operations.into_iter().collect())
}

/// The new is the one that runs: its contract, its operations, its upstreams.
async fn finish(tx: &mut WriteTx, version: &VersionRow, now: Micros) -> Result<(), ControlError> {
    let operations = store::version::operations(tx, version).await?;
    store::operation::upsert(tx, &operations).await?;
    let (surface, contract) = (version.surface, version.contract);
    store::surface::set_contract(tx, surface, contract, now).await?;
    store::version::end(tx, version.rollout, VersionOutcome::Running, now).await?;
    store::version::unpin_all(tx, surface).await?;
    contracts::check_running(tx, surface).await
}

const fn action_of(event: &Event) -> &'static str {
    match event {
        Event::Advance { to: Phase::Beta } => "start",
        Event::Advance { to: Phase::Removed } => "finish",
        Event::Advance { .. } => "advance",
        Event::Edit { .. } => "edit",
        Event::Extend { .. } => "extend",
        Event::OptIn { .. } => "opt_in",
        Event::OptOut { .. } => "opt_out",
        Event::AddFriction { .. } => "add_friction",
        Event::CloseFriction { .. } => "close_friction",
        Event::Override { .. } => "override",
        Event::BrownoutCompleted { .. } => "complete_brownout",
        Event::BrownoutAborted { .. } => "abort_brownout",
        Event::Pause { .. } => "pause",
        Event::Resume => "resume",
        Event::Abort { .. } => "abort",
    }
}

impl From<Refusal> for ControlError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
