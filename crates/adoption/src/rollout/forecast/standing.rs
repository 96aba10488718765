//! Where a consumer stands on a day: calling, silent within its rhythm, or cut over; and when it came back.

use serde::{Deserialize, Serialize};

use super::course::{ConsumerCourse, Course, Day, Finished, FinishedConsumer};
use super::numbers::exp;

/// Where a consumer stands at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Standing {
    /// It called the old version that day.
    Calling,
    /// No call for `days`, which its own rhythm allows: not proven. `moved` is the probability that it has cut over.
    Silent { days: u32, moved: f64 },
    /// Silent for longer than its rhythm explains; `on` is the first day after its last call.
    CutOver { on: Day },
}

/// A consumer that called the old version again after it had counted as cut over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comeback {
    pub cut_over_on: Day,
    pub came_back_on: Day,
}

/// One consumer's silences, read from its calls.
pub struct Silences<'a> {
    one: &'a ConsumerCourse,
    announced: Day,
}

impl<'a> Silences<'a> {
    pub fn of(course: &Course, one: &'a ConsumerCourse) -> Self {
        Self {
            one,
            announced: course.announced(),
        }
    }

    fn rhythm_days(&self) -> Day {
        Day::from(self.one.rhythm_days.max(1))
    }

    fn explained_days(&self) -> Day {
        Day::from(self.one.explained_days).max(self.rhythm_days())
    }

    fn active_days(&self) -> impl Iterator<Item = Day> {
        self.one
            .calls
            .iter()
            .filter(|at| at.calls > 0)
            .map(|at| at.day)
    }

    /// Its last day with calls; the day before the announcement where it never called since.
    fn last_active(&self) -> Day {
        let last = self.one.calls.iter().rev().find(|at| at.calls > 0);
        last.map_or(self.announced - 1, |at| at.day.max(self.announced - 1))
    }

    pub fn standing(&self, today: Day) -> Standing {
        let last = self.last_active();
        let days = today - last;
        if days <= 0 {
            Standing::Calling
        } else if days > self.explained_days() {
            Standing::CutOver { on: last + 1 }
        } else {
            let moved = self.moved(days, last);
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            Standing::Silent { days, moved }
        }
    }

    /// Bayes over one silence: a consumer that moves on one day of a hundred (three where it called the new version lately)
    /// against one that stays and calls once in its rhythm, on a random day of it; one in fifty stays silent for longer.
    fn moved(&self, days: Day, last: Day) -> f64 {
        let tested = self
            .one
            .tested_on
            .is_some_and(|on| on <= last + self.rhythm_days());
        let rate = if tested { 0.03 } else { 0.01 };
        let gone = 1.0 - exp(-rate * days as f64);
        let waits = (1.0 - days as f64 / (self.rhythm_days() + 1) as f64).max(0.02);
        gone / (gone + (1.0 - gone) * waits)
    }

    /// Every return after a silence that its rhythm did not explain, in order.
    pub fn comebacks(&self) -> Vec<Comeback> {
        let mut found = Vec::new();
        let mut last = self.announced - 1;
        for day in self.active_days() {
            if day - last > self.explained_days() + 1 {
                found.push(Comeback {
                    cut_over_on: last + 1,
                    came_back_on: day,
                });
            }
            last = last.max(day);
        }
        found
    }
}

/// The finished rollout that a course has become: judged by what is known today.
///
/// A consumer that is silent but not proven counts as not cut over. Errors as `Finished::new`: today lies before the sunset.
pub fn finish(course: &Course) -> Result<Finished, super::course::CourseError> {
    let consumers = course
        .consumers()
        .iter()
        .map(|one| FinishedConsumer {
            traits: one.traits.clone(),
            tested_on: one.tested_on,
            cut_over_on: match Silences::of(course, one).standing(course.today()) {
                Standing::CutOver { on } => Some(on),
                Standing::Calling | Standing::Silent { .. } => None,
            },
        })
        .collect();
    Finished::new(
        course.announced(),
        course.sunset(),
        course.today(),
        consumers,
    )
}
