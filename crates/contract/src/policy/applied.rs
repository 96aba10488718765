//! Gives changes the levels that a team set.

use std::collections::BTreeMap;

use crate::change::Change;
use crate::diff::options::LevelOverride;

/// The changes with their levels replaced, those of rules that are off left out. Order and all else stay.
pub fn apply_levels(changes: Vec<Change>, levels: &BTreeMap<String, LevelOverride>) -> Vec<Change> {
    changes
        .into_iter()
        .filter_map(|change| match levels.get(change.id) {
            None => Some(change),
            Some(LevelOverride::Level(level)) => Some(Change {
                level: *level,
                ..change
            }),
            Some(LevelOverride::Off) => None,
        })
        .collect()
}
