//! What the gateway is given of the leaves of one operation: plain data, as `contract::leaves` writes it.

use serde::{Deserialize, Serialize};

/// The leaves of one operation without their names. Indices in it name `nodes`, leaves are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    pub leaf_count: u32,
    pub nodes: Vec<PlanNode>,
    pub request: PlanRequest,
    /// Of one status each, a class such as `2XX`, or `default`.
    pub responses: Vec<PlanResponse>,
}

/// A place where a value may stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanNode {
    /// Seen when any value stands here.
    pub leaf: u32,
    /// The nodes of named properties. A node may be named more than once and lead back to one above it.
    pub properties: Vec<(String, u32)>,
    /// The node of the elements of an array.
    pub items: Option<u32>,
    /// The values that the contract names.
    pub values: Vec<PlanValue>,
    /// The leaf of all other values, where the contract names some.
    pub other: Option<u32>,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanValue {
    /// A string's value; anything else as written.
    pub text: String,
    pub kind: ValueKind,
    pub leaf: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    String,
    Number,
    Boolean,
    Null,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanRequest {
    pub parameters: Vec<PlanParameter>,
    pub content: Vec<PlanContent>,
    /// The node of the body, whatever its media type.
    pub body: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanParameter {
    pub place: Place,
    /// Of a header in lower case.
    pub name: String,
    pub node: u32,
    /// Between the elements of a list in one value.
    #[serde(default)]
    pub separator: Option<Separator>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Separator {
    Comma,
    Space,
    Pipe,
}

impl Separator {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Space => b' ',
            Self::Pipe => b'|',
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanContent {
    /// As the contract writes it: `application/json`, `text/*`, `application/json; charset=utf-8`.
    pub media_type: String,
    pub leaf: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanResponse {
    /// `200`, `4XX` or `default`.
    pub status: String,
    pub leaf: u32,
    pub headers: Vec<PlanParameter>,
    pub content: Vec<PlanContent>,
    pub body: Option<u32>,
}
