//! What can go wrong in a use case, each with a stable code.

use contract::policy::RuleOverride;

use crate::problem::{ImportProblem, Problem};

/// Why a use case did not happen. Nothing has changed when one is returned.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("no {noun} named {name:?}")]
    NotFound { noun: &'static str, name: String },
    #[error("a {noun} named {name:?} exists already")]
    Exists { noun: &'static str, name: String },
    /// A field of the input breaks its rule.
    #[error("{field}: {message}")]
    Invalid {
        field: &'static str,
        message: String,
    },
    /// The state of the object does not allow the step, such as rotating a revoked key.
    #[error("{message}")]
    State { code: &'static str, message: String },
    /// A rollout does not take the step.
    #[error("{0}")]
    Refused(Box<adoption::rollout::Refusal>),
    #[error("{} of the imported rows cannot be taken", .problems.len())]
    Import { problems: Vec<ImportProblem> },
    #[error("the contract has {} problems", .problems.len())]
    Contract { problems: Vec<Problem> },
    /// The contract breaks consumers of the running one, and nobody declared it.
    #[error("the contract breaks its consumers in {} ways", .changes.len())]
    Breaks {
        changes: Vec<contract::Change>,
        /// Overrides of rules that held once: some of the changes may have been let pass by them.
        expired: Vec<RuleOverride>,
    },
    #[error("the database could not answer")]
    Store(#[source] store::StoreError),
    #[error("cannot {action} {path:?}")]
    File {
        action: &'static str,
        path: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
}

impl ControlError {
    /// The stable, machine-readable name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Exists { .. } => "already_exists",
            Self::Invalid { .. } => "invalid_field",
            Self::State { code, .. } => code,
            Self::Refused(_) => "rollout_refused",
            Self::Import { .. } => "import_refused",
            Self::Contract { .. } => "contract_refused",
            Self::Breaks { .. } => "contract_breaks",
            Self::Store(error) => error.code(),
            Self::File { .. } => "file_failed",
            Self::Random(_) => "no_randomness",
        }
    }
}

impl From<store::StoreError> for ControlError {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}

/// An error and its causes on one line, for the log.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
