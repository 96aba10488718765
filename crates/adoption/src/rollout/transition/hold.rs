//! Pausing, resuming and aborting: nothing is taken from anyone meanwhile.

use super::brownouts;
use super::outcome::{Done, Outcome};
use crate::clock::Micros;
use crate::rollout::event::{Facts, NoticeKind};
use crate::rollout::refusal::Refusal;
use crate::rollout::state::{BrownoutOutcome, Phase, Rollout, State};

/// Pauses; brownouts that run or are to come are broken off.
pub fn pause(rollout: &mut Rollout, by: &str, reason: &str, now: Micros) -> Outcome {
    let State::Running { phase } = rollout.state else {
        return Outcome::Nothing;
    };
    break_off(rollout, "paused", now);
    rollout.state = State::Paused {
        phase,
        by: by.to_owned(),
        reason: reason.to_owned(),
        at: now,
    };
    Outcome::told(format!("paused: {reason}"), NoticeKind::Paused)
}

/// Goes on in the phase in which it was paused.
pub fn resume(rollout: &mut Rollout, facts: &Facts<'_>, now: Micros) -> Result<Outcome, Refusal> {
    let State::Paused { phase, .. } = rollout.state else {
        return Ok(Outcome::Nothing);
    };
    rollout.state = State::Running { phase };
    let mut tell = vec![NoticeKind::Resumed];
    if phase == Phase::Brownouts {
        brownouts::lay_out_again(rollout, facts, now);
        brownouts::move_sequence(rollout);
        tell.push(NoticeKind::BrownoutsMoved);
    }
    Ok(Outcome::Done(Done {
        what: "resumed".to_owned(),
        tell,
        used: Vec::new(),
    }))
}

/// Ends without a removal.
pub fn abort(rollout: &mut Rollout, by: &str, reason: &str, now: Micros) -> Outcome {
    break_off(rollout, "aborted", now);
    rollout.state = State::Aborted {
        phase: rollout.state.phase(),
        by: by.to_owned(),
        reason: reason.to_owned(),
        at: now,
    };
    Outcome::told(format!("aborted: {reason}"), NoticeKind::Aborted)
}

fn break_off(rollout: &mut Rollout, why: &str, now: Micros) {
    let ahead = |b: &&mut crate::rollout::state::Brownout| {
        b.outcome == BrownoutOutcome::Planned && now < b.until
    };
    for brownout in rollout.brownouts.iter_mut().filter(ahead) {
        brownout.outcome = BrownoutOutcome::Aborted {
            reason: why.to_owned(),
        };
    }
}
