//! How a rollout went so far, as the API tells it.

use control::rollouts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Instant;

/// How a rollout went so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutCourse {
    /// The phase it is in, or was in when it was paused or aborted.
    #[schema(example = "beta")]
    pub phase: String,
    /// Why it is paused or was aborted, and by whom.
    pub held: Option<String>,
    /// The phase that would follow.
    pub next: Option<String>,
    /// Ids of keys that reach the new version.
    pub keys_opted_in: Vec<String>,
    pub friction: Vec<RolloutFriction>,
    /// In order of time.
    pub brownouts: Vec<RolloutBrownout>,
    /// Oldest first, at most the newest 100.
    pub steps: Vec<RolloutStep>,
}

/// What one of the cohort stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutFriction {
    pub id: String,
    /// Name of the consumer.
    pub consumer: String,
    /// Id of the change that it belongs to.
    pub change: Option<String>,
    pub text: String,
    pub at: Instant,
    /// How it ended; absent while it is open.
    pub resolution: Option<String>,
}

/// An interval in which the old refuses one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutBrownout {
    #[schema(example = "long_tail")]
    pub segment: String,
    /// From 1.
    pub stage: u64,
    pub from: Instant,
    /// Exclusive.
    pub until: Instant,
    /// `planned`, `completed`, or why it was broken off.
    pub outcome: String,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutStep {
    pub at: Instant,
    pub by: String,
    /// In words, past tense.
    pub what: String,
    /// Who let it pass though it was not strong, and why.
    pub overrides: Vec<String>,
}

impl From<rollouts::CourseView> for RolloutCourse {
    fn from(course: rollouts::CourseView) -> Self {
        Self {
            phase: course.phase.to_owned(),
            held: course.held,
            next: course.next.map(str::to_owned),
            keys_opted_in: course
                .keys_opted_in
                .iter()
                .map(ToString::to_string)
                .collect(),
            friction: course.friction.into_iter().map(Into::into).collect(),
            brownouts: course.brownouts.into_iter().map(Into::into).collect(),
            steps: course.steps.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<rollouts::FrictionView> for RolloutFriction {
    fn from(friction: rollouts::FrictionView) -> Self {
        Self {
            id: friction.id,
            consumer: friction.consumer,
            change: friction.change,
            text: friction.text,
            at: Instant(friction.at),
            resolution: friction.resolution,
        }
    }
}

impl From<rollouts::BrownoutCourse> for RolloutBrownout {
    fn from(brownout: rollouts::BrownoutCourse) -> Self {
        Self {
            segment: brownout.segment.to_owned(),
            stage: brownout.stage,
            from: Instant(brownout.from),
            until: Instant(brownout.until),
            outcome: brownout.outcome,
        }
    }
}

impl From<rollouts::StepView> for RolloutStep {
    fn from(step: rollouts::StepView) -> Self {
        Self {
            at: Instant(step.at),
            by: step.by,
            what: step.what,
            overrides: step.overrides,
        }
    }
}
