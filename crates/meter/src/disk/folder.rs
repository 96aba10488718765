//! The real disk: a data folder on the machine's file system.

use std::any::Any;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FallocateFlags, fallocate, statfs};
use rustix::io::Errno;

use super::mapped::Mapped;
use super::positioned::Positioned;
use super::{Disk, Folder, JOURNAL, Segment};
use crate::config::WriteMethod;

/// File systems that overwrite preallocated blocks in place, so that a store into a mapping can never need
/// new space: ext2/3/4, XFS, tmpfs. Others (btrfs, ZFS, F2FS copy on write; overlay, FUSE and NFS hide what
/// is beneath) get `pwrite`, whose errors are answers and not signals. Numbers: statfs(2).
const WRITES_IN_PLACE: [u64; 3] = [0xef53, 0x5846_5342, 0x0102_1994];

pub(crate) struct FolderDisk {
    root: PathBuf,
    mapped: bool,
}

impl FolderDisk {
    /// Makes the folders that are missing.
    pub(crate) fn new(root: PathBuf, method: WriteMethod) -> io::Result<Self> {
        let journal = root.join(JOURNAL);
        fs::create_dir_all(&journal)?;
        let mapped = match method {
            WriteMethod::Auto => {
                WRITES_IN_PLACE.contains(&u64::try_from(statfs(&journal)?.f_type).unwrap_or(0))
            }
            WriteMethod::Mapped => true,
            WriteMethod::Positioned => false,
        };
        Ok(Self { root, mapped })
    }

    /// What [`WriteMethod::Auto`] came to.
    pub(crate) fn method(&self) -> WriteMethod {
        if self.mapped {
            WriteMethod::Mapped
        } else {
            WriteMethod::Positioned
        }
    }

    fn fill(&self, file: &File, bytes: u64, leave_free: u64) -> io::Result<()> {
        let disk = rustix::fs::fstatfs(file)?;
        let block_bytes = u64::try_from(disk.f_bsize).unwrap_or(4096);
        let free = disk.f_bavail.saturating_mul(block_bytes);
        // A small disk leaves 5 % rather than the whole of what a large one leaves.
        let leave_free = leave_free.min(disk.f_blocks.saturating_mul(block_bytes) / 20);
        let missing = bytes.saturating_sub(file.metadata()?.len());
        if free < missing.saturating_add(leave_free) {
            return Err(io::ErrorKind::StorageFull.into());
        }

        match fallocate(file, FallocateFlags::empty(), 0, bytes) {
            Ok(()) => Ok(()),
            Err(Errno::OPNOTSUPP) if missing > 0 => write_zeros(file, bytes - missing, bytes),
            Err(Errno::OPNOTSUPP) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Disk for FolderDisk {
    fn lock(&self) -> io::Result<Box<dyn Any + Send + Sync>> {
        let path = self.root.join(JOURNAL).join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn boot(&self) -> u64 {
        let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let digits: String = text
            .chars()
            .filter(char::is_ascii_hexdigit)
            .take(16)
            .collect();
        u64::from_str_radix(&digits, 16).unwrap_or(0)
    }

    fn random(&self) -> io::Result<u64> {
        getrandom::u64().map_err(|error| io::Error::other(error.to_string()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn journal_files(&self) -> io::Result<Vec<(String, u64)>> {
        let sized = |name: String| match self.file_bytes(&name) {
            Ok(bytes) => Some(Ok((name, bytes))),
            // A file may go while we look.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(Err(error)),
        };
        self.journal_names()?
            .into_iter()
            .filter_map(sized)
            .collect()
    }

    fn journal_names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root.join(JOURNAL))? {
            let entry = entry?;
            // A name that is not UTF-8 is none of ours.
            if let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type())
                && kind.is_file()
            {
                names.push(format!("{JOURNAL}{name}"));
            }
        }
        Ok(names)
    }

    fn file_bytes(&self, name: &str) -> io::Result<u64> {
        Ok(fs::metadata(self.root.join(name))?.len())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(name))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(self.root.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn allocate(&self, name: &str, bytes: u64, leave_free: u64) -> io::Result<()> {
        let path = self.root.join(name);
        let known = path.exists();
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)?;
        let filled = self.fill(&file, bytes, leave_free);
        if filled.is_err() && !known {
            fs::remove_file(&path)?;
        }
        filled
    }

    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn Segment>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.root.join(name))?;
        if self.mapped {
            Ok(Arc::new(Mapped::new(file)?))
        } else {
            Ok(Arc::new(Positioned(file)))
        }
    }

    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn Segment>> {
        Ok(Arc::new(Positioned(File::open(self.root.join(name))?)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(name))
    }

    fn sync_folder(&self, folder: Folder) -> io::Result<()> {
        let path: &Path = match folder {
            Folder::Data => &self.root,
            Folder::Journal => &self.root.join(JOURNAL),
        };
        File::open(path)?.sync_all()
    }
}

/// For file systems without fallocate.
fn write_zeros(mut file: &File, from: u64, to: u64) -> io::Result<()> {
    use std::io::Seek;
    let zeros = [0; 64 << 10];
    file.seek(io::SeekFrom::Start(from))?;
    let mut left = to - from;
    while left > 0 {
        let step = left.min(zeros.len() as u64) as usize;
        file.write_all(&zeros[..step])?;
        left -= step as u64;
    }
    Ok(())
}
