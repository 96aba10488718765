//! What a journal entry says: a call was answered, a call ended, a client or a shape has a number.

use std::fmt;

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin, Outcome, SurfaceId,
};

/// Names one sequence of entries: (gateway, epoch, lane). No two streams ever share an id, because the
/// epoch is durably new at every open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    pub gateway: u64,
    pub epoch: u64,
    pub lane: u16,
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:016x}-{:016x}-{:04x}",
            self.gateway, self.epoch, self.lane
        )
    }
}

/// A client's place in one lane's dictionary, good for the life of that lane. If the place went to another
/// client since, calls with the old number count as [`ClientNumber::OTHER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientNumber(pub u32);

impl ClientNumber {
    /// The client is unknown, or the dictionary was full.
    pub const OTHER: Self = Self(0);
}

/// A shape's place in one lane's dictionary, good for the life of that lane. If the place went to another shape since,
/// calls with the old number count as [`ShapeNumber::UNOBSERVED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ShapeNumber(pub u32);

impl ShapeNumber {
    /// Nobody saw what was sent, or the dictionary was full: the evidence has a gap.
    pub const UNOBSERVED: Self = Self(0);
}

/// What was seen of one call: which leaves of its contract were sent, and which were delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shapes {
    pub request: ShapeNumber,
    pub response: ShapeNumber,
}

/// Identity of one call, known before its response head leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    pub surface: SurfaceId,
    pub operation: OperationId,
    pub consumer: ConsumerId,
    pub key: KeyId,
    pub contract: ContractId,
    pub client: ClientNumber,
    pub client_class: ClientClass,
    /// Gateway wall clock when the request head was complete; decides the minute the call counts in.
    pub started_at: Micros,
}

/// What is known only when a call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Body bytes from the consumer.
    pub bytes_in: u64,
    /// Body bytes to the consumer.
    pub bytes_out: u64,
    /// From the complete request head to the last body byte handed over, in microseconds.
    pub latency_us: u64,
    /// The part of it spent waiting for the upstream, in microseconds; 0 when it was never asked.
    pub upstream_us: u64,
    pub units: u64,
    pub outcome: Outcome,
    pub shapes: Shapes,
}

/// An entry with its place in its stream; sequences start at 1 and have no gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: u64,
    pub body: EntryBody,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryBody {
    /// A call was answered: it counts from here. `attempts` is the number of requests sent upstream for it.
    Reserve {
        call: Call,
        status: u16,
        origin: Origin,
        attempts: u16,
    },
    /// The call whose reserve has sequence `reserve_seq` has ended.
    Settle {
        reserve_seq: u64,
        settlement: Settlement,
    },
    /// From here on `number` means this client.
    Client {
        number: ClientNumber,
        name: String,
        version: String,
    },
    /// From here on `number` means this shape, once its last part is told; the parts follow one another.
    Shape {
        number: ShapeNumber,
        part: ShapePart,
    },
}

/// A piece of a shape: a set of leaves of a table, the lowest bit of the first byte for leaf 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapePart {
    /// From 0.
    pub index: u8,
    /// How many parts the shape has.
    pub count: u8,
    /// Which table numbers the leaves.
    pub table: u32,
    pub bits: Vec<u8>,
}
