//! The stage of one rollout, as data: which calls it touches, who is told, who is refused the old and since when.

use adoption::rollout::Segment;
use adoption::{ConsumerId, Micros, OperationId, RolloutId};
use serde::{Deserialize, Serialize};

/// One rollout of a surface. What is absent has not come yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutSpec {
    pub id: RolloutId,
    /// The name of the version that goes.
    pub old: String,
    /// The name of the version that replaces it.
    pub new: String,
    /// What answers to touched calls say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<WarnSpec>,
    pub items: Vec<RolloutItemSpec>,
    /// Consumers that the change breaks, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerned: Vec<(ConsumerId, Segment)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<ClosedSpec>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brownouts: Vec<BrownoutSpec>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<GoneSpec>,
}

/// What answers to touched calls say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarnSpec {
    pub deprecated_at: Micros,
    /// Never before `deprecated_at`.
    pub sunset_at: Micros,
    /// The address of the migration guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// The address of what replaces the old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

/// One breaking change of a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutItemSpec {
    pub id: String,
    /// What changes, in one line.
    pub summary: String,
    /// Any of them touches the item.
    pub calls: Vec<TouchedCalls>,
}

/// Calls that an item breaks. An operation that the old version has not is never called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedCalls {
    pub operation: OperationId,
    pub when: TouchedWhen,
}

/// Which calls of an operation an item breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TouchedWhen {
    /// Each: the operation goes.
    AnyCall,
    /// Those whose request fulfils one of the conditions. `digest` is that of the leaves of the operation; where it is
    /// another, or a request was not read whole, the calls of concerned consumers are taken.
    Request {
        digest: u32,
        any: Vec<LeafCondition>,
    },
    /// Those of these consumers: what they read of answers is known, not seen.
    Consumers(Vec<ConsumerId>),
}

/// Something that the leaves of one request show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeafCondition {
    /// The leaf is there.
    Sends { leaf: u32 },
    /// The leaf is not there (`None`: it never can be), while `under` is, where that is named.
    Lacks {
        leaf: Option<u32>,
        under: Option<u32>,
    },
}

/// New consumers of the old are refused it on touched operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedSpec {
    pub since: Micros,
    /// Those who used it before.
    pub known: Vec<ConsumerId>,
}

/// The old refuses the concerned consumers of one segment from `from` to before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrownoutSpec {
    pub segment: Segment,
    pub from: Micros,
    pub until: Micros,
}

/// The old has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneSpec {
    pub since: Micros,
    /// Consumers that keep it all the same.
    pub stays: Vec<ConsumerId>,
}
