//! The figures that a journal shows of itself.

use std::time::Duration;

use adoption::Micros;

use crate::config::WriteMethod;

/// A disk error that was met after the journal was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskError {
    pub at: Micros,
    /// `cannot <what> <file>: <cause>`.
    pub message: String,
}

/// Figures for health pages and alerts; each is true for some moment during the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalState {
    /// How entries are written; never `Auto`.
    pub write_method: WriteMethod,
    /// All files of this journal.
    pub allocated_bytes: u64,
    /// Allocated and not given to a lane.
    pub spare_bytes: u64,
    /// What the spare should be at the observed peak rate. Less than that: the disk is full, or nearly.
    pub spare_bytes_wanted: u64,
    /// A lane is refusing calls now.
    pub full: bool,
    /// The oldest entry that is not on disk yet was written at most this long ago; zero: all are on disk.
    pub unsynced_age: Duration,
    /// Since this process opened the journal.
    pub entries_written: u64,
    /// Calls that met [`crate::JournalFull`] since this process opened the journal.
    pub calls_refused: u64,
    /// Streams given up after a disk error since this process opened the journal. Any is a reason to look at
    /// the disk.
    pub streams_failed: u64,
    pub last_error: Option<DiskError>,
}
