//! A consistent copy of everything that matters, as one tar file, and the way back.
//!
//! The archive holds `manifest.json` first, then the database, the last Snapshot, the gateway's identity and the
//! journal's segments. The admin token is not in it. Usage that was journalled and not applied comes back with the
//! segments; the watermarks in the database make sure that none counts twice, and the next start of the gateway
//! takes an epoch that no copy of its folder shares.

mod copy;
mod manifest;
mod unpack;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;

pub use unpack::restore;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    pub path: PathBuf,
    /// Size of the archive.
    pub bytes: u64,
    pub files: u64,
}

/// What a restore wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    pub data_dir: PathBuf,
    pub files: u64,
    pub bytes: u64,
    /// Where the folder that was there before is now.
    pub set_aside: Option<PathBuf>,
}

/// What to do with a data folder that holds something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    Refuse,
    /// Set it aside under another name, then restore.
    Replace,
}

impl Control {
    /// Writes a backup to `path`, which must not exist, while everything runs; the archive is for its owner's eyes
    /// (mode 0600). Errors: `State` with code `backup_exists`, `File`, `Store`.
    pub async fn backup(&self, actor: Actor, path: &Path) -> Result<BackupReport, ControlError> {
        if path.exists() {
            let message = format!("{} exists: name another file", path.display());
            return Err(ControlError::State {
                code: "backup_exists",
                message,
            });
        }
        let staging = Staging::make(path)?;
        {
            // Until the journal is copied no segment may be retired; what the copy of the database has not
            // applied is then in the copy of the journal.
            let _turn = self.journal_turn().await;
            self.store()
                .copy_to(&staging.path().join(crate::control::DATABASE_FILE))
                .await?;
            let (from, to) = (self.data_dir().to_owned(), staging.path().to_owned());
            tokio::task::spawn_blocking(move || copy::copy_files(&from, &to))
                .await
                .expect("copying does not panic")?;
        }
        let (archive, now) = (path.to_owned(), self.now());
        let report = tokio::task::spawn_blocking(move || manifest::pack(&staging, &archive, now))
            .await
            .expect("packing does not panic")?;

        let mut tx = self.store().write().await?;
        let detail = json!({ "bytes": report.bytes, "files": report.files });
        let object = path.display();
        note(
            &mut tx,
            now,
            Change {
                actor,
                action: "backup",
                noun: "data",
                object: &object,
                detail,
            },
        )
        .await?;
        tx.commit().await?;
        Ok(report)
    }
}

/// A folder beside the target that vanishes whatever happens.
struct Staging(PathBuf);

impl Staging {
    fn make(target: &Path) -> Result<Self, ControlError> {
        let path = beside(target, "staging")?;
        crate::control::make_private_dir(&path)?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
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
fn beside(path: &Path, word: &str) -> Result<PathBuf, ControlError> {
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
fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ControlError {
    let path = path.to_owned();
    move |source| ControlError::File {
        action,
        path,
        source,
    }
}
