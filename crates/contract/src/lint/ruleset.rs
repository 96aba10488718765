//! Rulesets as Spectral writes them, in YAML or JSON.

mod definition;
mod edit;
mod files;
mod function;
mod problems;
mod reader;
mod set;

pub(in crate::lint) use files::matches as file_matches;
pub use set::{Ruleset, RulesetError, RulesetLoader, RulesetSource};
