//! What a team decides about changes: the version bump they need, the levels it sets itself, the changes it accepts.

mod applied;
mod bump;
mod ignores;
mod overrides;
mod severities;
mod team;
#[cfg(test)]
mod tests;
mod verdict;
mod version;

pub use applied::apply_levels;
pub use bump::{Bump, bump_required};
pub use ignores::Ignores;
pub use overrides::{RuleOverride, split_expired};
pub use severities::{SeverityError, severities};
pub use team::Policy;
pub use verdict::{Outcome, Verdict, verdict, version_of};
