//! Restores an archive into a data folder: verified whole, then put in place in one step.

use std::fs::{File, TryLockError};
use std::io::{self, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::control::make_private_dir;
use crate::error::ControlError;
use crate::tar;
use crate::tokens::TOKEN_FILE;

use super::copy::JOURNAL_DIR;
use super::manifest::{
    Digested, FORMAT, MANIFEST_BYTES_MAX, MANIFEST_FILE, Manifest, ManifestFile, is_expected,
};
use super::report::{Existing, RestoreReport};
use super::staging::{Staging, beside, file_error};

/// Restores the backup at `path` into `data_dir`, while nothing runs on it. A folder that is replaced is set aside
/// beside it; its admin token stays the token.
/// Errors: `State` with code `data_dir_not_empty`, `data_dir_in_use` or `backup_damaged`, `File`.
pub async fn restore(
    path: &Path,
    data_dir: &Path,
    existing: Existing,
) -> Result<RestoreReport, ControlError> {
    let (path, data_dir) = (path.to_owned(), data_dir.to_owned());
    tokio::task::spawn_blocking(move || restore_blocking(&path, &data_dir, existing))
        .await
        .expect("restoring does not panic")
}

fn restore_blocking(
    path: &Path,
    data_dir: &Path,
    existing: Existing,
) -> Result<RestoreReport, ControlError> {
    let occupied = is_occupied(data_dir)?;
    if occupied && existing == Existing::Refuse {
        let message = format!(
            "{} is not empty: name an empty folder, or replace it",
            data_dir.display()
        );
        return Err(ControlError::State {
            code: "data_dir_not_empty",
            message,
        });
    }
    refuse_running(data_dir)?;
    let staging = Staging::make(data_dir)?;
    let manifest = unpack(path, staging.path())?;

    let set_aside = match occupied {
        true => {
            keep_token(data_dir, staging.path())?;
            let aside = beside(data_dir, "replaced")?;
            std::fs::rename(data_dir, &aside).map_err(file_error("set aside", data_dir))?;
            Some(aside)
        }
        false => None,
    };
    // Onto nothing, or onto an empty folder.
    std::fs::rename(staging.path(), data_dir).map_err(file_error("put in place", data_dir))?;
    sync_folder(data_dir.parent())?;
    Ok(RestoreReport {
        data_dir: data_dir.to_owned(),
        files: manifest.files.len() as u64,
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        set_aside,
    })
}

fn is_occupied(data_dir: &Path) -> Result<bool, ControlError> {
    match std::fs::read_dir(data_dir) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(file_error("list", data_dir)(error)),
    }
}

/// A gateway holds a lock on its journal as long as it runs.
fn refuse_running(data_dir: &Path) -> Result<(), ControlError> {
    let path = data_dir.join(JOURNAL_DIR).join("lock");
    let lock = match File::open(&path) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(file_error("open", &path)(error)),
    };
    match lock.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message = format!("towpath runs on {}: stop it first", data_dir.display());
            Err(ControlError::State {
                code: "data_dir_in_use",
                message,
            })
        }
        Err(TryLockError::Error(error)) => Err(file_error("lock", &path)(error)),
    }
}

fn keep_token(data_dir: &Path, staging: &Path) -> Result<(), ControlError> {
    let token = data_dir.join(TOKEN_FILE);
    match std::fs::copy(&token, staging.join(TOKEN_FILE)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(file_error("copy", &token)(error)),
    }
}

fn sync_folder(folder: Option<&Path>) -> Result<(), ControlError> {
    let folder = folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(file_error("sync", &folder))
}

fn unpack(path: &Path, target: &Path) -> Result<Manifest, ControlError> {
    let archive = File::open(path).map_err(file_error("open", path))?;
    let mut archive = tar::Reader::new(BufReader::with_capacity(1 << 20, archive));
    make_private_dir(&target.join(JOURNAL_DIR))?;
    let manifest = read_manifest(path, &mut archive)?;
    for file in &manifest.files {
        let entry = archive.next().map_err(file_error("read", path))?;
        if entry != Some((file.name.clone(), file.bytes_stored)) || !is_expected(&file.name) {
            return Err(damaged(path, &file.name));
        }
        unpack_file(path, &mut archive, file, target)?;
    }
    if archive.next().map_err(file_error("read", path))?.is_some() {
        return Err(damaged(path, MANIFEST_FILE));
    }
    sync_folder(Some(&target.join(JOURNAL_DIR)))?;
    sync_folder(Some(target))?;
    Ok(manifest)
}

fn read_manifest(
    path: &Path,
    archive: &mut tar::Reader<BufReader<File>>,
) -> Result<Manifest, ControlError> {
    let read = file_error("read", path);
    let size = match archive.next() {
        Ok(Some((name, size))) if name == MANIFEST_FILE && size <= MANIFEST_BYTES_MAX => size,
        Ok(_) => return Err(damaged(path, MANIFEST_FILE)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(damaged(path, MANIFEST_FILE));
        }
        Err(error) => return Err(read(error)),
    };
    let mut json = Vec::new();
    archive.content(size, &mut json).map_err(read)?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|_| damaged(path, MANIFEST_FILE))?;
    if manifest.format != FORMAT {
        let message = format!(
            "{} has backup format {}, this binary reads {FORMAT}",
            path.display(),
            manifest.format
        );
        return Err(ControlError::State {
            code: "backup_format",
            message,
        });
    }
    Ok(manifest)
}

fn unpack_file(
    path: &Path,
    archive: &mut tar::Reader<BufReader<File>>,
    file: &ManifestFile,
    target: &Path,
) -> Result<(), ControlError> {
    let to = target.join(&file.name);
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&to)
        .map_err(file_error("make", &to))?;
    let mut content = Digested::new(&made);
    archive
        .content(file.bytes_stored, &mut content)
        .map_err(file_error("unpack", path))?;
    content.flush().map_err(file_error("write", &to))?;
    if content.finish() != file.digest {
        return Err(damaged(path, &file.name));
    }
    made.set_len(file.bytes)
        .and_then(|()| made.sync_all())
        .map_err(file_error("write", &to))
}

fn damaged(path: &Path, name: &str) -> ControlError {
    let message = format!(
        "{} is no whole backup: {name} is not as its manifest says",
        path.display()
    );
    ControlError::State {
        code: "backup_damaged",
        message,
    }
}
