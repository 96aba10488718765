//! Who builds on a surface: kinds and names.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a consumer is. The kind never changes how its calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsumerKind {
    Developer,
    Agent,
    Squad,
}

impl ConsumerKind {
    pub const ALL: [Self; 3] = [Self::Developer, Self::Agent, Self::Squad];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Agent => "agent",
            Self::Squad => "squad",
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why a text cannot name a consumer or a surface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error(
        "a name needs 1 to {} characters, this one has {length}",
        ConsumerName::LENGTH_MAX
    )]
    Length { length: usize },
    #[error(
        "name {name:?} holds {found:?}: use letters, digits, space and . _ - @ / +, starting with a letter or digit"
    )]
    Character { name: String, found: char },
}

/// A consumer's unique, human name: 1 to 100 characters of letters, digits, space and `. _ - @ / +`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsumerName(String);

impl ConsumerName {
    pub const LENGTH_MAX: usize = 100;

    pub fn new(name: String) -> Result<Self, NameError> {
        let length = name.chars().count();
        if length == 0 || length > Self::LENGTH_MAX {
            return Err(NameError::Length { length });
        }
        let allowed = |c: char| c.is_alphanumeric() || " ._-@/+".contains(c);
        let first = name.chars().next().filter(|c| !c.is_alphanumeric());
        if let Some(found) = first.or_else(|| name.chars().find(|c| !allowed(*c))) {
            return Err(NameError::Character { name, found });
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConsumerName {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<ConsumerName> for String {
    fn from(name: ConsumerName) -> Self {
        name.0
    }
}

impl fmt::Display for ConsumerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConsumerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_at_the_edge() {
        for good in ["acme", "Ünïcode Ltd", "ci@acme/eu-1", "7"] {
            assert!(ConsumerName::new(good.into()).is_ok(), "{good}");
        }
        assert_eq!(
            ConsumerName::new(String::new()),
            Err(NameError::Length { length: 0 })
        );
        for (bad, found) in [("-x", '-'), ("a\nb", '\n'), ("a,b", ','), (" a", ' ')] {
            assert_eq!(
                ConsumerName::new(bad.into()),
                Err(NameError::Character {
                    name: bad.into(),
                    found
                })
            );
        }
    }
}
