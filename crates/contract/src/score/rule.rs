//! What a rule of the score is: its texts, its weight, and the check that tallies what it sees.

use serde::Serialize;

use super::survey::Survey;
use super::tally::Tally;
use crate::level::Level;

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub family: Family,
    pub counts_for: Number,
    pub level: Level,
    /// What the rule is for, in one sentence.
    pub purpose: &'static str,
    /// What is counted, and when it fails.
    pub measure: &'static str,
    /// Why it matters to an agent.
    pub explain: &'static str,
    /// How to repair it.
    pub repair: &'static str,
    pub(crate) check: Check,
}

pub(crate) type Check = for<'s, 't> fn(&'s Survey<'t>, &mut Tally<'t>);

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

impl Rule {
    /// What the rule weighs in its number, and each of its findings in a hotspot: an error 8, a warning 4, all else 1.
    /// A number is `100 * sum(weight * passed / checked) / sum(weight)` over the rules that had anything to check.
    pub const fn weight(&self) -> u32 {
        match self.level {
            Level::Error => 8,
            Level::Warning => 4,
            Level::Info | Level::Hint => 1,
        }
    }
}

/// Which of the two numbers a rule counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Number {
    Readability,
    Safety,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Identity,
    Description,
    Inputs,
    Outputs,
    Errors,
    Safety,
    Auth,
    Examples,
    Lifecycle,
    Discoverability,
}

impl Family {
    pub const ALL: [Self; 10] = [
        Self::Identity,
        Self::Description,
        Self::Inputs,
        Self::Outputs,
        Self::Errors,
        Self::Safety,
        Self::Auth,
        Self::Examples,
        Self::Lifecycle,
        Self::Discoverability,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Description => "description",
            Self::Inputs => "inputs",
            Self::Outputs => "outputs",
            Self::Errors => "errors",
            Self::Safety => "safety",
            Self::Auth => "auth",
            Self::Examples => "examples",
            Self::Lifecycle => "lifecycle",
            Self::Discoverability => "discoverability",
        }
    }
}
