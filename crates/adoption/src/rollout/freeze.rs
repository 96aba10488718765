//! Freezes: days on which nothing may be taken from those who declared them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::segment::Segment;
use crate::ids::ConsumerId;

/// Days on which nothing is closed, browned out, sunset or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    #[serde(default)]
    pub scope: FreezeScope,
    /// First day (UTC).
    pub from: Date,
    /// The day after the last; a freeze that ends before it starts holds nothing.
    pub until: Date,
    /// In words, such as `year end closing`.
    pub reason: String,
}

/// Who declared a freeze.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FreezeScope {
    #[default]
    All,
    Segment(Segment),
    Consumer(ConsumerId),
}

impl Freeze {
    /// Whether `day` is within it.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// Freezes in order of their first day, for questions about single days.
#[derive(Debug, Clone, Default)]
pub struct Frozen<'a> {
    freezes: Vec<&'a Freeze>,
}

impl<'a> Frozen<'a> {
    pub fn of(freezes: impl Iterator<Item = &'a Freeze>) -> Self {
        let mut freezes: Vec<_> = freezes
            .filter(|freeze| freeze.from < freeze.until)
            .collect();
        freezes.sort_by_key(|freeze| freeze.from);
        Self { freezes }
    }

    /// The first day from `day` on that no freeze holds, and the last freeze that held it back; `None` when `day` is
    /// free itself.
    pub fn free_from(&self, day: Date) -> (Date, Option<&'a Freeze>) {
        // One sweep is enough: a freeze that was passed has ended by the day to which it moved us.
        let mut free = day;
        let mut held = None;
        for freeze in &self.freezes {
            if freeze.from > free {
                break;
            }
            if freeze.holds(free) {
                free = freeze.until;
                held = Some(*freeze);
            }
        }
        (free, held)
    }

    /// Whether no freeze holds a day of `from` to `last`, both included.
    pub fn is_free(&self, from: Date, last: Date) -> bool {
        let starts_before_end = self.freezes.iter().take_while(|freeze| freeze.from <= last);
        starts_before_end
            .into_iter()
            .all(|freeze| freeze.until <= from)
    }
}
