//! Copies the files of a data folder that is in use.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::control::make_private_dir;
use crate::error::ControlError;
use crate::notices::secrets::NOTICE_KEY_FILE;
use crate::snapshot::SNAPSHOT_FILE;

use super::staging::file_error;

pub(super) const GATEWAY_ID_FILE: &str = "gateway.id";
pub(super) const JOURNAL_DIR: &str = "journal";
/// Small against a lane's rate: what is written while one chunk is copied is at most a torn tail.
const CHUNK: usize = 64 << 10;

/// Copies the Snapshot, the gateway's identity and every segment that holds entries; what is absent is left out.
pub(super) fn copy_files(data_dir: &Path, target: &Path) -> Result<(), ControlError> {
    for name in [SNAPSHOT_FILE, GATEWAY_ID_FILE, NOTICE_KEY_FILE] {
        copy(&data_dir.join(name), &target.join(name))?;
    }
    let journal = data_dir.join(JOURNAL_DIR);
    make_private_dir(&target.join(JOURNAL_DIR))?;
    let mut names = segment_names(&journal).map_err(file_error("list", &journal))?;
    // The youngest first: an older segment is then at least as new as a younger one.
    names.sort_unstable_by(|a, b| b.cmp(a));
    for name in names {
        copy(&journal.join(&name), &target.join(JOURNAL_DIR).join(&name))?;
    }
    Ok(())
}

/// Spares are empty, applied segments are in the database.
fn segment_names(journal: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(journal) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: io::Result<Vec<String>> = names.collect();
    let holds_entries = |name: &String| {
        (name.ends_with(".seg") || name.ends_with(".damaged")) && !name.starts_with("spare-")
    };
    Ok(names?.into_iter().filter(holds_entries).collect())
}

fn copy(from: &Path, to: &Path) -> Result<(), ControlError> {
    let source = match File::open(from) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(file_error("read", from)(error)),
    };
    let target = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(file_error("make", to))?;
    copy_backwards(&source, &target).map_err(file_error("copy", from))
}

/// From the end to the start: a file that grows by appending has no hole in its copy, because every byte was copied
/// after all that follow it. Chunks of zeros stay holes.
fn copy_backwards(source: &File, target: &File) -> io::Result<()> {
    let size = source.metadata()?.len();
    target.set_len(size)?;
    let mut buffer = vec![0; CHUNK];
    let mut end = size;
    while end > 0 {
        let start = (end - 1) / CHUNK as u64 * CHUNK as u64;
        let chunk = &mut buffer[..(end - start) as usize];
        source.read_exact_at(chunk, start)?;
        if chunk.iter().any(|byte| *byte != 0) {
            target.write_all_at(chunk, start)?;
        }
        end = start;
    }
    Ok(())
}
