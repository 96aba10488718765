//! A consistent copy of everything that matters, as one tar file, and the way back.
//!
//! The archive holds `manifest.json` first, then the database, the last Snapshot, the gateway's identity, the key of
//! notices and the journal's segments. The admin token is not in it. Usage that was journalled and not applied comes back with the
//! segments; the watermarks in the database make sure that none counts twice, and the next start of the gateway
//! takes an epoch that no copy of its folder shares.

mod copy;
mod manifest;
mod report;
mod staging;
mod unpack;

use std::path::Path;

use serde_json::json;

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;

pub use report::{BackupReport, Existing, RestoreReport};
use staging::Staging;
pub use unpack::restore;

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
