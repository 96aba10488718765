//! What a reader gives out: streams, batches of entries, and how they end.

use std::path::PathBuf;

use crate::entry::{Entry, StreamId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamState {
    /// A lane of this process may write to it.
    Live,
    /// Nobody will write to it again.
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamInfo {
    pub id: StreamId,
    pub state: StreamState,
}

/// The end of a dead stream that was cut off in the middle of a write, or of a power loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    pub file: PathBuf,
    pub offset: u64,
    /// The first sequence that is not readable.
    pub seq: u64,
    /// Readable entries past the tear, which their writer never knew to be on disk; they are not given out.
    pub entries_beyond: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchEnd {
    /// Read on at once: `entries_max` was reached, or an error comes next.
    More,
    /// All that is on disk of a live stream was given out: read on later.
    Live,
    /// The last entry of a dead stream was given out: apply [`crate::rollup::close`], then retire the stream.
    /// A torn tail is told once per reader.
    Dead { torn: Option<TornTail> },
}

/// Entries in order of sequence, without gaps after the watermark. Before them come the earlier entries
/// that tell the clients and shapes of its calls: a batch can be folded by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub stream: StreamId,
    pub entries: Vec<Entry>,
    pub end: BatchEnd,
}
