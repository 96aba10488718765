//! What is read and folded and not stored yet: many batches become one transaction.
//!
//! The same key and minute come in every batch; storing them once a minute instead of twice a second divides the
//! cost of the applier by up to a hundred. Nothing depends on it: the journal keeps every entry until its watermark
//! is stored.

use std::collections::BTreeMap;

use adoption::KeyId;
use meter::rollup::{
    ClientKey, ClientRow, LatencyKey, LatencyRow, UsageCounts, UsageKey, UsageRow,
};
use meter::{Delta, OpenCall, StreamId};
use rustc_hash::FxHashMap;
use store::watermark::WatermarkState;

use super::gather::{Damage, StreamDelta};

/// The sum of several deltas.
#[derive(Debug, Default)]
pub(super) struct Pending {
    streams: BTreeMap<StreamId, PendingStream>,
    usage: FxHashMap<UsageKey, UsageCounts>,
    latency: FxHashMap<LatencyKey, u64>,
    clients: BTreeMap<ClientKey, u64>,
}

/// What must be stored of one stream.
#[derive(Debug)]
pub(super) struct PendingStream {
    /// Where its watermark stands in the database.
    pub(super) after_seq: u64,
    pub(super) through_seq: u64,
    pub(super) state: WatermarkState,
    opened: BTreeMap<u64, OpenCall>,
    /// Calls that the database holds as open.
    pub(super) closed: Vec<OpenCall>,
}

impl PendingStream {
    const fn at(seq: u64, state: WatermarkState) -> Self {
        Self {
            after_seq: seq,
            through_seq: seq,
            state,
            opened: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// Calls that the database does not hold yet.
    pub(super) fn opened(&self) -> Vec<OpenCall> {
        self.opened.values().copied().collect()
    }
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Rows of the finest grain that a transaction would write.
    pub(super) fn rows(&self) -> usize {
        self.usage.len() + self.latency.len()
    }

    pub(super) fn add(&mut self, StreamDelta { delta, state }: StreamDelta) {
        self.add_stream(&delta, state);
        for row in &delta.usage {
            self.usage.entry(row.key).or_default().add(&row.counts);
        }
        for row in &delta.latency {
            *self.latency.entry(row.key).or_insert(0) += row.n;
        }
        for row in delta.clients {
            *self.clients.entry(row.key).or_insert(0) += row.calls;
        }
    }

    pub(super) fn add_damage(&mut self, damage: Damage) {
        let fresh = || PendingStream::at(damage.seq, WatermarkState::Damaged);
        self.streams
            .entry(damage.stream)
            .or_insert_with(fresh)
            .state = WatermarkState::Damaged;
    }

    fn add_stream(&mut self, delta: &Delta, state: WatermarkState) {
        let fresh = || PendingStream::at(delta.after_seq, state);
        let stream = self.streams.entry(delta.stream).or_insert_with(fresh);
        debug_assert_eq!(
            stream.through_seq, delta.after_seq,
            "deltas of a stream follow each other"
        );
        stream.through_seq = delta.through_seq;
        stream.state = state;
        for call in &delta.closed {
            if stream.opened.remove(&call.seq).is_none() {
                stream.closed.push(*call);
            }
        }
        stream
            .opened
            .extend(delta.opened.iter().map(|call| (call.seq, *call)));
    }

    pub(super) fn streams(&self) -> impl Iterator<Item = (StreamId, &PendingStream)> {
        self.streams.iter().map(|(id, stream)| (*id, stream))
    }

    /// Minute rows in order of key: neighbours in the table are written one after the other.
    pub(super) fn usage_rows(&self) -> Vec<UsageRow> {
        let mut rows: Vec<UsageRow> = self
            .usage
            .iter()
            .map(|(key, counts)| UsageRow {
                key: *key,
                counts: *counts,
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.key);
        rows
    }

    /// Minute rows in order of key.
    pub(super) fn latency_rows(&self) -> Vec<LatencyRow> {
        let mut rows: Vec<LatencyRow> = self
            .latency
            .iter()
            .map(|(key, n)| LatencyRow { key: *key, n: *n })
            .collect();
        rows.sort_unstable_by_key(|row| row.key);
        rows
    }

    /// Day rows in order of key.
    pub(super) fn client_rows(&self) -> Vec<ClientRow> {
        self.clients
            .iter()
            .map(|(key, calls)| ClientRow {
                key: key.clone(),
                calls: *calls,
            })
            .collect()
    }

    /// The last minute of each key, where it is later than the one that `stored` has; in order of key.
    pub(super) fn keys_seen(&self, stored: &FxHashMap<KeyId, i64>) -> Vec<(KeyId, i64)> {
        let mut latest: FxHashMap<KeyId, i64> = FxHashMap::default();
        for key in self.usage.keys().filter(|key| key.key != KeyId::NONE) {
            let minute = latest.entry(key.key).or_insert(key.period);
            *minute = key.period.max(*minute);
        }
        latest.retain(|key, minute| stored.get(key).is_none_or(|known| *known < *minute));
        let mut latest: Vec<_> = latest.into_iter().collect();
        latest.sort_unstable();
        latest
    }
}
