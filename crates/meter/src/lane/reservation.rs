//! A call that was journalled and has not settled.

use crate::entry::StreamId;

/// A journalled call that has not settled. Settle it exactly once, on the lane that gave it; one that is dropped
/// keeps its room until its stream ends, and then counts as interrupted.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a reservation that is not settled counts as interrupted"]
pub struct Reservation {
    pub(super) stream: StreamId,
    pub(super) seq: u64,
}

impl Reservation {
    pub fn stream(&self) -> StreamId {
        self.stream
    }

    /// Sequence of the reserve entry in its stream.
    pub fn seq(&self) -> u64 {
        self.seq
    }
}
