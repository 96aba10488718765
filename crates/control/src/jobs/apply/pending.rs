//! What is read and folded and not stored yet: many passes become one transaction.
//!
//! The same key and minute come in every pass; storing them once a minute instead of twice a second divides the
//! cost of the applier by up to a hundred. Nothing depends on it: the journal keeps every entry until its watermark
//! is stored.

use std::collections::BTreeMap;

use adoption::KeyId;
use meter::rollup::Sums;
use meter::{OpenCall, OpenCalls, StreamId};
use rustc_hash::FxHashMap;
use store::watermark::{WatermarkRow, WatermarkState};

/// Where each stream stands, and the sums of what its entries say since the last transaction.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) streams: BTreeMap<StreamId, Stand>,
    pub(super) sums: Sums,
}

/// How far one stream is read and folded.
#[derive(Debug)]
pub(super) struct Stand {
    pub(super) open: OpenCalls,
    pub(super) state: WatermarkState,
    /// Something of it is not stored yet.
    pub(super) is_changed: bool,
    /// Where the journal was last asked to retire segments.
    pub(super) retired_seq: u64,
}

impl Default for Stand {
    /// A stream that nobody has read.
    fn default() -> Self {
        Self::at(0, [], WatermarkState::Live)
    }
}

impl Stand {
    fn at(seq: u64, calls: impl IntoIterator<Item = OpenCall>, state: WatermarkState) -> Self {
        Self {
            open: OpenCalls::load(seq, calls),
            state,
            is_changed: false,
            retired_seq: seq,
        }
    }

    pub(super) fn change(&mut self, state: WatermarkState) {
        self.state = state;
        self.is_changed = true;
    }
}

impl Pending {
    /// As the database has it: nothing is pending.
    pub(super) fn load(watermarks: &[WatermarkRow], open_calls: Vec<(StreamId, OpenCall)>) -> Self {
        let mut calls: FxHashMap<StreamId, Vec<OpenCall>> = FxHashMap::default();
        for (stream, call) in open_calls {
            calls.entry(stream).or_default().push(call);
        }
        let stand = |row: &WatermarkRow| {
            let calls = calls.remove(&row.stream).unwrap_or_default();
            (row.stream, Stand::at(row.seq, calls, row.state))
        };
        Self {
            streams: watermarks.iter().map(stand).collect(),
            sums: Sums::default(),
        }
    }

    /// Streams of which something is to be stored.
    pub(super) fn changed(&self) -> impl Iterator<Item = (StreamId, &Stand)> {
        self.streams
            .iter()
            .filter(|(_, stand)| stand.is_changed)
            .map(|(id, stand)| (*id, stand))
    }

    /// Everything is stored.
    pub(super) fn stored(&mut self) {
        for stand in self.streams.values_mut() {
            stand.is_changed = false;
            stand.open.stored();
        }
        self.sums.clear();
    }

    pub(super) fn damaged(&self) -> u64 {
        self.streams
            .values()
            .filter(|stand| stand.state == WatermarkState::Damaged)
            .count() as u64
    }

    /// The last minute of each key, where it is later than the one that `stored` has; in order of key.
    pub(super) fn keys_seen(&self, stored: &FxHashMap<KeyId, i64>) -> Vec<(KeyId, i64)> {
        let mut latest: FxHashMap<KeyId, i64> = FxHashMap::default();
        for key in self.sums.usage_keys().filter(|key| key.key != KeyId::NONE) {
            let minute = latest.entry(key.key).or_insert(key.period);
            *minute = key.period.max(*minute);
        }
        latest.retain(|key, minute| stored.get(key).is_none_or(|known| *known < *minute));
        let mut latest: Vec<_> = latest.into_iter().collect();
        latest.sort_unstable();
        latest
    }
}
