//! The leaves of one operation with their names, and what was left out.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::plan::LeafPlan;

/// How many leaves one operation may have, and how deep below the root of a body they are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafLimits {
    /// At most 4,096, the largest set that the gateway keeps.
    pub leaves: u32,
    pub depth: u32,
}

impl Default for LeafLimits {
    /// Wider than any operation of the contracts that we know by hand, and deeper than people nest on purpose.
    fn default() -> Self {
        Self {
            leaves: 4_096,
            depth: 12,
        }
    }
}

/// The leaves of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafTable {
    /// Upper case.
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    /// By id; what holds others comes before them.
    pub leaves: Vec<Leaf>,
    pub plan: LeafPlan,
    /// The first 100 of what was left out.
    pub cuts: Vec<LeafCut>,
    pub cut_count: u32,
}

/// One part of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    /// Its place in this table; means nothing in another.
    pub id: u32,
    pub kind: LeafKind,
    /// The same in every version that has this part; what is stored.
    pub key: String,
    /// JSON pointer to where it is written.
    pub pointer: Arc<str>,
    /// The leaf of what it is a part of, which is seen whenever this one is.
    pub parent: Option<u32>,
    /// Whether one message may hold it several times: below an array, or where a schema comes back to itself.
    pub is_repeated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeafKind {
    Parameter,
    ContentType,
    Status,
    Header,
    Body,
    Property,
    Items,
    Value,
    OtherValue,
}

/// Something that has no leaf of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafCut {
    /// The leaf that is seen in its stead.
    pub key: String,
    pub reason: LeafCutReason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeafCutReason {
    /// What lies below is deeper than the limit.
    Depth,
    /// The operation has more leaves than the limit.
    Full,
    /// What lies below is told as what lies below this key: the schema comes back to itself.
    Circle(String),
    /// A name or value is longer than 200 bytes, or no JSON.
    Text,
    /// Names that a map makes up, or values inside of a text: not looked at.
    Hidden,
    /// The way in which the parameter is written cannot be read.
    Style,
}
