//! The reading end: lists streams and gives out their entries in order.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::disk::JOURNAL;
use crate::entry::{Entry, StreamId};
use crate::keeper::Keeper;
use crate::names;

mod batch;
mod end;
mod error;
mod files;
mod place;
mod retire;

pub use batch::{Batch, BatchEnd, StreamInfo, StreamState, TornTail};
use end::End;
pub use error::ReadError;
use files::{Files, Stop, Take};
use place::Place;

/// Reads streams for one applier; keeps its place in each.
pub struct Reader {
    keeper: Arc<Keeper>,
    places: FxHashMap<StreamId, Place>,
}

impl Reader {
    pub(crate) fn new(keeper: Arc<Keeper>) -> Self {
        Self {
            keeper,
            places: FxHashMap::default(),
        }
    }

    /// Every stream with a segment on disk, the dead ones first, then by id.
    pub fn streams(&mut self) -> Result<Vec<StreamInfo>, ReadError> {
        // The files first: a stream is live before its first file has its name.
        let mut ids: Vec<_> = self.segments()?.into_iter().map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids.dedup();
        let live = self.keeper.live_streams();
        self.places.retain(|id, _| ids.binary_search(id).is_ok());

        let state = |id: StreamId| {
            if live.iter().any(|stream| stream.id == id) {
                StreamState::Live
            } else {
                StreamState::Dead
            }
        };
        let mut streams: Vec<_> = ids
            .into_iter()
            .map(|id| StreamInfo {
                id,
                state: state(id),
            })
            .collect();
        streams.sort_by_key(|info| info.state == StreamState::Live);
        Ok(streams)
    }

    /// At most `entries_max` entries after `after_seq` (0: from the start), besides the names told again.
    /// Any `after_seq` may be asked for, an earlier one too.
    pub fn read(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
    ) -> Result<Batch, ReadError> {
        let (mut names, mut entries) = (vec![], vec![]);
        let end = self.each(stream, after_seq, entries_max, &mut |entry| {
            let told_again = entry.seq <= after_seq;
            let list = if told_again { &mut names } else { &mut entries };
            list.push(entry.clone());
            ControlFlow::Continue(())
        })?;
        names.sort_unstable_by_key(|entry| entry.seq);
        names.append(&mut entries);
        Ok(Batch {
            stream,
            entries: names,
            end,
        })
    }

    /// As [`Reader::read`], without memory of its own: gives each entry to `take`, a client's earlier name just before
    /// the first call that needs it. Ends with [`BatchEnd::More`] when `take` breaks, before the entry that it broke
    /// at. Entries may have been given when it fails.
    pub fn each(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
        take: &mut dyn FnMut(&Entry) -> ControlFlow<()>,
    ) -> Result<BatchEnd, ReadError> {
        let Some(live) = self.keeper.live(stream) else {
            return self.each_dead(stream, after_seq, entries_max, take);
        };
        let readable = live.readable();
        if after_seq > readable {
            return Err(ReadError::BeyondTail {
                stream,
                after_seq,
                tail_seq: readable,
            });
        }
        if after_seq == readable {
            return Ok(BatchEnd::Live);
        }
        let place = self.place_of(stream)?;
        place.turn_to(after_seq)?;
        match place.each(after_seq, readable, entries_max, take)? {
            Stop::Full | Stop::Refused => Ok(BatchEnd::More),
            Stop::Through => Ok(BatchEnd::Live),
            Stop::Bad { .. } if place.next_seq > after_seq + 1 => Ok(BatchEnd::More),
            Stop::Bad { seq } => Err(place.files.damage(seq)),
        }
    }

    fn each_dead(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
        take: Take<'_>,
    ) -> Result<BatchEnd, ReadError> {
        let boot = self.keeper.boot();
        let place = self.place_of(stream)?;
        place.turn_to(after_seq)?;
        let stop = place.each(after_seq, u64::MAX, entries_max, take)?;
        let Stop::Bad { seq } = stop else {
            return Ok(BatchEnd::More);
        };

        let end = match place.end.clone().filter(|end| end.seq() == seq) {
            Some(end) => end,
            None => place.files.end_at(seq, boot)?,
        };
        place.end = Some(end.clone());
        let torn = match end {
            End::Damaged { .. } if place.next_seq > after_seq + 1 => return Ok(BatchEnd::More),
            End::Damaged { seq } => return Err(place.files.damage(seq)),
            _ if seq == after_seq + 1
                && after_seq > 0
                && !place.files.was_written(after_seq)? =>
            {
                let tail_seq = place.files.tail()?;
                return Err(ReadError::BeyondTail {
                    stream,
                    after_seq,
                    tail_seq,
                });
            }
            End::Clean { .. } => None,
            End::Torn(torn) => (!std::mem::replace(&mut place.torn_told, true)).then_some(torn),
        };
        if let Some(torn) = &torn {
            tracing::warn!(
                stream = %stream,
                entries.beyond = torn.entries_beyond,
                "usage stream {stream} was cut off at entry {}: it counts up to there", torn.seq
            );
        }
        Ok(BatchEnd::Dead { torn })
    }

    fn place_of(&mut self, stream: StreamId) -> Result<&mut Place, ReadError> {
        if self.places.contains_key(&stream) {
            return self.place(stream, 0);
        }
        let first = *self
            .numbers(stream)?
            .first()
            .ok_or(ReadError::UnknownStream { stream })?;
        self.place(stream, first)
    }

    /// The reader's place in `stream`; where it has none yet, `segment` is a segment on disk.
    fn place(&mut self, stream: StreamId, segment: u32) -> Result<&mut Place, ReadError> {
        use std::collections::hash_map::Entry;
        match self.places.entry(stream) {
            Entry::Occupied(place) => Ok(place.into_mut()),
            Entry::Vacant(vacant) => {
                let files = Files::open(Arc::clone(&self.keeper.disk), stream, segment)?;
                Ok(vacant.insert(Place::new(files)))
            }
        }
    }

    fn segments(&self) -> Result<Vec<(StreamId, u32)>, ReadError> {
        let names = self
            .keeper
            .disk
            .journal_names()
            .map_err(|error| self.io("list", JOURNAL, error))?;
        Ok(names
            .iter()
            .filter_map(|name| names::parse_segment(name))
            .collect())
    }

    /// The segments of a stream on disk, in order.
    fn numbers(&self, stream: StreamId) -> Result<Vec<u32>, ReadError> {
        let segments = self.segments()?;
        let mut numbers: Vec<_> = segments
            .into_iter()
            .filter(|(id, _)| *id == stream)
            .map(|(_, n)| n)
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn io(&self, what: &'static str, name: &str, source: io::Error) -> ReadError {
        ReadError::Io {
            what,
            path: self.keeper.disk.path(name),
            source,
        }
    }
}
