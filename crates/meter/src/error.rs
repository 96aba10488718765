//! Why a journal cannot be opened or written.

use std::path::PathBuf;

use crate::disk::Disk;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("journal {} is open in another process: stop that one, or give this one its own data folder", path.display())]
    Locked { path: PathBuf },
    #[error("lane {lane} is open already")]
    LaneTaken { lane: u16 },
    #[error("{} is not a gateway id file: restore it, or remove it to become a new gateway", path.display())]
    GatewayId { path: PathBuf },
    #[error("cannot {what} {}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
}

impl JournalError {
    pub(crate) fn io(
        what: &'static str,
        disk: &dyn Disk,
        name: &str,
        source: std::io::Error,
    ) -> Self {
        Self::Io {
            what,
            path: disk.path(name),
            source,
        }
    }
}
