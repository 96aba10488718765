//! Runs a check over every operation, and says what a check may answer.

use crate::score::survey::{Operation, Survey};
use crate::score::tally::{Failure, Tally};

/// What a check makes of one thing.
pub(super) enum Verdict<'t> {
    /// The rule has nothing to say about it.
    Skip,
    Pass,
    Fail(Failure<'t>),
}

impl<'t> Verdict<'t> {
    /// `Fail` with what `failure` makes when `is_wrong`, else `Pass`.
    pub(super) fn fail_if(is_wrong: bool, failure: impl FnOnce() -> Failure<'t>) -> Self {
        match is_wrong {
            true => Self::Fail(failure()),
            false => Self::Pass,
        }
    }

    pub(super) fn tell(self, tally: &mut Tally<'t>) {
        match self {
            Self::Skip => {}
            Self::Pass => tally.check(None),
            Self::Fail(failure) => tally.check(Some(failure)),
        }
    }
}

pub(super) fn operation<'s, 't>(
    survey: &'s Survey<'t>,
    tally: &mut Tally<'t>,
    mut check: impl FnMut(usize, &'s Operation<'t>) -> Verdict<'t>,
) {
    for (at, operation) in survey.operations.iter().enumerate() {
        check(at, operation).tell(tally);
    }
}

/// A failure of the operation as a whole, which sits at its method.
pub(super) fn failure<'t>(at: usize, operation: &Operation<'t>, message: String) -> Failure<'t> {
    Failure::at(operation.key, Some(at), message)
}
