//! A model of the store and of its applier: watermark compare-and-set, rows added in one step.

use std::collections::BTreeMap;

use testkit::Random;

use crate::entry::StreamId;
use crate::reader::{BatchEnd, ReadError, Reader, StreamState};
use crate::rollup::{
    self, ClientKey, Delta, LatencyKey, OpenCall, OpenCalls, Seen, ShapeKey, UsageCounts, UsageKey,
};

/// What is committed; survives every crash.
#[derive(Default, Clone)]
pub(super) struct Store {
    pub(super) watermarks: BTreeMap<StreamId, u64>,
    pub(super) usage: BTreeMap<UsageKey, UsageCounts>,
    pub(super) latency: BTreeMap<LatencyKey, u64>,
    pub(super) clients: BTreeMap<ClientKey, u64>,
    pub(super) shapes: BTreeMap<(ShapeKey, [Option<Seen>; 2]), u64>,
    pub(super) open: BTreeMap<(StreamId, u64), OpenCall>,
    /// Everything that was delivered, to be delivered again.
    history: Vec<Delta>,
    pub(super) refused: u64,
    /// Dead streams that had less on disk than was applied of them.
    pub(super) beyond_tail: u64,
}

impl Store {
    /// One transaction; false when it rolls back because the delta was applied before.
    pub(super) fn apply(&mut self, delta: &Delta) -> bool {
        let watermark = self.watermarks.get(&delta.stream).copied().unwrap_or(0);
        let open = delta
            .closed
            .iter()
            .all(|call| self.open.contains_key(&(delta.stream, call.seq)));
        if watermark != delta.after_seq || !open {
            self.refused += 1;
            return false;
        }
        self.watermarks.insert(delta.stream, delta.through_seq);
        for row in &delta.usage {
            self.usage.entry(row.key).or_default().add(&row.counts);
        }
        for row in &delta.latency {
            *self.latency.entry(row.key).or_default() += row.n;
        }
        for row in &delta.clients {
            *self.clients.entry(row.key.clone()).or_default() += row.calls;
        }
        for row in &delta.shapes {
            let seen = [row.request.clone(), row.response.clone()];
            *self.shapes.entry((row.key, seen)).or_default() += row.calls;
        }
        for call in &delta.closed {
            self.open.remove(&(delta.stream, call.seq));
        }
        for call in &delta.opened {
            assert_eq!(self.open.insert((delta.stream, call.seq), *call), None);
        }
        true
    }

    pub(super) fn load(&self, stream: StreamId) -> OpenCalls {
        let rows = self
            .open
            .range((stream, 0)..=(stream, u64::MAX))
            .map(|(_, call)| *call);
        OpenCalls::load(self.watermarks.get(&stream).copied().unwrap_or(0), rows)
    }

    /// Delivers a few earlier deltas again, in any order: none may change anything but an empty one.
    pub(super) fn deliver_again(&mut self, random: &mut Random) {
        let history = std::mem::take(&mut self.history);
        for _ in 0..random.below(4).min(history.len() as u64) {
            let delta = random.pick(&history);
            assert!(
                !self.apply(delta) || delta.is_empty(),
                "applied twice: {delta:?}"
            );
        }
        self.history = history;
    }

    fn deliver(&mut self, delta: Delta) {
        assert!(self.apply(&delta), "a fresh delta is applied");
        self.history.push(delta);
    }
}

/// Reads every stream as far as it goes. `batch_max` entries at a time; ends dead streams; retires when `retire`.
pub(super) fn apply_all(
    store: &mut Store,
    reader: &mut Reader,
    random: &mut Random,
    retire: bool,
) -> Result<(), ReadError> {
    for info in reader.streams()? {
        let mut open = store.load(info.id);
        loop {
            let batch_max = 1 + random.below(70) as usize;
            let batch = match reader.read(info.id, open.through_seq(), batch_max) {
                Err(ReadError::BeyondTail { .. }) if info.state == StreamState::Dead => {
                    store.beyond_tail += 1;
                    store.deliver(rollup::close(info.id, &mut open));
                    break;
                }
                batch => batch?,
            };
            let delta = rollup::fold(info.id, &batch.entries, &mut open).unwrap();
            store.deliver(delta);
            store.deliver_again(random);
            if random.one_in(10) {
                // As after a transaction that failed: from the store again.
                open = store.load(info.id);
            }
            match batch.end {
                BatchEnd::More => {}
                BatchEnd::Live => break,
                BatchEnd::Dead { .. } => {
                    store.deliver(rollup::close(info.id, &mut open));
                    break;
                }
            }
        }
        if retire {
            reader.retire(info.id, open.through_seq())?;
        }
    }
    Ok(())
}

/// Adds up all usage rows of one call: its key is its number.
pub(super) fn calls_by_number(store: &Store) -> BTreeMap<u64, UsageCounts> {
    let mut calls: BTreeMap<u64, UsageCounts> = BTreeMap::new();
    for (key, counts) in &store.usage {
        calls.entry(key.key.raw() - 1_000).or_default().add(counts);
    }
    calls
}
