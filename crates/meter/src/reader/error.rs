//! Why a stream cannot be read on.

use std::io;
use std::path::PathBuf;

use crate::entry::StreamId;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The stream stays as it is until the file is restored, or [`crate::Reader::set_aside`] gives the rest up.
    #[error("entry {seq} is damaged at byte {offset} of {}: entries past it are held back", file.display())]
    Damaged {
        file: PathBuf,
        offset: u64,
        seq: u64,
    },
    /// As [`ReadError::Damaged`].
    #[error("segment {} with entry {seq} is missing: entries past it are held back", file.display())]
    Missing { file: PathBuf, seq: u64 },
    /// Entries that were applied are no longer on disk. Nothing is lost by it; no more can be read either.
    /// A dead stream can be closed and retired.
    #[error("{stream} ends at entry {tail_seq}, yet entries through {after_seq} were applied")]
    BeyondTail {
        stream: StreamId,
        after_seq: u64,
        tail_seq: u64,
    },
    #[error("{} is written in format {version}, which this version does not read: upgrade", file.display())]
    Version { file: PathBuf, version: u32 },
    #[error("there is no stream {stream}")]
    UnknownStream { stream: StreamId },
    #[error("cannot {what} {}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}
