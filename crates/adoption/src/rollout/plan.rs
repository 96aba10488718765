//! The Plan: the reviewable document of a rollout, kept as TOML and edited by people.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::bar::Override;
use super::freeze::Freeze;
use super::impact::ConsumerImpact;
use super::item::Item;
use super::segment::{Segment, Thresholds};
use super::window::Window;
use crate::clock::Micros;
use crate::ids::{ConsumerId, SurfaceId};

/// The reviewable document. What is absent was not decided; the bar says what is missing and how to write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// One line for people.
    pub name: String,
    pub surface: SurfaceId,
    /// Where a consumer reads how to move; `None` when there is no guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// What consumers move to, such as the name of a version; `None` when nothing takes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    #[serde(default)]
    pub policy: Policy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segmentation: Option<Segmentation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Notice promised, by name of plan or agreement.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sla: BTreeMap<String, Commitment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<Beta>,
    #[serde(default)]
    pub communication: Communication,
    #[serde(default)]
    pub brownouts: BrownoutRules,
    #[serde(default)]
    pub sunset: SunsetRules,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freezes: Vec<Freeze>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Each breaking Change; a plan without items can never be published.
    #[serde(default)]
    pub items: Vec<Item>,
}

impl Plan {
    /// The one segment of `consumer`: where a person placed it, else by the thresholds, the default ones when the plan
    /// has none.
    pub fn segment_of(&self, consumer: &ConsumerImpact, window_days: u32, now: Micros) -> Segment {
        let placed = self
            .segmentation
            .as_ref()
            .and_then(|s| s.placed.get(&consumer.consumer));
        match placed {
            Some(segment) => *segment,
            None => self.thresholds().segment_of(consumer, window_days, now),
        }
    }

    /// The plan's thresholds, or the default ones.
    pub fn thresholds(&self) -> Thresholds {
        self.segmentation
            .as_ref()
            .map_or_else(Thresholds::default, |s| s.thresholds)
    }
}

/// What the owner holds itself to, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// From the announcement to the sunset at least.
    pub floor_days: u32,
    /// From the opening of the beta to the announcement at least.
    pub beta_days: u32,
    /// From the announcement to the deprecation.
    pub deprecate_after_days: u32,
    /// From the first possible brownout to the sunset: 6 segments in 4 stages, one a day, is 24, and 4 to repeat one.
    pub brownout_days: u32,
    /// From the sunset to the removal at least.
    pub remove_after_days: u32,
    /// A consumer has cut over when it uses the new and nothing of the old succeeded for this long.
    pub cut_over_days: u32,
    /// Removal waits until nothing of the old has succeeded for this long, and for longer where rhythm asks for it.
    pub removal_quiet_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            floor_days: 180,
            beta_days: 14,
            deprecate_after_days: 14,
            brownout_days: 28,
            remove_after_days: 30,
            cut_over_days: 7,
            removal_quiet_days: 14,
        }
    }
}

/// How consumers are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Segmentation {
    pub thresholds: Thresholds,
    /// Consumers that a person put elsewhere than the thresholds do.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub placed: BTreeMap<ConsumerId, Segment>,
    /// Why evidence of fewer days than the longest rhythm is enough; `None` when it covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_window_reason: Option<String>,
}

/// Notice promised under one plan or agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// From the announcement to the sunset at least; 0 when nothing was promised.
    pub notice_days: u32,
}

/// The private beta: design partners before the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beta {
    pub opens: Date,
    /// 5 to 10 consumers, the heaviest affected ones unless someone says why not; all, when fewer are affected.
    pub cohort: Vec<ConsumerId>,
    /// Why the cohort is smaller than 5 or leaves out a heavy consumer; `None` when neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default)]
    pub exit: ExitRule,
}

/// When a beta may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExitRule {
    /// So many of the cohort have cut over: 1 to its size.
    CutOver { consumers: u32 },
    /// At least one of the cohort has opted in, and each friction entry is closed.
    #[default]
    FrictionClosed,
}

/// How the consumers learn of it before it happens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Communication {
    /// Each once, in any order.
    pub channels: Vec<Channel>,
    /// So many of the heaviest affected consumers are written to by a person; 0 for none.
    pub outreach_top: u32,
}

/// A way to tell a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// On every answer to a use that the rollout touches.
    Headers,
    Changelog,
    /// The status page.
    Status,
    /// The banner of the portal.
    Banner,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Headers, Self::Changelog, Self::Status, Self::Banner];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Changelog => "changelog",
            Self::Status => "status",
            Self::Banner => "banner",
        }
    }
}

/// How brownouts are laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BrownoutRules {
    /// Length of each stage in minutes, 1 to 1,440 each, in the order in which they run; at most 16.
    pub stages_minutes: Vec<u32>,
    /// UTC hour at which each starts, 0 to 23: 14 is morning in the Americas, afternoon in Europe.
    pub hour: u8,
    /// A brownout ends at once when more errors than these, in millionths of the calls that no brownout refuses,
    /// happen while it runs: 10,000 is 1 %.
    pub error_budget_ppm: u32,
}

impl Default for BrownoutRules {
    fn default() -> Self {
        Self {
            stages_minutes: vec![1, 5, 30, 120],
            hour: 14,
            error_budget_ppm: 10_000,
        }
    }
}

/// What stays after the sunset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SunsetRules {
    /// Plans and agreements whose consumers keep the bridge until the removal.
    pub bridge_stays_for: Vec<String>,
}
