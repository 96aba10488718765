//! What a score says: two numbers, their parts, the tokens of each tool, and the findings with their repairs.

use std::sync::Arc;

use serde::Serialize;

use super::findability::Findability;
use super::rule::Family;
use crate::change::ChangedOperation;
use crate::finding::Finding;

/// The shape of the serialised score; a removed or renamed field raises it.
pub const SCORE_SCHEMA_VERSION: u32 = 1;

/// How ready a contract is for agents. The two numbers are never blended: a contract that reads well and lets an agent
/// delete without asking is not half good.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    pub schema_version: u32,
    pub file: Arc<str>,
    /// 0 to 100, one decimal: whether an agent finds the right operation and fills it in. 0 without operations.
    pub readability: f64,
    /// 0 to 100, one decimal: whether an agent can do harm by accident. 0 without operations.
    pub safety: f64,
    /// In the order of [`Family`].
    pub families: Vec<FamilyScore>,
    /// In the order of the rule table.
    pub rules: Vec<RuleScore>,
    pub tokens: TokenSummary,
    /// One per operation, by path, then by method.
    pub tools: Vec<ToolScore>,
    /// The most alike first.
    pub ambiguous: Vec<AmbiguousPair>,
    /// The operations whose findings weigh most, the heaviest first; at most [`HOTSPOTS_MAX`].
    pub hotspots: Vec<Hotspot>,
    /// `None` without tasks.
    pub findability: Option<Findability>,
    /// In source order; of one rule at most [`super::FINDINGS_PER_RULE_MAX`], while the counts in `rules` are exact.
    pub findings: Vec<ScoreFinding>,
}

pub const HOTSPOTS_MAX: usize = 20;

/// One family's part of both numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyScore {
    pub family: Family,
    /// `None` when no rule of the family that counts for readability had anything to look at.
    pub readability: Option<f64>,
    pub safety: Option<f64>,
    pub findings: u64,
}

/// What one rule saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleScore {
    pub id: &'static str,
    /// Things looked at: operations, parameters, schemas, whatever the rule measures.
    pub checked: u64,
    pub failed: u64,
}

/// What the tools cost in a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenSummary {
    /// The encoding that the counts are given in.
    pub tokenizer: &'static str,
    pub total: u64,
    pub median: u64,
    pub p90: u64,
    pub max: u64,
}

/// One operation as a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolScore {
    pub name: String,
    pub operation: ChangedOperation,
    /// Of the whole definition: name, description and input schema.
    pub tokens: u64,
    /// Of a response with each declared field once and lists of 30, estimated.
    pub response_tokens: u64,
}

/// Two operations that an agent can hardly tell apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AmbiguousPair {
    pub operations: [ChangedOperation; 2],
    /// 0.85 to 1, three decimals: the cosine between the words of both.
    pub similarity: f64,
}

/// An operation worth repairing first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hotspot {
    pub operation: ChangedOperation,
    /// The sum of the weights of its findings.
    pub weight: u64,
    pub findings: u64,
}

/// A finding with what the score adds to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScoreFinding {
    #[serde(flatten)]
    pub finding: Finding,
    pub family: Family,
    /// `None` for what belongs to no single operation.
    pub operation: Option<ChangedOperation>,
    /// Of rule and place, a parameter or tag being placed by its name and not by its index; 16 hexadecimal digits.
    pub fingerprint: String,
}
