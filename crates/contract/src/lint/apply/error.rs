//! Why repairs are not written into a text.

/// Why repairs are not written into a text, which stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// One repair has no safe edit; `target` is its JSONPath.
    #[error("the repair at `{target}` cannot be written into the text: {reason}")]
    Unwritable {
        target: String,
        reason: &'static str,
    },
    /// The edits touch each other, or the edited text does not mean what the repairs ask for.
    #[error("the edited text would not mean what the repairs ask for")]
    Differs,
}
