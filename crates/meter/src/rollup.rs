//! The fold of journal entries into roll-up rows: pure, exact, never drops a settle.

use crate::entry::{Entry, StreamId};

mod folding;
mod open_calls;
mod rows;
mod sums;
mod table;

pub use folding::{FoldError, Folding, OTHER_CLIENT};
pub use open_calls::{OpenCall, OpenCalls};
pub use rows::{
    ClientKey, ClientRow, Grain, LatencyKey, LatencyRow, Seen, ShapeKey, ShapeRow, UsageCounts,
    UsageKey, UsageRow, latency_at, usage_at,
};
pub use sums::Sums;

/// Everything one store transaction must add, exactly once. Rows are distinct by key and in key order.
///
/// The transaction rolls back unless the stream's watermark is `after_seq` and every row of `closed` is there to be
/// deleted: then it was applied before. A close moves no watermark, so it rests on the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    pub stream: StreamId,
    /// The watermark must be this, or the delta was applied before (compare-and-set).
    pub after_seq: u64,
    /// The watermark becomes this.
    pub through_seq: u64,
    /// Minute grain; [`usage_at`] makes the others.
    pub usage: Vec<UsageRow>,
    /// Minute grain; [`latency_at`] makes the others.
    pub latency: Vec<LatencyRow>,
    /// Day grain.
    pub clients: Vec<ClientRow>,
    /// Day grain.
    pub shapes: Vec<ShapeRow>,
    /// Calls that are open now and were not before: rows to insert.
    pub opened: Vec<OpenCall>,
    /// Calls that were open before and are no longer: rows to delete.
    pub closed: Vec<OpenCall>,
}

impl Delta {
    /// Whether there is nothing to store, not even a watermark.
    pub fn is_empty(&self) -> bool {
        self.after_seq == self.through_seq && self.usage.is_empty() && self.closed.is_empty()
    }
}

/// Folds `entries` of `stream`, in order, into one delta; `open` moves along only when all of them fold, and counts
/// the delta as stored. Client and shape entries at or before the watermark are only told again (see [`crate::Batch`]).
/// For a few entries: it copies `open`. [`Folding`] is the same, entry by entry, over many reads and streams.
pub fn fold(stream: StreamId, entries: &[Entry], open: &mut OpenCalls) -> Result<Delta, FoldError> {
    let mut moved = open.clone();
    let mut sums = Sums::default();
    let mut folding = Folding::new(stream, &mut moved, &mut sums);
    entries.iter().try_for_each(|entry| folding.add(entry))?;
    let delta = take_delta(stream, &mut moved, &sums);
    *open = moved;
    Ok(delta)
}

/// Ends a dead stream that was read to its end: every open call counts as interrupted and is closed.
/// Doing it again gives an empty delta.
pub fn close(stream: StreamId, open: &mut OpenCalls) -> Delta {
    let mut sums = Sums::default();
    Folding::new(stream, open, &mut sums).close();
    take_delta(stream, open, &sums)
}

fn take_delta(stream: StreamId, open: &mut OpenCalls, sums: &Sums) -> Delta {
    let delta = Delta {
        stream,
        after_seq: open.stored_seq(),
        through_seq: open.through_seq(),
        usage: sums.usage_rows(),
        latency: sums.latency_rows(),
        clients: sums.client_rows(),
        shapes: sums.shape_rows(),
        opened: open.opened(),
        closed: open.closed().to_vec(),
    };
    open.stored();
    delta
}

#[cfg(test)]
mod tests;
