//! The writing end of one stream: reserve, settle, client names.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;

use adoption::Origin;

use crate::entry::{Call, ClientNumber, Settlement, StreamId};
use crate::journal::Durability;
use crate::keeper::Keeper;
use crate::stream::{Durable, Stream, Successor, locked};

mod clients;
mod pen;

use clients::{Clients, Named};
use pen::Pen;

/// Why a call cannot be journalled now. Calls journalled before can still settle; a later call may find room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JournalFull {
    #[error("the disk is full and the spare segments are used up")]
    Space,
    #[error("the disk failed and no new stream could be started yet")]
    Failed,
}

/// The disk failed before this call's entry was known to be on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the disk failed to sync this call's entry")]
pub struct NotDurable;

/// A journalled call that has not settled. Settle it exactly once, on the lane that gave it; one that is dropped
/// keeps its room until its stream ends, and then counts as interrupted.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a reservation that is not settled counts as interrupted"]
pub struct Reservation {
    stream: StreamId,
    seq: u64,
}

impl Reservation {
    pub fn stream(&self) -> StreamId {
        self.stream
    }

    /// Sequence of the reserve entry in its stream.
    pub fn seq(&self) -> u64 {
        self.seq
    }
}

/// The writing end of one stream; can be sent to a thread, used by one at a time. Usually makes neither an
/// allocation nor a system call per entry. Dropping it ends its stream.
pub struct Lane {
    keeper: Arc<Keeper>,
    writer: RefCell<Writer>,
}

struct Writer {
    pen: Pen,
    /// Streams that failed and have calls that did not settle.
    earlier: Vec<Pen>,
    clients: Clients,
}

impl Lane {
    pub(crate) fn new(keeper: Arc<Keeper>, stream: Arc<Stream>) -> io::Result<Self> {
        let pen = Pen::new(&keeper, stream)?;
        let writer = RefCell::new(Writer {
            pen,
            earlier: Vec::new(),
            clients: Clients::new(),
        });
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

impl Writer {
    fn reserve(
        &mut self,
        keeper: &Keeper,
        call: &Call,
        status: u16,
        origin: Origin,
        attempts: u16,
    ) -> Result<Reservation, JournalFull> {
        if self.pen.stream.is_failed() {
            self.succeed(keeper)?;
        }
        let mut client = self.clients.touch(call.client, self.pen.next_segment());
        // The client's name may be told twice, when it takes the last slot of a segment. A call is not refused
        // for want of room for a name.
        if client.is_some_and(|told| !told.is_told) && self.pen.make_room(keeper, 4).is_err() {
            client = None;
        }
        // The call and its settle.
        self.pen.make_room(keeper, 2)?;

        let written = self.tell(client).and_then(|number| {
            let call = Call {
                client: ClientNumber(number),
                ..*call
            };
            self.pen.reserve(&call, status, origin, attempts)
        });
        match written {
            Ok(seq) => Ok(Reservation {
                stream: self.pen.stream.id,
                seq,
            }),
            Err(error) => Err(refusal(keeper, &self.pen, &error)),
        }
    }

    fn settle(&mut self, keeper: &Keeper, reservation: &Reservation, settlement: &Settlement) {
        let pens = self.earlier.iter_mut().chain([&mut self.pen]);
        let Some(pen) = pens
            .into_iter()
            .find(|pen| pen.stream.id == reservation.stream)
        else {
            // A bug of the caller. Writing it here would make this stream unreadable for ever.
            tracing::error!(stream = %reservation.stream, "a call of {} was settled on another lane", reservation.stream);
            debug_assert!(false, "a reservation is settled on the lane that gave it");
            return;
        };
        if let Err(error) = pen.settle(reservation.seq, settlement) {
            refusal(keeper, pen, &error);
        }
        if !self.earlier.is_empty() {
            self.close_earlier();
        }
    }

    fn stream(&self, id: StreamId) -> Option<Arc<Stream>> {
        let mut pens = self.earlier.iter().chain([&self.pen]);
        pens.find(|pen| pen.stream.id == id)
            .map(|pen| Arc::clone(&pen.stream))
    }

    /// Makes sure that the segment of the next entry tells the client's name; gives its number on disk.
    fn tell(&mut self, client: Option<Named>) -> io::Result<u32> {
        let Some(mut client) = client else {
            return Ok(ClientNumber::OTHER.0);
        };
        while !client.is_told {
            let segment = self.pen.next_segment();
            let (name, version) = self.clients.text(client);
            self.pen.client(client.number, name, version)?;
            client = self.clients.told(client, segment, self.pen.next_segment());
        }
        Ok(client.number)
    }

    /// Goes over to the stream that the housekeeping has started after a failure.
    #[cold]
    fn succeed(&mut self, keeper: &Keeper) -> Result<(), JournalFull> {
        let mut place = locked(&self.pen.stream.successor);
        let Successor::Waiting(successor) = &*place else {
            keeper.wake();
            return Err(JournalFull::Failed);
        };
        let pen = Pen::new(keeper, Arc::clone(successor)).map_err(|error| {
            keeper.note("take a segment of", &successor.id.to_string(), &error);
            JournalFull::Failed
        })?;
        *place = Successor::Taken;
        drop(place);

        self.clients.forget_told();
        self.earlier.push(std::mem::replace(&mut self.pen, pen));
        self.close_earlier();
        Ok(())
    }

    fn close_earlier(&mut self) {
        self.earlier.retain(|pen| {
            if pen.is_done() {
                pen.stream.close();
            }
            !pen.is_done()
        });
    }
}

#[cold]
fn refusal(keeper: &Keeper, pen: &Pen, error: &io::Error) -> JournalFull {
    if error.kind() == io::ErrorKind::StorageFull {
        keeper.note("write", &pen.stream.id.to_string(), error);
        return JournalFull::Space;
    }
    keeper.fail_stream(&pen.stream, "write", error);
    keeper.wake();
    JournalFull::Failed
}
