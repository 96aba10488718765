//! The data folder: made private, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// Stays when the process has ended: only the kernel's lock on it counts.
pub const LOCK_FILE: &str = "lock";

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("data folder {} is in use by another towpath", path.display())]
    Locked { path: PathBuf },
    #[error("cannot {action} {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Held while a process uses the folder; the kernel takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder with mode 0700 when there is none.
    pub fn make_and_take(folder: &Path) -> Result<Self, FolderError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|source| FolderError::Io {
                action: "make the data folder",
                path: folder.to_owned(),
                source,
            })?;
        Self::take(folder)
    }

    /// The folder must exist.
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        let path = folder.join(LOCK_FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|source| FolderError::Io {
                action: "open",
                path: path.clone(),
                source,
            })?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(FolderError::Locked {
                path: folder.to_owned(),
            }),
            Err(error) => Err(FolderError::Io {
                action: "lock",
                path,
                source: error.into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_and_free_again() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        let held = FolderLock::make_and_take(&folder).unwrap();
        assert!(matches!(
            FolderLock::take(&folder),
            Err(FolderError::Locked { .. })
        ));
        drop(held);
        FolderLock::take(&folder).unwrap();
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
}
