//! What a team decides for all comparisons of its contracts, wherever they are made.

use jiff::civil::Date;

use super::overrides::{RuleOverride, levels_of, split_expired};
use crate::diff::options::{Clients, DiffOptions, VersionPolicy};

/// Decided once, for `diff` and for a push alike. The default is what [`DiffOptions::new`] does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    pub clients: Clients,
    pub version_policy: VersionPolicy,
    /// Of two for one rule the later counts.
    pub overrides: Vec<RuleOverride>,
}

impl Policy {
    /// For a comparison on `today`: overrides that have expired are left out.
    pub fn options(&self, today: Date) -> DiffOptions {
        let (held, _) = split_expired(&self.overrides, today);
        DiffOptions {
            clients: self.clients,
            version_policy: self.version_policy,
            levels: levels_of(held),
            ..DiffOptions::new(today)
        }
    }

    /// The overrides that hold on `today`.
    pub fn held(&self, today: Date) -> Vec<&RuleOverride> {
        split_expired(&self.overrides, today).0
    }

    /// Those that no longer hold.
    pub fn expired(&self, today: Date) -> Vec<&RuleOverride> {
        split_expired(&self.overrides, today).1
    }
}
