//! Whether what narrows a schema narrows the value that it is part of.

use super::step::Step;

/// Which way a change of a schema goes for the value, by the keywords between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sense {
    /// What narrows the schema narrows the value.
    Straight,
    /// Below `not`, what narrows the schema widens the value: a change is as bad as the reverse of it elsewhere.
    Turned,
    /// Below `if`, whether it narrows or widens depends on `then` and `else`.
    Either,
}

impl Sense {
    pub(super) fn below(self, step: Step<'_>) -> Self {
        match (self, step) {
            (_, Step::Keyword("if")) => Self::Either,
            (Self::Straight, Step::Keyword("not")) => Self::Turned,
            (Self::Turned, Step::Keyword("not")) => Self::Straight,
            (sense, _) => sense,
        }
    }
}
