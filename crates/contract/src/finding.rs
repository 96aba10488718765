//! What one document is found wanting in, by lint or by score.

use std::borrow::Cow;

use serde::Serialize;

use crate::level::Level;
use crate::site::Site;

/// One finding of lint or score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the rule: built in, or named by a ruleset.
    pub id: Cow<'static, str>,
    pub level: Level,
    /// One sentence for people.
    pub message: String,
    pub site: Site,
    /// What repairs it, where a machine can tell.
    pub fix: Option<OverlayAction>,
}

/// One action of an OpenAPI Overlay 1.0 document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverlayAction {
    /// A JSONPath (RFC 9535) into the document.
    pub target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(flatten)]
    pub effect: OverlayEffect,
}

/// What an action does to its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OverlayEffect {
    /// Merged into the target.
    Update(serde_json::Value),
    /// `true` removes the target.
    Remove(bool),
}
