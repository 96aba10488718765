//! What a revision does to a score: numbers before and after, and the findings that came and went.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::result::{SCORE_SCHEMA_VERSION, Score, ScoreFinding};
use super::rule::Family;
use crate::change::ChangedOperation;

/// The way from one score to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreDelta {
    pub schema_version: u32,
    pub readability: NumberDelta,
    pub safety: NumberDelta,
    /// Those of which a number changed, in the order of [`Family`].
    pub families: Vec<FamilyDelta>,
    pub tokens: TokensDelta,
    /// Tools that came, went or cost other tokens, by path, then by method.
    pub tools: Vec<ToolDelta>,
    /// In the revision and not in the base, in source order.
    pub added: Vec<ScoreFinding>,
    /// In the base and not in the revision, in source order.
    pub removed: Vec<ScoreFinding>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberDelta {
    pub base: Option<f64>,
    pub revision: Option<f64>,
    /// One decimal; 0 when a side has no number.
    pub change: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyDelta {
    pub family: Family,
    pub readability: NumberDelta,
    pub safety: NumberDelta,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokensDelta {
    pub base: u64,
    pub revision: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolDelta {
    pub operation: ChangedOperation,
    /// `None` for a tool that is new.
    pub base: Option<u64>,
    /// `None` for a tool that is gone.
    pub revision: Option<u64>,
}

/// What changed from `base` to `revision`. Findings are matched by fingerprint, as often as they occur.
pub fn delta(base: &Score, revision: &Score) -> ScoreDelta {
    ScoreDelta {
        schema_version: SCORE_SCHEMA_VERSION,
        readability: number(Some(base.readability), Some(revision.readability)),
        safety: number(Some(base.safety), Some(revision.safety)),
        families: families(base, revision),
        tokens: TokensDelta {
            base: base.tokens.total,
            revision: revision.tokens.total,
        },
        tools: tools(base, revision),
        added: without(&revision.findings, &base.findings),
        removed: without(&base.findings, &revision.findings),
    }
}

fn number(base: Option<f64>, revision: Option<f64>) -> NumberDelta {
    let both = base.zip(revision);
    let change = both.map_or(0.0, |(base, revision)| {
        ((revision - base) * 10.0).round() / 10.0
    });
    NumberDelta {
        base,
        revision,
        change,
    }
}

fn families(base: &Score, revision: &Score) -> Vec<FamilyDelta> {
    let both = base.families.iter().zip(&revision.families);
    both.filter(|(a, b)| a.readability != b.readability || a.safety != b.safety)
        .map(|(a, b)| FamilyDelta {
            family: a.family,
            readability: number(a.readability, b.readability),
            safety: number(a.safety, b.safety),
        })
        .collect()
}

fn tools(base: &Score, revision: &Score) -> Vec<ToolDelta> {
    let mut tools: BTreeMap<(&str, &str), ToolDelta> = BTreeMap::new();
    for (score, is_revision) in [(base, false), (revision, true)] {
        for tool in &score.tools {
            let key = (tool.operation.path.as_str(), tool.operation.method.as_str());
            let entry = tools.entry(key).or_insert_with(|| ToolDelta {
                operation: tool.operation.clone(),
                base: None,
                revision: None,
            });
            match is_revision {
                true => entry.revision = Some(tool.tokens),
                false => entry.base = Some(tool.tokens),
            }
        }
    }
    let changed = tools
        .into_values()
        .filter(|tool| tool.base != tool.revision);
    changed.collect()
}

/// The findings of `these` that `others` do not have.
fn without(these: &[ScoreFinding], others: &[ScoreFinding]) -> Vec<ScoreFinding> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for other in others {
        *counts.entry(&other.fingerprint).or_default() += 1;
    }
    let mut left = Vec::new();
    for finding in these {
        match counts.get_mut(finding.fingerprint.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => left.push(finding.clone()),
        }
    }
    left
}
