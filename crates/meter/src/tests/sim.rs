//! A journal on a simulated disk, without a thread: the test makes each round of housekeeping.

use std::any::Any;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin, Outcome, SurfaceId,
};
use testkit::{FakeClock, SimDisk, SimFile};

use crate::config::JournalConfig;
use crate::disk::{Disk, Folder, Segment};
use crate::entry::{Call, ClientNumber, Settlement, StreamId};
use crate::error::JournalError;
use crate::format::Slot;
use crate::keeper::Keeper;
use crate::lane::Lane;
use crate::names;
use crate::reader::Reader;

/// One page: 50 entries per segment.
pub(super) const SEGMENT_BYTES: u64 = 4096;
pub(super) const CAPACITY: u64 = 50;
pub(super) const START: Micros = Micros::from_seconds(1_767_225_600);

/// How entries reach the simulated disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Mapped,
    Positioned,
}

#[derive(Clone)]
struct SimFolder {
    disk: SimDisk,
    method: Method,
}

struct SimSegment {
    file: SimFile,
    method: Method,
}

impl Segment for SimSegment {
    fn write_slot(&self, offset: u64, slot: &Slot) -> io::Result<()> {
        match self.method {
            Method::Mapped => {
                self.file.store(offset, slot);
                Ok(())
            }
            Method::Positioned => self.file.write(offset, slot),
        }
    }

    fn ready(&self, _offset: u64, _bytes: u64) {}

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, buffer)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }
}

struct Unlock(SimDisk);

impl Drop for Unlock {
    fn drop(&mut self) {
        self.0.unlock();
    }
}

impl Disk for SimFolder {
    fn lock(&self) -> io::Result<Box<dyn Any + Send + Sync>> {
        self.disk.lock()?;
        Ok(Box::new(Unlock(self.disk.clone())))
    }

    fn boot(&self) -> u64 {
        self.disk.boot()
    }

    fn random(&self) -> io::Result<u64> {
        Ok(self.disk.random())
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from("/sim").join(name)
    }

    fn journal_files(&self) -> io::Result<Vec<(String, u64)>> {
        self.disk.list("journal")
    }

    fn journal_names(&self) -> io::Result<Vec<String>> {
        let files = self.journal_files()?;
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }

    fn file_bytes(&self, name: &str) -> io::Result<u64> {
        let files = self.journal_files()?;
        let file = files.into_iter().find(|(other, _)| other == name);
        file.map(|(_, bytes)| bytes)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.disk.read(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.disk.write(name, bytes)
    }

    fn allocate(&self, name: &str, bytes: u64, leave_free: u64) -> io::Result<()> {
        self.disk.allocate(name, bytes, leave_free)
    }

    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn Segment>> {
        Ok(Arc::new(SimSegment {
            file: self.disk.open(name)?,
            method: self.method,
        }))
    }

    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn Segment>> {
        self.open_to_write(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_folder(&self, folder: Folder) -> io::Result<()> {
        self.disk.sync_folder(match folder {
            Folder::Data => "",
            Folder::Journal => "journal",
        })
    }
}

/// An open journal on a simulated disk.
pub(super) struct SimJournal {
    pub(super) keeper: Arc<Keeper>,
}

pub(super) fn config() -> JournalConfig {
    JournalConfig {
        segment_bytes: SEGMENT_BYTES,
        spare_bytes: 2 * SEGMENT_BYTES,
        spare_bytes_max: 4 * SEGMENT_BYTES,
        leave_free_bytes: 0,
        sync_interval: Duration::from_millis(100),
        ..JournalConfig::new(PathBuf::from("/sim"))
    }
}

impl SimJournal {
    pub(super) fn open(disk: &SimDisk, clock: &Arc<FakeClock>) -> Result<Self, JournalError> {
        Self::open_with(disk, clock, config(), Method::Mapped)
    }

    pub(super) fn open_with(
        disk: &SimDisk,
        clock: &Arc<FakeClock>,
        config: JournalConfig,
        method: Method,
    ) -> Result<Self, JournalError> {
        let folder = SimFolder {
            disk: disk.clone(),
            method,
        };
        let keeper = Keeper::open(Arc::new(folder), config.rounded(), Arc::clone(clock) as _)?;
        Ok(Self {
            keeper: Arc::new(keeper),
        })
    }

    pub(super) fn lane(&self, index: u16) -> Result<Lane, JournalError> {
        let stream = self.keeper.start_lane(index)?;
        let lane = Lane::new(Arc::clone(&self.keeper), Arc::clone(&stream))
            .inspect_err(|_| stream.close());
        lane.map_err(|error| JournalError::io("open", &*self.keeper.disk, "journal", error))
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.keeper))
    }

    pub(super) fn round(&self) {
        self.keeper.round();
    }

    /// The last sequence of `stream` that is on disk.
    pub(super) fn synced(&self, stream: StreamId) -> u64 {
        self.keeper.live(stream).map_or(0, |stream| stream.synced())
    }
}

pub(super) fn clock() -> Arc<FakeClock> {
    Arc::new(FakeClock::new(START))
}

/// The call number `n`: its key is its number, so that a roll-up shows each call apart.
pub(super) fn call(n: u64) -> Call {
    Call {
        surface: SurfaceId::from_raw(100 + n % 2),
        operation: OperationId::from_raw(200 + n % 7),
        consumer: ConsumerId::from_raw(300 + n % 5),
        key: KeyId::from_raw(1_000 + n),
        contract: ContractId::from_raw(400 + n % 3),
        client: ClientNumber::OTHER,
        client_class: ClientClass::ALL[n as usize % 5],
        started_at: START.plus_seconds((n % 400) as i64),
    }
}

pub(super) fn status(n: u64) -> u16 {
    [200, 201, 301, 404, 429, 500, 503][n as usize % 7]
}

pub(super) fn origin(n: u64) -> Origin {
    [
        Origin::Upstream,
        Origin::Consumer,
        Origin::Gateway,
        Origin::UpstreamFailure,
    ][n as usize % 4]
}

pub(super) fn attempts(n: u64) -> u16 {
    (n % 3) as u16
}

pub(super) fn settlement(n: u64) -> Settlement {
    Settlement {
        bytes_in: n * 3,
        bytes_out: n * 7 + 1,
        latency_us: n * 13 + 5,
        upstream_us: n * 11,
        units: n + 1,
        outcome: [
            Outcome::Complete,
            Outcome::ConsumerAborted,
            Outcome::UpstreamAborted,
        ][n as usize % 3],
        shapes: crate::Shapes::default(),
    }
}

/// Segment files of one stream on the simulated disk, in order.
pub(super) fn segments(disk: &SimDisk, stream: StreamId) -> Vec<String> {
    let mut found: Vec<_> = disk
        .list("journal")
        .unwrap()
        .into_iter()
        .filter_map(|(name, _)| {
            names::parse_segment(&name)
                .filter(|(id, _)| *id == stream)
                .map(|(_, n)| (n, name))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}
