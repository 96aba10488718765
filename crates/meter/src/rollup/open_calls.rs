//! Where the fold of one stream stands: its watermark and its open calls.

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, StatusClass, SurfaceId,
};
use rustc_hash::FxHashMap;

use super::rows::UsageKey;
use crate::entry::Call;

/// A call that has a reserve and no settle yet; one row of the store's open calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCall {
    /// Sequence of its reserve in its stream.
    pub seq: u64,
    pub surface: SurfaceId,
    pub consumer: ConsumerId,
    pub key: KeyId,
    pub operation: OperationId,
    pub contract: ContractId,
    pub status_class: StatusClass,
    pub client_class: ClientClass,
    pub started_at: Micros,
}

impl OpenCall {
    pub(super) fn of(seq: u64, call: &Call, status: u16) -> Self {
        Self {
            seq,
            surface: call.surface,
            consumer: call.consumer,
            key: call.key,
            operation: call.operation,
            contract: call.contract,
            status_class: StatusClass::of(status),
            client_class: call.client_class,
            started_at: call.started_at,
        }
    }

    pub(super) fn usage_key(&self) -> UsageKey {
        UsageKey {
            period: self.started_at.minute(),
            surface: self.surface,
            consumer: self.consumer,
            key: self.key,
            operation: self.operation,
            contract: self.contract,
            status_class: self.status_class,
            client_class: self.client_class,
        }
    }
}

/// The state of one stream's fold: how far it is, which calls are open, and what of it is not stored yet. Load it
/// from the store once, keep it while transactions commit; after one that did not, load it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCalls {
    /// The watermark in the store: calls at or before it that are open are rows there.
    stored_seq: u64,
    through_seq: u64,
    /// Each with the number of its usage row, which is only a guess.
    calls: FxHashMap<u64, (OpenCall, u32)>,
    /// Calls that are rows in the store and no longer open.
    closed: Vec<OpenCall>,
}

impl OpenCalls {
    /// A stream of which everything through `through_seq` is applied (0: nothing), with its open calls as stored.
    pub fn load(through_seq: u64, rows: impl IntoIterator<Item = OpenCall>) -> Self {
        Self {
            stored_seq: through_seq,
            through_seq,
            calls: rows.into_iter().map(|row| (row.seq, (row, 0))).collect(),
            closed: Vec::new(),
        }
    }

    /// The last sequence that was folded.
    pub fn through_seq(&self) -> u64 {
        self.through_seq
    }

    /// The watermark in the store.
    pub fn stored_seq(&self) -> u64 {
        self.stored_seq
    }

    /// The open calls as rows, in order of sequence.
    pub fn rows(&self) -> Vec<OpenCall> {
        self.rows_after(0)
    }

    pub fn len(&self) -> usize {
        self.calls.len()
    }

    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Calls that are open and no rows in the store, in order of sequence: rows to insert.
    pub fn opened(&self) -> Vec<OpenCall> {
        self.rows_after(self.stored_seq)
    }

    /// Calls that are rows in the store and no longer open, in the order of their ends: rows to delete.
    pub fn closed(&self) -> &[OpenCall] {
        &self.closed
    }

    /// Everything up to here is in the store.
    pub fn stored(&mut self) {
        self.stored_seq = self.through_seq;
        self.closed.clear();
    }

    pub(super) fn pass(&mut self, seq: u64) {
        self.through_seq = seq;
    }

    pub(super) fn open(&mut self, call: OpenCall, row: u32) {
        self.calls.insert(call.seq, (call, row));
    }

    /// The call that `reserve_seq` opened, which is no longer open; `None` when none is.
    pub(super) fn settle(&mut self, reserve_seq: u64) -> Option<(OpenCall, u32)> {
        let ended = self.calls.remove(&reserve_seq)?;
        if reserve_seq <= self.stored_seq {
            self.closed.push(ended.0);
        }
        Some(ended)
    }

    /// Every open call, in order of sequence; none is open any more.
    pub(super) fn close(&mut self) -> Vec<OpenCall> {
        let calls = self.rows();
        self.calls.clear();
        let stored = calls.iter().filter(|call| call.seq <= self.stored_seq);
        self.closed.extend(stored);
        calls
    }

    fn rows_after(&self, seq: u64) -> Vec<OpenCall> {
        let mut rows: Vec<_> = self
            .calls
            .values()
            .map(|(call, _)| *call)
            .filter(|call| call.seq > seq)
            .collect();
        rows.sort_unstable_by_key(|call| call.seq);
        rows
    }
}
