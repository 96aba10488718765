//! Which part of a semantic version a set of changes has to move.

use std::fmt;

use serde::Serialize;

use crate::change::Change;
use crate::level::Level;

/// A part of a semantic version, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    Patch,
    Minor,
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// Major for an error, minor for what is new or cannot be decided, patch for the rest; `None` without changes.
pub fn bump_required(changes: &[Change]) -> Option<Bump> {
    changes.iter().map(bump_of).max()
}

fn bump_of(change: &Change) -> Bump {
    match change.level {
        Level::Error => Bump::Major,
        Level::Warning => Bump::Minor,
        Level::Info | Level::Hint if is_addition(change) => Bump::Minor,
        Level::Info | Level::Hint => Bump::Patch,
    }
}

fn is_addition(change: &Change) -> bool {
    let is_new = change.base.is_none() && change.revision.is_some();
    is_new
        || change
            .id
            .split('-')
            .any(|word| word == "added" || word == "new")
}
