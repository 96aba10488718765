//! The housekeeping of a journal: group commit, segments ahead of the lanes, spares, recovery from disk errors.

use std::any::Any;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::Thread;

use adoption::{Clock, Micros};

use crate::config::JournalConfig;
use crate::disk::{Disk, JOURNAL};
use crate::entry::StreamId;
use crate::error::JournalError;
use crate::format::{Geometry, Header};
use crate::identity::Identity;
use crate::names;
use crate::spares::{Peak, Spares};
use crate::state::DiskError;
use crate::stream::{NumberedSegment, Ready, Stream, locked};

mod backoff;
mod figures;
mod rounds;

use backoff::Backoff;

/// What lanes, readers and the housekeeping thread share. All its work is done by [`Keeper::round`].
pub(crate) struct Keeper {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) gateway: u64,
    pub(crate) epoch: u64,
    config: JournalConfig,
    boot: u64,
    geometry: Geometry,
    identity: Mutex<Identity>,
    streams: Mutex<Vec<Arc<Stream>>>,
    /// Lanes that had their stream of the first epoch; another stream of theirs needs a new epoch.
    lanes_begun: Mutex<Vec<u16>>,
    spares: Spares,
    /// Names changed in the journal folder since it was last synced.
    folder_moved: AtomicBool,
    /// Counts rounds, so that a lane without room asks the disk once in a round and not once in a call.
    pub(crate) rounds: AtomicU64,
    figures: Mutex<Figures>,
    calls_refused: AtomicU64,
    thread: OnceLock<Thread>,
    _lock: Box<dyn Any + Send + Sync>,
}

/// What only the housekeeping moves.
struct Figures {
    peak: Peak,
    backoff: Backoff,
    /// Entries of streams that are no longer live.
    entries_before: u64,
    streams_failed: u64,
    last_error: Option<DiskError>,
    expired_at: Micros,
}

impl Keeper {
    /// Locks the journal, takes a new epoch, and puts what a crash left in memory on disk.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        config: JournalConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let lock = match disk.lock() {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(JournalError::Locked {
                    path: disk.path(JOURNAL),
                });
            }
            Err(error) => return Err(JournalError::io("lock", &*disk, JOURNAL, error)),
        };
        let files = disk
            .journal_files()
            .map_err(|error| JournalError::io("list", &*disk, JOURNAL, error))?;
        let spares = Spares::new(config.segment_bytes, config.leave_free_bytes);
        spares
            .adopt(&*disk, &files)
            .map_err(|error| JournalError::io("take over spares in", &*disk, JOURNAL, error))?;

        let mut identity = Identity::load(&*disk)?;
        let epoch = take_epoch(&mut identity, &*disk, &spares)?;
        let now = clock.now();
        let keeper = Self {
            gateway: identity.gateway,
            epoch,
            boot: disk.boot(),
            geometry: Geometry::of_segment_bytes(config.segment_bytes),
            identity: Mutex::new(identity),
            streams: Mutex::default(),
            lanes_begun: Mutex::default(),
            spares,
            folder_moved: AtomicBool::new(false),
            rounds: AtomicU64::new(0),
            figures: Mutex::new(Figures {
                peak: Peak::new(now),
                backoff: Backoff::default(),
                entries_before: 0,
                streams_failed: 0,
                last_error: None,
                expired_at: now,
            }),
            calls_refused: AtomicU64::new(0),
            thread: OnceLock::new(),
            disk,
            clock,
            config,
            _lock: lock,
        };
        keeper.sync_dead(&files);
        keeper.round();
        Ok(keeper)
    }

    /// Has [`Keeper::wake`] wake this thread.
    pub(crate) fn housed_by(&self, thread: Thread) {
        // A journal starts one thread; a second one would only be woken less.
        let _ = self.thread.set(thread);
    }

    /// Asks for a round now.
    pub(crate) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// One round of housekeeping: sync what moved, replace what failed, prepare what lanes will need.
    pub(crate) fn round(&self) {
        let now = self.clock.now();
        self.sync(now);
        self.let_go();
        self.replace_failed(now);
        self.prepare_ahead();
        self.keep_spares(now);
        self.expire_applied(now);
        self.rounds.fetch_add(1, Ordering::Relaxed);
    }

    /// A stream of `lane`, registered and with its first segment ready.
    fn start_stream(&self, lane: u16, epoch: u64) -> Result<Arc<Stream>, JournalError> {
        let id = StreamId {
            gateway: self.gateway,
            epoch,
            lane,
        };
        let stream = Arc::new(Stream::new(id, self.geometry, self.clock.now()));

        // Registered before its first file has its name: a reader that sees the file must see it live.
        locked(&self.streams).push(Arc::clone(&stream));
        let prepared = self.prepare(&stream, &mut locked(&stream.ready));
        if let Err(error) = prepared {
            locked(&self.streams).retain(|other| other.id != id);
            return Err(JournalError::io(
                "make a segment in",
                &*self.disk,
                JOURNAL,
                error,
            ));
        }
        Ok(stream)
    }

    /// A stream for a lane that is not open yet.
    pub(crate) fn start_lane(&self, lane: u16) -> Result<Arc<Stream>, JournalError> {
        let mut lanes = locked(&self.lanes_begun);
        if locked(&self.streams)
            .iter()
            .any(|stream| stream.id.lane == lane && !stream.is_closed())
        {
            return Err(JournalError::LaneTaken { lane });
        }
        let epoch = if lanes.contains(&lane) {
            self.next_epoch()?
        } else {
            lanes.push(lane);
            self.epoch
        };
        self.start_stream(lane, epoch)
    }

    pub(crate) fn live(&self, id: StreamId) -> Option<Arc<Stream>> {
        locked(&self.streams)
            .iter()
            .find(|stream| stream.id == id)
            .cloned()
    }

    pub(crate) fn live_streams(&self) -> Vec<Arc<Stream>> {
        locked(&self.streams).clone()
    }

    /// The next segment for the lane that writes `stream`: one that is ready, or one made now.
    pub(crate) fn take_segment(&self, stream: &Stream) -> io::Result<NumberedSegment> {
        let mut ready = locked(&stream.ready);
        if ready.segments.is_empty() {
            self.prepare(stream, &mut ready)?;
        }
        let segment = ready
            .segments
            .pop_front()
            .expect("one was there or was just made");
        stream.given(&segment);
        Ok(segment)
    }

    /// Gives up on a stream whose `what` failed. Never tried again: after a failed sync the kernel counts the
    /// pages as clean, and the next sync would succeed without them.
    pub(crate) fn fail_stream(&self, stream: &Stream, what: &'static str, error: &io::Error) {
        if !stream.fail() {
            return;
        }
        self.note(what, &stream.id.to_string(), error);
        let mut figures = locked(&self.figures);
        figures.streams_failed += 1;
        figures.backoff.failed(self.clock.now());
        tracing::error!(stream = %stream.id, %error, "usage stream {} failed: its lane goes on in a new one", stream.id);
    }

    pub(crate) fn boot(&self) -> u64 {
        self.boot
    }

    pub(crate) fn config(&self) -> &JournalConfig {
        &self.config
    }

    fn next_epoch(&self) -> Result<u64, JournalError> {
        take_epoch(&mut locked(&self.identity), &*self.disk, &self.spares)
    }

    /// Makes a segment of `stream` out of a spare.
    fn prepare(&self, stream: &Stream, ready: &mut Ready) -> io::Result<()> {
        let number = ready.prepared + 1;
        let header = Header {
            stream: stream.id,
            segment: number,
            capacity: stream.geometry.capacity,
            boot: self.boot,
        };
        let spare = self.spares.take(&*self.disk)?;
        let made = self.disk.open_to_write(&spare).and_then(|segment| {
            segment.write_slot(0, &header.encode())?;
            self.disk
                .rename(&spare, &names::segment(stream.id, number))?;
            Ok(segment)
        });
        match made {
            Ok(segment) => {
                // Before the lane can write an entry into it.
                self.folder_moved.store(true, Ordering::Release);
                ready.prepared = number;
                ready.segments.push_back((number, segment));
                Ok(())
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    self.spares.put_back(spare);
                }
                Err(error)
            }
        }
    }
}

/// Takes an epoch; on a full disk a spare gives its room for the small file that this needs.
fn take_epoch(
    identity: &mut Identity,
    disk: &dyn Disk,
    spares: &Spares,
) -> Result<u64, JournalError> {
    match identity.take_epoch(disk) {
        Err(JournalError::Io { source, .. })
            if source.kind() == io::ErrorKind::StorageFull && spares.sacrifice(disk) =>
        {
            identity.take_epoch(disk)
        }
        taken => taken,
    }
}
