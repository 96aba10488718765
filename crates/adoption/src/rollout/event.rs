//! What can be asked of a rollout, what must be known to decide it, and what follows from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::bar::Override;
use super::impact::Impact;
use super::plan::Plan;
use super::segment::Segment;
use super::state::{Friction, Phase};
use crate::clock::Micros;
use crate::ids::{ConsumerId, KeyId, NoticeId, RolloutId};

/// Something asked of a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Given by the asker, unique within the rollout: the same id twice is the same request, delivered twice.
    pub id: String,
    /// A person, or the name of the job that asks.
    pub by: String,
    pub event: Event,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// Go on to `to`, which must be the next phase.
    Advance {
        to: Phase,
    },
    /// Replace the plan. After the announcement items stay and dates only move later.
    Edit {
        plan: Box<Plan>,
    },
    /// Move the sunset, and what follows it, later.
    Extend {
        sunset: Date,
        reason: String,
    },
    /// A key of the cohort goes onto the new.
    OptIn {
        key: KeyId,
        consumer: ConsumerId,
    },
    OptOut {
        key: KeyId,
    },
    AddFriction {
        friction: Friction,
    },
    CloseFriction {
        id: String,
        resolution: String,
    },
    /// A named person lets something pass.
    Override {
        granted: Override,
    },
    /// A brownout ran to its end.
    BrownoutCompleted {
        segment: Segment,
        stage: u32,
    },
    /// A brownout was broken off.
    BrownoutAborted {
        segment: Segment,
        stage: u32,
        reason: String,
    },
    Pause {
        reason: String,
    },
    Resume,
    Abort {
        reason: String,
    },
}

/// What is known at the moment of a decision.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub impact: &'a Impact,
    /// At most one per consumer, in any order; a consumer without one made no call on either side.
    pub live: &'a [Live],
}

/// The latest use of old and new by one consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    pub consumer: ConsumerId,
    /// The last use of the old that succeeded; refused ones do not count.
    pub old_success: Option<Micros>,
    /// The last use of the new that succeeded.
    pub new_success: Option<Micros>,
}

impl Live {
    /// Whether the consumer uses the new, and nothing of the old has succeeded for at least `days`.
    pub fn has_cut_over(&self, days: u32, now: Micros) -> bool {
        let silent = |old: Micros| now.day().saturating_sub(old.day()) >= i64::from(days);
        self.new_success.is_some() && self.old_success.is_none_or(silent)
    }
}

/// What must happen after a transition; stored with it in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    Notify {
        notice: Notice,
    },
    /// Let the gateway act by this; it replaces the previous policy of the same rollout whole.
    Publish {
        policy: GatewayPolicy,
    },
}

/// One thing to tell one recipient. It holds no dates: they are read from the plan when it is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Digest of rollout, kind, recipient and revision.
    pub id: NoticeId,
    pub rollout: RolloutId,
    pub kind: NoticeKind,
    pub recipient: Recipient,
    /// [`super::Window::sequence`] when it was made.
    pub revision: u32,
}

/// What a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    BetaInvited,
    Announced,
    Deprecated,
    Closed,
    BrownoutsScheduled,
    /// Brownouts were laid out anew.
    BrownoutsMoved,
    Sunset,
    Removed,
    /// A date moved.
    Moved,
    Paused,
    Resumed,
    Aborted,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Consumer(ConsumerId),
    /// Everyone who reads the changelog.
    Changelog,
    Status,
    Banner,
}

/// What the gateway does for one rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayPolicy {
    pub rollout: RolloutId,
    pub revision: u32,
    pub phase: Phase,
    /// Keys that use the new.
    pub opted_in: Vec<KeyId>,
    /// What answers to a touched use say; `None` before the announcement and after an abort.
    pub warn: Option<Warn>,
    /// Whoever had not used the old before this instant is refused it.
    pub closed_since: Option<Micros>,
    /// Intervals that are still to come or running, in order of time.
    pub brownouts: Vec<BrownoutInterval>,
    /// The old is refused; `None` before the sunset and while paused.
    pub gone: Option<Gone>,
}

/// What answers to a touched use say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warn {
    /// Since when, or from when on, the old is deprecated.
    pub deprecated: Micros,
    pub sunset: Micros,
}

/// One interval in which the old refuses one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrownoutInterval {
    pub segment: Segment,
    pub from: Micros,
    /// Exclusive.
    pub until: Micros,
}

/// The old is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// Plans and agreements whose consumers keep the bridge; always empty after the removal.
    pub bridge_stays_for: Vec<String>,
}
