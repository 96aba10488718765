//! What a lane writes with: its pen, those of failed streams, its dictionaries of clients and shapes.

use std::io;
use std::sync::Arc;

use adoption::Origin;

use super::clients::Clients;
use super::dictionary::{Known, PLACES_MAX};
use super::full::JournalFull;
use super::pen::Pen;
use super::reservation::Reservation;
use super::shapes::Shapes;
use crate::entry::{self, Call, ClientNumber, Settlement, ShapeNumber, StreamId};
use crate::keeper::Keeper;
use crate::stream::{Stream, Successor, locked};

pub(super) struct Writer {
    pub(super) pen: Pen,
    /// Streams that failed and have calls that did not settle.
    pub(super) earlier: Vec<Pen>,
    pub(super) clients: Clients,
    pub(super) shapes: Shapes,
}

impl Writer {
    pub(super) fn new(keeper: &Keeper, stream: Arc<Stream>) -> io::Result<Self> {
        Ok(Self {
            pen: Pen::new(keeper, stream)?,
            earlier: Vec::new(),
            clients: Clients::new(),
            shapes: Shapes::new(),
        })
    }

    pub(super) fn make_room(&mut self, keeper: &Keeper, calls: u64) -> Result<(), JournalFull> {
        if self.pen.stream.is_failed() {
            self.succeed(keeper)?;
        }
        // A call takes two entries.
        self.pen.make_room(keeper, 2 * calls)
    }

    pub(super) fn reserve(
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
        let mut client = self.clients.0.touch(call.client.0, self.pen.next_segment());
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

    pub(super) fn settle(
        &mut self,
        keeper: &Keeper,
        reservation: &Reservation,
        settlement: &Settlement,
    ) {
        let mut settlement = *settlement;
        // A stream that failed is told nothing more: what was seen of its last calls is a gap.
        settlement.shapes = match reservation.stream == self.pen.stream.id {
            true => self.tell_shapes(keeper, settlement.shapes),
            false => entry::Shapes::default(),
        };
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
        if let Err(error) = pen.settle(reservation.seq, &settlement) {
            refusal(keeper, pen, &error);
        }
        if !self.earlier.is_empty() {
            self.close_earlier();
        }
    }

    pub(super) fn stream(&self, id: StreamId) -> Option<Arc<Stream>> {
        let mut pens = self.earlier.iter().chain([&self.pen]);
        pens.find(|pen| pen.stream.id == id)
            .map(|pen| Arc::clone(&pen.stream))
    }

    /// Makes sure that the segment of the next entry tells the client's name; gives its number on disk.
    fn tell(&mut self, client: Option<Known>) -> io::Result<u32> {
        let Some(mut client) = client else {
            return Ok(ClientNumber::OTHER.0);
        };
        while !client.is_told {
            let segment = self.pen.next_segment();
            let (name, version) = self.clients.text(client);
            self.pen.client(client.number, name, version)?;
            client = self
                .clients
                .0
                .told(client, segment, self.pen.next_segment());
        }
        Ok(client.number)
    }

    /// Makes sure that the segment of the next entry tells both shapes; gives their numbers on disk. One that cannot be
    /// told counts as not observed.
    fn tell_shapes(&mut self, keeper: &Keeper, shapes: entry::Shapes) -> entry::Shapes {
        let mut numbers = [shapes.request, shapes.response];
        // The last slot of a segment may be taken on the way; then they are told again in the next.
        for _ in 0..2 {
            let segment = self.pen.next_segment();
            for number in &mut numbers {
                if self.tell_shape(keeper, *number, segment).is_none() {
                    *number = ShapeNumber::UNOBSERVED;
                }
            }
            if self.pen.next_segment() == segment {
                let on_disk = |number: ShapeNumber| match number {
                    ShapeNumber::UNOBSERVED => number,
                    number => ShapeNumber(number.0 & PLACES_MAX as u32),
                };
                return entry::Shapes {
                    request: on_disk(numbers[0]),
                    response: on_disk(numbers[1]),
                };
            }
        }
        entry::Shapes::default()
    }

    fn tell_shape(&mut self, keeper: &Keeper, number: ShapeNumber, segment: u32) -> Option<()> {
        let known = self.shapes.0.touch(number.0, segment)?;
        if known.is_told {
            return Some(());
        }
        // In this segment or, once more, in the next.
        let entries = self.shapes.entries(known);
        self.pen.make_room(keeper, 2 * entries).ok()?;
        for part in self.shapes.parts(known) {
            if let Err(error) = self.pen.shape(known.number, &part) {
                refusal(keeper, &self.pen, &error);
                return None;
            }
        }
        let next = self.pen.next_segment();
        if next == segment {
            self.shapes.0.told(known, segment, next);
        }
        Some(())
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

        self.clients.0.forget_told();
        self.shapes.0.forget_told();
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
