//! The segment files of one stream, read by sequence.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::batch::TornTail;
use super::end::{Beyond, End};
use super::error::ReadError;
use crate::disk::{Disk, JOURNAL, Segment};
use crate::entry::{Entry, StreamId};
use crate::format::{Codec, Content, ENTRY_BYTES, Geometry, Header, HeaderError, Slot};
use crate::names;

/// Slots read at once: 800 x 80 bytes = 62.5 KiB.
const SLOTS_PER_READ: u64 = 800;

/// Takes entries until it breaks; the one that it broke at is not taken.
pub(super) type Take<'a> = &'a mut dyn FnMut(&Entry) -> ControlFlow<()>;

pub(super) struct Files {
    disk: Arc<dyn Disk>,
    stream: StreamId,
    codec: Codec,
    geometry: Geometry,
    /// The segment that was read last.
    open: Option<Open>,
    buffer: Vec<u8>,
}

struct Open {
    number: u32,
    segment: Arc<dyn Segment>,
    /// Of a segment without a header nothing is given out.
    header: Option<Header>,
    /// The header was never on disk.
    blank: bool,
}

/// Why reading forward came to a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// As many entries as asked for.
    Full,
    /// Everything that was asked for.
    Through,
    /// Whoever took the entries wants no more.
    Refused,
    /// `seq` is not readable.
    Bad { seq: u64 },
}

impl Files {
    /// `segment` exists.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        stream: StreamId,
        segment: u32,
    ) -> Result<Self, ReadError> {
        let mut files = Self {
            codec: Codec::new(stream),
            geometry: Geometry { capacity: 1 },
            disk,
            stream,
            open: None,
            buffer: Vec::new(),
        };
        files.geometry = files.find_geometry(segment)?;
        Ok(files)
    }

    pub(super) fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// Gives the entries from `seq` through `through` to `take` in order, at most `entries_max`.
    pub(super) fn each(
        &mut self,
        mut seq: u64,
        through: u64,
        entries_max: usize,
        take: Take<'_>,
    ) -> Result<Stop, ReadError> {
        let mut left = entries_max as u64;
        let codec = self.codec;
        while seq <= through {
            if left == 0 {
                return Ok(Stop::Full);
            }
            let last = through.min(self.geometry.last_seq(self.geometry.segment_of(seq)));
            let slots = self.slots(seq, last.min(seq.saturating_add(left - 1)))?;
            if slots.is_empty() {
                return Ok(Stop::Bad { seq });
            }
            for slot in slots {
                let Content::Entry { entry, .. } = codec.decode(slot, seq) else {
                    return Ok(Stop::Bad { seq });
                };
                if take(&entry).is_break() {
                    return Ok(Stop::Refused);
                }
                seq += 1;
                left -= 1;
            }
        }
        Ok(Stop::Through)
    }

    /// Gives the entries from `first` through `last`, all in one segment, that can be read, whatever lies between.
    pub(super) fn each_readable(
        &mut self,
        first: u64,
        last: u64,
        take: &mut dyn FnMut(&Entry),
    ) -> Result<(), ReadError> {
        let codec = self.codec;
        let mut seq = first;
        while seq <= last {
            let slots = self.slots(seq, last)?;
            if slots.is_empty() {
                break;
            }
            for slot in slots {
                if let Content::Entry { entry, .. } = codec.decode(slot, seq) {
                    take(&entry);
                }
                seq += 1;
            }
        }
        Ok(())
    }

    /// Whether `seq` is on disk, or lies in a segment that was retired.
    pub(super) fn was_written(&mut self, seq: u64) -> Result<bool, ReadError> {
        let number = self.geometry.segment_of(seq);
        if self.numbers()?.first().is_none_or(|first| number < *first) {
            return Ok(true);
        }
        let mut readable = false;
        self.each_readable(seq, seq, &mut |_| readable = true)?;
        Ok(readable)
    }

    /// The last sequence of the readable entries that follow one another from the first segment on disk.
    pub(super) fn tail(&mut self) -> Result<u64, ReadError> {
        let first = self
            .numbers()?
            .first()
            .map_or(1, |number| self.geometry.first_seq(*number));
        let mut tail = first - 1;
        let mut count = |entry: &Entry| {
            tail = entry.seq;
            ControlFlow::Continue(())
        };
        self.each(first, u64::MAX, usize::MAX, &mut count)?;
        Ok(tail)
    }

    /// Judges the end of a dead stream whose first unreadable sequence is `seq`.
    pub(super) fn end_at(&mut self, seq: u64, boot: u64) -> Result<End, ReadError> {
        let number = self.geometry.segment_of(seq);
        let numbers = self.numbers()?;
        let mut beyond = Beyond::default();
        let mut same_boot = false;
        for later in numbers.into_iter().filter(|later| *later >= number) {
            let from = seq.max(self.geometry.first_seq(later));
            self.look_beyond(from, self.geometry.last_seq(later), &mut beyond)?;
            let Some(open) = &self.open else { continue };
            same_boot |= open
                .header
                .is_some_and(|header| header.boot == boot && boot != 0);
            beyond.debris |= open.header.is_none() && !open.blank;
        }
        let torn = TornTail {
            file: self.disk.path(&names::segment(self.stream, number)),
            offset: self.geometry.offset_of(seq),
            seq,
            entries_beyond: 0,
        };
        Ok(End::judge(torn, beyond, same_boot))
    }

    /// The error for a sequence that should be readable.
    pub(super) fn damage(&self, seq: u64) -> ReadError {
        let number = self.geometry.segment_of(seq);
        let name = names::segment(self.stream, number);
        let file = self.disk.path(&name);
        match self.disk.open_to_read(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                ReadError::Missing { file, seq }
            }
            _ => ReadError::Damaged {
                file,
                offset: self.geometry.offset_of(seq),
                seq,
            },
        }
    }

    fn look_beyond(&mut self, first: u64, last: u64, beyond: &mut Beyond) -> Result<(), ReadError> {
        let number = self.geometry.segment_of(first);
        self.turn_to(number)?;
        let codec = self.codec;
        let mut seq = first;
        while seq <= last {
            // A damaged header does not hide the entries: they prove themselves.
            let slots = self.raw_slots(seq, last)?;
            if slots.is_empty() {
                // Segments are allocated in full: a short file was cut.
                beyond.debris = true;
                break;
            }
            for slot in slots {
                match codec.decode(slot, seq) {
                    Content::Empty => {}
                    Content::Bad => beyond.debris = true,
                    Content::Entry { synced, .. } => {
                        beyond.entries += 1;
                        beyond.synced = beyond.synced.max(synced);
                    }
                }
                seq += 1;
            }
        }
        Ok(())
    }

    /// Some whole slots from `first` on, none past `last` or the segment of `first`; none at all where the
    /// file is missing, ends, or has no header.
    fn slots(&mut self, first: u64, last: u64) -> Result<&[Slot], ReadError> {
        let number = self.geometry.segment_of(first);
        if !self.turn_to(number)? || self.open.as_ref().is_none_or(|open| open.header.is_none()) {
            return Ok(&[]);
        }
        self.raw_slots(first, last)
    }

    /// As `slots`, of the segment that is open, whatever its header says.
    fn raw_slots(&mut self, first: u64, last: u64) -> Result<&[Slot], ReadError> {
        let Some(open) = &self.open else {
            return Ok(&[]);
        };
        let slots = (last - first + 1).min(SLOTS_PER_READ) as usize;
        if self.buffer.is_empty() {
            self.buffer.resize(SLOTS_PER_READ as usize * ENTRY_BYTES, 0);
        }
        let filled = open
            .segment
            .read_at(
                self.geometry.offset_of(first),
                &mut self.buffer[..slots * ENTRY_BYTES],
            )
            .map_err(|error| self.io("read", &names::segment(self.stream, open.number), error))?;
        // A file that ends within a slot ends it with zeros, as the preallocated file would.
        let whole = filled.next_multiple_of(ENTRY_BYTES);
        self.buffer[filled..whole].fill(0);
        Ok(self.buffer[..whole].as_chunks::<ENTRY_BYTES>().0)
    }

    /// Opens segment `number`; false when it is missing.
    fn turn_to(&mut self, number: u32) -> Result<bool, ReadError> {
        if self.open.as_ref().is_some_and(|open| open.number == number) {
            return Ok(true);
        }
        self.open = self.open_segment(number)?;
        Ok(self.open.is_some())
    }

    fn open_segment(&self, number: u32) -> Result<Option<Open>, ReadError> {
        let name = names::segment(self.stream, number);
        let segment = match self.disk.open_to_read(&name) {
            Ok(segment) => segment,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.io("open", &name, error)),
        };
        let mut slot = [0; ENTRY_BYTES];
        segment
            .read_at(0, &mut slot)
            .map_err(|error| self.io("read", &name, error))?;
        match Header::decode(&slot, self.stream, number) {
            Ok(header) => Ok(Some(Open {
                number,
                segment,
                header: Some(header),
                blank: false,
            })),
            Err(HeaderError::Damaged) => {
                let blank = slot == [0; ENTRY_BYTES];
                Ok(Some(Open {
                    number,
                    segment,
                    header: None,
                    blank,
                }))
            }
            Err(HeaderError::Version(version)) => Err(ReadError::Version {
                file: self.disk.path(&name),
                version,
            }),
        }
    }

    /// All segments of a stream have one size; where no header tells it, the file's length does.
    fn find_geometry(&self, segment: u32) -> Result<Geometry, ReadError> {
        let mut numbers = self.numbers()?;
        if numbers.is_empty() {
            numbers.push(segment);
        }
        for number in &numbers {
            let header = self.open_segment(*number)?.and_then(|open| open.header);
            if let Some(header) = header {
                return Ok(Geometry {
                    capacity: header.capacity,
                });
            }
        }
        let name = names::segment(self.stream, numbers[0]);
        let bytes = match self.disk.file_bytes(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            bytes => bytes.map_err(|error| self.io("ask the size of", &name, error))?,
        };
        Ok(Geometry::of_segment_bytes(bytes))
    }

    fn numbers(&self) -> Result<Vec<u32>, ReadError> {
        let names = self
            .disk
            .journal_names()
            .map_err(|error| self.io("list", JOURNAL, error))?;
        let mut numbers: Vec<_> = names
            .iter()
            .filter_map(|name| names::parse_segment(name))
            .filter(|(stream, _)| *stream == self.stream)
            .map(|(_, number)| number)
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn io(&self, what: &'static str, name: &str, source: io::Error) -> ReadError {
        ReadError::Io {
            what,
            path: self.disk.path(name),
            source,
        }
    }
}
