//! The settings of a journal.

use std::path::PathBuf;
use std::time::Duration;

/// When a call may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// At once: a crash of the process loses nothing, a power loss at most the last `sync_interval`.
    #[default]
    Group,
    /// After its reserve is on disk: [`crate::Lane::durable`] waits for the group commit.
    Strict,
}

/// How entries reach a segment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WriteMethod {
    /// Mapped where the file system overwrites preallocated blocks in place, else positioned.
    #[default]
    Auto,
    /// A copy into a shared mapping: no system call per entry.
    Mapped,
    /// One `pwrite` per entry.
    Positioned,
}

/// Construct with [`JournalConfig::new`] and change fields.
#[derive(Debug, Clone)]
pub struct JournalConfig {
    /// The data folder: the journal lives in `journal/` beneath it, the gateway's id in `gateway.id`.
    pub dir: PathBuf,
    /// Size of a segment file; at least 4 KiB, rounded up to a multiple of it.
    pub segment_bytes: u64,
    /// Already allocated room kept ready for a full disk, for all lanes together; the least of it.
    pub spare_bytes: u64,
    /// The most that the spare grows to: it follows 10 minutes of the observed peak rate.
    pub spare_bytes_max: u64,
    /// What new segments leave free on the disk for others (at most 5 % of it), so that usage can still be
    /// applied to a database there, which frees segments.
    pub leave_free_bytes: u64,
    pub sync_interval: Duration,
    pub durability: Durability,
    pub write_method: WriteMethod,
    /// How long a segment is kept after all of it was applied; zero deletes it at once.
    pub keep_applied: Duration,
}

impl JournalConfig {
    pub fn new(dir: PathBuf) -> Self {
        Self {
            dir,
            segment_bytes: 16 << 20,
            // 10 minutes at 699 calls/s: 64 MiB / (600 s x 160 B).
            spare_bytes: 64 << 20,
            // 10 minutes at 44,739 calls/s.
            spare_bytes_max: 4 << 30,
            leave_free_bytes: 64 << 20,
            sync_interval: Duration::from_millis(100),
            durability: Durability::Group,
            write_method: WriteMethod::Auto,
            keep_applied: Duration::ZERO,
        }
    }

    pub(crate) fn rounded(self) -> Self {
        const PAGE: u64 = 4096;
        Self {
            segment_bytes: self.segment_bytes.max(1).next_multiple_of(PAGE),
            ..self
        }
    }
}
