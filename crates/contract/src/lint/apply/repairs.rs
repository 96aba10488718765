//! What is to be done to a document: updates by place, then removals.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::error::ApplyError;
use super::steps::{self, Step};
use crate::finding::{Finding, OverlayEffect};

/// The actions of an Overlay, each once.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    /// Each place once, with all that is merged into it, in the order of the findings.
    pub(super) updates: Vec<(Vec<Step>, Vec<Json>)>,
    /// In the order of the findings.
    pub(super) removals: Vec<Vec<Step>>,
}

impl Repairs {
    pub(super) fn of(findings: &[Finding]) -> Result<Self, ApplyError> {
        let mut repairs = Self::default();
        let mut seen = FxHashSet::default();
        let mut places: FxHashMap<Vec<Step>, usize> = FxHashMap::default();
        for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
            let update = match &fix.effect {
                OverlayEffect::Update(value) => Some(value),
                OverlayEffect::Remove(true) => None,
                OverlayEffect::Remove(false) => continue,
            };
            if !seen.insert((fix.target.as_str(), update.map(Json::to_string))) {
                continue;
            }
            let steps = steps::parse(&fix.target).ok_or_else(|| ApplyError::Unwritable {
                target: fix.target.clone(),
                reason: "the path does not name one place",
            })?;
            let Some(value) = update else {
                repairs.removals.push(steps);
                continue;
            };
            let place = *places.entry(steps.clone()).or_insert_with(|| {
                repairs.updates.push((steps, Vec::new()));
                repairs.updates.len() - 1
            });
            repairs.updates[place].1.push(value.clone());
        }
        Ok(repairs)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.updates.is_empty() && self.removals.is_empty()
    }
}

/// Objects are merged by name, lists are joined, all else is replaced (Overlay 1.0.0 section 4.4.3.1).
pub(super) fn merge(target: &mut Json, value: &Json) {
    match (target, value) {
        (Json::Object(target), Json::Object(value)) => {
            for (name, value) in value {
                match target.get_mut(name) {
                    Some(target) => merge(target, value),
                    None => {
                        target.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        (Json::Array(target), Json::Array(value)) => target.extend(value.iter().cloned()),
        (target, value) => *target = value.clone(),
    }
}
