//! The Window of a rollout: six dates, each with the reasons that forced it, and its revision.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The dates of a rollout, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Every date that moves after the announcement is a new revision; 0 is the first. The ICS `SEQUENCE`.
    #[serde(default)]
    pub sequence: u32,
    /// The public notice; the notice periods count from here.
    pub announce: Milestone,
    /// The old is marked as deprecated.
    pub deprecate: Milestone,
    /// Whoever never used the old is refused it.
    pub close: Milestone,
    /// The first brownout may start.
    pub brownouts: Milestone,
    /// The old stops to answer.
    pub sunset: Milestone,
    /// The old is taken away.
    pub remove: Milestone,
}

/// One date and why it is not earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// UTC; the step may be taken from its first instant on.
    pub date: Date,
    /// Binding reason first; empty for a date that a person wrote and nobody computed yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// Why a date is not earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub cause: Cause,
    /// The date that this reason alone would allow.
    pub earliest: Date,
    /// Who or what forced it, in words with figures.
    pub text: String,
}

/// What kind of thing forces a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The floor of the plan's policy.
    Policy,
    /// Notice promised to a consumer's plan or agreement.
    Sla,
    /// One observed release cycle of a major consumer.
    ReleaseCycle,
    /// How long consumers of finished rollouts took.
    CutOver,
    /// Another date must come first.
    Order,
    /// A declared freeze.
    Freeze,
    /// The brownouts need this many days.
    Brownouts,
    /// It was announced so.
    Announced,
    /// A person chose it.
    Person,
}

/// Names one date of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateName {
    Announce,
    Deprecate,
    Close,
    Brownouts,
    Sunset,
    Remove,
}

impl DateName {
    /// In order of time.
    pub const ALL: [Self; 6] = [
        Self::Announce,
        Self::Deprecate,
        Self::Close,
        Self::Brownouts,
        Self::Sunset,
        Self::Remove,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Deprecate => "deprecate",
            Self::Close => "close",
            Self::Brownouts => "brownouts",
            Self::Sunset => "sunset",
            Self::Remove => "remove",
        }
    }
}

impl Window {
    pub const fn get(&self, name: DateName) -> &Milestone {
        match name {
            DateName::Announce => &self.announce,
            DateName::Deprecate => &self.deprecate,
            DateName::Close => &self.close,
            DateName::Brownouts => &self.brownouts,
            DateName::Sunset => &self.sunset,
            DateName::Remove => &self.remove,
        }
    }

    pub const fn get_mut(&mut self, name: DateName) -> &mut Milestone {
        match name {
            DateName::Announce => &mut self.announce,
            DateName::Deprecate => &mut self.deprecate,
            DateName::Close => &mut self.close,
            DateName::Brownouts => &mut self.brownouts,
            DateName::Sunset => &mut self.sunset,
            DateName::Remove => &mut self.remove,
        }
    }

    /// The six dates without their reasons.
    pub fn dates(&self) -> Dates {
        Dates {
            announce: self.announce.date,
            deprecate: self.deprecate.date,
            close: self.close.date,
            brownouts: self.brownouts.date,
            sunset: self.sunset.date,
            remove: self.remove.date,
        }
    }
}

/// The dates of a window alone: what every channel must agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    pub announce: Date,
    pub deprecate: Date,
    pub close: Date,
    pub brownouts: Date,
    pub sunset: Date,
    pub remove: Date,
}

impl Dates {
    pub const fn get(&self, name: DateName) -> Date {
        match name {
            DateName::Announce => self.announce,
            DateName::Deprecate => self.deprecate,
            DateName::Close => self.close,
            DateName::Brownouts => self.brownouts,
            DateName::Sunset => self.sunset,
            DateName::Remove => self.remove,
        }
    }

    pub const fn get_mut(&mut self, name: DateName) -> &mut Date {
        match name {
            DateName::Announce => &mut self.announce,
            DateName::Deprecate => &mut self.deprecate,
            DateName::Close => &mut self.close,
            DateName::Brownouts => &mut self.brownouts,
            DateName::Sunset => &mut self.sunset,
            DateName::Remove => &mut self.remove,
        }
    }
}
