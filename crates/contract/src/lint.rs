//! Lints a document by a ruleset, built in or written for Spectral.

use crate::finding::Finding;
use crate::source::Source;

mod apply;
mod call;
mod casing;
mod catalogue;
mod formats;
mod function;
mod functions;
mod json;
mod links;
mod machine;
mod message;
mod oas;
pub(crate) mod overlay;
mod path;
mod regex;
mod rule;
mod ruleset;
mod run;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod validate;
mod view;
mod walk;

pub use apply::{apply_fixes, error::ApplyError};
pub use catalogue::{LintRule, lint_rules};
pub use ruleset::{Ruleset, RulesetError, RulesetLoader, RulesetSource};

/// What the rules find in `source`, in the order of the source, then of the rule ids; the same in every run. Findings
/// about a referenced part are told once, at the part itself.
pub fn lint(source: &Source, ruleset: &Ruleset) -> Vec<Finding> {
    run::run(source, &ruleset.rules_for(&source.file))
}
