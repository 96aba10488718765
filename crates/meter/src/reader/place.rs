//! How far a reader is in one stream, and the client names that hold there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::end::End;
use super::error::ReadError;
use super::files::Files;
use crate::entry::{Entry, EntryBody};

/// What a reader remembers of a stream.
pub(super) struct Place {
    pub(super) files: Files,
    /// The sequence after the last one given out.
    pub(super) next_seq: u64,
    /// Where a dead stream ends; it cannot change any more.
    pub(super) end: Option<End>,
    pub(super) torn_told: bool,
    /// The client entries that hold at `next_seq`, by number; at most a dictionary of them.
    pub(super) names: FxHashMap<u32, Entry>,
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
        self.names.clear();
        for entry in self.files.readable(first, after_seq)? {
            self.learn(&entry);
        }
        Ok(())
    }

    /// Goes past `entries`, which follow `after_seq`, and puts the names that they need before them.
    pub(super) fn pass(&mut self, after_seq: u64, mut entries: Vec<Entry>) -> Vec<Entry> {
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
