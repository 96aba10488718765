//! The built-in lint rules for people: what each finds, why it matters, how to repair it, and both examples.

mod components;
mod document;
mod operations;
mod schemas;
#[cfg(test)]
mod tests;
pub(super) mod text;

use std::sync::OnceLock;

use serde::Serialize;

use super::ruleset::Ruleset;
use crate::level::Level;
use text::Text;

/// One built-in rule: one of `spectral:oas`, or one that [`super::lint`] applies whatever the ruleset.
#[derive(Debug, Clone, Serialize)]
pub struct LintRule {
    pub id: &'static str,
    pub level: Level,
    /// Whether it runs unless a ruleset says otherwise.
    pub is_recommended: bool,
    /// What the rule finds: one sentence.
    pub purpose: &'static str,
    /// Why it matters, and to whom.
    pub why: &'static str,
    pub repair: &'static str,
    /// YAML of a document, or of a part of one (then without `openapi`: any version 3), that the rule reports.
    pub bad_example: &'static str,
    /// The nearest one that it does not report.
    pub good_example: &'static str,
}

/// Every built-in rule: those of every lint first, then those of `spectral:oas` in the order of the ruleset.
pub fn lint_rules() -> &'static [LintRule] {
    static RULES: OnceLock<Vec<LintRule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let ruleset = Ruleset::spectral_oas();
        let named = ruleset.rules().filter_map(|(id, level, is_recommended)| {
            Some(rule(text_of(id)?, level, is_recommended))
        });
        let always = document::ALWAYS
            .iter()
            .map(|(text, level)| rule(text, *level, true));
        always.chain(named).collect()
    })
}

fn text_of(id: &str) -> Option<&'static Text> {
    let all = [
        document::TEXTS,
        operations::TEXTS,
        schemas::TEXTS,
        components::TEXTS,
    ];
    all.into_iter().flatten().find(|text| text.id == id)
}

fn rule(text: &'static Text, level: Level, is_recommended: bool) -> LintRule {
    LintRule {
        id: text.id,
        level,
        is_recommended,
        purpose: text.purpose,
        why: text.why,
        repair: text.repair,
        bad_example: text.bad,
        good_example: text.good,
    }
}
