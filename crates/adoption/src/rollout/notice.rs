//! Notices: who is told of a step, under which stable id, and what a notice says at the moment it is delivered.

use std::collections::BTreeSet;

use super::event::{Effect, Notice, NoticeKind, Recipient};
use super::plan::Channel;
use super::state::{Brownout, BrownoutOutcome, Phase, Rollout};
use super::window::Dates;
use crate::ids::NoticeId;

/// What a notice says when it is delivered: the plan as it stands then, not as it stood when the notice was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub kind: NoticeKind,
    /// The ICS `SEQUENCE`: rises with every date that moved.
    pub sequence: u32,
    /// `None` for a plan without a window.
    pub dates: Option<Dates>,
    /// Brownouts that are still to come or running, in order of time.
    pub brownouts: Vec<Brownout>,
}

impl NoticeKind {
    pub const ALL: [Self; 12] = [
        Self::BetaInvited,
        Self::Announced,
        Self::Deprecated,
        Self::Closed,
        Self::BrownoutsScheduled,
        Self::BrownoutsMoved,
        Self::Sunset,
        Self::Removed,
        Self::Moved,
        Self::Paused,
        Self::Resumed,
        Self::Aborted,
    ];

    /// The kind that [`Self::as_str`] names so.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BetaInvited => "beta_invited",
            Self::Announced => "announced",
            Self::Deprecated => "deprecated",
            Self::Closed => "closed",
            Self::BrownoutsScheduled => "brownouts_scheduled",
            Self::BrownoutsMoved => "brownouts_moved",
            Self::Sunset => "sunset",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Aborted => "aborted",
        }
    }
}

impl Recipient {
    /// The id of a consumer, or the name of a channel.
    pub fn key(self) -> String {
        match self {
            Self::Consumer(id) => id.to_string(),
            Self::Changelog => "changelog".to_owned(),
            Self::Status => "status".to_owned(),
            Self::Banner => "banner".to_owned(),
        }
    }

    /// The recipient that [`Self::key`] writes so.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "changelog" => Some(Self::Changelog),
            "status" => Some(Self::Status),
            "banner" => Some(Self::Banner),
            consumer => consumer.parse().ok().map(Self::Consumer),
        }
    }
}

impl Notice {
    /// The same four make the same id, on every machine and in every run.
    pub fn new(
        rollout: crate::ids::RolloutId,
        kind: NoticeKind,
        recipient: Recipient,
        revision: u32,
    ) -> Self {
        Self {
            id: NoticeId::of(rollout, kind.as_str(), &recipient.key(), revision),
            rollout,
            kind,
            recipient,
            revision,
        }
    }
}

impl Rollout {
    /// What `notice` says if it is delivered now.
    pub fn told(&self, notice: &Notice) -> Told {
        let planned = self
            .brownouts
            .iter()
            .filter(|b| b.outcome == BrownoutOutcome::Planned);
        Told {
            kind: notice.kind,
            sequence: self.sequence(),
            dates: self.plan.window.as_ref().map(super::window::Window::dates),
            brownouts: planned.cloned().collect(),
        }
    }

    /// One notice of `kind` to everyone who has been told so far, and to the public once it knows.
    pub fn notices(&self, kind: NoticeKind, revision: u32) -> Vec<Effect> {
        let consumers = self.told.iter().copied().map(Recipient::Consumer);
        let recipients = consumers.chain(self.public());
        recipients
            .map(|recipient| Effect::Notify {
                notice: Notice::new(self.id, kind, recipient, revision),
            })
            .collect()
    }

    fn public(&self) -> BTreeSet<Recipient> {
        if self.state.phase() < Phase::Announced {
            return BTreeSet::new();
        }
        let recipient = |channel: &Channel| match channel {
            // Headers are the gateway's, by its policy.
            Channel::Headers => None,
            Channel::Changelog => Some(Recipient::Changelog),
            Channel::Status => Some(Recipient::Status),
            Channel::Banner => Some(Recipient::Banner),
        };
        self.plan
            .communication
            .channels
            .iter()
            .filter_map(recipient)
            .collect()
    }
}
