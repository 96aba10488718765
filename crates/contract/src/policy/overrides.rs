//! Levels that a team sets for a while: each with a reason, an owner and the day on which it ends.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diff::options::LevelOverride;

/// A rule's level in place of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOverride {
    pub id: String,
    pub level: LevelOverride,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
}

impl RuleOverride {
    /// What to say of one that no longer holds.
    pub fn expiry_text(&self) -> String {
        format!(
            "the override of `{}` expired on {} and no longer holds; ask {} ({})",
            self.id, self.expires, self.owner, self.reason
        )
    }
}

/// Those that hold on `today`, and those that no longer do.
pub fn split_expired(
    overrides: &[RuleOverride],
    today: Date,
) -> (Vec<&RuleOverride>, Vec<&RuleOverride>) {
    overrides.iter().partition(|one| one.expires >= today)
}

/// The levels by rule id; of two for one rule the later counts.
pub(super) fn levels_of<'a>(
    overrides: impl IntoIterator<Item = &'a RuleOverride>,
) -> BTreeMap<String, LevelOverride> {
    let levels = overrides.into_iter().map(|one| (one.id.clone(), one.level));
    levels.collect()
}
