//! What people are told about one built-in rule.

/// The texts of one rule; its level is in the ruleset.
pub(in crate::lint) struct Text {
    pub(in crate::lint) id: &'static str,
    pub(in crate::lint) purpose: &'static str,
    pub(in crate::lint) why: &'static str,
    pub(in crate::lint) repair: &'static str,
    pub(in crate::lint) bad: &'static str,
    pub(in crate::lint) good: &'static str,
}
