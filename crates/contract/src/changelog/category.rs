//! Which category of Keep a Changelog 1.1.0 a change belongs to.

use std::fmt;

use serde::Serialize;

use crate::change::Change;
use crate::level::Breaks;

/// In the order in which a changelog has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Added,
    Changed,
    Deprecated,
    Removed,
    /// What only a reader notices: titles, descriptions, examples.
    Fixed,
    Security,
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Fixed => "Fixed",
            Self::Security => "Security",
        })
    }
}

impl Category {
    /// Judged by the words of the rule's id and by the sides on which the thing is.
    pub fn of(change: &Change) -> Self {
        let has = |words: &[&str]| change.id.split('-').any(|word| words.contains(&word));
        let is_gone = change.base.is_some() && change.revision.is_none();
        let is_new = change.base.is_none() && change.revision.is_some();
        if has(&["security", "oauth", "scope", "scopes"]) {
            Self::Security
        } else if has(&["removed"]) || is_gone {
            Self::Removed
        } else if has(&["deprecated", "sunset"]) {
            Self::Deprecated
        } else if has(&["added", "new"]) || is_new {
            Self::Added
        } else if change.breaks == [Breaks::Docs] {
            Self::Fixed
        } else {
            Self::Changed
        }
    }
}
