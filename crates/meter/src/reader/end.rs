//! Where a dead stream ends, and whether that end can be honest.

use super::batch::TornTail;

/// The verdict on the first sequence that is not readable.
///
/// A killed process leaves the page cache behind: within one run of the machine only the very last entry can
/// be torn, and anything readable past a bad slot proves damage. After another start of the machine there may
/// have been a power loss, which can take any page that was not synced: then an entry past the bad slot proves
/// damage only when its writer knew the bad one to be on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Clean { seq: u64 },
    Torn(TornTail),
    Damaged { seq: u64 },
}

/// What lies at and past a bad slot.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Beyond {
    /// Readable entries.
    pub(super) entries: u64,
    /// The greatest sequence that any of them knew to be on disk.
    pub(super) synced: u64,
    /// Bytes that are neither zero nor an entry.
    pub(super) debris: bool,
}

impl End {
    pub(super) fn seq(&self) -> u64 {
        match self {
            Self::Clean { seq } | Self::Damaged { seq } => *seq,
            Self::Torn(torn) => torn.seq,
        }
    }

    pub(super) fn judge(torn: TornTail, beyond: Beyond, same_boot: bool) -> Self {
        let seq = torn.seq;
        if beyond.synced >= seq || (same_boot && beyond.entries > 0) {
            return Self::Damaged { seq };
        }
        if beyond.entries == 0 && !beyond.debris {
            return Self::Clean { seq };
        }
        Self::Torn(TornTail {
            entries_beyond: beyond.entries,
            ..torn
        })
    }
}
