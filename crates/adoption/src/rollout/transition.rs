//! The one way in which a rollout changes: a command, the facts and the time in, its effects or a refusal out.

mod advance;
mod beta;
mod brownouts;
mod edit;
mod gates;
mod hold;
mod outcome;

use outcome::{Done, Outcome};

use super::event::{Command, Effect, Event, Facts};
use super::refusal::Refusal;
use super::state::{Phase, Rollout, State, Step};
use crate::clock::Micros;

/// Applies `command`. The same command again does nothing and has no effects; so does one that asks for what is so
/// already. `rollout` and the effects belong into one transaction. Notices of one command have the number of its step
/// as their revision, so that a command that is applied again after a crash makes the same ids.
///
/// # Errors
/// [`Refusal`], and `rollout` is as it was; a later repetition is decided anew.
pub fn transition(
    rollout: &mut Rollout,
    command: &Command,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Vec<Effect>, Refusal> {
    if rollout.applied.contains(&command.id) {
        return Ok(Vec::new());
    }
    let mut next = rollout.clone();
    let outcome = apply(&mut next, command, facts, now)?;
    next.applied.insert(command.id.clone());
    let effects = match outcome {
        Outcome::Nothing => Vec::new(),
        Outcome::Done(done) => record(&mut next, rollout.state.phase(), command, done, now),
    };
    *rollout = next;
    Ok(effects)
}

fn apply(
    rollout: &mut Rollout,
    command: &Command,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Outcome, Refusal> {
    if ended(&rollout.state) {
        return match &command.event {
            Event::Advance { to } if *to <= rollout.state.phase() => Ok(Outcome::Nothing),
            _ => Err(Refusal::Ended {
                state: rollout.state.as_str(),
            }),
        };
    }
    match &command.event {
        Event::Advance { to } => advance::advance(rollout, *to, facts, now),
        Event::Edit { plan } => edit::edit(rollout, plan, facts, now),
        Event::Extend { sunset, reason } => {
            edit::extend(rollout, *sunset, &command.by, reason, facts, now)
        }
        Event::OptIn { key, consumer } => beta::opt_in(rollout, *key, *consumer),
        Event::OptOut { key } => Ok(beta::opt_out(rollout, *key)),
        Event::AddFriction { friction } => beta::add_friction(rollout, friction),
        Event::CloseFriction { id, resolution } => beta::close_friction(rollout, id, resolution),
        Event::Override { granted } => edit::grant(rollout, granted, now),
        Event::BrownoutCompleted { segment, stage } => {
            brownouts::completed(rollout, (*segment, *stage), now)
        }
        Event::BrownoutAborted {
            segment,
            stage,
            reason,
        } => brownouts::aborted(rollout, (*segment, *stage), reason, facts, now),
        Event::Pause { reason } => Ok(hold::pause(rollout, &command.by, reason, now)),
        Event::Resume => hold::resume(rollout, facts, now),
        Event::Abort { reason } => Ok(hold::abort(rollout, &command.by, reason, now)),
    }
}

fn ended(state: &State) -> bool {
    matches!(
        state,
        State::Aborted { .. }
            | State::Running {
                phase: Phase::Removed
            }
    )
}

fn record(
    rollout: &mut Rollout,
    from: Phase,
    command: &Command,
    done: Done,
    now: Micros,
) -> Vec<Effect> {
    rollout.history.push(Step {
        at: now,
        command: command.id.clone(),
        by: command.by.clone(),
        what: done.what,
        from,
        to: rollout.state.phase(),
        overrides: done.used,
    });
    let revision = u32::try_from(rollout.history.len()).unwrap_or(u32::MAX);
    let told = done
        .tell
        .into_iter()
        .flat_map(|kind| rollout.notices(kind, revision));
    let mut effects: Vec<_> = told.collect();
    effects.push(Effect::Publish {
        policy: rollout.gateway_policy(),
    });
    effects
}
