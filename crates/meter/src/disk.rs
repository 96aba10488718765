//! What the journal needs of the machine's disk; the seam for simulated disks.

use std::any::Any;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::format::Slot;

mod folder;
mod mapped;
mod positioned;

pub(crate) use folder::FolderDisk;

/// The gateway's identity, beside the journal.
pub(crate) const IDENTITY: &str = "gateway.id";
/// Everything else lies beneath this.
pub(crate) const JOURNAL: &str = "journal/";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Holds [`IDENTITY`].
    Data,
    Journal,
}

/// A data folder. Names are relative to it, with `/`.
pub(crate) trait Disk: Send + Sync {
    /// Locks the journal for this process until the guard drops; `WouldBlock` when another has it.
    fn lock(&self) -> io::Result<Box<dyn Any + Send + Sync>>;

    /// A number of this run of the machine; 0 when it is not known.
    fn boot(&self) -> u64;

    fn random(&self) -> io::Result<u64>;

    /// The full path of a name, for messages.
    fn path(&self, name: &str) -> PathBuf;

    /// Name and size of every file in the journal folder, in no order.
    fn journal_files(&self) -> io::Result<Vec<(String, u64)>>;

    /// As [`Disk::journal_files`], the names alone: asking for a size costs a system call per file.
    fn journal_names(&self) -> io::Result<Vec<String>>;

    fn file_bytes(&self, name: &str) -> io::Result<u64>;

    fn read(&self, name: &str) -> io::Result<Vec<u8>>;

    /// Creates or replaces a small file; its bytes are on disk when this returns, its name need not be.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Makes a file of `bytes` whose blocks are all allocated, or completes one; new bytes read as zero.
    /// Leaves at least `leave_free` bytes of the disk to others; `StorageFull` when it cannot, and then
    /// a file that was not there before is not there after.
    fn allocate(&self, name: &str, bytes: u64, leave_free: u64) -> io::Result<()>;

    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn Segment>>;

    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn Segment>>;

    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    fn remove(&self, name: &str) -> io::Result<()>;

    /// Puts names made, renamed and removed on disk.
    fn sync_folder(&self, folder: Folder) -> io::Result<()>;
}

/// An open segment file.
pub(crate) trait Segment: Send + Sync {
    /// Writes the slot that starts at byte `offset`, a multiple of the slot size within the file.
    fn write_slot(&self, offset: u64, slot: &Slot) -> io::Result<()>;

    /// Readies the `bytes` bytes from `offset` for being written soon, so that the writer need not wait for a
    /// page fault. Only a hint: it may do nothing.
    fn ready(&self, offset: u64, bytes: u64);

    /// Fills `buffer` from `offset`; gives fewer bytes only at the end of the file.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Puts every slot written before on disk.
    fn sync(&self) -> io::Result<()>;
}
