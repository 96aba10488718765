//! What a rule is: its id, level and axes, who it breaks, and its explanation.

use serde::Serialize;

use super::strict;
use crate::level::{Breaks, Level};

/// Which way the bytes travel that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    None,
    Request,
    Response,
}

/// What part of a contract a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    Components,
    Headers,
    Info,
    Parameters,
    Paths,
    RequestBody,
    Responses,
    Schema,
    Security,
    Tags,
}

/// What of that part changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Constraints,
    Existence,
    Lifecycle,
    Mutability,
    Requiredness,
    Structure,
    Type,
    Values,
}

/// How it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Add,
    Change,
    Decrease,
    Generalize,
    Increase,
    Remove,
    Set,
    Specialize,
}

/// Whether the engine reports a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Implemented,
    /// Named, so that severity files may mention it, and never reported.
    Named,
}

/// One rule. The texts are empty for a rule that is only named.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    pub id: &'static str,
    pub level: Level,
    /// In the order of [`Breaks`]; empty for what breaks nobody.
    pub breaks: &'static [Breaks],
    pub direction: Direction,
    pub area: Area,
    pub kind: Kind,
    pub action: Action,
    /// The rule that the reversed change reports; `None` when it reports none or one of several.
    pub mirror: Option<&'static str>,
    /// The check that reports it, as oasdiff names it where it has one.
    pub check: &'static str,
    pub state: State,
    /// What the rule finds: one sentence.
    pub purpose: &'static str,
    /// Why it breaks, and whom.
    pub why: &'static str,
    /// How to make the change without breaking anyone.
    pub safely: &'static str,
    /// `base:` and `revision:` of a YAML fragment that the rule reports: a schema for rules on schemas, parameters and
    /// headers, else an operation, or a document if it has `paths`, `components`, `info` or `webhooks`.
    pub breaking_example: &'static str,
    /// The same for the nearest change that the rule does not report.
    pub safe_example: &'static str,
}

impl Rule {
    /// Why the rule is a warning with [`crate::Clients::Strict`]: one sentence; `None` for a rule that keeps its level.
    pub fn strict_clients(&self) -> Option<&'static str> {
        strict::family(self.id).map(|family| family.why)
    }
}

/// What a check tells people of its rules; one text may serve several ids that differ in place only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    pub(crate) ids: &'static [&'static str],
    pub(crate) purpose: &'static str,
    pub(crate) why: &'static str,
    pub(crate) safely: &'static str,
    pub(crate) breaking: &'static str,
    pub(crate) safe: &'static str,
}
