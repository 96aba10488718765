//! The journal of one gateway process: opens it, keeps house in it, gives out lanes and readers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use adoption::Clock;

use crate::config::{Durability, JournalConfig, WriteMethod};
use crate::disk::{FolderDisk, JOURNAL};
use crate::error::JournalError;
use crate::keeper::Keeper;
use crate::lane::Lane;
use crate::priority::yield_to_traffic;
use crate::reader::Reader;
use crate::state::JournalState;

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
        JournalState {
            write_method: self.method,
            allocated_bytes: keeper.allocated_bytes(),
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
    // With strict durability requests wait for this thread.
    if keeper.config().durability == Durability::Group {
        yield_to_traffic();
    }
    while !stop.load(Ordering::Acquire) {
        thread::park_timeout(interval);
        keeper.round();
    }
}
