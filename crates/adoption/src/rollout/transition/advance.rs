//! One step on: its date has come, its evidence is there, or a named person stands for it.

use super::brownouts;
use super::gates::{self, Passed};
use super::outcome::{Done, Outcome};
use crate::clock::Micros;
use crate::rollout::day::date_of;
use crate::rollout::event::{Facts, NoticeKind};
use crate::rollout::law::Law;
use crate::rollout::refusal::Refusal;
use crate::rollout::state::{Phase, Rollout, State};
use crate::rollout::window::{Cause, DateName, Reason};

/// Goes on to `to`.
pub fn advance(
    rollout: &mut Rollout,
    to: Phase,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Outcome, Refusal> {
    let from = rollout.state.phase();
    if to <= from {
        return Ok(Outcome::Nothing);
    }
    if let State::Paused { by, reason, .. } = &rollout.state {
        return Err(Refusal::Paused {
            by: by.clone(),
            reason: reason.clone(),
        });
    }
    if from.next() != Some(to) {
        return Err(Refusal::Skips { from, to });
    }
    wait_for_date(rollout, to, facts, now)?;
    let used = pass_gate(rollout, to, facts, now)?;
    enter(rollout, to, facts, now)?;
    Ok(Outcome::Done(Done {
        what: format!("went from {} to {}", from.as_str(), to.as_str()),
        tell: kind_of(to).into_iter().collect(),
        used,
    }))
}

/// The date and the freezes that hold `to` back.
fn wait_for_date(
    rollout: &Rollout,
    to: Phase,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<(), Refusal> {
    let today = date_of(now);
    let earliest = match (to, date_name(to)) {
        (Phase::Beta, _) => rollout.plan.beta.as_ref().map(|beta| beta.opens),
        (_, Some(name)) => rollout
            .plan
            .window
            .as_ref()
            .map(|window| window.get(name).date),
        (_, None) => None,
    };
    let Some(earliest) = earliest else {
        let missing = vec![format!("no date for {}", to.as_str())];
        return Err(Refusal::Incomplete { missing });
    };
    if today < earliest {
        return Err(Refusal::NotYet {
            to,
            earliest,
            today,
        });
    }
    if matches!(to, Phase::Closed | Phase::Sunset | Phase::Removed) {
        let law = Law::new(&rollout.plan, facts.impact, now, None);
        if let (free, Some(freeze)) = law.free_from(today) {
            let reason = freeze.reason.clone();
            return Err(Refusal::Frozen { to, free, reason });
        }
    }
    Ok(())
}

fn pass_gate(
    rollout: &Rollout,
    to: Phase,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Passed, Refusal> {
    match to {
        Phase::Beta => gates::into_beta(rollout, facts),
        Phase::Announced => gates::into_public(rollout, facts, now),
        Phase::Sunset => gates::into_sunset(rollout, now),
        Phase::Removed => gates::into_removal(rollout, facts, now),
        Phase::Draft | Phase::Deprecated | Phase::Closed | Phase::Brownouts => Ok(Vec::new()),
    }
}

fn enter(rollout: &mut Rollout, to: Phase, facts: &Facts<'_>, now: Micros) -> Result<(), Refusal> {
    match to {
        Phase::Draft => {}
        Phase::Beta => {
            let cohort = rollout
                .plan
                .beta
                .iter()
                .flat_map(|beta| beta.cohort.iter().copied());
            rollout.told.extend(cohort);
            keep_cohort(rollout, now);
        }
        Phase::Announced => announce_today(rollout, now),
        Phase::Brownouts => rollout.brownouts = brownouts::first(rollout, facts, now)?,
        _ => {}
    }
    if to >= Phase::Announced {
        let concerned = facts.impact.consumers.iter().filter(|c| c.is_concerned());
        rollout.told.extend(concerned.map(|c| c.consumer));
    }
    rollout.state = State::Running { phase: to };
    rollout.entered.insert(to, now);
    Ok(())
}

/// Those who were the heaviest when the beta opened are its cohort, whoever is it by its end.
fn keep_cohort(rollout: &mut Rollout, now: Micros) {
    if let Some(beta) = &mut rollout.plan.beta
        && beta
            .reason
            .as_deref()
            .is_none_or(|reason| reason.trim().is_empty())
    {
        let today = date_of(now);
        beta.reason = Some(format!(
            "the heaviest of those concerned on {today}, when it opened"
        ));
    }
}

/// Told later than planned, the plan says so: the notice counts from the day on which the public was told.
fn announce_today(rollout: &mut Rollout, now: Micros) {
    let today = date_of(now);
    let Some(window) = &mut rollout.plan.window else {
        return;
    };
    if window.announce.date < today {
        let planned = window.announce.date;
        window.announce.date = today;
        window.announce.reasons.insert(
            0,
            Reason {
                cause: Cause::Announced,
                earliest: today,
                text: format!("it was announced on {today}, planned for {planned}"),
            },
        );
        brownouts::move_sequence(rollout);
    }
}

const fn date_name(to: Phase) -> Option<DateName> {
    match to {
        Phase::Draft | Phase::Beta => None,
        Phase::Announced => Some(DateName::Announce),
        Phase::Deprecated => Some(DateName::Deprecate),
        Phase::Closed => Some(DateName::Close),
        Phase::Brownouts => Some(DateName::Brownouts),
        Phase::Sunset => Some(DateName::Sunset),
        Phase::Removed => Some(DateName::Remove),
    }
}

const fn kind_of(to: Phase) -> Option<NoticeKind> {
    match to {
        Phase::Draft => None,
        Phase::Beta => Some(NoticeKind::BetaInvited),
        Phase::Announced => Some(NoticeKind::Announced),
        Phase::Deprecated => Some(NoticeKind::Deprecated),
        Phase::Closed => Some(NoticeKind::Closed),
        Phase::Brownouts => Some(NoticeKind::BrownoutsScheduled),
        Phase::Sunset => Some(NoticeKind::Sunset),
        Phase::Removed => Some(NoticeKind::Removed),
    }
}
