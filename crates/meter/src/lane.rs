//! The writing end of one stream: reserve, settle, client names.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;

use adoption::Origin;

use crate::config::Durability;
use crate::entry::{Call, ClientNumber, Settlement, ShapeNumber, StreamId};
use crate::keeper::Keeper;
use crate::stream::{Durable, Stream};

mod clients;
mod dictionary;
mod full;
mod pen;
mod reservation;
mod shapes;
mod writer;

pub use full::{JournalFull, NotDurable};
pub use reservation::Reservation;
use writer::Writer;

/// The writing end of one stream; can be sent to a thread, used by one at a time. Usually makes neither an
/// allocation nor a system call per entry. Dropping it ends its stream.
pub struct Lane {
    keeper: Arc<Keeper>,
    writer: RefCell<Writer>,
}

impl Lane {
    pub(crate) fn new(keeper: Arc<Keeper>, stream: Arc<Stream>) -> io::Result<Self> {
        let writer = RefCell::new(Writer::new(&keeper, stream)?);
        Ok(Self { keeper, writer })
    }

    /// The stream that the last reserve went to; another one after a disk failure.
    pub fn stream(&self) -> StreamId {
        self.writer.borrow().pen.stream.id
    }

    /// Journals a call before its response head leaves, with room set aside for its settle. `attempts` is the
    /// number of requests sent upstream for it.
    pub fn reserve(
        &self,
        call: &Call,
        status: u16,
        origin: Origin,
        attempts: u16,
    ) -> Result<Reservation, JournalFull> {
        let reserved =
            self.writer
                .borrow_mut()
                .reserve(&self.keeper, call, status, origin, attempts);
        if reserved.is_err() {
            self.keeper.refused();
        }
        reserved
    }

    /// Makes sure that `calls` more calls can be journalled, so that a caller can refuse work before it is done.
    pub fn make_room(&self, calls: u64) -> Result<(), JournalFull> {
        let room = self.writer.borrow_mut().make_room(&self.keeper, calls);
        if room.is_err() {
            self.keeper.refused();
        }
        room
    }

    /// Journals the end of a call. Cannot fail: its room was set aside by the reserve. Where entries are written
    /// with `pwrite` and the disk refuses, the settle is kept and tried again with the next.
    pub fn settle(&self, reservation: Reservation, settlement: &Settlement) {
        self.writer
            .borrow_mut()
            .settle(&self.keeper, &reservation, settlement);
    }

    /// The number of a client in this lane: `name` is cut to 32 bytes, `version` to 20. Allocates for a new client
    /// only; [`ClientNumber::OTHER`] when `name` is empty or the dictionary has no place to give.
    pub fn client(&self, name: &str, version: &str) -> ClientNumber {
        self.writer.borrow_mut().clients.number_of(name, version)
    }

    /// The number of a set of leaves in this lane, the lowest bit of the first byte for leaf 0 of `table`. Allocates for
    /// a new set only; [`ShapeNumber::UNOBSERVED`] when the dictionary has no place to give, or the set is too large.
    pub fn shape(&self, table: u32, bits: &[u8]) -> ShapeNumber {
        self.writer.borrow_mut().shapes.number_of(table, bits)
    }

    /// With [`Durability::Strict`], waits until the reserve is on disk; with [`Durability::Group`] is ready at once.
    pub async fn durable(&self, reservation: &Reservation) -> Result<(), NotDurable> {
        if self.keeper.config().durability == Durability::Group {
            return Ok(());
        }
        let Some(stream) = self.writer.borrow().stream(reservation.stream) else {
            return Err(NotDurable);
        };
        poll_fn(|context| {
            if stream.durable(reservation.seq) == Durable::NotYet {
                stream.wait(reservation.seq, context.waker().clone());
                self.keeper.wake();
            }
            // Asked after the waker is in place, so that a sync between the two is not missed.
            match stream.durable(reservation.seq) {
                Durable::Yes => Poll::Ready(Ok(())),
                Durable::Never => Poll::Ready(Err(NotDurable)),
                Durable::NotYet => Poll::Pending,
            }
        })
        .await
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let writer = self.writer.get_mut();
        for pen in writer.earlier.iter_mut().chain([&mut writer.pen]) {
            if pen.write_late().is_err() {
                tracing::error!(stream = %pen.stream.id, "settles of {} could not be written", pen.stream.id);
            }
            pen.stream.close();
        }
        self.keeper.wake();
    }
}
