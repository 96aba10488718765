//! The reading end: lists streams, gives out entries in order, retires what is applied.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::disk::{Folder, JOURNAL};
use crate::entry::{Entry, EntryBody, StreamId};
use crate::keeper::Keeper;
use crate::names;

mod end;
mod files;

use end::End;
use files::{Files, Stop};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamState {
    /// A lane of this process may write to it.
    Live,
    /// Nobody will write to it again.
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamInfo {
    pub id: StreamId,
    pub state: StreamState,
}

/// The end of a dead stream that was cut off in the middle of a write, or of a power loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    pub file: PathBuf,
    pub offset: u64,
    /// The first sequence that is not readable.
    pub seq: u64,
    /// Readable entries past the tear, which their writer never knew to be on disk; they are not given out.
    pub entries_beyond: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchEnd {
    /// Read on at once: `entries_max` was reached, or an error comes next.
    More,
    /// All that is on disk of a live stream was given out: read on later.
    Live,
    /// The last entry of a dead stream was given out: apply [`crate::rollup::close`], then retire the stream.
    /// A torn tail is told once per reader.
    Dead { torn: Option<TornTail> },
}

/// Entries in order of sequence, without gaps after the watermark. Before them come the earlier client entries
/// that name the clients of its calls: a batch can be folded by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub stream: StreamId,
    pub entries: Vec<Entry>,
    pub end: BatchEnd,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The stream stays as it is until the file is restored, or [`Reader::set_aside`] gives the rest up.
    #[error("entry {seq} is damaged at byte {offset} of {}: entries past it are held back", file.display())]
    Damaged {
        file: PathBuf,
        offset: u64,
        seq: u64,
    },
    /// As [`ReadError::Damaged`].
    #[error("segment {} with entry {seq} is missing: entries past it are held back", file.display())]
    Missing { file: PathBuf, seq: u64 },
    /// Entries that were applied are no longer on disk. Nothing is lost by it; no more can be read either.
    /// A dead stream can be closed and retired.
    #[error("{stream} ends at entry {tail_seq}, yet entries through {after_seq} were applied")]
    BeyondTail {
        stream: StreamId,
        after_seq: u64,
        tail_seq: u64,
    },
    #[error("{} is written in format {version}, which this version does not read: upgrade", file.display())]
    Version { file: PathBuf, version: u32 },
    #[error("there is no stream {stream}")]
    UnknownStream { stream: StreamId },
    #[error("cannot {what} {}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

/// Reads streams for one applier; keeps its place in each.
pub struct Reader {
    keeper: Arc<Keeper>,
    places: FxHashMap<StreamId, Place>,
}

/// What a reader remembers of a stream.
struct Place {
    files: Files,
    /// The sequence after the last one given out.
    next_seq: u64,
    /// Where a dead stream ends; it cannot change any more.
    end: Option<End>,
    torn_told: bool,
    /// The client entries that hold at `next_seq`, by number; at most a dictionary of them.
    names: FxHashMap<u32, Entry>,
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
        match self.keeper.live(stream) {
            Some(live) => {
                let readable = live.readable();
                if after_seq > readable {
                    return Err(ReadError::BeyondTail {
                        stream,
                        after_seq,
                        tail_seq: readable,
                    });
                }
                if after_seq == readable {
                    return Ok(Batch {
                        stream,
                        entries: vec![],
                        end: BatchEnd::Live,
                    });
                }
                self.read_live(stream, after_seq, readable, entries_max)
            }
            None => self.read_dead(stream, after_seq, entries_max),
        }
    }

    /// Deletes (or keeps for a while, see [`crate::JournalConfig::keep_applied`]) the segments whose every entry
    /// is at or before `through_seq`; of a dead stream that ends there, all. The names are gone from the disk
    /// when this returns: only then may the stream's watermark be forgotten.
    pub fn retire(&mut self, stream: StreamId, through_seq: u64) -> Result<(), ReadError> {
        let whole = self.keeper.live(stream).is_none() && self.ends_at(stream, through_seq)?;
        let numbers = self.numbers(stream)?;
        let Some(first) = numbers.first() else {
            return Ok(());
        };
        let geometry = self.place(stream, *first)?.files.geometry();

        let applied: Vec<_> = numbers
            .into_iter()
            .filter(|number| whole || geometry.last_seq(*number) <= through_seq)
            .collect();
        if applied.is_empty() {
            return Ok(());
        }
        // In order, so that a crash in between leaves the later ones, as if less had been retired.
        for number in applied {
            self.remove(&names::segment(stream, number))?;
        }
        if whole {
            self.places.remove(&stream);
        }
        self.sync_names()
    }

    /// Gives up the rest of a dead stream that is damaged: its files get another name and are never read again.
    /// Apply [`crate::rollup::close`] after it, so that its open calls count as interrupted.
    pub fn set_aside(&mut self, stream: StreamId) -> Result<(), ReadError> {
        if self.keeper.live(stream).is_some() {
            return Err(ReadError::UnknownStream { stream });
        }
        for number in self.numbers(stream)? {
            let name = names::segment(stream, number);
            let renamed = self.keeper.disk.rename(&name, &names::damaged(&name));
            renamed.map_err(|error| self.io("rename", &name, error))?;
        }
        self.places.remove(&stream);
        self.sync_names()
    }

    fn read_live(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        readable: u64,
        entries_max: usize,
    ) -> Result<Batch, ReadError> {
        let place = self.place_of(stream)?;
        place.turn_to(after_seq)?;
        let mut entries = vec![];
        let stop = place
            .files
            .collect(after_seq + 1, readable, entries_max, &mut entries)?;
        let entries = place.pass(after_seq, entries);
        let end = match stop {
            Stop::Full => BatchEnd::More,
            Stop::Through => BatchEnd::Live,
            Stop::Bad { .. } if place.next_seq > after_seq + 1 => BatchEnd::More,
            Stop::Bad { seq } => return Err(place.files.damage(seq)),
        };
        Ok(Batch {
            stream,
            entries,
            end,
        })
    }

    fn read_dead(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
    ) -> Result<Batch, ReadError> {
        let boot = self.keeper.boot();
        let place = self.place_of(stream)?;
        place.turn_to(after_seq)?;
        let mut entries = vec![];
        let stop = place
            .files
            .collect(after_seq + 1, u64::MAX, entries_max, &mut entries)?;
        let entries = place.pass(after_seq, entries);
        let Stop::Bad { seq } = stop else {
            return Ok(Batch {
                stream,
                entries,
                end: BatchEnd::More,
            });
        };

        let end = match place.end.clone().filter(|end| end.seq() == seq) {
            Some(end) => end,
            None => place.files.end_at(seq, boot)?,
        };
        place.end = Some(end.clone());
        let torn = match end {
            End::Damaged { .. } if place.next_seq > after_seq + 1 => {
                return Ok(Batch {
                    stream,
                    entries,
                    end: BatchEnd::More,
                });
            }
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
        Ok(Batch {
            stream,
            entries,
            end: BatchEnd::Dead { torn },
        })
    }

    /// Whether a dead stream has nothing more to give after `through_seq`.
    fn ends_at(&mut self, stream: StreamId, through_seq: u64) -> Result<bool, ReadError> {
        let boot = self.keeper.boot();
        let place = match self.place_of(stream) {
            Ok(place) => place,
            Err(ReadError::UnknownStream { .. }) => return Ok(true),
            Err(error) => return Err(error),
        };
        let stop = place
            .files
            .collect(through_seq + 1, through_seq + 1, 1, &mut vec![])?;
        let Stop::Bad { seq } = stop else {
            return Ok(false);
        };
        Ok(!matches!(
            place.files.end_at(seq, boot)?,
            End::Damaged { .. }
        ))
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
                Ok(vacant.insert(Place {
                    files,
                    next_seq: 1,
                    end: None,
                    torn_told: false,
                    names: FxHashMap::default(),
                }))
            }
        }
    }

    fn segments(&self) -> Result<Vec<(StreamId, u32)>, ReadError> {
        let files = self
            .keeper
            .disk
            .journal_files()
            .map_err(|error| self.io("list", JOURNAL, error))?;
        Ok(files
            .iter()
            .filter_map(|(name, _)| names::parse_segment(name))
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

    fn remove(&self, name: &str) -> Result<(), ReadError> {
        let disk = &self.keeper.disk;
        if self.keeper.config().keep_applied.is_zero() {
            return disk
                .remove(name)
                .map_err(|error| self.io("remove", name, error));
        }
        let kept = names::applied(name, self.keeper.clock.now());
        disk.rename(name, &kept)
            .map_err(|error| self.io("rename", name, error))
    }

    fn sync_names(&self) -> Result<(), ReadError> {
        self.keeper
            .disk
            .sync_folder(Folder::Journal)
            .map_err(|error| self.io("sync", JOURNAL, error))
    }

    fn io(&self, what: &'static str, name: &str, source: io::Error) -> ReadError {
        ReadError::Io {
            what,
            path: self.keeper.disk.path(name),
            source,
        }
    }
}

impl Place {
    /// Goes to the sequence after `after_seq`, with the names that its segment tells before it.
    fn turn_to(&mut self, after_seq: u64) -> Result<(), ReadError> {
        if self.next_seq == after_seq + 1 {
            return Ok(());
        }
        let geometry = self.files.geometry();
        let first = geometry.first_seq(geometry.segment_of(after_seq + 1));
        self.names.clear();
        for entry in self.files.readable(first, after_seq)? {
            self.learn(&entry);
        }
        Ok(())
    }

    /// Goes past `entries`, which follow `after_seq`, and puts the names that they need before them.
    fn pass(&mut self, after_seq: u64, mut entries: Vec<Entry>) -> Vec<Entry> {
        self.next_seq = after_seq + 1 + entries.len() as u64;
        let mut named = FxHashSet::default();
        let mut names = vec![];
        for entry in &entries {
            match &entry.body {
                EntryBody::Reserve { call, .. } if named.insert(call.client.0) => {
                    names.extend(self.names.get(&call.client.0).cloned());
                }
                EntryBody::Client { number, .. } => {
                    named.insert(number.0);
                }
                _ => {}
            }
        }
        for entry in &entries {
            self.learn(entry);
        }
        names.sort_unstable_by_key(|entry| entry.seq);
        entries.splice(0..0, names);
        entries
    }

    fn learn(&mut self, entry: &Entry) {
        if let EntryBody::Client { number, .. } = &entry.body {
            self.names.insert(number.0, entry.clone());
        }
    }
}
