//! Segments: kinds of consumers that are told, moved and browned out together; every consumer is in exactly one.

use serde::{Deserialize, Serialize};

use super::impact::ConsumerImpact;
use crate::call::ClientClass;
use crate::clock::Micros;
use crate::consumer::ConsumerKind;

/// Kinds of consumers, in the order in which brownouts reach them: who can bear most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Our own squads.
    Internal,
    /// Silent for longer than their own rhythm explains.
    Dormant,
    LongTail,
    /// Programs that read the surface's description and act by themselves.
    Agents,
    Mid,
    ProductionScale,
}

impl Segment {
    pub const ALL: [Self; 6] = [
        Self::Internal,
        Self::Dormant,
        Self::LongTail,
        Self::Agents,
        Self::Mid,
        Self::ProductionScale,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Dormant => "dormant",
            Self::LongTail => "long_tail",
            Self::Agents => "agents",
            Self::Mid => "mid",
            Self::ProductionScale => "production_scale",
        }
    }
}

/// Where one segment ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Production scale from this share of the surface's volume on, in millionths: 10,000 is 1 %, so that there are at
    /// most 100 of them by this rule.
    pub production_scale_share_ppm: u32,
    /// Production scale from this many calls a day on: 10,000 is one every 8.6 s around the clock.
    pub production_scale_calls_per_day: u64,
    /// Mid from this many calls a day on: 100 is about one every quarter of an hour.
    pub mid_calls_per_day: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            production_scale_share_ppm: 10_000,
            production_scale_calls_per_day: 10_000,
            mid_calls_per_day: 100,
        }
    }
}

impl Thresholds {
    /// The one segment of `consumer`, whose calls were counted over `window_days`. Asked in this order: internal,
    /// dormant, agents, then by volume; so a dormant squad is internal and an agent of any size is in agents.
    pub fn segment_of(&self, consumer: &ConsumerImpact, window_days: u32, now: Micros) -> Segment {
        if consumer.kind == ConsumerKind::Squad {
            Segment::Internal
        } else if consumer.rhythm.is_quiet(consumer.last_seen, now) {
            Segment::Dormant
        } else if consumer.kind == ConsumerKind::Agent || consumer.client == ClientClass::Agent {
            Segment::Agents
        } else if self.is_major(consumer, window_days) {
            Segment::ProductionScale
        } else if per_day(consumer.calls, window_days) >= self.mid_calls_per_day {
            Segment::Mid
        } else {
            Segment::LongTail
        }
    }

    /// Whether `consumer` has production scale by volume, whatever its segment: its release cycle counts for the window.
    pub fn is_major(&self, consumer: &ConsumerImpact, window_days: u32) -> bool {
        consumer.share_ppm >= self.production_scale_share_ppm
            || per_day(consumer.calls, window_days) >= self.production_scale_calls_per_day
    }
}

/// Calls a day, rounded down; an empty window counts as one day.
fn per_day(calls: u64, window_days: u32) -> u64 {
    calls / u64::from(window_days.max(1))
}
