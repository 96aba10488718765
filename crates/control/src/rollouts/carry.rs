//! What comes due in rollouts by the clock: announced dates arrive, brownouts end or are broken off.

use adoption::rollout::{Brownout, BrownoutOutcome, Command, Event, Facts, Health, Phase, Rollout};
use adoption::rollout::{State, transition};
use adoption::{Micros, RolloutId};
use store::Tx;

use super::commands::Asked;
use super::{Stored, find};
use crate::actor::Actor;
use crate::control::Control;
use crate::error::{ControlError, error_chain};

/// More than one rollout can have due at once: 16 stages for 6 segments, and its dates.
const STEPS_MAX: u32 = 128;

/// Phases in which the clock moves a rollout: the public was told of each date.
const CARRIED: [&str; 4] = ["announced", "deprecated", "closed", "brownouts"];

impl Control {
    /// Carries every rollout on whose next announced date has come; how many steps were taken. What the laws refuse
    /// waits, for evidence or for a person. Before the announcement, and for the removal, only a person takes a step.
    pub async fn carry_rollouts(&self) -> Result<u64, ControlError> {
        let mut tx = self.store().read().await?;
        let ids = store::rollout::ids_in(&mut tx, &CARRIED).await?;
        drop(tx);
        let mut steps = 0;
        for id in ids {
            match self.carry(id).await {
                Ok(taken) => steps += taken,
                // One that cannot go on must not hold back the others.
                Err(error) => tracing::warn!(
                    rollout.id = %id,
                    error = error_chain(&error),
                    "a rollout could not be carried on: trying again"
                ),
            }
        }
        Ok(steps)
    }

    async fn carry(&self, id: RolloutId) -> Result<u64, ControlError> {
        for taken in 0..STEPS_MAX {
            let mut tx = self.store().read().await?;
            let stored = find(&mut tx, &id.to_string()).await?;
            drop(tx);
            let Some(command) = self.due(&stored).await? else {
                return Ok(u64::from(taken));
            };
            let asked = Asked {
                actor: Actor::Job,
                by: Some("towpath"),
                id: Some(&command.id),
                edition: Some(stored.row.edition),
            };
            match self
                .ask_rollout(&id.to_string(), asked, command.event)
                .await
            {
                Ok(_) => {}
                // Evidence of now may say no where that of before said yes.
                Err(ControlError::Refused(refusal)) => {
                    tracing::info!(rollout.id = %id, refusal = %refusal, "a rollout waits");
                    return Ok(u64::from(taken));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(u64::from(STEPS_MAX))
    }

    /// The next thing that time asks for and the laws allow.
    async fn due(&self, stored: &Stored) -> Result<Option<Command>, ControlError> {
        let now = self.now();
        let rollout = &stored.rollout;
        let State::Running { phase } = rollout.state else {
            return Ok(None);
        };
        if let Some(event) = ended(rollout, now) {
            return Ok(Some(event));
        }
        if let Some(running) = running(rollout, now) {
            return self.broken_off(stored, running, now).await;
        }
        let to = phase.next().filter(|to| *to <= Phase::Sunset);
        let Some(to) = to else {
            return Ok(None);
        };
        let command = Command {
            id: format!("date:{}", to.as_str()),
            by: "towpath".to_owned(),
            event: Event::Advance { to },
        };
        Ok(would_pass(stored, &command, now).then_some(command))
    }

    /// Whether calls that the brownout does not refuse fail more than its budget allows.
    async fn broken_off(
        &self,
        stored: &Stored,
        running: &Brownout,
        now: Micros,
    ) -> Result<Option<Command>, ControlError> {
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let health = health(&mut tx, stored, running, now).await?;
        let reason = stored.rollout.plan.brownouts.breaks_off(&health);
        let (segment, stage) = (running.segment, running.stage);
        Ok(reason.map(|reason| Command {
            id: format!("break:{}:{stage}:{}", segment.as_str(), running.from.0),
            by: "towpath".to_owned(),
            event: Event::BrownoutAborted {
                segment,
                stage,
                reason,
            },
        }))
    }
}

async fn health(
    tx: &mut Tx,
    stored: &Stored,
    running: &Brownout,
    now: Micros,
) -> Result<Health, ControlError> {
    let minutes = (running.from.minute(), now.minute() + 1);
    let found = store::brownout::calls_failed(tx, stored.row.surface, minutes).await?;
    Ok(Health {
        calls: found.calls,
        errors: found.failed,
        incident: None,
    })
}

/// A planned brownout that is over.
fn ended(rollout: &Rollout, now: Micros) -> Option<Command> {
    let over = |one: &&Brownout| one.outcome == BrownoutOutcome::Planned && one.until <= now;
    let one = rollout.brownouts.iter().find(over)?;
    let (segment, stage) = (one.segment, one.stage);
    Some(Command {
        id: format!("ended:{}:{stage}:{}", segment.as_str(), one.from.0),
        by: "towpath".to_owned(),
        event: Event::BrownoutCompleted { segment, stage },
    })
}

fn running(rollout: &Rollout, now: Micros) -> Option<&Brownout> {
    rollout
        .brownouts
        .iter()
        .find(|one| one.outcome == BrownoutOutcome::Planned && one.from <= now && now < one.until)
}

/// Whether the laws allow it by what was counted last; spares counting anew for what cannot be.
fn would_pass(stored: &Stored, command: &Command, now: Micros) -> bool {
    let facts = Facts {
        impact: &stored.impact,
        live: &[],
    };
    let mut next = stored.rollout.clone();
    transition(&mut next, command, &facts, now).is_ok()
}
