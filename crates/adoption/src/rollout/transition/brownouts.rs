//! Brownouts within a rollout: laid out when they begin, marked as they end, laid out again after an abort.

use std::collections::BTreeSet;

use super::outcome::Outcome;
use crate::clock::Micros;
use crate::rollout::brownout::{Turn, lay_out, turns};
use crate::rollout::day::{date_of, plus_days, start_of};
use crate::rollout::event::{Facts, NoticeKind};
use crate::rollout::refusal::Refusal;
use crate::rollout::segment::Segment;
use crate::rollout::state::{Brownout, BrownoutOutcome, Phase, Rollout};

/// The whole schedule, from the planned date or tomorrow on.
pub fn first(rollout: &Rollout, facts: &Facts<'_>, now: Micros) -> Result<Vec<Brownout>, Refusal> {
    let turns = turns(&rollout.plan, facts.impact, now);
    let placed = lay_out(
        &rollout.plan,
        facts.impact,
        now,
        &turns,
        start(rollout, now),
    )?;
    let last = placed
        .last()
        .map(|brownout| date_of(Micros(brownout.until.0 - 1)));
    match (last, rollout.sunset()) {
        (Some(last), Some(sunset)) if last >= sunset => {
            Err(Refusal::NoTimeForBrownouts { last, sunset })
        }
        _ => Ok(placed),
    }
}

/// Segments and stages that have not run to their end, in order of stage.
pub fn unfinished(rollout: &Rollout) -> Vec<Turn> {
    let completed = turns_with(rollout, |b| b.outcome == BrownoutOutcome::Completed);
    let required = required(rollout).into_iter();
    required.filter(|turn| !completed.contains(turn)).collect()
}

/// A brownout ran to its end.
pub fn completed(rollout: &mut Rollout, turn: Turn, now: Micros) -> Result<Outcome, Refusal> {
    let done = |b: &Brownout| b.outcome == BrownoutOutcome::Completed;
    if turns_with(rollout, done).contains(&turn) {
        return Ok(Outcome::Nothing);
    }
    let brownout = planned(rollout, turn)?;
    if now < brownout.until {
        let until = brownout.until;
        return Err(Refusal::StillRunning { until });
    }
    brownout.outcome = BrownoutOutcome::Completed;
    Ok(Outcome::quiet(format!(
        "stage {} of {} ran to its end",
        turn.1 + 1,
        turn.0.as_str()
    )))
}

/// A brownout was broken off: it, and what has not begun, is laid out again from tomorrow on.
pub fn aborted(
    rollout: &mut Rollout,
    turn: Turn,
    reason: &str,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Outcome, Refusal> {
    let brownout = planned(rollout, turn)?;
    brownout.outcome = BrownoutOutcome::Aborted {
        reason: reason.to_owned(),
    };
    lay_out_again(rollout, facts, now);
    move_sequence(rollout);
    let what = format!(
        "stage {} of {} was broken off: {reason}",
        turn.1 + 1,
        turn.0.as_str()
    );
    Ok(Outcome::told(what, NoticeKind::BrownoutsMoved))
}

/// Lays out again what has neither run nor begun; what finds no day before the sunset stays open and holds it back.
pub fn lay_out_again(rollout: &mut Rollout, facts: &Facts<'_>, now: Micros) {
    let required = required(rollout);
    let had: Vec<Brownout> = rollout.brownouts.clone();
    rollout.brownouts.retain(|brownout| brownout.from <= now);
    let kept = turns_with(rollout, |b| {
        !matches!(b.outcome, BrownoutOutcome::Aborted { .. })
    });
    let open: Vec<Turn> = required
        .into_iter()
        .filter(|turn| !kept.contains(turn))
        .collect();
    let sunset = rollout.sunset();
    let placed = lay_out(&rollout.plan, facts.impact, now, &open, start(rollout, now));
    let Ok(placed) = placed else {
        let waiting = had.into_iter().filter(|brownout| brownout.from > now);
        rollout
            .brownouts
            .extend(waiting.map(|brownout| without_day(brownout, "freezes leave no day")));
        return;
    };
    let fits = |brownout: &Brownout| sunset.is_none_or(|sunset| brownout.until <= start_of(sunset));
    let laid = placed.into_iter().map(|brownout| {
        if fits(&brownout) {
            brownout
        } else {
            without_day(brownout, "no day is left before the sunset")
        }
    });
    rollout.brownouts.extend(laid);
}

/// A new revision of the window: someone's calendar changes.
pub fn move_sequence(rollout: &mut Rollout) {
    if let Some(window) = &mut rollout.plan.window {
        window.sequence = window.sequence.saturating_add(1);
    }
}

fn without_day(brownout: Brownout, reason: &str) -> Brownout {
    Brownout {
        outcome: BrownoutOutcome::Aborted {
            reason: reason.to_owned(),
        },
        ..brownout
    }
}

fn planned(rollout: &mut Rollout, turn: Turn) -> Result<&mut Brownout, Refusal> {
    let phase = rollout.state.phase();
    if phase != Phase::Brownouts {
        let what = "a brownout";
        return Err(Refusal::WrongPhase { what, phase });
    }
    let is_it =
        |b: &&mut Brownout| (b.segment, b.stage) == turn && b.outcome == BrownoutOutcome::Planned;
    rollout
        .brownouts
        .iter_mut()
        .find(is_it)
        .ok_or_else(|| Refusal::Unknown {
            what: "planned brownout",
            id: format!("{} stage {}", turn.0.as_str(), turn.1 + 1),
        })
}

/// Every stage for every segment that was ever laid out.
fn required(rollout: &Rollout) -> Vec<Turn> {
    let segments: BTreeSet<Segment> = rollout.brownouts.iter().map(|b| b.segment).collect();
    let stages = u32::try_from(rollout.plan.brownouts.stages_minutes.len()).unwrap_or(u32::MAX);
    (0..stages)
        .flat_map(|stage| segments.iter().map(move |segment| (*segment, stage)))
        .collect()
}

fn turns_with(rollout: &Rollout, holds: impl Fn(&Brownout) -> bool) -> BTreeSet<Turn> {
    let matching = rollout.brownouts.iter().filter(|brownout| holds(brownout));
    matching
        .map(|brownout| (brownout.segment, brownout.stage))
        .collect()
}

fn start(rollout: &Rollout, now: Micros) -> jiff::civil::Date {
    let tomorrow = plus_days(date_of(now), 1);
    rollout
        .plan
        .window
        .as_ref()
        .map_or(tomorrow, |window| window.brownouts.date.max(tomorrow))
}
