//! The private beta: keys that go onto the new, and what their owners stumble over.

use super::outcome::Outcome;
use crate::ids::{ConsumerId, KeyId};
use crate::rollout::refusal::Refusal;
use crate::rollout::state::{Friction, Phase, Rollout};

/// Lets `key` onto the new: in the beta only keys of the cohort, later anyone's.
pub fn opt_in(rollout: &mut Rollout, key: KeyId, consumer: ConsumerId) -> Result<Outcome, Refusal> {
    let phase = rollout.state.phase();
    if phase < Phase::Beta {
        let what = "opting in";
        return Err(Refusal::WrongPhase { what, phase });
    }
    let in_cohort = rollout
        .plan
        .beta
        .as_ref()
        .is_some_and(|beta| beta.cohort.contains(&consumer));
    if phase == Phase::Beta && !in_cohort {
        return Err(Refusal::NotInCohort { consumer });
    }
    if rollout.opted_in.insert(key, consumer) == Some(consumer) {
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::quiet(format!("{key} of {consumer} opted in")))
}

/// Takes `key` back to the old.
pub fn opt_out(rollout: &mut Rollout, key: KeyId) -> Outcome {
    match rollout.opted_in.remove(&key) {
        Some(consumer) => Outcome::quiet(format!("{key} of {consumer} opted out")),
        None => Outcome::Nothing,
    }
}

/// Logs what someone stumbled over.
pub fn add_friction(rollout: &mut Rollout, friction: &Friction) -> Result<Outcome, Refusal> {
    let phase = rollout.state.phase();
    if phase < Phase::Beta {
        let what = "a friction entry";
        return Err(Refusal::WrongPhase { what, phase });
    }
    if rollout.friction.iter().any(|known| known.id == friction.id) {
        return Ok(Outcome::Nothing);
    }
    rollout.friction.push(friction.clone());
    Ok(Outcome::quiet(format!(
        "{} stumbled: {}",
        friction.consumer, friction.text
    )))
}

/// Says how a friction entry ended; the first word stays.
pub fn close_friction(
    rollout: &mut Rollout,
    id: &str,
    resolution: &str,
) -> Result<Outcome, Refusal> {
    let Some(friction) = rollout
        .friction
        .iter_mut()
        .find(|friction| friction.id == id)
    else {
        return Err(Refusal::Unknown {
            what: "friction entry",
            id: id.to_owned(),
        });
    };
    if friction.resolution.is_some() {
        return Ok(Outcome::Nothing);
    }
    friction.resolution = Some(resolution.to_owned());
    Ok(Outcome::quiet(format!(
        "friction {id} was closed: {resolution}"
    )))
}
