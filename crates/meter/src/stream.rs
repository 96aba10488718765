//! One live stream as its lane, the housekeeping and the readers see it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use adoption::Micros;

use crate::disk::Segment;
use crate::entry::StreamId;
use crate::format::{ENTRY_BYTES, Geometry};

/// A segment file that a lane may write to, with its number in the stream.
pub(crate) type NumberedSegment = (u32, Arc<dyn Segment>);

pub(crate) struct Stream {
    pub(crate) id: StreamId,
    pub(crate) geometry: Geometry,
    /// The last sequence that is whole in its segment; Release by the lane.
    written: AtomicU64,
    /// The last sequence that is on disk with all before it; Release by the housekeeping.
    synced: AtomicU64,
    synced_at: AtomicI64,
    /// A sync or a write failed: nothing of it counts as synced any more, no new call goes to it.
    failed: AtomicBool,
    /// The lane let go of it: nothing is written any more.
    closed: AtomicBool,
    /// The lane is refusing calls for want of room.
    refusing: AtomicBool,
    /// Segments given to the lane whose entries may not all be on disk, in order.
    unsynced: Mutex<VecDeque<NumberedSegment>>,
    pub(crate) ready: Mutex<Ready>,
    waiters: Mutex<Vec<Waiter>>,
    pub(crate) successor: Mutex<Successor>,
}

/// Segments prepared for the lane, with headers, under their final names.
#[derive(Default)]
pub(crate) struct Ready {
    /// How many segments the stream has, given to the lane or ready.
    pub(crate) prepared: u32,
    pub(crate) segments: VecDeque<NumberedSegment>,
}

/// The stream that takes over after a failure.
#[derive(Default)]
pub(crate) enum Successor {
    #[default]
    None,
    /// Started; the lane does not know yet.
    Waiting(Arc<Stream>),
    Taken,
}

struct Waiter {
    seq: u64,
    waker: Waker,
}

/// Whether an entry is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durable {
    Yes,
    NotYet,
    Never,
}

impl Stream {
    pub(crate) fn new(id: StreamId, geometry: Geometry, now: Micros) -> Self {
        Self {
            id,
            geometry,
            written: AtomicU64::new(0),
            synced: AtomicU64::new(0),
            synced_at: AtomicI64::new(now.0),
            failed: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            refusing: AtomicBool::new(false),
            unsynced: Mutex::default(),
            ready: Mutex::default(),
            waiters: Mutex::default(),
            successor: Mutex::default(),
        }
    }

    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    pub(crate) fn synced(&self) -> u64 {
        self.synced.load(Ordering::Acquire)
    }

    /// By the lane alone, after the entry is whole.
    pub(crate) fn publish_written(&self, seq: u64) {
        self.written.store(seq, Ordering::Release);
    }

    pub(crate) fn is_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Gives up on the stream; true the first time.
    pub(crate) fn fail(&self) -> bool {
        let first = !self.failed.swap(true, Ordering::AcqRel);
        self.wake();
        first
    }

    pub(crate) fn is_refusing(&self) -> bool {
        self.refusing.load(Ordering::Relaxed)
    }

    pub(crate) fn set_refusing(&self, refusing: bool) {
        self.refusing.store(refusing, Ordering::Relaxed);
    }

    /// How far a reader may read while the stream is live. After a failure nothing more will ever be known to
    /// be on disk, and waiting can only lose entries that memory still has: all that was written is given out.
    pub(crate) fn readable(&self) -> u64 {
        if self.is_failed() {
            self.written()
        } else {
            self.synced()
        }
    }

    /// Since when the oldest entry that is not on disk may have been waiting; `None` when all are.
    pub(crate) fn unsynced_since(&self) -> Option<Micros> {
        (self.written() > self.synced()).then(|| Micros(self.synced_at.load(Ordering::Relaxed)))
    }

    /// The lane took `segment`; it is synced from now on.
    pub(crate) fn given(&self, segment: &NumberedSegment) {
        locked(&self.unsynced).push_back(segment.clone());
    }

    /// Syncs every segment that holds entries through `written`.
    pub(crate) fn sync_segments(&self, written: u64) -> std::io::Result<()> {
        let moved: Vec<_> = locked(&self.unsynced)
            .iter()
            .filter(|(number, _)| self.geometry.first_seq(*number) <= written)
            .cloned()
            .collect();
        moved.iter().try_for_each(|(_, segment)| segment.sync())
    }

    /// Readies the room for the next `entries` entries, as far as the lane has it.
    pub(crate) fn ready_room(&self, entries: u64) {
        let first = self.written() + 1;
        let last = first + entries;
        let unsynced: Vec<_> = locked(&self.unsynced).iter().cloned().collect();
        for (number, segment) in unsynced {
            let from = first.max(self.geometry.first_seq(number));
            let through = last.min(self.geometry.last_seq(number));
            if from <= through {
                let offset = self.geometry.offset_of(from);
                segment.ready(offset, (through - from + 1) * ENTRY_BYTES as u64);
            }
        }
    }

    /// Everything through `seq` is on disk, as of `now`.
    pub(crate) fn publish_synced(&self, seq: u64, now: Micros) {
        self.synced.store(seq, Ordering::Release);
        self.synced_at.store(now.0, Ordering::Relaxed);
        locked(&self.unsynced).retain(|(number, _)| self.geometry.last_seq(*number) > seq);
        self.wake();
    }

    pub(crate) fn durable(&self, seq: u64) -> Durable {
        if self.synced() >= seq {
            Durable::Yes
        } else if self.is_failed() {
            Durable::Never
        } else {
            Durable::NotYet
        }
    }

    /// Has `waker` woken when `seq` is on disk or never will be. Ask [`Stream::durable`] again after.
    pub(crate) fn wait(&self, seq: u64, waker: Waker) {
        locked(&self.waiters).push(Waiter { seq, waker });
    }

    fn wake(&self) {
        let done: Vec<_> = locked(&self.waiters)
            .extract_if(.., |waiter| self.durable(waiter.seq) != Durable::NotYet)
            .collect();
        for waiter in done {
            waiter.waker.wake();
        }
    }
}

/// Locks where a panic of another holder cannot have left anything half done.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
