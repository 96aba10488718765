//! A place for what is not whole yet, and errors that name their file.

use std::path::{Path, PathBuf};

use crate::control::make_private_dir;
use crate::error::ControlError;

/// A folder beside the target that vanishes whatever happens.
pub(super) struct Staging(PathBuf);

impl Staging {
    pub(super) fn make(target: &Path) -> Result<Self, ControlError> {
        let path = beside(target, "staging")?;
        make_private_dir(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "a staging folder could not be removed");
        }
    }
}

/// `<path>.<word>-<n>`, the first that does not exist.
pub(super) fn beside(path: &Path, word: &str) -> Result<PathBuf, ControlError> {
    let invalid = || ControlError::Invalid {
        field: "path",
        message: format!("{} names no file", path.display()),
    };
    let name = path
        .file_name()
        .ok_or_else(invalid)?
        .to_string_lossy()
        .into_owned();
    let numbered = |n: u32| path.with_file_name(format!("{name}.{word}-{n}"));
    (1..=u32::MAX)
        .map(numbered)
        .find(|path| !path.exists())
        .ok_or_else(invalid)
}

/// A closure that says which file could not be dealt with.
pub(super) fn file_error(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> ControlError {
    let path = path.to_owned();
    move |source| ControlError::File {
        action,
        path,
        source,
    }
}
