//! What a comparison found.

use crate::change::Change;
use crate::level::Level;

/// All changes, ordered by operation path, method and position; those of no operation first.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    pub changes: Vec<Change>,
    /// Whether the documents were beyond a limit (100,000 different pairs of schemas, a million changes, 64 schemas one
    /// within the other, a chain of references of about that length), so that there may be more changes than these.
    pub is_cut: bool,
}

impl Diff {
    /// How many changes have exactly this level.
    pub fn count(&self, level: Level) -> usize {
        self.changes
            .iter()
            .filter(|change| change.level == level)
            .count()
    }

    /// The highest level among the changes.
    pub fn level_max(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }
}
