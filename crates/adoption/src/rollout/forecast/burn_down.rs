//! The burn-down of a rollout so far: remaining consumers, their share of volume and calls, day by day, and who came back.

use serde::{Deserialize, Serialize};

use super::course::{Course, Day};
use super::standing::{Silences, Standing};
use crate::ids::ConsumerId;

/// One day of the burn-down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnDownDay {
    pub day: Day,
    /// Consumers that are not cut over, as known today: a silence that is not yet proven counts as remaining.
    pub remaining: u32,
    /// Their share of all consumers' calls before the announcement, in millionths; of consumers where nobody had called.
    pub volume_ppm: u32,
    /// Calls on the old version that day.
    pub calls: u64,
}

/// A change of one consumer that a person wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    CutOver,
    /// It had cut over and calls the old version again.
    CameBack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    pub day: Day,
    pub consumer: ConsumerId,
    pub kind: EventKind,
}

/// The three lines, from the announcement to today, and the events in order of day, then consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnDown {
    /// All consumers of the rollout.
    pub consumers: u32,
    pub days: Vec<BurnDownDay>,
    pub events: Vec<Event>,
}

pub fn burn_down(course: &Course) -> BurnDown {
    let events = events(course);
    let weights = weights(course);
    let total: u128 = weights.values().map(|weight| u128::from(*weight)).sum();
    let days = (course.today() - course.announced() + 1) as usize;
    let calls = calls(course, days);

    let mut remaining = course.consumers().len() as u32;
    let mut left = total;
    let mut next = events.iter().peekable();
    let days = (course.announced()..=course.today()).zip(calls);
    let days = days.map(|(day, calls)| {
        while let Some(event) = next.next_if(|event| event.day <= day) {
            let weight = u128::from(weights[&event.consumer]);
            match event.kind {
                EventKind::CutOver => (remaining, left) = (remaining - 1, left - weight),
                EventKind::CameBack => (remaining, left) = (remaining + 1, left + weight),
            }
        }
        BurnDownDay {
            day,
            remaining,
            volume_ppm: (left * 1_000_000 / total.max(1)) as u32,
            calls,
        }
    });
    BurnDown {
        consumers: course.consumers().len() as u32,
        days: days.collect(),
        events,
    }
}

fn events(course: &Course) -> Vec<Event> {
    let mut events = Vec::new();
    for one in course.consumers() {
        let silences = Silences::of(course, one);
        let mut add = |day, kind| {
            events.push(Event {
                day,
                consumer: one.consumer,
                kind,
            });
        };
        for comeback in silences.comebacks() {
            add(comeback.cut_over_on, EventKind::CutOver);
            add(comeback.came_back_on, EventKind::CameBack);
        }
        if let Standing::CutOver { on } = silences.standing(course.today()) {
            add(on, EventKind::CutOver);
        }
    }
    events.sort_unstable();
    events
}

/// What each consumer weighs in the share of volume: its calls before, or 1 for everyone where nobody had called.
pub fn weights(course: &Course) -> std::collections::BTreeMap<ConsumerId, u64> {
    let all_quiet = course
        .consumers()
        .iter()
        .all(|one| one.traits.calls_before == 0);
    let weigh = |calls| if all_quiet { 1 } else { calls };
    let consumers = course.consumers().iter();
    consumers
        .map(|one| (one.consumer, weigh(one.traits.calls_before)))
        .collect()
}

fn calls(course: &Course, days: usize) -> Vec<u64> {
    let mut calls = vec![0_u64; days];
    for at in course.consumers().iter().flat_map(|one| &one.calls) {
        let index = usize::try_from(at.day.saturating_sub(course.announced()));
        if let Some(sum) = index.ok().and_then(|index| calls.get_mut(index)) {
            *sum = sum.saturating_add(at.calls);
        }
    }
    calls
}
