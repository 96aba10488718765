//! Levels that a team sets for a while: each with a reason, an owner and the day on which it ends.

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

/// Those that hold on `today`, and those that no longer do.
pub fn split_expired(
    overrides: &[RuleOverride],
    today: Date,
) -> (Vec<&RuleOverride>, Vec<&RuleOverride>) {
    overrides.iter().partition(|one| one.expires >= today)
}
