//! The bytes on disk: segment headers, 80-byte entries, and which slot holds which sequence.

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin, Outcome, SurfaceId,
};
use crc32c::{crc32c, crc32c_append};

use crate::entry::{
    Call, ClientNumber, Entry, EntryBody, Settlement, ShapeNumber, ShapePart, Shapes, StreamId,
};

/// A reserve needs 24 bytes of frame (CRC, kind, three small fields, sequence, synced mark), 16 of status,
/// attempts, client number and start, and 40 of ids: exactly 80. So does a settle; a client needs 28 and its text, a part
/// of a shape 32 and its bits.
pub(crate) const ENTRY_BYTES: usize = 80;
/// 80 - 28 bytes of text, of which the name may take 32.
pub(crate) const CLIENT_NAME_BYTES_MAX: usize = 32;
pub(crate) const CLIENT_VERSION_BYTES_MAX: usize = 20;
/// 80 - 32 bytes: 384 leaves.
pub(crate) const SHAPE_PART_BYTES: usize = 48;
/// 32 parts: 12,288 leaves, three times what one operation may have.
pub(crate) const SHAPE_PARTS_MAX: usize = 32;

pub(crate) type Slot = [u8; ENTRY_BYTES];

const MAGIC: [u8; 8] = *b"TOWPATHJ";
pub(crate) const VERSION: u32 = 1;

const KIND_RESERVE: u8 = 1;
const KIND_SETTLE: u8 = 2;
const KIND_CLIENT: u8 = 3;
const KIND_SHAPE: u8 = 4;

/// Where the sequences of a stream lie: slot 0 of each segment is its header, the others hold entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Entries per segment, at least 1.
    pub(crate) capacity: u64,
}

impl Geometry {
    pub(crate) fn of_segment_bytes(segment_bytes: u64) -> Self {
        Self {
            capacity: (segment_bytes / ENTRY_BYTES as u64)
                .saturating_sub(1)
                .max(1),
        }
    }

    /// The segment (from 1) that holds `seq` (from 1).
    pub(crate) fn segment_of(self, seq: u64) -> u32 {
        u32::try_from((seq - 1) / self.capacity + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn offset_of(self, seq: u64) -> u64 {
        (1 + (seq - 1) % self.capacity) * ENTRY_BYTES as u64
    }

    pub(crate) fn first_seq(self, segment: u32) -> u64 {
        (u64::from(segment) - 1) * self.capacity + 1
    }

    pub(crate) fn last_seq(self, segment: u32) -> u64 {
        u64::from(segment) * self.capacity
    }
}

/// What slot 0 of a segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) stream: StreamId,
    pub(crate) segment: u32,
    pub(crate) capacity: u64,
    /// Which run of the machine wrote it: within one run the page cache keeps what a killed process wrote.
    pub(crate) boot: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderError {
    Damaged,
    /// Written by a later version of the format.
    Version(u32),
}

impl Header {
    pub(crate) fn encode(&self) -> Slot {
        let geometry = Geometry {
            capacity: self.capacity,
        };
        let mut slot = [0; ENTRY_BYTES];
        slot[0..8].copy_from_slice(&MAGIC);
        put_u32(&mut slot, 8, VERSION);
        put_u32(&mut slot, 12, ENTRY_BYTES as u32);
        put_u64(&mut slot, 16, self.stream.gateway);
        put_u64(&mut slot, 24, self.stream.epoch);
        put_u16(&mut slot, 32, self.stream.lane);
        put_u32(&mut slot, 36, self.segment);
        put_u64(&mut slot, 40, geometry.first_seq(self.segment));
        put_u64(&mut slot, 48, self.capacity);
        put_u64(&mut slot, 56, self.boot);
        let crc = crc32c(&slot[..76]);
        put_u32(&mut slot, 76, crc);
        slot
    }

    /// Reads the header of the file that is named as segment `segment` of `stream`.
    pub(crate) fn decode(slot: &Slot, stream: StreamId, segment: u32) -> Result<Self, HeaderError> {
        if slot[0..8] != MAGIC || crc32c(&slot[..76]) != get_u32(slot, 76) {
            return Err(HeaderError::Damaged);
        }
        let version = get_u32(slot, 8);
        if version != VERSION {
            return Err(HeaderError::Version(version));
        }
        let header = Self {
            stream,
            segment,
            capacity: get_u64(slot, 48),
            boot: get_u64(slot, 56),
        };
        // Encoding again checks every other field at once, the padding too.
        if segment == 0 || header.capacity == 0 || header.encode() != *slot {
            return Err(HeaderError::Damaged);
        }
        Ok(header)
    }
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// All zero: preallocated and not written.
    Empty,
    /// `synced` is what the writer knew to be on disk of its stream when it wrote the entry.
    Entry { entry: Entry, synced: u64 },
    /// Neither: torn, damaged, or of another stream.
    Bad,
}

/// Writes and reads the entries of one stream: their CRC starts from the stream's identity, so that an
/// entry of another stream, or a recycled block, never verifies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Codec {
    seed: u32,
}

impl Codec {
    pub(crate) fn new(stream: StreamId) -> Self {
        let mut identity = [0; 22];
        identity[0..4].copy_from_slice(&VERSION.to_le_bytes());
        identity[4..12].copy_from_slice(&stream.gateway.to_le_bytes());
        identity[12..20].copy_from_slice(&stream.epoch.to_le_bytes());
        identity[20..22].copy_from_slice(&stream.lane.to_le_bytes());
        Self {
            seed: crc32c(&identity),
        }
    }

    pub(crate) fn reserve(
        self,
        seq: u64,
        synced: u64,
        call: &Call,
        status: u16,
        origin: Origin,
        attempts: u16,
    ) -> Slot {
        let mut slot = frame(
            KIND_RESERVE,
            [origin as u8, call.client_class as u8, 0],
            seq,
            synced,
        );
        put_u16(&mut slot, 24, status);
        put_u16(&mut slot, 26, attempts);
        put_u32(&mut slot, 28, call.client.0);
        put_u64(&mut slot, 32, call.started_at.0.cast_unsigned());
        put_u64(&mut slot, 40, call.surface.raw());
        put_u64(&mut slot, 48, call.operation.raw());
        put_u64(&mut slot, 56, call.consumer.raw());
        put_u64(&mut slot, 64, call.key.raw());
        put_u64(&mut slot, 72, call.contract.raw());
        self.seal(slot)
    }

    pub(crate) fn settle(
        self,
        seq: u64,
        synced: u64,
        reserve_seq: u64,
        settlement: &Settlement,
    ) -> Slot {
        let mut slot = frame(KIND_SETTLE, [settlement.outcome as u8, 0, 0], seq, synced);
        put_u64(&mut slot, 24, reserve_seq);
        put_u64(&mut slot, 32, settlement.bytes_in);
        put_u64(&mut slot, 40, settlement.bytes_out);
        put_u64(&mut slot, 48, settlement.latency_us);
        put_u64(&mut slot, 56, settlement.upstream_us);
        put_u64(&mut slot, 64, settlement.units);
        put_u32(&mut slot, 72, settlement.shapes.request.0);
        put_u32(&mut slot, 76, settlement.shapes.response.0);
        self.seal(slot)
    }

    /// One part of a shape; its bits fit.
    pub(crate) fn shape(self, seq: u64, synced: u64, number: u32, part: &ShapePart) -> Slot {
        let small = [part.index, part.count, part.bits.len() as u8];
        let mut slot = frame(KIND_SHAPE, small, seq, synced);
        put_u32(&mut slot, 24, number);
        put_u32(&mut slot, 28, part.table);
        slot[32..32 + part.bits.len()].copy_from_slice(&part.bits);
        self.seal(slot)
    }

    /// `name` and `version` fit their limits already.
    pub(crate) fn client(
        self,
        seq: u64,
        synced: u64,
        number: u32,
        name: &str,
        version: &str,
    ) -> Slot {
        let lengths = [name.len() as u8, version.len() as u8, 0];
        let mut slot = frame(KIND_CLIENT, lengths, seq, synced);
        put_u32(&mut slot, 24, number);
        slot[28..28 + name.len()].copy_from_slice(name.as_bytes());
        slot[28 + name.len()..28 + name.len() + version.len()].copy_from_slice(version.as_bytes());
        self.seal(slot)
    }

    /// What `slot` holds where the entry `seq` belongs.
    pub(crate) fn decode(self, slot: &Slot, seq: u64) -> Content {
        // Sequences start at 1: a slot of zeros has none.
        if get_u64(slot, 8) != seq || get_u32(slot, 0) != self.crc(slot) {
            let is_empty = *slot == [0; ENTRY_BYTES];
            return if is_empty {
                Content::Empty
            } else {
                Content::Bad
            };
        }
        match decode_body(slot) {
            Some(body) => Content::Entry {
                entry: Entry { seq, body },
                synced: get_u64(slot, 16),
            },
            None => Content::Bad,
        }
    }

    fn seal(self, mut slot: Slot) -> Slot {
        let crc = self.crc(&slot);
        put_u32(&mut slot, 0, crc);
        slot
    }

    fn crc(self, slot: &Slot) -> u32 {
        crc32c_append(self.seed, &slot[4..])
    }
}

fn frame(kind: u8, small: [u8; 3], seq: u64, synced: u64) -> Slot {
    let mut slot = [0; ENTRY_BYTES];
    slot[4] = kind;
    slot[5..8].copy_from_slice(&small);
    put_u64(&mut slot, 8, seq);
    put_u64(&mut slot, 16, synced);
    slot
}

fn decode_body(slot: &Slot) -> Option<EntryBody> {
    match slot[4] {
        KIND_RESERVE => Some(EntryBody::Reserve {
            call: Call {
                surface: SurfaceId::from_raw(get_u64(slot, 40)),
                operation: OperationId::from_raw(get_u64(slot, 48)),
                consumer: ConsumerId::from_raw(get_u64(slot, 56)),
                key: KeyId::from_raw(get_u64(slot, 64)),
                contract: ContractId::from_raw(get_u64(slot, 72)),
                client: ClientNumber(get_u32(slot, 28)),
                client_class: ClientClass::from_raw(slot[6])?,
                started_at: Micros(get_u64(slot, 32).cast_signed()),
            },
            status: get_u16(slot, 24),
            origin: Origin::from_raw(slot[5])?,
            attempts: get_u16(slot, 26),
        }),
        KIND_SETTLE => Some(EntryBody::Settle {
            reserve_seq: get_u64(slot, 24),
            settlement: Settlement {
                bytes_in: get_u64(slot, 32),
                bytes_out: get_u64(slot, 40),
                latency_us: get_u64(slot, 48),
                upstream_us: get_u64(slot, 56),
                units: get_u64(slot, 64),
                outcome: Outcome::from_raw(slot[5])?,
                shapes: Shapes {
                    request: ShapeNumber(get_u32(slot, 72)),
                    response: ShapeNumber(get_u32(slot, 76)),
                },
            },
        }),
        KIND_CLIENT => {
            let name_end = 28 + usize::from(slot[5]);
            let version_end = name_end + usize::from(slot[6]);
            let text = |range| Some(std::str::from_utf8(slot.get(range)?).ok()?.to_owned());
            Some(EntryBody::Client {
                number: ClientNumber(get_u32(slot, 24)),
                name: text(28..name_end)?,
                version: text(name_end..version_end)?,
            })
        }
        KIND_SHAPE => Some(EntryBody::Shape {
            number: ShapeNumber(get_u32(slot, 24)),
            part: ShapePart {
                index: slot[5],
                count: slot[6],
                table: get_u32(slot, 28),
                bits: slot.get(32..32 + usize::from(slot[7]))?.to_vec(),
            },
        }),
        _ => None,
    }
}

/// `text` cut to at most `bytes_max` bytes, between characters.
pub(crate) fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

fn put_u16(slot: &mut Slot, at: usize, value: u16) {
    slot[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put_u32(slot: &mut Slot, at: usize, value: u32) {
    slot[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn put_u64(slot: &mut Slot, at: usize, value: u64) {
    slot[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

fn get_u16(slot: &Slot, at: usize) -> u16 {
    u16::from_le_bytes([slot[at], slot[at + 1]])
}

fn get_u32(slot: &Slot, at: usize) -> u32 {
    u32::from_le_bytes([slot[at], slot[at + 1], slot[at + 2], slot[at + 3]])
}

fn get_u64(slot: &Slot, at: usize) -> u64 {
    u64::from(get_u32(slot, at)) | u64::from(get_u32(slot, at + 4)) << 32
}
