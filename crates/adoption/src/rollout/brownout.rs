//! The brownout schedule: who is refused when, outside every freeze, and what breaks one off.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::day::{date_of, plus_days, start_of};
use super::freeze::{FreezeScope, Frozen};
use super::impact::Impact;
use super::plan::{BrownoutRules, Plan};
use super::segment::Segment;
use super::state::{Brownout, BrownoutOutcome};
use crate::clock::Micros;

/// A schedule that does not end within ten years never will: freezes without an end stand in its way.
const DAYS_MAX: u32 = 3_660;

const STAGES_MAX: usize = 16;
const MINUTES_MAX: u32 = 1_440;
const HOUR_MAX: u8 = 23;

/// One segment and one stage: what is to run once.
pub type Turn = (Segment, u32);

/// No day is left on which the turn may run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("freezes leave no day for stage {} of segment {}", stage + 1, segment.as_str())]
pub struct NoRoom {
    pub segment: Segment,
    pub stage: u32,
}

/// How the surface does while a brownout runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Calls that no brownout refused.
    pub calls: u64,
    /// Of these, the ones that failed.
    pub errors: u64,
    /// What someone declared to be wrong; `None` when all is well.
    pub incident: Option<String>,
}

impl BrownoutRules {
    /// What is wrong with the rules; `None` when they hold.
    pub fn defect(&self) -> Option<String> {
        if self.stages_minutes.is_empty() {
            return Some("there are no brownout stages: the sunset would be the first refusal that anyone sees".to_owned());
        }
        if self.stages_minutes.len() > STAGES_MAX {
            return Some(format!(
                "{} brownout stages are more than {STAGES_MAX}",
                self.stages_minutes.len()
            ));
        }
        if let Some(minutes) = self
            .stages_minutes
            .iter()
            .find(|m| **m == 0 || **m > MINUTES_MAX)
        {
            return Some(format!(
                "a brownout stage of {minutes} minutes is outside 1 to {MINUTES_MAX}"
            ));
        }
        (self.hour > HOUR_MAX).then(|| {
            format!(
                "brownouts at hour {} are outside 0 to {HOUR_MAX}",
                self.hour
            )
        })
    }

    /// Why a running brownout must end now; `None` while it may go on.
    pub fn breaks_off(&self, health: &Health) -> Option<String> {
        if let Some(incident) = &health.incident {
            return Some(format!("incident: {incident}"));
        }
        let over = u128::from(health.errors) * 1_000_000
            > u128::from(self.error_budget_ppm) * u128::from(health.calls);
        over.then(|| {
            format!(
                "{} of {} calls outside the brownout failed, the budget is {} in a million",
                health.errors, health.calls, self.error_budget_ppm
            )
        })
    }
}

/// What is to run for a plan: each stage for each segment that holds a concerned consumer, stage by stage.
pub fn turns(plan: &Plan, impact: &Impact, now: Micros) -> Vec<Turn> {
    let by_segment = members(plan, impact, now);
    let stages = plan.brownouts.stages_minutes.len().min(STAGES_MAX) as u32;
    (0..stages)
        .flat_map(|stage| by_segment.keys().map(move |segment| (*segment, stage)))
        .collect()
}

/// Lays out `turns` from `start` on, at most one a day, each on the first day that no freeze of its segment, of one of
/// its consumers, or of all holds. A later stage of a segment never comes before an earlier one.
///
/// # Errors
/// [`NoRoom`] when freezes leave no day within ten years.
pub fn lay_out(
    plan: &Plan,
    impact: &Impact,
    now: Micros,
    turns: &[Turn],
    start: Date,
) -> Result<Vec<Brownout>, NoRoom> {
    let members = members(plan, impact, now);
    let mut frozen: BTreeMap<Segment, Frozen<'_>> = BTreeMap::new();
    for (segment, _) in turns {
        frozen
            .entry(*segment)
            .or_insert_with(|| frozen_for(plan, *segment, members.get(segment)));
    }
    let mut pending: Vec<Turn> = turns.to_vec();
    pending.sort_by_key(|(segment, stage)| (*stage, *segment));
    let mut placed = Vec::with_capacity(pending.len());
    for offset in 0..DAYS_MAX {
        if pending.is_empty() {
            break;
        }
        let day = plus_days(start, i64::from(offset));
        let free = pending
            .iter()
            .enumerate()
            .position(|(at, (segment, stage))| {
                let waits = pending[..at].iter().any(|(earlier, _)| earlier == segment);
                let slot = slot(&plan.brownouts, *segment, *stage, day);
                let last = date_of(Micros(slot.until.0 - 1));
                !waits && frozen[segment].is_free(day, last)
            });
        if let Some(at) = free {
            let (segment, stage) = pending.remove(at);
            placed.push(slot(&plan.brownouts, segment, stage, day));
        }
    }
    match pending.first() {
        Some((segment, stage)) => Err(NoRoom {
            segment: *segment,
            stage: *stage,
        }),
        None => Ok(placed),
    }
}

fn slot(rules: &BrownoutRules, segment: Segment, stage: u32, day: Date) -> Brownout {
    let minutes = rules
        .stages_minutes
        .get(stage as usize)
        .copied()
        .unwrap_or(1);
    let from = start_of(day).plus_seconds(i64::from(rules.hour.min(HOUR_MAX)) * 3_600);
    Brownout {
        segment,
        stage,
        from,
        until: from.plus_seconds(i64::from(minutes.clamp(1, MINUTES_MAX)) * 60),
        outcome: BrownoutOutcome::Planned,
    }
}

type Members = std::collections::BTreeSet<crate::ids::ConsumerId>;

fn members(plan: &Plan, impact: &Impact, now: Micros) -> BTreeMap<Segment, Members> {
    let window_days = impact.window_days();
    let mut members: BTreeMap<Segment, Members> = BTreeMap::new();
    for consumer in impact.consumers.iter().filter(|c| c.is_concerned()) {
        let segment = plan.segment_of(consumer, window_days, now);
        members
            .entry(segment)
            .or_default()
            .insert(consumer.consumer);
    }
    members
}

fn frozen_for<'a>(plan: &'a Plan, segment: Segment, members: Option<&Members>) -> Frozen<'a> {
    Frozen::of(plan.freezes.iter().filter(|freeze| match freeze.scope {
        FreezeScope::All => true,
        FreezeScope::Segment(frozen) => frozen == segment,
        FreezeScope::Consumer(id) => members.is_some_and(|members| members.contains(&id)),
    }))
}
