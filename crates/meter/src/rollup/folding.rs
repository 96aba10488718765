//! Folds the entries of one stream, one after the other, each wholly or not at all.

use adoption::{LatencyBucket, Outcome};
use rustc_hash::FxHashMap;

use super::open_calls::{OpenCall, OpenCalls};
use super::rows::{Seen, UsageCounts};
use super::sums::{Sums, UNSEEN};
use crate::entry::{
    Call, ClientNumber, Entry, EntryBody, Settlement, ShapeNumber, ShapePart, StreamId,
};

/// The client of calls whose client is unknown, or did not fit the lane's dictionary.
pub const OTHER_CLIENT: &str = "(other)";

/// Why an entry cannot be folded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    #[error(
        "entry {found} of {stream} follows entry {through_seq}: the entries between are missing"
    )]
    Gap {
        stream: StreamId,
        through_seq: u64,
        found: u64,
    },
    #[error("settle {seq} of {stream} names reserve {reserve_seq}, which is not open")]
    UnknownReserve {
        stream: StreamId,
        seq: u64,
        reserve_seq: u64,
    },
}

/// One stream's entries on their way into `sums`. Names that a reader told are known until it is dropped.
pub struct Folding<'a> {
    stream: StreamId,
    open: &'a mut OpenCalls,
    sums: &'a mut Sums,
    /// The place in `sums` of each client met so far, by number; a number may change its client on the way.
    clients: FxHashMap<ClientNumber, u32>,
    /// The client met last: mostly the next one too.
    client_last: Option<(ClientNumber, u32)>,
    /// Each shape met so far, by number.
    shapes: FxHashMap<ShapeNumber, Shape>,
}

/// A shape on its way: its place in `sums` once all its parts are there.
struct Shape {
    seen: Seen,
    parts: u8,
    place: u32,
}

impl<'a> Folding<'a> {
    pub fn new(stream: StreamId, open: &'a mut OpenCalls, sums: &'a mut Sums) -> Self {
        Self {
            stream,
            open,
            sums,
            clients: FxHashMap::default(),
            client_last: None,
            shapes: FxHashMap::default(),
        }
    }

    /// Folds the entry after the last one; a client or a shape at or before it is only told again. An error changes
    /// nothing: the entries before it are folded, and this one can be tried again.
    pub fn add(&mut self, entry: &Entry) -> Result<(), FoldError> {
        let through_seq = self.open.through_seq();
        if entry.seq != through_seq + 1 {
            if entry.seq <= through_seq && self.learn(&entry.body) {
                return Ok(());
            }
            return Err(FoldError::Gap {
                stream: self.stream,
                through_seq,
                found: entry.seq,
            });
        }

        match &entry.body {
            EntryBody::Reserve {
                call,
                status,
                origin,
                attempts,
            } => {
                let answered = UsageCounts {
                    calls: 1,
                    errors: u64::from(*status >= 400),
                    ours: u64::from(origin.is_ours()),
                    attempts: u64::from(*attempts),
                    ..UsageCounts::default()
                };
                self.reserve(entry.seq, call, *status, &answered);
            }
            EntryBody::Settle {
                reserve_seq,
                settlement,
            } => self.settle(entry.seq, *reserve_seq, settlement)?,
            told => {
                self.learn(told);
            }
        }
        self.open.pass(entry.seq);
        Ok(())
    }

    /// Ends a dead stream that was read to its end: every open call counts as interrupted and is closed.
    /// Doing it again adds nothing.
    pub fn close(&mut self) {
        let interrupted = UsageCounts {
            interrupted: 1,
            ..UsageCounts::default()
        };
        for call in self.open.close() {
            self.sums.interrupt(call.usage_key(), &interrupted);
        }
    }

    fn reserve(&mut self, seq: u64, call: &Call, status: u16, answered: &UsageCounts) {
        let client = self.client(call.client);
        let call = OpenCall::of(seq, call, status);
        let row = self.sums.answer(call.usage_key(), answered, client);
        self.open.open(call, row);
    }

    fn settle(
        &mut self,
        seq: u64,
        reserve_seq: u64,
        settlement: &Settlement,
    ) -> Result<(), FoldError> {
        let Some((call, row)) = self.open.settle(reserve_seq) else {
            return Err(FoldError::UnknownReserve {
                stream: self.stream,
                seq,
                reserve_seq,
            });
        };
        let counts = UsageCounts {
            interrupted: u64::from(settlement.outcome == Outcome::Interrupted),
            units: settlement.units,
            bytes_in: settlement.bytes_in,
            bytes_out: settlement.bytes_out,
            latency_us_sum: settlement.latency_us,
            latency_us_max: settlement.latency_us,
            ..UsageCounts::default()
        };
        let bucket = LatencyBucket::of_us(settlement.latency_us);
        let shapes = settlement.shapes;
        let shapes = (self.shape(shapes.request), self.shape(shapes.response));
        self.sums
            .end(row, call.usage_key(), &counts, bucket, shapes);
        Ok(())
    }

    /// Takes in what an entry tells for others; `false` when it is none that does.
    fn learn(&mut self, body: &EntryBody) -> bool {
        match body {
            EntryBody::Client {
                number,
                name,
                version,
            } => self.name(*number, name, version),
            EntryBody::Shape { number, part } => self.part(*number, part),
            EntryBody::Reserve { .. } | EntryBody::Settle { .. } => return false,
        }
        true
    }

    /// Parts come in order; one that does not fit its shape makes it unknown.
    fn part(&mut self, number: ShapeNumber, part: &ShapePart) {
        if part.index == 0 {
            let seen = Seen {
                table: part.table,
                bits: Vec::new(),
            };
            let shape = Shape {
                seen,
                parts: 0,
                place: UNSEEN,
            };
            self.shapes.insert(number, shape);
        }
        let Some(shape) = self.shapes.get_mut(&number) else {
            return;
        };
        if shape.parts != part.index || shape.seen.table != part.table {
            self.shapes.remove(&number);
            return;
        }
        shape.parts += 1;
        shape.seen.bits.extend_from_slice(&part.bits);
        if shape.parts == part.count {
            shape.place = self.sums.shape(std::mem::take(&mut shape.seen));
        }
    }

    /// The place in `sums` of the shape with that number.
    fn shape(&self, number: ShapeNumber) -> u32 {
        self.shapes.get(&number).map_or(UNSEEN, |shape| shape.place)
    }

    fn name(&mut self, number: ClientNumber, name: &str, version: &str) {
        let place = self.sums.client(name, version);
        self.clients.insert(number, place);
        self.client_last = None;
    }

    /// The place in `sums` of the client with that number.
    fn client(&mut self, number: ClientNumber) -> u32 {
        if let Some((last, place)) = self.client_last
            && last == number
        {
            return place;
        }
        let place = match self.clients.get(&number) {
            Some(place) => *place,
            None => self.sums.client(OTHER_CLIENT, ""),
        };
        self.client_last = Some((number, place));
        place
    }
}
