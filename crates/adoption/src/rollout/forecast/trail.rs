//! A rollout as the model sees it: positions in the window and features of each consumer, from a course or a finished rollout.

use super::course::{Course, Day, Finished, Traits};
use super::numbers::ln;
use super::standing::{Silences, Standing};
use crate::consumer::ConsumerKind;

/// The window has this many slots, whatever its days: hazards of long and short rollouts are compared by part of the window.
pub const SLOTS_TO_SUNSET: usize = 32;
/// The horizon lies half a window past the sunset.
pub const SLOTS: usize = 48;
/// Features that do not change in a rollout: volume, agent, squad, release cycle.
pub const FIXED: usize = 4;

/// One consumer. Positions are in slots since the announcement.
#[derive(Debug, Clone)]
pub struct Trail {
    pub fixed: [f64; FIXED],
    /// Where it first called the new version.
    pub tested_at: Option<f64>,
    /// Where it went silent, and the probability that this is its cut-over (1 where proven).
    pub left: Option<(f64, f64)>,
}

/// All consumers of one rollout, seen up to `seen`.
#[derive(Debug, Clone)]
pub struct Trails {
    pub window_days: Day,
    /// How far was seen, in slots.
    pub seen: f64,
    pub consumers: Vec<Trail>,
}

impl Trails {
    pub fn of_course(course: &Course) -> Self {
        let window_days = course.sunset() - course.announced();
        let at = |day: Day| position(day - course.announced(), window_days);
        let traits: Vec<&Traits> = course.consumers().iter().map(|one| &one.traits).collect();
        let fixed = features(&traits);
        let consumers = course.consumers().iter().zip(fixed).map(|(one, fixed)| {
            let standing = Silences::of(course, one).standing(course.today());
            Trail {
                fixed,
                tested_at: one.tested_on.map(at),
                left: match standing {
                    Standing::Calling => None,
                    Standing::Silent { days, moved } => {
                        Some((at(course.today() + 1 - Day::from(days)), moved))
                    }
                    Standing::CutOver { on } => Some((at(on), 1.0)),
                },
            }
        });
        Self {
            window_days,
            seen: at(course.today()),
            consumers: consumers.collect(),
        }
    }

    pub fn of_finished(finished: &Finished) -> Self {
        let window_days = finished.sunset() - finished.announced();
        let at = |day: Day| position(day.saturating_sub(finished.announced()), window_days);
        let traits: Vec<&Traits> = finished.consumers().iter().map(|one| &one.traits).collect();
        let fixed = features(&traits);
        let consumers = finished.consumers().iter().zip(fixed);
        let consumers = consumers.map(|(one, fixed)| Trail {
            fixed,
            tested_at: one.tested_on.map(at),
            left: one.cut_over_on.map(|day| (at(day), 1.0)),
        });
        Self {
            window_days,
            seen: at(finished.observed_until()),
            consumers: consumers.collect(),
        }
    }

    /// The same rollout as it was known when `days` of it had passed.
    pub fn cut_at(&self, days: Day) -> Self {
        let seen = position(days, self.window_days).min(self.seen);
        let consumers = self.consumers.iter().map(|one| Trail {
            fixed: one.fixed,
            tested_at: one.tested_at.filter(|at| *at <= seen),
            left: one.left.filter(|(at, _)| *at <= seen),
        });
        Self {
            window_days: self.window_days,
            seen,
            consumers: consumers.collect(),
        }
    }
}

/// Where the start of a day lies, in slots; nothing lies before the announcement.
pub fn position(days: Day, window_days: Day) -> f64 {
    (days.max(0) as f64) * SLOTS_TO_SUNSET as f64 / window_days as f64
}

fn features(traits: &[&Traits]) -> Vec<[f64; FIXED]> {
    let mut volumes: Vec<u64> = traits.iter().map(|one| one.calls_before).collect();
    volumes.sort_unstable();
    traits
        .iter()
        .map(|one| {
            let agent = one.agent || one.kind == ConsumerKind::Agent;
            let squad = one.kind == ConsumerKind::Squad;
            [
                (f64::from(decile(&volumes, one.calls_before)) - 5.5) / 4.5,
                f64::from(u8::from(agent)),
                f64::from(u8::from(squad)),
                one.release_cycle_days.map_or(0.0, cycle_feature),
            ]
        })
        .collect()
}

/// The decile of `calls` among ascending `volumes`: 1 (least) to 10 (most); equal volumes share their lowest, and the most
/// of few is in the tenth.
pub fn decile(volumes: &[u64], calls: u64) -> u8 {
    let below = volumes.partition_point(|volume| *volume < calls);
    ((below + 1) * 10).div_ceil(volumes.len().max(1)).min(10) as u8
}

/// 0 at a month, 1 at four months, -1 at a week and a half; bounded, for a cycle of years is not yet known well.
fn cycle_feature(days: u32) -> f64 {
    (ln(f64::from(days.max(1)) / 30.0) / ln(4.0)).clamp(-2.0, 2.0)
}
