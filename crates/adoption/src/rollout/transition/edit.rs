//! Changes of the plan: dates move later and everyone hears of it; earlier than allowed is refused.

use jiff::civil::Date;

use super::brownouts;
use super::outcome::{Done, Outcome};
use crate::clock::Micros;
use crate::rollout::bar::{Covers, Override};
use crate::rollout::day::{date_of, days_between, plus_days};
use crate::rollout::event::{Facts, NoticeKind};
use crate::rollout::law::{Law, TooEarly};
use crate::rollout::plan::Plan;
use crate::rollout::refusal::Refusal;
use crate::rollout::state::{Phase, Rollout, State};
use crate::rollout::window::{Cause, DateName, Milestone, Reason, Window};

/// Replaces the plan.
pub fn edit(
    rollout: &mut Rollout,
    plan: &Plan,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Outcome, Refusal> {
    let mut plan = plan.clone();
    let public = rollout.state.phase() >= Phase::Announced;
    if public && identity(&plan) != identity(&rollout.plan) {
        return Err(Refusal::ItemsChanged);
    }
    plan.window = match (plan.window.take(), &rollout.plan.window) {
        (Some(window), old) => Some(lawful(rollout, &plan, window, old.as_ref(), facts, now)?),
        (None, Some(_)) if public => {
            let missing = vec!["the window of an announced rollout".to_owned()];
            return Err(Refusal::Incomplete { missing });
        }
        (None, _) => None,
    };
    if plan == rollout.plan {
        return Ok(Outcome::Nothing);
    }
    let moved =
        rollout.plan.window.as_ref().map(Window::dates) != plan.window.as_ref().map(Window::dates);
    let rescheduled = schedule(&plan) != schedule(&rollout.plan);
    rollout.plan = plan;
    let mut tell = Vec::new();
    if rollout.state.phase() >= Phase::Beta && moved {
        tell.push(NoticeKind::Moved);
    }
    let browning_out = matches!(
        rollout.state,
        State::Running {
            phase: Phase::Brownouts
        }
    );
    if browning_out && (moved || rescheduled) {
        let before = rollout.brownouts.clone();
        brownouts::lay_out_again(rollout, facts, now);
        tell.extend((before != rollout.brownouts).then_some(NoticeKind::BrownoutsMoved));
    }
    if !tell.is_empty() {
        brownouts::move_sequence(rollout);
    }
    Ok(Outcome::Done(Done {
        what: "changed the plan".to_owned(),
        tell,
        used: Vec::new(),
    }))
}

/// Moves the sunset later, and with it the removal, and brownouts that have not begun.
pub fn extend(
    rollout: &mut Rollout,
    sunset: Date,
    by: &str,
    reason: &str,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Outcome, Refusal> {
    let Some(old) = &rollout.plan.window else {
        let missing = vec!["no window that could be extended".to_owned()];
        return Err(Refusal::Incomplete { missing });
    };
    let days = days_between(old.sunset.date, sunset);
    if days == 0 {
        return Ok(Outcome::Nothing);
    }
    let mut window = old.clone();
    let phase = rollout.state.phase();
    let follow = [
        (DateName::Brownouts, phase < Phase::Brownouts),
        (DateName::Sunset, true),
        (DateName::Remove, true),
    ];
    for (name, moves) in follow {
        if moves {
            let date = plus_days(window.get(name).date, days);
            let text = format!("{by} moved the sunset by {days} days: {reason}");
            *window.get_mut(name) = chosen(date, text);
        }
    }
    let plan = Plan {
        window: Some(window),
        ..rollout.plan.clone()
    };
    edit(rollout, &plan, facts, now)
}

/// Records that a named person lets something pass.
pub fn grant(rollout: &mut Rollout, granted: &Override, now: Micros) -> Result<Outcome, Refusal> {
    let today = date_of(now);
    if !granted.counts(today) {
        return Err(Refusal::VoidOverride { today });
    }
    if rollout.plan.overrides.contains(granted) {
        return Ok(Outcome::Nothing);
    }
    rollout.plan.overrides.push(granted.clone());
    Ok(Outcome::quiet(format!(
        "{} let {} pass until {}: {}",
        granted.who,
        granted.dimension.as_str(),
        granted.expires,
        granted.reason
    )))
}

/// `window` with the reasons of the law and the sequence of `old`. Only dates that change are judged: what was let
/// pass once is not refused again.
fn lawful(
    rollout: &Rollout,
    plan: &Plan,
    window: Window,
    old: Option<&Window>,
    facts: &Facts<'_>,
    now: Micros,
) -> Result<Window, Refusal> {
    let mut window = window;
    window.sequence = old.map_or(0, |old| old.sequence);
    if let Some(old) = old {
        keep_promises(rollout, old, &window)?;
    }
    let announced = rollout
        .entered
        .get(&Phase::Announced)
        .map(|_| window.announce.date);
    let law = Law::new(plan, facts.impact, now, announced);
    let breaches = law.breaches(&window)?;
    if breaches.is_empty() {
        return Ok(law.window(Some(&window))?);
    }
    let today = date_of(now);
    let stands = plan
        .overrides
        .iter()
        .any(|o| o.dimension == Covers::Timeline && o.counts(today));
    let changed = |breach: &TooEarly| {
        old.is_none_or(|old| old.get(breach.name).date != window.get(breach.name).date)
    };
    match breaches.into_iter().find(changed) {
        Some(breach) if !stands => Err(breach.into()),
        _ => Ok(window),
    }
}

/// After the announcement no date moves to an earlier day, and none that has passed moves at all.
fn keep_promises(rollout: &Rollout, old: &Window, new: &Window) -> Result<(), Refusal> {
    let phase = rollout.state.phase();
    if phase < Phase::Announced {
        return Ok(());
    }
    for name in DateName::ALL {
        let (was, asked) = (old.get(name).date, new.get(name).date);
        let passed = phase_of(name) <= phase;
        if asked < was || passed && asked != was {
            let text = if passed {
                format!("it is in force since {was}")
            } else {
                format!("{was} was announced to consumers, who plan by it")
            };
            let reason = Reason {
                cause: Cause::Announced,
                earliest: was,
                text,
            };
            return Err(Refusal::TooEarly(TooEarly {
                name,
                asked,
                earliest: was,
                reason,
            }));
        }
    }
    Ok(())
}

fn chosen(date: Date, text: String) -> Milestone {
    let reason = Reason {
        cause: Cause::Person,
        earliest: date,
        text,
    };
    Milestone {
        date,
        reasons: vec![reason],
    }
}

const fn phase_of(name: DateName) -> Phase {
    match name {
        DateName::Announce => Phase::Announced,
        DateName::Deprecate => Phase::Deprecated,
        DateName::Close => Phase::Closed,
        DateName::Brownouts => Phase::Brownouts,
        DateName::Sunset => Phase::Sunset,
        DateName::Remove => Phase::Removed,
    }
}

/// What makes a plan this plan and no other.
fn identity(plan: &Plan) -> (crate::ids::SurfaceId, Vec<&str>) {
    (
        plan.surface,
        plan.items.iter().map(|item| item.id.as_str()).collect(),
    )
}

/// What the brownout schedule is read from, besides the dates.
fn schedule(plan: &Plan) -> impl PartialEq + '_ {
    (&plan.brownouts, &plan.freezes, &plan.segmentation)
}
