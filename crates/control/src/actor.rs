//! Who asked for a state change, as the audit log records it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The author of a state change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A request to the admin API with the local token.
    LocalToken,
    /// A command that opened the data folder itself.
    Cli,
    /// The configuration file, applied at start or on reload.
    Config,
    /// A job of Towpath itself.
    Job,
}

impl Actor {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LocalToken => "token:local",
            Self::Cli => "cli",
            Self::Config => "config",
            Self::Job => "job",
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
