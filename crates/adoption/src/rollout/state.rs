//! The Rollout: a plan, where it stands, and everything that happened to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::segment::Segment;
use crate::clock::Micros;
use crate::ids::{ConsumerId, KeyId, RolloutId};

/// The steps of a rollout, in order; none is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Draft,
    /// Invited consumers use the new; the public knows nothing.
    Beta,
    /// The public knows.
    Announced,
    Deprecated,
    /// Closed to whoever never used the old.
    Closed,
    Brownouts,
    /// The old no longer answers, but for named plans.
    Sunset,
    Removed,
}

impl Phase {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Beta,
        Self::Announced,
        Self::Deprecated,
        Self::Closed,
        Self::Brownouts,
        Self::Sunset,
        Self::Removed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Beta => "beta",
            Self::Announced => "announced",
            Self::Deprecated => "deprecated",
            Self::Closed => "closed",
            Self::Brownouts => "brownouts",
            Self::Sunset => "sunset",
            Self::Removed => "removed",
        }
    }

    /// The one step that may follow; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }
}

/// Where a rollout stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    Running {
        phase: Phase,
    },
    /// Nothing is taken from anyone until it is resumed.
    Paused {
        phase: Phase,
        by: String,
        reason: String,
        at: Micros,
    },
    /// It ended without a removal; the old stays.
    Aborted {
        phase: Phase,
        by: String,
        reason: String,
        at: Micros,
    },
}

impl State {
    /// The phase it is in, or was in when it was paused or aborted.
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Running { phase } | Self::Paused { phase, .. } | Self::Aborted { phase, .. } => {
                *phase
            }
        }
    }

    /// The phase in lower case, or `paused`, or `aborted`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Running { phase } => phase.as_str(),
            Self::Paused { .. } => "paused",
            Self::Aborted { .. } => "aborted",
        }
    }
}

/// A rollout as it is stored, whole: whoever has this can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    pub id: RolloutId,
    pub plan: Plan,
    pub state: State,
    /// When each phase was entered; the draft is there from the start.
    pub entered: BTreeMap<Phase, Micros>,
    /// Keys that were let onto the new during the beta, and whose they are.
    pub opted_in: BTreeMap<KeyId, ConsumerId>,
    pub friction: Vec<Friction>,
    /// Empty before the brownouts; then one per segment and stage, in order of time.
    pub brownouts: Vec<Brownout>,
    /// Consumers that were told, whatever their evidence says by now: they hear of every move.
    pub told: BTreeSet<ConsumerId>,
    /// What was done, oldest first.
    pub history: Vec<Step>,
    /// Ids of the commands that were carried out: a second delivery does nothing.
    pub applied: BTreeSet<String>,
}

/// What one of the cohort stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Friction {
    /// Given by the caller, unique within the rollout.
    pub id: String,
    pub consumer: ConsumerId,
    /// [`super::Item::id`]; `None` when it belongs to no single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    pub text: String,
    pub at: Micros,
    /// How it ended; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
}

/// One announced interval in which the old refuses one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brownout {
    pub segment: Segment,
    /// Index into the plan's stages.
    pub stage: u32,
    pub from: Micros,
    /// Exclusive.
    pub until: Micros,
    pub outcome: BrownoutOutcome,
}

/// What became of a brownout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum BrownoutOutcome {
    Planned,
    Completed,
    /// Broken off; the stage is laid out again after it.
    Aborted {
        reason: String,
    },
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub at: Micros,
    /// Id of the command.
    pub command: String,
    pub by: String,
    /// In words, past tense.
    pub what: String,
    pub from: Phase,
    pub to: Phase,
    /// Overrides that it needed, as they were at the time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<super::bar::Override>,
}

impl Rollout {
    /// A draft of `plan`, created at `now`.
    pub fn draft(id: RolloutId, plan: Plan, now: Micros) -> Self {
        Self {
            id,
            plan,
            state: State::Running {
                phase: Phase::Draft,
            },
            entered: BTreeMap::from([(Phase::Draft, now)]),
            opted_in: BTreeMap::new(),
            friction: Vec::new(),
            brownouts: Vec::new(),
            told: BTreeSet::new(),
            history: Vec::new(),
            applied: BTreeSet::new(),
        }
    }

    /// The revision of the plan's window; 0 without a window.
    pub fn sequence(&self) -> u32 {
        self.plan
            .window
            .as_ref()
            .map_or(0, |window| window.sequence)
    }

    /// The date of the sunset; `None` without a window.
    pub fn sunset(&self) -> Option<Date> {
        self.plan.window.as_ref().map(|window| window.sunset.date)
    }
}
