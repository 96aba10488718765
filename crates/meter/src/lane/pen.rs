//! The writing point of one stream: its open segments, its room, its next sequence.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use adoption::Origin;

use super::full::JournalFull;
use crate::disk::Segment;
use crate::entry::{Call, Settlement, ShapePart, Shapes};
use crate::format::{Codec, Slot};
use crate::keeper::Keeper;
use crate::stream::{NumberedSegment, Stream};

/// Upholds: `room` slots can be written without asking anybody, and `outstanding <= room`, so that every call
/// that was reserved can settle.
pub(super) struct Pen {
    pub(super) stream: Arc<Stream>,
    codec: Codec,
    /// The last sequence written.
    seq: u64,
    /// Number of the segment that holds the next sequence.
    number: u32,
    segment: Arc<dyn Segment>,
    /// The last sequence that `segment` holds, and where the next one goes in it.
    last_seq: u64,
    offset: u64,
    /// Segments after it that are ours already.
    ahead: VecDeque<NumberedSegment>,
    /// Free slots in `segment` and `ahead`.
    room: u64,
    /// Reserves without settle.
    outstanding: u64,
    /// Settles that could not be written; only with `pwrite`, which may fail.
    late: Vec<(u64, Settlement)>,
    /// The round of housekeeping in which the disk last had no room for us.
    refused_in: Option<u64>,
}

impl Pen {
    pub(super) fn new(keeper: &Keeper, stream: Arc<Stream>) -> io::Result<Self> {
        let (number, segment) = keeper.take_segment(&stream)?;
        Ok(Self {
            codec: Codec::new(stream.id),
            seq: 0,
            number,
            segment,
            last_seq: stream.geometry.last_seq(number),
            offset: stream.geometry.offset_of(1),
            ahead: VecDeque::new(),
            room: stream.geometry.capacity,
            outstanding: 0,
            late: Vec::new(),
            refused_in: None,
            stream,
        })
    }

    /// The segment that the next entry goes to.
    pub(super) fn next_segment(&self) -> u32 {
        if self.seq < self.last_seq {
            self.number
        } else {
            self.number + 1
        }
    }

    /// Nothing of this stream will be written any more.
    pub(super) fn is_done(&self) -> bool {
        self.outstanding == 0 && self.late.is_empty()
    }

    /// Makes sure that `slots` entries fit besides all outstanding settles.
    pub(super) fn make_room(&mut self, keeper: &Keeper, slots: u64) -> Result<(), JournalFull> {
        if self.room - self.outstanding >= slots {
            return Ok(());
        }
        self.extend(keeper, slots)
    }

    /// Room was made.
    pub(super) fn reserve(
        &mut self,
        call: &Call,
        status: u16,
        origin: Origin,
        attempts: u16,
    ) -> io::Result<u64> {
        let slot = self.codec.reserve(
            self.seq + 1,
            self.stream.synced(),
            call,
            status,
            origin,
            attempts,
        );
        self.write(&slot)?;
        self.outstanding += 1;
        Ok(self.seq)
    }

    /// Room was made.
    pub(super) fn client(&mut self, number: u32, name: &str, version: &str) -> io::Result<()> {
        let slot = self
            .codec
            .client(self.seq + 1, self.stream.synced(), number, name, version);
        self.write(&slot)
    }

    /// Room was made.
    pub(super) fn shape(&mut self, number: u32, part: &ShapePart) -> io::Result<()> {
        let slot = self
            .codec
            .shape(self.seq + 1, self.stream.synced(), number, part);
        self.write(&slot)
    }

    /// Gives the error after the settle was put aside for the next try; its room stays set aside.
    pub(super) fn settle(&mut self, reserve_seq: u64, settlement: &Settlement) -> io::Result<()> {
        let written = self
            .write_late()
            .and_then(|()| self.write_settle(reserve_seq, settlement));
        if written.is_err() {
            // Its shapes may be told in another segment than it will be written to.
            let shapes = Shapes::default();
            let settlement = Settlement {
                shapes,
                ..*settlement
            };
            self.late.push((reserve_seq, settlement));
        }
        written
    }

    /// Tries the settles again that could not be written before.
    pub(super) fn write_late(&mut self) -> io::Result<()> {
        while let Some((reserve_seq, settlement)) = self.late.last().copied() {
            self.write_settle(reserve_seq, &settlement)?;
            self.late.pop();
        }
        Ok(())
    }

    fn write_settle(&mut self, reserve_seq: u64, settlement: &Settlement) -> io::Result<()> {
        let slot = self
            .codec
            .settle(self.seq + 1, self.stream.synced(), reserve_seq, settlement);
        self.write(&slot)?;
        self.outstanding -= 1;
        Ok(())
    }

    fn write(&mut self, slot: &Slot) -> io::Result<()> {
        if self.seq == self.last_seq {
            self.turn();
        }
        self.segment.write_slot(self.offset, slot)?;
        self.offset += slot.len() as u64;
        self.seq += 1;
        self.room -= 1;
        self.stream.publish_written(self.seq);
        Ok(())
    }

    #[cold]
    fn turn(&mut self) {
        let (number, segment) = self.ahead.pop_front().expect("room was counted before");
        (self.number, self.segment) = (number, segment);
        self.last_seq = self.stream.geometry.last_seq(number);
        self.offset = self.stream.geometry.offset_of(self.seq + 1);
    }

    #[cold]
    fn extend(&mut self, keeper: &Keeper, slots: u64) -> Result<(), JournalFull> {
        while self.room - self.outstanding < slots {
            let round = keeper.rounds.load(Ordering::Relaxed);
            if self.refused_in == Some(round) {
                return Err(JournalFull::Space);
            }
            match keeper.take_segment(&self.stream) {
                Ok(segment) => {
                    self.ahead.push_back(segment);
                    self.room += self.stream.geometry.capacity;
                }
                Err(error) => {
                    keeper.note("make a segment for", &self.stream.id.to_string(), &error);
                    self.refused_in = Some(round);
                    self.stream.set_refusing(true);
                    return Err(JournalFull::Space);
                }
            }
        }
        self.stream.set_refusing(false);
        Ok(())
    }
}
