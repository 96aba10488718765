//! What the demo's clients counted: every response head that reached one of them, by consumer and operation.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use adoption::{ConsumerId, OperationId, SurfaceId};

use super::traces::Target;

/// Whose call of what, in the meter's own terms; reserved buckets included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub consumer: ConsumerId,
    pub operation: OperationId,
}

/// The operation that the meter records for a target of this surface.
pub fn metered_operation(surface: SurfaceId, target: Target) -> OperationId {
    match target {
        Target::Operation(operation) => {
            OperationId::of(surface, operation.method(), operation.template())
        }
        Target::Unmatched => OperationId::UNMATCHED,
        Target::Refused => OperationId::REFUSED,
    }
}

/// Responses of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    pub calls: u64,
    /// Status 400 and above.
    pub errors: u64,
}

/// A copy of all counts.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub cells: HashMap<Cell, Answers>,
    pub total: Answers,
    /// The operation that each consumer called last.
    pub last: HashMap<ConsumerId, OperationId>,
    /// Responses that announced a deprecation.
    pub notices: u64,
    /// Event streams that are open now.
    pub streams_open: u64,
    /// Calls that got no response, by the error's text.
    pub unanswered: BTreeMap<String, u64>,
    /// Responses whose body broke off, by the error's text; they count as calls.
    pub cut_short: BTreeMap<String, u64>,
}

/// The counts that all clients share.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

impl Tally {
    /// A response head arrived.
    pub fn answered(&self, cell: Cell, status: u16, announces_deprecation: bool) {
        self.change(|counts| {
            let errors = u64::from(status >= 400);
            for answers in [counts.cells.entry(cell).or_default(), &mut counts.total] {
                answers.calls += 1;
                answers.errors += errors;
            }
            counts.last.insert(cell.consumer, cell.operation);
            counts.notices += u64::from(announces_deprecation);
        });
    }

    /// A call ended without a response.
    pub fn unanswered(&self, error: String) {
        self.change(|counts| *counts.unanswered.entry(error).or_default() += 1);
    }

    /// A response was counted, and then its body broke off.
    pub fn cut_short(&self, error: String) {
        self.change(|counts| *counts.cut_short.entry(error).or_default() += 1);
    }

    pub fn stream_opened(&self) {
        self.change(|counts| counts.streams_open += 1);
    }

    pub fn stream_closed(&self) {
        self.change(|counts| counts.streams_open -= 1);
    }

    pub fn counts(&self) -> Counts {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_counted_by_cell_and_in_total() {
        let tally = Tally::default();
        let cell = |consumer, operation| Cell {
            consumer: ConsumerId::from_raw(consumer),
            operation: OperationId::from_raw(operation),
        };
        tally.answered(cell(20, 30), 200, false);
        tally.answered(cell(20, 31), 404, true);
        tally.answered(cell(20, 30), 503, false);
        tally.unanswered("reset".to_owned());

        let counts = tally.counts();
        assert_eq!(
            counts.cells[&cell(20, 30)],
            Answers {
                calls: 2,
                errors: 1
            }
        );
        assert_eq!(
            counts.cells[&cell(20, 31)],
            Answers {
                calls: 1,
                errors: 1
            }
        );
        assert_eq!(
            counts.total,
            Answers {
                calls: 3,
                errors: 2
            }
        );
        assert_eq!(
            counts.last[&ConsumerId::from_raw(20)],
            OperationId::from_raw(30)
        );
        assert_eq!((counts.notices, counts.unanswered["reset"]), (1, 1));
    }
}
