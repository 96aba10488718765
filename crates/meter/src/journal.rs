//! The journal of one gateway process: its settings, its lanes, its state.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use adoption::{Clock, Micros};

use crate::disk::{Disk, FolderDisk, JOURNAL};
use crate::keeper::Keeper;
use crate::lane::Lane;
use crate::reader::Reader;

/// When a call may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// At once: a crash of the process loses nothing, a power loss at most the last `sync_interval`.
    #[default]
    Group,
    /// After its reserve is on disk: [`Lane::durable`] waits for the group commit.
    Strict,
}

/// How entries reach a segment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WriteMethod {
    /// Mapped where the file system overwrites preallocated blocks in place, else positioned.
    #[default]
    Auto,
    /// A copy into a shared mapping: no system call per entry.
    Mapped,
    /// One `pwrite` per entry.
    Positioned,
}

/// Construct with [`JournalConfig::new`] and change fields.
#[derive(Debug, Clone)]
pub struct JournalConfig {
    /// The data folder: the journal lives in `journal/` beneath it, the gateway's id in `gateway.id`.
    pub dir: PathBuf,
    /// Size of a segment file; at least 4 KiB, rounded up to a multiple of it.
    pub segment_bytes: u64,
    /// Already allocated room kept ready for a full disk, for all lanes together; the least of it.
    pub spare_bytes: u64,
    /// The most that the spare grows to: it follows 10 minutes of the observed peak rate.
    pub spare_bytes_max: u64,
    /// What new segments leave free on the disk for others (at most 5 % of it), so that usage can still be
    /// applied to a database there, which frees segments.
    pub leave_free_bytes: u64,
    pub sync_interval: Duration,
    pub durability: Durability,
    pub write_method: WriteMethod,
    /// How long a segment is kept after all of it was applied; zero deletes it at once.
    pub keep_applied: Duration,
}

impl JournalConfig {
    pub fn new(dir: PathBuf) -> Self {
        Self {
            dir,
            segment_bytes: 16 << 20,
            // 10 minutes at 699 calls/s: 64 MiB / (600 s x 160 B).
            spare_bytes: 64 << 20,
            // 10 minutes at 44,739 calls/s.
            spare_bytes_max: 4 << 30,
            leave_free_bytes: 64 << 20,
            sync_interval: Duration::from_millis(100),
            durability: Durability::Group,
            write_method: WriteMethod::Auto,
            keep_applied: Duration::ZERO,
        }
    }

    pub(crate) fn rounded(self) -> Self {
        const PAGE: u64 = 4096;
        Self {
            segment_bytes: self.segment_bytes.max(1).next_multiple_of(PAGE),
            ..self
        }
    }
}

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

/// A disk error that was met after the journal was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskError {
    pub at: Micros,
    /// `cannot <what> <file>: <cause>`.
    pub message: String,
}

/// Figures for health pages and alerts; each is true for some moment during the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalState {
    /// How entries are written; never `Auto`.
    pub write_method: WriteMethod,
    /// All files of this journal.
    pub allocated_bytes: u64,
    /// Allocated and not given to a lane.
    pub spare_bytes: u64,
    /// What the spare should be at the observed peak rate. Less than that: the disk is full, or nearly.
    pub spare_bytes_wanted: u64,
    /// A lane is refusing calls now.
    pub full: bool,
    /// The oldest entry that is not on disk yet was written at most this long ago; zero: all are on disk.
    pub unsynced_age: Duration,
    /// Since this process opened the journal.
    pub entries_written: u64,
    /// Calls that met [`crate::JournalFull`] since this process opened the journal.
    pub calls_refused: u64,
    /// Streams given up after a disk error since this process opened the journal. Any is a reason to look at
    /// the disk.
    pub streams_failed: u64,
    pub last_error: Option<DiskError>,
}

/// One process's journal. It owns the housekeeping thread; dropping it syncs what was written.
pub struct Journal {
    keeper: Arc<Keeper>,
    method: WriteMethod,
    stop: Arc<AtomicBool>,
    housekeeping: Option<JoinHandle<()>>,
}

impl Journal {
    /// Locks the folder, takes a new epoch durably, and starts the housekeeping thread.
    pub fn open(config: JournalConfig, clock: Arc<dyn Clock>) -> Result<Self, JournalError> {
        let config = config.rounded();
        let failed = |what, source| JournalError::Io {
            what,
            path: config.dir.clone(),
            source,
        };
        let disk = FolderDisk::new(config.dir.clone(), config.write_method)
            .map_err(|source| failed("make the journal's folders in", source))?;
        let method = disk.method();
        let interval = config.sync_interval;
        let dir = config.dir.clone();
        let keeper = Arc::new(Keeper::open(Arc::new(disk), config, clock)?);

        let stop = Arc::new(AtomicBool::new(false));
        let housekeeping = thread::Builder::new()
            .name("usage-journal".into())
            .spawn({
                let (keeper, stop) = (Arc::clone(&keeper), Arc::clone(&stop));
                move || keep(&keeper, &stop, interval)
            })
            .map_err(|source| JournalError::Io {
                what: "start the housekeeping of",
                path: dir,
                source,
            })?;
        keeper.housed_by(housekeeping.thread().clone());
        Ok(Self {
            keeper,
            method,
            stop,
            housekeeping: Some(housekeeping),
        })
    }

    /// This gateway's identity: random, made once per data folder, below 2^63.
    pub fn gateway(&self) -> u64 {
        self.keeper.gateway
    }

    /// The epoch of this open: greater than every earlier one of this data folder. A lane that is opened again,
    /// or goes on after a disk failure, has a later one.
    pub fn epoch(&self) -> u64 {
        self.keeper.epoch
    }

    /// The writer for worker `index`; one at a time per index.
    pub fn lane(&self, index: u16) -> Result<Lane, JournalError> {
        let stream = self.keeper.start_lane(index)?;
        Lane::new(Arc::clone(&self.keeper), Arc::clone(&stream))
            .inspect_err(|_| stream.close())
            .map_err(|error| {
                JournalError::io("open a segment in", &*self.keeper.disk, JOURNAL, error)
            })
    }

    /// A reader over live and dead streams; independent of other readers.
    pub fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.keeper))
    }

    pub fn state(&self) -> JournalState {
        let keeper = &self.keeper;
        // A folder that cannot be listed shows as an error, not as an empty journal.
        let allocated_bytes = match keeper.disk.journal_files() {
            Ok(files) => files.iter().map(|(_, bytes)| bytes).sum(),
            Err(error) => {
                keeper.note("list", JOURNAL, &error);
                0
            }
        };
        JournalState {
            write_method: self.method,
            allocated_bytes,
            spare_bytes: keeper.spare_bytes(),
            spare_bytes_wanted: keeper.spare_bytes_wanted(),
            full: keeper.is_full(),
            unsynced_age: keeper.unsynced_age(),
            entries_written: keeper.entries_written(),
            calls_refused: keeper.calls_refused(),
            streams_failed: keeper.streams_failed(),
            last_error: keeper.last_error(),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(housekeeping) = self.housekeeping.take() {
            housekeeping.thread().unpark();
            // A panic there was printed already; what is written is synced all the same.
            let _ = housekeeping.join();
        }
        self.keeper.round();
    }
}

fn keep(keeper: &Keeper, stop: &AtomicBool, interval: Duration) {
    while !stop.load(Ordering::Acquire) {
        thread::park_timeout(interval);
        keeper.round();
    }
}
