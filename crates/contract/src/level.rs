//! How much a finding matters, and to whom.

use serde::Serialize;

/// How much a finding matters. Ordered from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A suggestion; lint only.
    Hint,
    /// Compatible, or for information.
    Info,
    /// Cannot be decided from the document alone.
    Warning,
    /// It breaks, or it is wrong.
    Error,
}

impl Level {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who stops working: what of a consumer a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// A running client: bytes that were accepted are refused, or bytes arrive that it never saw.
    Wire,
    /// Code generated from the contract does not compile against the next version, or has other types.
    Sdk,
    /// An LLM that calls the operation as a tool: its name, arguments or description.
    Agent,
    /// A person who reads.
    Docs,
}

impl Breaks {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Sdk => "sdk",
            Self::Agent => "agent",
            Self::Docs => "docs",
        }
    }
}
