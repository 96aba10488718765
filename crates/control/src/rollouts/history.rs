//! How a rollout went so far, as it is shown: steps, friction, brownouts, keys on the new version.

use adoption::rollout::{BrownoutOutcome, Phase, State};
use adoption::{KeyId, Micros};

use super::Stored;

/// Steps of which all is told: the newest.
const STEPS_TOLD_MAX: usize = 100;

/// How it went so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseView {
    /// The phase it is in, or was in when it was paused or aborted.
    pub phase: &'static str,
    /// Why it is paused or was aborted, and by whom.
    pub held: Option<String>,
    /// The phase that would follow.
    pub next: Option<&'static str>,
    /// Keys that reach the new version, in order of id.
    pub keys_opted_in: Vec<KeyId>,
    pub friction: Vec<FrictionView>,
    /// In order of time.
    pub brownouts: Vec<BrownoutCourse>,
    /// Oldest first, at most the newest 100.
    pub steps: Vec<StepView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrictionView {
    pub id: String,
    pub consumer: String,
    pub change: Option<String>,
    pub text: String,
    pub at: Micros,
    pub resolution: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrownoutCourse {
    pub segment: &'static str,
    /// From 1.
    pub stage: u64,
    pub from: Micros,
    pub until: Micros,
    /// `planned`, `completed`, or why it was broken off.
    pub outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    pub at: Micros,
    pub by: String,
    pub what: String,
    /// Who let it pass though it was not strong, and why.
    pub overrides: Vec<String>,
}

impl Stored {
    pub(super) fn course(&self) -> CourseView {
        let rollout = &self.rollout;
        let held = match &rollout.state {
            State::Running { .. } => None,
            State::Paused { by, reason, .. } => Some(format!("paused by {by}: {reason}")),
            State::Aborted { by, reason, .. } => Some(format!("aborted by {by}: {reason}")),
        };
        let skipped = rollout.history.len().saturating_sub(STEPS_TOLD_MAX);
        let is_over = matches!(rollout.state, State::Aborted { .. });
        let next = rollout.state.phase().next().filter(|_| !is_over);
        CourseView {
            phase: rollout.state.phase().as_str(),
            held,
            next: next.map(Phase::as_str),
            keys_opted_in: rollout.opted_in.keys().copied().collect(),
            friction: self.friction(),
            brownouts: self.brownouts(),
            steps: rollout
                .history
                .iter()
                .skip(skipped)
                .map(|step| StepView {
                    at: step.at,
                    by: step.by.clone(),
                    what: step.what.clone(),
                    overrides: step
                        .overrides
                        .iter()
                        .map(|one| format!("{} until {}: {}", one.who, one.expires, one.reason))
                        .collect(),
                })
                .collect(),
        }
    }

    fn friction(&self) -> Vec<FrictionView> {
        let entries = self.rollout.friction.iter();
        entries
            .map(|one| FrictionView {
                id: one.id.clone(),
                consumer: self.name_of(one.consumer),
                change: one.item.clone(),
                text: one.text.clone(),
                at: one.at,
                resolution: one.resolution.clone(),
            })
            .collect()
    }

    pub(super) fn brownouts(&self) -> Vec<BrownoutCourse> {
        let brownouts = self.rollout.brownouts.iter();
        brownouts
            .map(|one| BrownoutCourse {
                segment: one.segment.as_str(),
                stage: u64::from(one.stage) + 1,
                from: one.from,
                until: one.until,
                outcome: match &one.outcome {
                    BrownoutOutcome::Planned => "planned".to_owned(),
                    BrownoutOutcome::Completed => "completed".to_owned(),
                    BrownoutOutcome::Aborted { reason } => format!("broken off: {reason}"),
                },
            })
            .collect()
    }
}
