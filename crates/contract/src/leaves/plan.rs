//! What the gateway is given of the leaves of one operation: numbers and the names on the wire, without keys.
//!
//! `bridge::observe::Plan` reads what this writes.

use serde::{Deserialize, Serialize};

/// The leaves of one operation as places in its messages. Indices name `nodes`, leaves are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeafPlan {
    pub leaf_count: u32,
    pub nodes: Vec<LeafNode>,
    pub request: LeafRequest,
    /// In source order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<LeafResponse>,
}

/// A place where a value may stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeafNode {
    pub leaf: u32,
    /// By name, in the order of the contract. Where a schema comes back to itself, so do these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<(String, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<LeafValue>,
    /// The leaf of all values that are not among `values`; there when those are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<u32>,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafValue {
    /// A string's value; anything else as written.
    pub text: String,
    pub kind: LeafValueKind,
    pub leaf: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeafValueKind {
    String,
    Number,
    Boolean,
    Null,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeafRequest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<LeafParameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<LeafContent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafParameter {
    pub place: LeafPlace,
    /// As on the wire; of a header in lower case.
    pub name: String,
    pub node: u32,
    /// Between the elements of a list in one value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<LeafSeparator>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeafPlace {
    Path,
    Query,
    Header,
    Cookie,
}

impl LeafPlace {
    /// `None` for a place that is not looked at.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        match text {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeafSeparator {
    Comma,
    Space,
    Pipe,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafContent {
    /// As written.
    pub media_type: String,
    pub leaf: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeafResponse {
    /// As written: `200`, `4XX`, `default`.
    pub status: String,
    pub leaf: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<LeafParameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<LeafContent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<u32>,
}
