//! A rollout as the forecast sees it: its window, and each consumer's traits, rhythm and days with calls of the old.

use std::collections::BTreeMap;

use adoption::rollout::forecast::{ConsumerCourse, Course, Day, DayCalls, Traits, WINDOW_DAYS_MAX};
use adoption::rollout::{ConsumerImpact, Phase, UNKNOWN_DAYS, day};
use adoption::{ClientClass, ConsumerId, ConsumerKind, Micros};
use jiff::civil::Date;

use super::Stored;
use super::live::Followed;

/// Days since the epoch of the announcement (before it of the beta, before that of the draft), of the sunset, and of the
/// last day looked at.
pub(super) struct Span {
    pub(super) start: Day,
    pub(super) sunset: Day,
    pub(super) today: Day,
}

impl Span {
    pub(super) fn of(stored: &Stored, now: Micros) -> Self {
        let rollout = &stored.rollout;
        let entered = |phase| rollout.entered.get(&phase).map(|at: &Micros| at.day());
        let phases = [Phase::Announced, Phase::Beta, Phase::Draft];
        let start = phases.into_iter().find_map(entered);
        let start = start.unwrap_or_else(|| stored.row.created_at.day());
        let planned = rollout.sunset().map(days_of);
        let sunset = entered(Phase::Sunset).or(planned).unwrap_or(start + 1);
        let last = entered(Phase::Removed).unwrap_or(i64::MAX);
        Self {
            start,
            sunset: sunset.clamp(start + 1, start + WINDOW_DAYS_MAX),
            today: now
                .day()
                .min(last)
                .clamp(start, start + 2 * WINDOW_DAYS_MAX - 1),
        }
    }
}

pub(super) fn days_of(date: Date) -> Day {
    day::start_of(date).day()
}

/// Every consumer that is concerned or was seen to use the old since the start; by id.
pub(super) fn consumers(
    stored: &Stored,
    span: &Span,
    followed: &[Followed],
) -> Vec<ConsumerCourse> {
    let mut known: BTreeMap<ConsumerId, Option<&ConsumerImpact>> = BTreeMap::new();
    for consumer in stored.impact.concerned() {
        known.insert(consumer.consumer, Some(consumer));
    }
    let mut used: BTreeMap<ConsumerId, &Followed> = BTreeMap::new();
    for one in followed {
        used.insert(one.live.consumer, one);
        let is_new = one
            .days
            .iter()
            .any(|day| day.old > 0 && day.day >= span.start);
        if is_new {
            known.entry(one.live.consumer).or_default();
        }
    }
    let cut_over_days = stored.rollout.plan.policy.cut_over_days;
    known
        .into_iter()
        .map(|(consumer, impact)| {
            let used = used.get(&consumer).copied();
            course_of(consumer, impact, used, span, cut_over_days)
        })
        .collect()
}

pub(super) fn course(stored: &Stored, span: &Span, followed: &[Followed]) -> Course {
    let consumers = consumers(stored, span, followed);
    Course::new(span.start, span.sunset, span.today, consumers)
        .expect("the span is clamped, and days and consumers come in order from maps")
}

fn course_of(
    consumer: ConsumerId,
    impact: Option<&ConsumerImpact>,
    used: Option<&Followed>,
    span: &Span,
    cut_over_days: u32,
) -> ConsumerCourse {
    let days = used.map_or(&[][..], |used| &used.days);
    let rhythm = impact.map(|impact| impact.rhythm).unwrap_or_default();
    let rhythm_days = rhythm.gap_days.unwrap_or(UNKNOWN_DAYS);
    let last_old = days.iter().rev().find(|day| day.old + day.refused > 0);
    let last_old = last_old.map(|day| day.day);
    // Whoever is seen to use the new since is not just between two calls of the old: its own gap is enough, and no
    // billing month need pass.
    let uses_new = days
        .iter()
        .any(|day| day.new + day.untouched > 0 && Some(day.day) > last_old);
    let explained_days = match uses_new && last_old.is_some() {
        true => rhythm_days.max(cut_over_days),
        false => rhythm.explained_days(),
    };
    let calls = days
        .iter()
        .filter(|day| day.day >= span.start && day.day <= span.today);
    ConsumerCourse {
        consumer,
        traits: Traits {
            kind: impact.map_or(ConsumerKind::Developer, |impact| impact.kind),
            agent: impact.is_some_and(|impact| {
                impact.client == ClientClass::Agent || impact.kind == ConsumerKind::Agent
            }),
            calls_before: impact.map_or(0, |impact| impact.calls),
            release_cycle_days: impact.and_then(|impact| impact.release_cycle_days),
        },
        rhythm_days,
        explained_days,
        tested_on: days.iter().find(|day| day.new > 0).map(|day| day.day),
        calls: calls
            .filter(|day| day.old + day.refused > 0)
            .map(|day| DayCalls {
                day: day.day,
                calls: day.old + day.refused,
            })
            .collect(),
    }
}
