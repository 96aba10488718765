//! What a forecast is made from: a rollout's days, its consumers' traits and calls, and rollouts that are finished.

use serde::{Deserialize, Serialize};

use crate::consumer::ConsumerKind;
use crate::ids::ConsumerId;

/// UTC days since 1970-01-01, as `Micros::day` gives them.
pub type Day = i64;

/// The most days a rollout may take from its announcement to its sunset: ten years.
pub const WINDOW_DAYS_MAX: i64 = 3_660;

/// Why the figures of a rollout cannot be forecast from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CourseError {
    #[error(
        "the sunset (day {sunset}) must lie 1 to {} days after the announcement (day {announced})",
        WINDOW_DAYS_MAX
    )]
    Window { announced: Day, sunset: Day },
    #[error("today (day {today}) lies before the announcement (day {announced}) or {} days and more after it", 2 * WINDOW_DAYS_MAX)]
    Today { today: Day, announced: Day },
    #[error("the calls of {consumer} are not in ascending order of days, or reach beyond today")]
    Calls { consumer: ConsumerId },
    #[error("{consumer} is named twice")]
    Twice { consumer: ConsumerId },
}

/// What is known of a consumer apart from its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    pub kind: ConsumerKind,
    /// Whether software that decides by itself makes the calls; true for every consumer of kind agent.
    pub agent: bool,
    /// Calls on what the rollout touches, in the evidence window before the announcement.
    pub calls_before: u64,
    /// Days between two releases of the consumer, where at least two were seen.
    pub release_cycle_days: Option<u32>,
}

/// Calls of one day on the old version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCalls {
    pub day: Day,
    /// A day with 0 calls is the same as a day that is not there.
    pub calls: u64,
}

/// One consumer of a rollout that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerCourse {
    pub consumer: ConsumerId,
    pub traits: Traits,
    /// The longest regular gap between two days with calls (`Rhythm::gap_days`); 0 counts as 1.
    pub rhythm_days: u32,
    /// The longest silence that its rhythm explains (`Rhythm::explained_days`); at least `rhythm_days` is taken. Silence up
    /// to this length proves nothing, a longer one counts as cut over.
    pub explained_days: u32,
    /// The first day it called the new version.
    pub tested_on: Option<Day>,
    /// Calls on the old version since the announcement, ascending by day, each day once.
    pub calls: Vec<DayCalls>,
}

/// A rollout under way, as seen at the end of `today`. Made by `Course::new` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    announced: Day,
    sunset: Day,
    today: Day,
    consumers: Vec<ConsumerCourse>,
}

impl Course {
    /// Refuses a window or a today that cannot be, calls out of order or after today, and a consumer named twice.
    pub fn new(
        announced: Day,
        sunset: Day,
        today: Day,
        consumers: Vec<ConsumerCourse>,
    ) -> Result<Self, CourseError> {
        check_window(announced, sunset)?;
        if !(0..2 * WINDOW_DAYS_MAX).contains(&today.saturating_sub(announced)) {
            return Err(CourseError::Today { today, announced });
        }
        for one in &consumers {
            let ascending = one.calls.windows(2).all(|pair| pair[0].day < pair[1].day);
            if !ascending || one.calls.last().is_some_and(|last| last.day > today) {
                return Err(CourseError::Calls {
                    consumer: one.consumer,
                });
            }
        }
        let mut ids: Vec<_> = consumers.iter().map(|one| one.consumer).collect();
        ids.sort_unstable();
        if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CourseError::Twice { consumer: pair[0] });
        }
        Ok(Self {
            announced,
            sunset,
            today,
            consumers,
        })
    }

    pub fn announced(&self) -> Day {
        self.announced
    }

    /// The first day on which the old version is to answer no more.
    pub fn sunset(&self) -> Day {
        self.sunset
    }

    pub fn today(&self) -> Day {
        self.today
    }

    pub fn consumers(&self) -> &[ConsumerCourse] {
        &self.consumers
    }
}

/// One consumer of a finished rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedConsumer {
    pub traits: Traits,
    pub tested_on: Option<Day>,
    /// The first day after its last call on the old version; `None` where it still called when last observed.
    pub cut_over_on: Option<Day>,
}

/// A rollout that is over: its cut-over curve, consumer by consumer. Made by `Finished::new` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    announced: Day,
    sunset: Day,
    observed_until: Day,
    consumers: Vec<FinishedConsumer>,
}

impl Finished {
    /// Refuses a window that cannot be and an observation that ended before the sunset.
    pub fn new(
        announced: Day,
        sunset: Day,
        observed_until: Day,
        consumers: Vec<FinishedConsumer>,
    ) -> Result<Self, CourseError> {
        check_window(announced, sunset)?;
        let observed_days = observed_until.saturating_sub(announced);
        if observed_until < sunset || observed_days >= 2 * WINDOW_DAYS_MAX {
            return Err(CourseError::Today {
                today: observed_until,
                announced,
            });
        }
        Ok(Self {
            announced,
            sunset,
            observed_until,
            consumers,
        })
    }

    pub fn announced(&self) -> Day {
        self.announced
    }

    pub fn sunset(&self) -> Day {
        self.sunset
    }

    pub fn observed_until(&self) -> Day {
        self.observed_until
    }

    pub fn consumers(&self) -> &[FinishedConsumer] {
        &self.consumers
    }
}

fn check_window(announced: Day, sunset: Day) -> Result<(), CourseError> {
    if (1..=WINDOW_DAYS_MAX).contains(&sunset.saturating_sub(announced)) {
        Ok(())
    } else {
        Err(CourseError::Window { announced, sunset })
    }
}
