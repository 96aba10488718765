//! One breaking Change within a rollout: what it touches, whom it breaks, and the bridge that carries consumers across.

use serde::{Deserialize, Serialize};

/// One breaking Change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable fingerprint of the Change: the same in every run. Unique within a plan, not empty.
    pub id: String,
    /// What the Change touches, in the words of the surface, such as `POST /payments`.
    pub subject: String,
    /// The rule that found it.
    pub rule: String,
    /// One sentence for people.
    pub summary: String,
    /// Who breaks; empty when nobody does.
    pub breaks: Vec<Breaks>,
    /// What use of the subject the Change breaks.
    pub touch: Touch,
    #[serde(default)]
    pub bridge: BridgeSlot,
    /// Counts of the impact at the time of the proposal; zeros when there is no evidence yet.
    #[serde(default)]
    pub impact: ItemImpact,
}

/// What a Change breaks in a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaks {
    /// What is exchanged: every consumer that uses the subject fails.
    Wire,
    /// Code built against the old shape.
    Sdk,
    /// What an agent was told of the surface.
    Agent,
    /// What people were told.
    Docs,
}

/// What use of the subject breaks, and so which evidence speaks for or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Any use of the subject breaks (it is gone, or asks for other credentials).
    Any,
    /// Whoever sends the leaf breaks (it is no longer taken).
    Sent,
    /// Some who send the leaf break: evidence holds names, never values (a bound was tightened).
    SentSome,
    /// Whoever uses the subject without sending the leaf breaks (it became required).
    Omitted,
    /// Whoever reads the leaf in an answer breaks; reading is not seen, delivery is.
    Received,
    /// Nothing that is observed tells who breaks, only the use of the subject.
    Unobserved,
}

/// What carries a consumer across one item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BridgeSlot {
    /// The owner's side translates between old and new.
    Shim {
        name: String,
        /// Digest of the proof; `None` when it is not proved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
    /// A rewrite that the consumer applies to its code.
    Codemod { name: String },
    /// A starting point that the consumer builds from.
    Template { name: String },
    /// Old and new run side by side until the sunset.
    Parallel,
    /// Nothing can carry a consumer across; the reason says why, in a sentence.
    NotFeasible { reason: String },
    /// Nobody has decided yet.
    #[default]
    Missing,
}

impl BridgeSlot {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Shim { .. } => "shim",
            Self::Codemod { .. } => "codemod",
            Self::Template { .. } => "template",
            Self::Parallel => "parallel",
            Self::NotFeasible { .. } => "not_feasible",
            Self::Missing => "missing",
        }
    }
}

/// How one item touches the consumers, counted over the evidence window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ItemImpact {
    /// Consumers by verdict.
    pub affected: u32,
    pub likely: u32,
    pub possible: u32,
    pub unaffected_proven: u32,
    /// Calls of the concerned consumers on what the item touches.
    pub calls: u64,
    /// Those calls in millionths of the volume of the surface: 0 to 1,000,000.
    pub share_ppm: u32,
}
