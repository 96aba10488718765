//! How far a reader is in one stream, and the clients and shapes that hold there.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::end::End;
use super::error::ReadError;
use super::files::{Files, Stop, Take};
use crate::entry::{ClientNumber, Entry, EntryBody, ShapeNumber};

/// What a reader remembers of a stream.
pub(super) struct Place {
    pub(super) files: Files,
    /// The sequence after the last one given out.
    pub(super) next_seq: u64,
    /// Where a dead stream ends; it cannot change any more.
    pub(super) end: Option<End>,
    pub(super) torn_told: bool,
    pub(super) told: Told,
}

/// The entries that hold at a sequence; at most a dictionary of each kind.
#[derive(Default)]
pub(super) struct Told {
    names: FxHashMap<ClientNumber, Entry>,
    /// The parts of each shape, in order.
    shapes: FxHashMap<ShapeNumber, Vec<Entry>>,
}

impl Told {
    fn learn(&mut self, entry: &Entry) {
        match &entry.body {
            EntryBody::Client { number, .. } => {
                self.names.insert(*number, entry.clone());
            }
            EntryBody::Shape { number, part } => {
                let parts = self.shapes.entry(*number).or_default();
                if part.index == 0 {
                    parts.clear();
                }
                parts.push(entry.clone());
            }
            EntryBody::Reserve { .. } | EntryBody::Settle { .. } => {}
        }
    }

    fn clear(&mut self) {
        self.names.clear();
        self.shapes.clear();
    }
}

/// What the entries given out so far have told.
#[derive(Default)]
struct Given {
    clients: FxHashSet<ClientNumber>,
    shapes: FxHashSet<ShapeNumber>,
    client_last: Option<ClientNumber>,
}

impl Given {
    /// Gives what was told earlier and `entry` needs.
    fn give_before(&mut self, entry: &Entry, told: &Told, take: Take<'_>) -> ControlFlow<()> {
        match &entry.body {
            EntryBody::Reserve { call, .. } if self.client_last != Some(call.client) => {
                self.client_last = Some(call.client);
                if self.clients.insert(call.client)
                    && let Some(name) = told.names.get(&call.client)
                {
                    take(name)?;
                }
            }
            EntryBody::Settle { settlement, .. } => {
                let shapes = settlement.shapes;
                for number in [shapes.request, shapes.response] {
                    if number != ShapeNumber::UNOBSERVED
                        && self.shapes.insert(number)
                        && let Some(parts) = told.shapes.get(&number)
                    {
                        parts.iter().try_for_each(&mut *take)?;
                    }
                }
            }
            EntryBody::Client { number, .. } => {
                self.clients.insert(*number);
            }
            // The parts before it may have been given to another batch.
            EntryBody::Shape { number, part } => {
                if self.shapes.insert(*number)
                    && part.index > 0
                    && let Some(parts) = told.shapes.get(number)
                {
                    parts.iter().try_for_each(&mut *take)?;
                }
            }
            EntryBody::Reserve { .. } => {}
        }
        ControlFlow::Continue(())
    }
}

impl Place {
    /// At the start of the stream.
    pub(super) fn new(files: Files) -> Self {
        Self {
            files,
            next_seq: 1,
            end: None,
            torn_told: false,
            told: Told::default(),
        }
    }

    /// Goes to the sequence after `after_seq`, with what its segment tells before it.
    pub(super) fn turn_to(&mut self, after_seq: u64) -> Result<(), ReadError> {
        if self.next_seq == after_seq + 1 {
            return Ok(());
        }
        let geometry = self.files.geometry();
        let first = geometry.first_seq(geometry.segment_of(after_seq + 1));
        let (files, told) = (&mut self.files, &mut self.told);
        told.clear();
        files.each_readable(first, after_seq, &mut |entry| told.learn(entry))
    }

    /// Gives the entries after `after_seq` through `through` to `take` in order, at most `entries_max`, what was told
    /// earlier of a client or a shape before the first entry that needs it.
    pub(super) fn each(
        &mut self,
        after_seq: u64,
        through: u64,
        entries_max: usize,
        take: Take<'_>,
    ) -> Result<Stop, ReadError> {
        let (next_seq, told) = (&mut self.next_seq, &mut self.told);
        *next_seq = after_seq + 1;
        let mut given = Given::default();
        let mut tell_and_take = |entry: &Entry| {
            given.give_before(entry, told, take)?;
            told.learn(entry);
            take(entry)?;
            *next_seq = entry.seq + 1;
            ControlFlow::Continue(())
        };
        let files = &mut self.files;
        files.each(after_seq + 1, through, entries_max, &mut tell_and_take)
    }
}
