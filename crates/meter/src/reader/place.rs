//! How far a reader is in one stream, and the client names that hold there.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::end::End;
use super::error::ReadError;
use super::files::{Files, Stop, Take};
use crate::entry::{ClientNumber, Entry, EntryBody};

/// What a reader remembers of a stream.
pub(super) struct Place {
    pub(super) files: Files,
    /// The sequence after the last one given out.
    pub(super) next_seq: u64,
    /// Where a dead stream ends; it cannot change any more.
    pub(super) end: Option<End>,
    pub(super) torn_told: bool,
    /// The client entries that hold at `next_seq`, by number; at most a dictionary of them.
    pub(super) names: FxHashMap<ClientNumber, Entry>,
}

impl Place {
    /// At the start of the stream.
    pub(super) fn new(files: Files) -> Self {
        Self {
            files,
            next_seq: 1,
            end: None,
            torn_told: false,
            names: FxHashMap::default(),
        }
    }

    /// Goes to the sequence after `after_seq`, with the names that its segment tells before it.
    pub(super) fn turn_to(&mut self, after_seq: u64) -> Result<(), ReadError> {
        if self.next_seq == after_seq + 1 {
            return Ok(());
        }
        let geometry = self.files.geometry();
        let first = geometry.first_seq(geometry.segment_of(after_seq + 1));
        let (files, names) = (&mut self.files, &mut self.names);
        names.clear();
        files.each_readable(first, after_seq, &mut |entry| learn(names, entry))
    }

    /// Gives the entries after `after_seq` through `through` to `take` in order, at most `entries_max`, each client's
    /// earlier name before the first call that needs it.
    pub(super) fn each(
        &mut self,
        after_seq: u64,
        through: u64,
        entries_max: usize,
        take: Take<'_>,
    ) -> Result<Stop, ReadError> {
        let (next_seq, names) = (&mut self.next_seq, &mut self.names);
        *next_seq = after_seq + 1;
        let mut named = FxHashSet::default();
        let mut number_last = None;
        let mut name_and_take = |entry: &Entry| {
            match &entry.body {
                EntryBody::Reserve { call, .. } if number_last != Some(call.client) => {
                    number_last = Some(call.client);
                    if named.insert(call.client)
                        && let Some(name) = names.get(&call.client)
                    {
                        take(name)?;
                    }
                }
                EntryBody::Client { number, .. } => {
                    named.insert(*number);
                    learn(names, entry);
                }
                _ => {}
            }
            take(entry)?;
            *next_seq = entry.seq + 1;
            ControlFlow::Continue(())
        };
        let files = &mut self.files;
        files.each(after_seq + 1, through, entries_max, &mut name_and_take)
    }
}

fn learn(names: &mut FxHashMap<ClientNumber, Entry>, entry: &Entry) {
    if let EntryBody::Client { number, .. } = &entry.body {
        names.insert(*number, entry.clone());
    }
}
