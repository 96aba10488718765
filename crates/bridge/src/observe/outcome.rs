//! How the observation of a body ended, and so whether the absence of a leaf proves anything.

/// The end of an observation. Bits that were set are true whatever the outcome; only with [`Outcome::Complete`] is a
/// leaf that is not set known to be absent. Anything else is a gap in the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The whole body was read; an empty body too.
    Complete,
    /// The bytes are not JSON, though their media type says so; what follows the first value counts here.
    NotJson,
    /// The body ended in the middle.
    Truncated,
    /// Arrays and objects nest deeper than [`crate::observe::DEPTH_MAX`].
    TooDeep,
    /// Something was too long to be compared with a value of the contract.
    Limit,
    /// The body is of a media type or encoding that is not looked into, or has no schema for it.
    NotObserved,
}

impl Outcome {
    /// As in logs and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NotJson => "not_json",
            Self::Truncated => "truncated",
            Self::TooDeep => "too_deep",
            Self::Limit => "limit",
            Self::NotObserved => "not_observed",
        }
    }

    /// Whether a leaf that was not seen is known to be absent.
    pub const fn is_complete(self) -> bool {
        matches!(self, Self::Complete)
    }
}
