//! The housekeeping of a journal: group commit, segments ahead of the lanes, spares, recovery from disk errors.

use std::any::Any;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use adoption::{Clock, Micros};

use crate::disk::{Disk, Folder, JOURNAL};
use crate::entry::StreamId;
use crate::format::{ENTRY_BYTES, Geometry, Header};
use crate::identity::Identity;
use crate::journal::{DiskError, JournalConfig, JournalError};
use crate::names;
use crate::spares::{Peak, Spares};
use crate::stream::{NumberedSegment, Ready, Stream, Successor, locked};

mod backoff;

use backoff::Backoff;

/// Kept segments are looked through this often.
const EXPIRY_INTERVAL_US: i64 = 60 * Micros::PER_SECOND;

/// 1 MiB ahead of a lane at most.
const READIED_MAX: u64 = (1 << 20) / ENTRY_BYTES as u64;

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

    pub(crate) fn refused(&self) {
        self.calls_refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn boot(&self) -> u64 {
        self.boot
    }

    pub(crate) fn config(&self) -> &JournalConfig {
        &self.config
    }

    pub(crate) fn spare_bytes(&self) -> u64 {
        self.spares.bytes()
    }

    pub(crate) fn spare_bytes_wanted(&self) -> u64 {
        let figures = locked(&self.figures);
        figures.peak.spare_bytes_wanted(
            self.clock.now(),
            self.config.spare_bytes,
            self.config.spare_bytes_max,
        )
    }

    pub(crate) fn calls_refused(&self) -> u64 {
        self.calls_refused.load(Ordering::Relaxed)
    }

    pub(crate) fn entries_written(&self) -> u64 {
        let before = locked(&self.figures).entries_before;
        before
            + self
                .live_streams()
                .iter()
                .map(|stream| stream.written())
                .sum::<u64>()
    }

    pub(crate) fn unsynced_age(&self) -> Duration {
        let oldest = self
            .live_streams()
            .iter()
            .filter_map(|stream| stream.unsynced_since())
            .min();
        let age_us = oldest.map_or(0, |since| self.clock.now().0 - since.0);
        Duration::from_micros(u64::try_from(age_us).unwrap_or(0))
    }

    pub(crate) fn is_full(&self) -> bool {
        let refuses = |stream: &Arc<Stream>| {
            let stuck =
                stream.is_failed() && !matches!(*locked(&stream.successor), Successor::Taken);
            !stream.is_closed() && (stream.is_refusing() || stuck)
        };
        self.live_streams().iter().any(refuses)
    }

    pub(crate) fn streams_failed(&self) -> u64 {
        locked(&self.figures).streams_failed
    }

    pub(crate) fn last_error(&self) -> Option<DiskError> {
        locked(&self.figures).last_error.clone()
    }

    fn next_epoch(&self) -> Result<u64, JournalError> {
        take_epoch(&mut locked(&self.identity), &*self.disk, &self.spares)
    }

    /// Syncs the segments of earlier processes: what a killed one wrote may be in memory only, and readers
    /// give out dead streams as if they were on disk.
    fn sync_dead(&self, files: &[(String, u64)]) {
        for (name, _) in files
            .iter()
            .filter(|(name, _)| names::parse_segment(name).is_some())
        {
            let synced = self
                .disk
                .open_to_read(name)
                .and_then(|segment| segment.sync());
            if let Err(error) = synced {
                self.note("sync", name, &error);
            }
        }
        self.folder_moved.store(true, Ordering::Release);
    }

    fn sync(&self, now: Micros) {
        let streams = self.live_streams();
        // Before the folder: a segment's name is on disk before an entry in it counts as synced.
        let written: Vec<u64> = streams.iter().map(|stream| stream.written()).collect();
        if self.folder_moved.swap(false, Ordering::AcqRel)
            && let Err(error) = self.disk.sync_folder(Folder::Journal)
        {
            for stream in &streams {
                self.fail_stream(stream, "sync the folder of", &error);
            }
            self.note("sync", JOURNAL, &error);
        }

        for (stream, written) in streams.iter().zip(written) {
            if stream.is_failed() {
                continue;
            }
            if stream.synced() == written {
                stream.publish_synced(written, now);
                continue;
            }
            match stream.sync_segments(written) {
                Ok(()) => {
                    let moved = written - stream.synced();
                    stream.publish_synced(written, now);
                    // As much as the last interval wrote, and a quarter: pages readied and not written cost a
                    // write of zeros each.
                    stream.ready_room((moved + moved / 4).min(READIED_MAX));
                    locked(&self.figures).backoff.succeeded();
                }
                Err(error) => self.fail_stream(stream, "sync", &error),
            }
        }
    }

    /// Closed streams that are on disk, or never will be, become dead.
    fn let_go(&self) {
        for stream in self.live_streams() {
            // Closed is read first: nothing is written after it.
            if !stream.is_closed() || !(stream.is_failed() || stream.synced() == stream.written()) {
                continue;
            }
            if let Successor::Waiting(orphan) = &*locked(&stream.successor) {
                orphan.close();
            }
            self.discard_ready(&stream);
            locked(&self.figures).entries_before += stream.written();
            locked(&self.streams).retain(|other| other.id != stream.id);
        }
    }

    fn discard_ready(&self, stream: &Stream) {
        for (number, _) in locked(&stream.ready).segments.drain(..).rev() {
            let name = names::segment(stream.id, number);
            if let Err(error) = self.disk.remove(&name) {
                self.note("remove", &name, &error);
            }
        }
    }

    fn replace_failed(&self, now: Micros) {
        for stream in self.live_streams() {
            let alone = matches!(*locked(&stream.successor), Successor::None);
            if !stream.is_failed()
                || stream.is_closed()
                || !alone
                || !locked(&self.figures).backoff.may_try(now)
            {
                continue;
            }
            match self
                .next_epoch()
                .and_then(|epoch| self.start_stream(stream.id.lane, epoch))
            {
                Ok(successor) => *locked(&stream.successor) = Successor::Waiting(successor),
                Err(error) => {
                    self.note_journal_error(&error);
                    locked(&self.figures).backoff.failed(now);
                }
            }
        }
    }

    fn prepare_ahead(&self) {
        for stream in self.live_streams() {
            let mut ready = locked(&stream.ready);
            if stream.is_closed() || stream.is_failed() || !ready.segments.is_empty() {
                continue;
            }
            if let Err(error) = self.prepare(&stream, &mut ready) {
                self.note("make a segment in", JOURNAL, &error);
            }
        }
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

    fn keep_spares(&self, now: Micros) {
        let entries = self.entries_written();
        locked(&self.figures).peak.measure(now, entries);
        let wanted = self.spare_bytes_wanted();
        if let Err(error) = self.spares.keep(&*self.disk, wanted) {
            self.note("make a spare segment in", JOURNAL, &error);
        }
    }

    fn expire_applied(&self, now: Micros) {
        {
            let mut figures = locked(&self.figures);
            if now.0 - figures.expired_at.0 < EXPIRY_INTERVAL_US {
                return;
            }
            figures.expired_at = now;
        }
        let keep_us = i64::try_from(self.config.keep_applied.as_micros()).unwrap_or(i64::MAX);
        let files = match self.disk.journal_files() {
            Ok(files) => files,
            Err(error) => return self.note("list", JOURNAL, &error),
        };
        for (name, _) in files {
            let expired =
                names::parse_applied(&name).is_some_and(|at| now.0.saturating_sub(at.0) >= keep_us);
            if expired && let Err(error) = self.disk.remove(&name) {
                self.note("remove", &name, &error);
            }
        }
    }

    fn note_journal_error(&self, error: &JournalError) {
        let cause = std::error::Error::source(error)
            .map(|cause| format!(": {cause}"))
            .unwrap_or_default();
        self.record(format!("{error}{cause}"));
    }

    pub(crate) fn note(&self, what: &'static str, name: &str, error: &io::Error) {
        self.record(format!(
            "cannot {what} {}: {error}",
            self.disk.path(name).display()
        ));
    }

    /// Logs an error when it is another one than the last: a full disk says the same thing ten times a second.
    fn record(&self, message: String) {
        let mut figures = locked(&self.figures);
        if figures
            .last_error
            .as_ref()
            .is_none_or(|last| last.message != message)
        {
            tracing::warn!("usage journal: {message}");
        }
        figures.last_error = Some(DiskError {
            at: self.clock.now(),
            message,
        });
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
