//! What a team decides about changes of its contracts: who its clients are, whether versions are judged, and rules at
//! another level, for a reason and for a while.

use clap::ValueEnum;
use contract::policy::{Policy, RuleOverride};
use contract::{Clients, Level, LevelOverride, VersionPolicy};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `[contract]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContractSection {
    /// Whose breaks are warnings.
    pub clients: ClientsSetting,
    /// Whether `info.version` must tell of breaking changes.
    pub version_policy: VersionPolicySetting,
    #[serde(rename = "rule", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSection>,
}

/// Which consumers the levels of rules are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ClientsSetting {
    /// They pass by what they do not know and name what they send
    #[default]
    Tolerant,
    /// They are generated with positional arguments, or refuse members they do not know
    Strict,
}

/// What `info.version` must tell of breaking changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum VersionPolicySetting {
    /// A breaking change needs the next major version, below 1.0.0 the next minor
    Semver,
    /// Versions are not judged
    #[default]
    None,
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

impl From<ClientsSetting> for Clients {
    fn from(clients: ClientsSetting) -> Self {
        match clients {
            ClientsSetting::Tolerant => Self::Tolerant,
            ClientsSetting::Strict => Self::Strict,
        }
    }
}

impl From<VersionPolicySetting> for VersionPolicy {
    fn from(policy: VersionPolicySetting) -> Self {
        match policy {
            VersionPolicySetting::Semver => Self::Semver,
            VersionPolicySetting::None => Self::None,
        }
    }
}

impl ContractSection {
    /// As every comparison takes it, `diff` and a push alike.
    pub fn to_policy(&self) -> Policy {
        Policy {
            clients: self.clients.into(),
            version_policy: self.version_policy.into(),
            overrides: self.rules.iter().map(RuleSection::to_override).collect(),
        }
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
