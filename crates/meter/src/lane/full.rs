//! Why a lane refuses a call, or cannot say that it is on disk.

/// Why a call cannot be journalled now. Calls journalled before can still settle; a later call may find room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JournalFull {
    #[error("the disk is full and the spare segments are used up")]
    Space,
    #[error("the disk failed and no new stream could be started yet")]
    Failed,
}

/// The disk failed before this call's entry was known to be on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the disk failed to sync this call's entry")]
pub struct NotDurable;
