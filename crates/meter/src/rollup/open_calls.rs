//! Where the fold of one stream stands: its watermark and its open calls.

use std::collections::BTreeMap;

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, LatencyBucket, Micros, OperationId, StatusClass,
    SurfaceId,
};

use super::Delta;
use super::rows::{LatencyKey, UsageKey};
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

    pub(super) fn latency_key(&self, latency_us: u64) -> LatencyKey {
        LatencyKey {
            period: self.started_at.minute(),
            surface: self.surface,
            operation: self.operation,
            contract: self.contract,
            status_class: self.status_class,
            bucket: LatencyBucket::of_us(latency_us),
        }
    }
}

/// The state of one stream's fold between batches. Load it from the store once, keep it while transactions
/// commit; after one that did not, load it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCalls {
    through_seq: u64,
    calls: BTreeMap<u64, OpenCall>,
}

impl OpenCalls {
    /// A stream of which everything through `through_seq` is applied (0: nothing), with its open calls as stored.
    pub fn load(through_seq: u64, rows: impl IntoIterator<Item = OpenCall>) -> Self {
        Self {
            through_seq,
            calls: rows.into_iter().map(|row| (row.seq, row)).collect(),
        }
    }

    /// The watermark: the last sequence that was folded.
    pub fn through_seq(&self) -> u64 {
        self.through_seq
    }

    /// The open calls as rows, in order of sequence.
    pub fn rows(&self) -> impl Iterator<Item = &OpenCall> {
        self.calls.values()
    }

    pub fn len(&self) -> usize {
        self.calls.len()
    }

    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn get(&self, seq: u64) -> Option<&OpenCall> {
        self.calls.get(&seq)
    }

    pub(super) fn advance(&mut self, delta: &Delta) {
        self.through_seq = delta.through_seq;
        for call in &delta.closed {
            self.calls.remove(&call.seq);
        }
        self.calls
            .extend(delta.opened.iter().map(|call| (call.seq, *call)));
    }
}
