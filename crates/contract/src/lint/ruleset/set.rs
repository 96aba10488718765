//! The rules to lint by, read and merged.

use std::fmt::Write as _;
use std::sync::Arc;

use super::edit::{self, Edit, Override};
use crate::level::Level;
use crate::lint::rule::Rule;
use crate::problem::Problem;

/// The rules to lint by.
#[derive(Debug, Clone)]
pub struct Ruleset {
    pub(super) rules: Vec<Rule>,
    pub(super) overrides: Vec<Override>,
    pub(super) notes: Vec<Problem>,
}

/// A ruleset that another one extends: its bytes, and the name by which problems call it.
#[derive(Debug, Clone)]
pub struct RulesetSource {
    pub file: String,
    pub bytes: Vec<u8>,
}

/// How a ruleset gets at those it extends: the name as written, and the file that writes it. Error: why it cannot be
/// read, as a sentence without full stop.
pub type RulesetLoader<'l> = dyn FnMut(&str, &str) -> Result<RulesetSource, String> + 'l;

/// A ruleset that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ruleset {file} has {} problem{}", problems.len(), if problems.len() == 1 { "" } else { "s" })]
pub struct RulesetError {
    pub file: String,
    /// At least one, in the order of the source.
    pub problems: Vec<Problem>,
}

impl RulesetError {
    /// Every problem as rustc would print it, with a blank line between two.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            // A `String` takes everything that is written to it.
            let _ = write!(text, "{problem}\n\n");
        }
        text
    }
}

impl Ruleset {
    /// What was read and is not acted on: parser options, documentation for other tools.
    pub fn notes(&self) -> &[Problem] {
        &self.notes
    }

    /// The ids of the rules that are switched on, in the order of the ruleset.
    pub fn enabled(&self) -> impl Iterator<Item = (&str, Level)> {
        self.rules
            .iter()
            .filter(|rule| rule.is_enabled)
            .map(|rule| (&*rule.id, rule.level))
    }

    /// All rules in the order of the ruleset: the id, the level, and whether it runs unless it is asked for.
    pub(in crate::lint) fn rules(&self) -> impl Iterator<Item = (&str, Level, bool)> {
        self.rules
            .iter()
            .map(|rule| (&*rule.id, rule.level, rule.is_recommended))
    }

    /// The rules for one document: overrides for its file name applied.
    pub(in crate::lint) fn rules_for(&self, file: &str) -> Vec<Rule> {
        let mut rules = self.rules.clone();
        for one in &self.overrides {
            one.apply(file, &mut rules);
        }
        rules
    }

    fn rule_mut(&mut self, id: &str) -> Option<&mut Rule> {
        self.rules.iter_mut().find(|rule| *rule.id == *id)
    }

    /// Takes over the rules of `other`; one of the same id is replaced.
    pub(super) fn extend(&mut self, other: Self) {
        for rule in other.rules {
            match self.rule_mut(&rule.id) {
                Some(known) => *known = rule,
                None => self.rules.push(rule),
            }
        }
        self.notes.extend(other.notes);
    }

    pub(super) fn edit(&mut self, id: &Arc<str>, edit: Edit) {
        edit::apply(&mut self.rules, id, edit);
    }
}
