//! What a ruleset changes about a rule that it names.

use std::sync::Arc;

use super::files;
use crate::level::Level;
use crate::lint::formats::SpecFormat;
use crate::lint::rule::{Aliases, Rule, Then};

/// One entry under `rules`.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    Enabled(bool),
    /// `None`: off.
    Level(Option<Level>),
    Define(Box<Definition>),
}

/// A rule as written: what is left out stays as it was.
#[derive(Debug, Clone, Default)]
pub(super) struct Definition {
    pub(super) description: Option<String>,
    pub(super) message: Option<String>,
    /// The inner `None`: off.
    pub(super) level: Option<Option<Level>>,
    pub(super) is_recommended: Option<bool>,
    pub(super) is_resolved: Option<bool>,
    pub(super) formats: Option<Vec<SpecFormat>>,
    pub(super) given: Option<Vec<String>>,
    pub(super) then: Option<Vec<Then>>,
    pub(super) aliases: Arc<Aliases>,
}

/// Changes for some files, or for parts of them.
#[derive(Debug, Clone)]
pub(super) struct Override {
    /// Each with the pointer behind its `#`.
    pub(super) files: Vec<(String, Option<String>)>,
    pub(super) edits: Vec<(Arc<str>, Edit)>,
}

impl Override {
    pub(super) fn apply(&self, file: &str, rules: &mut Vec<Rule>) {
        let is_whole = |(pattern, pointer): &&(String, Option<String>)| {
            pointer.is_none() && files::matches(pattern, file)
        };
        if self.files.iter().any(|one| is_whole(&one)) {
            for (id, edit) in &self.edits {
                self::apply(rules, id, edit.clone());
            }
        }
        for (pattern, pointer) in &self.files {
            if let Some(pointer) = pointer.as_ref().filter(|_| files::matches(pattern, file)) {
                self.except(pattern, pointer, rules);
            }
        }
    }

    fn except(&self, pattern: &str, pointer: &str, rules: &mut [Rule]) {
        for (id, edit) in &self.edits {
            let level = match edit {
                Edit::Level(level) => *level,
                Edit::Enabled(_) | Edit::Define(_) => continue,
            };
            for rule in rules.iter_mut().filter(|rule| rule.id == *id) {
                // A rule that is off is on where a part of a document names a level for it.
                rule.is_enabled = true;
                rule.exceptions
                    .push((pattern.to_owned(), pointer.to_owned(), level));
            }
        }
    }
}

/// Changes the rule `id`, or makes it. What names a rule that is not there was refused while reading.
pub(super) fn apply(rules: &mut Vec<Rule>, id: &Arc<str>, edit: Edit) {
    let known = rules.iter_mut().find(|rule| rule.id == *id);
    match (known, edit) {
        (Some(rule), Edit::Enabled(is_enabled)) => rule.is_enabled = is_enabled,
        (Some(rule), Edit::Level(level)) => {
            rule.is_enabled = level.is_some();
            rule.level = level.unwrap_or(rule.level);
        }
        (Some(rule), Edit::Define(definition)) => {
            redefine(rule, *definition);
            rule.is_enabled = true;
        }
        (None, Edit::Define(definition)) => rules.push(make(id, *definition)),
        (None, _) => {}
    }
}

fn make(id: &Arc<str>, definition: Definition) -> Rule {
    let is_on = definition.is_recommended != Some(false) && definition.level != Some(None);
    let mut rule = Rule {
        id: Arc::clone(id),
        description: None,
        message: None,
        level: Level::Warning,
        is_enabled: is_on,
        is_recommended: definition.is_recommended != Some(false),
        is_resolved: true,
        formats: None,
        given: Vec::new(),
        aliases: Arc::clone(&definition.aliases),
        then: Vec::new(),
        exceptions: Vec::new(),
    };
    redefine(&mut rule, definition);
    rule
}

fn redefine(rule: &mut Rule, definition: Definition) {
    rule.description = definition.description.or(rule.description.take());
    rule.message = definition.message.or(rule.message.take());
    rule.level = definition.level.flatten().unwrap_or(rule.level);
    rule.is_recommended = definition.is_recommended.unwrap_or(rule.is_recommended);
    rule.is_resolved = definition.is_resolved.unwrap_or(rule.is_resolved);
    rule.formats = definition.formats.or(rule.formats.take());
    if let Some(given) = definition.given {
        rule.given = given;
        rule.aliases = definition.aliases;
    }
    rule.then = definition.then.unwrap_or(std::mem::take(&mut rule.then));
}
