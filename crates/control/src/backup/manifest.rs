//! What an archive holds, with digests, and the packing of it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use adoption::Micros;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::control::DATABASE_FILE;
use crate::error::ControlError;
use crate::notices::secrets::NOTICE_KEY_FILE;
use crate::snapshot::SNAPSHOT_FILE;
use crate::tar;

use super::copy::{GATEWAY_ID_FILE, JOURNAL_DIR};
use super::report::BackupReport;
use super::staging::{Staging, beside, file_error};

pub(super) const MANIFEST_FILE: &str = "manifest.json";
pub(super) const FORMAT: u32 = 1;
/// A manifest of a million segments: larger is no manifest of ours.
pub(super) const MANIFEST_BYTES_MAX: u64 = 256 << 20;

/// The first file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) created_at: Micros,
    /// In the order of the archive.
    pub(super) files: Vec<ManifestFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ManifestFile {
    /// Relative to the data folder.
    pub(super) name: String,
    pub(super) bytes: u64,
    /// How many of them are in the archive; the rest are zeros, as preallocated segments have them.
    pub(super) bytes_stored: u64,
    /// SHA-256 of the stored bytes, hexadecimal.
    pub(super) digest: String,
}

/// Whether a name is one that a backup writes: nothing else may be unpacked.
pub(super) fn is_expected(name: &str) -> bool {
    if [
        DATABASE_FILE,
        SNAPSHOT_FILE,
        GATEWAY_ID_FILE,
        NOTICE_KEY_FILE,
    ]
    .contains(&name)
    {
        return true;
    }
    let known = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    match name.split_once('/') {
        Some((JOURNAL_DIR, file)) => {
            !file.starts_with('.') && !file.is_empty() && file.bytes().all(known)
        }
        _ => false,
    }
}

/// Packs the staging folder into the archive, which appears whole or not at all.
pub(super) fn pack(
    staging: &Staging,
    archive: &Path,
    now: Micros,
) -> Result<BackupReport, ControlError> {
    let files = describe_files(staging.path())?;
    let manifest = Manifest {
        format: FORMAT,
        created_at: now,
        files,
    };
    let partial = beside(archive, "partial")?;
    let packed = write_archive(staging.path(), &manifest, &partial).and_then(|()| {
        std::fs::rename(&partial, archive).map_err(file_error("write", archive))?;
        let parent = archive
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(parent)
            .and_then(|folder| folder.sync_all())
            .map_err(file_error("sync", parent))
    });
    if let Err(error) = packed {
        // The first error is the one that matters.
        let _ = std::fs::remove_file(&partial);
        return Err(error);
    }
    let bytes = std::fs::metadata(archive)
        .map_err(file_error("read", archive))?
        .len();
    Ok(BackupReport {
        path: archive.to_owned(),
        bytes,
        files: manifest.files.len() as u64,
    })
}

fn describe_files(folder: &Path) -> Result<Vec<ManifestFile>, ControlError> {
    let mut names = vec![
        DATABASE_FILE.to_owned(),
        SNAPSHOT_FILE.to_owned(),
        GATEWAY_ID_FILE.to_owned(),
        NOTICE_KEY_FILE.to_owned(),
    ];
    let journal = folder.join(JOURNAL_DIR);
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(&journal).map_err(file_error("list", &journal))? {
        let entry = entry.map_err(file_error("list", &journal))?;
        segments.push(format!(
            "{JOURNAL_DIR}/{}",
            entry.file_name().to_string_lossy()
        ));
    }
    segments.sort_unstable();
    names.extend(segments);
    names.retain(|name| folder.join(name).exists());
    names
        .into_iter()
        .map(|name| describe(folder, name))
        .collect()
}

fn describe(folder: &Path, name: String) -> Result<ManifestFile, ControlError> {
    let path = folder.join(&name);
    let described = || -> io::Result<(u64, u64, String)> {
        let bytes = std::fs::metadata(&path)?.len();
        let bytes_stored = match name.starts_with(JOURNAL_DIR) {
            true => bytes_without_trailing_zeros(&path)?,
            false => bytes,
        };
        let mut digest = Digested::new(io::sink());
        io::copy(&mut File::open(&path)?.take(bytes_stored), &mut digest)?;
        Ok((bytes, bytes_stored, digest.finish()))
    };
    let (bytes, bytes_stored, digest) = described().map_err(file_error("read", &path))?;
    Ok(ManifestFile {
        name,
        bytes,
        bytes_stored,
        digest,
    })
}

fn bytes_without_trailing_zeros(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 << 10];
    let (mut at, mut end) = (0, 0);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(end);
        }
        if let Some(last) = buffer[..read].iter().rposition(|byte| *byte != 0) {
            end = at + last as u64 + 1;
        }
        at += read as u64;
    }
}

fn write_archive(folder: &Path, manifest: &Manifest, target: &Path) -> Result<(), ControlError> {
    let write = || -> io::Result<()> {
        let file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(target)?;
        let mut archive = BufWriter::with_capacity(1 << 20, file);
        let json = serde_json::to_vec_pretty(manifest)?;
        tar::append(
            &mut archive,
            MANIFEST_FILE,
            json.len() as u64,
            &mut json.as_slice(),
        )?;
        for file in &manifest.files {
            let mut content = BufReader::new(File::open(folder.join(&file.name))?);
            tar::append(&mut archive, &file.name, file.bytes_stored, &mut content)?;
        }
        tar::finish(&mut archive)?;
        archive.flush()?;
        archive.get_ref().sync_all()
    };
    write().map_err(file_error("write", target))
}

/// A writer that digests what passes through it.
pub(super) struct Digested<W> {
    inner: W,
    context: Context,
}

impl<W> Digested<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            context: Context::new(&SHA256),
        }
    }

    /// The digest of all that passed, hexadecimal.
    pub(super) fn finish(self) -> String {
        self.context
            .finish()
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.context.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
