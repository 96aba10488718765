//! What a team decides about changes of its contracts: rules at another level, for a reason and for a while.

use contract::policy::RuleOverride;
use contract::{Level, LevelOverride};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `[contract]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContractSection {
    #[serde(rename = "rule", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSection>,
}

/// `[[contract.rule]]`: one rule at another level. Everything is required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSection {
    /// As `towpath explain --list` prints it.
    pub id: String,
    pub level: RuleLevel,
    /// Why the rule does not fit here.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    Error,
    Warning,
    Info,
    /// The rule is not reported.
    None,
}

/// A day, as a text or as a date of TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DayText", into = "String")]
pub struct Day(pub Date);

#[derive(Deserialize)]
#[serde(untagged)]
enum DayText {
    Date(toml::value::Datetime),
    Text(String),
}

impl TryFrom<DayText> for Day {
    type Error = String;

    fn try_from(text: DayText) -> Result<Self, String> {
        let text = match text {
            DayText::Date(date) => date.to_string(),
            DayText::Text(text) => text,
        };
        let date = text.parse().map(Self);
        date.map_err(|_| format!("`{text}` is no day; write it as 2027-03-31"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

impl From<RuleLevel> for LevelOverride {
    fn from(level: RuleLevel) -> Self {
        match level {
            RuleLevel::Error => Self::Level(Level::Error),
            RuleLevel::Warning => Self::Level(Level::Warning),
            RuleLevel::Info => Self::Level(Level::Info),
            RuleLevel::None => Self::Off,
        }
    }
}

impl RuleSection {
    pub fn to_override(&self) -> RuleOverride {
        RuleOverride {
            id: self.id.clone(),
            level: self.level.into(),
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            expires: self.expires.0,
        }
    }
}
