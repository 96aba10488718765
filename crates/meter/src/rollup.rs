//! The fold of journal entries into roll-up rows: pure, exact, never drops a settle.

use std::collections::BTreeMap;

use adoption::Outcome;
use rustc_hash::FxHashMap;

use crate::entry::{Call, Entry, EntryBody, Settlement, StreamId};

mod open_calls;
mod rows;

pub use open_calls::{OpenCall, OpenCalls};
pub use rows::{
    ClientKey, ClientRow, Grain, LatencyKey, LatencyRow, UsageCounts, UsageKey, UsageRow,
    latency_at, usage_at,
};

/// The client of calls whose client is unknown, or did not fit the lane's dictionary.
pub const OTHER_CLIENT: &str = "(other)";

/// Everything one store transaction must add, exactly once. Rows are distinct by key and in key order.
///
/// The transaction rolls back unless the stream's watermark is `after_seq` and every row of `closed` is there to be
/// deleted: then it was applied before. A close moves no watermark, so it rests on the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    pub stream: StreamId,
    /// The watermark must be this, or the delta was applied before (compare-and-set).
    pub after_seq: u64,
    /// The watermark becomes this.
    pub through_seq: u64,
    /// Minute grain; [`usage_at`] makes the others.
    pub usage: Vec<UsageRow>,
    /// Minute grain; [`latency_at`] makes the others.
    pub latency: Vec<LatencyRow>,
    /// Day grain.
    pub clients: Vec<ClientRow>,
    /// Calls that are open now and were not before: rows to insert.
    pub opened: Vec<OpenCall>,
    /// Calls that were open before and are no longer: rows to delete.
    pub closed: Vec<OpenCall>,
}

impl Delta {
    /// Whether there is nothing to store, not even a watermark.
    pub fn is_empty(&self) -> bool {
        self.after_seq == self.through_seq && self.usage.is_empty() && self.closed.is_empty()
    }
}

/// Why entries cannot be folded. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    #[error(
        "entry {found} of {stream} follows entry {through_seq}: the entries between are missing"
    )]
    Gap {
        stream: StreamId,
        through_seq: u64,
        found: u64,
    },
    #[error("settle {seq} of {stream} names reserve {reserve_seq}, which is not open")]
    UnknownReserve {
        stream: StreamId,
        seq: u64,
        reserve_seq: u64,
    },
}

/// Folds `entries` of `stream`, in order, into one delta; `open` moves along only when all of them fold.
/// Client entries at or before the watermark are only names told again (see [`crate::Batch`]).
pub fn fold(stream: StreamId, entries: &[Entry], open: &mut OpenCalls) -> Result<Delta, FoldError> {
    let mut folding = Folding::new(stream, open);
    for entry in entries {
        folding.add(entry)?;
    }
    let delta = folding.finish();
    open.advance(&delta);
    Ok(delta)
}

/// Ends a dead stream that was read to its end: every open call counts as interrupted and is closed.
/// Doing it again gives an empty delta.
pub fn close(stream: StreamId, open: &mut OpenCalls) -> Delta {
    let mut folding = Folding::new(stream, open);
    for call in open.rows() {
        folding
            .usage
            .entry(call.usage_key())
            .or_default()
            .interrupted += 1;
        folding.closed.insert(call.seq, *call);
    }
    let delta = folding.finish();
    open.advance(&delta);
    delta
}

/// Client names met so far in this fold, by number; a number may change its name on the way.
type Names = FxHashMap<u32, (String, String)>;

/// One fold on its way; holds what would change until all entries were accepted.
struct Folding<'a> {
    stream: StreamId,
    open: &'a OpenCalls,
    through_seq: u64,
    usage: FxHashMap<UsageKey, UsageCounts>,
    latency: FxHashMap<LatencyKey, u64>,
    clients: BTreeMap<ClientKey, u64>,
    names: Names,
    opened: BTreeMap<u64, OpenCall>,
    closed: BTreeMap<u64, OpenCall>,
}

impl<'a> Folding<'a> {
    fn new(stream: StreamId, open: &'a OpenCalls) -> Self {
        Self {
            stream,
            open,
            through_seq: open.through_seq(),
            usage: FxHashMap::default(),
            latency: FxHashMap::default(),
            clients: BTreeMap::new(),
            names: Names::default(),
            opened: BTreeMap::new(),
            closed: BTreeMap::new(),
        }
    }

    fn add(&mut self, entry: &Entry) -> Result<(), FoldError> {
        let told_again =
            entry.seq <= self.through_seq && matches!(entry.body, EntryBody::Client { .. });
        if !told_again {
            if entry.seq != self.through_seq + 1 {
                let (stream, through_seq) = (self.stream, self.through_seq);
                return Err(FoldError::Gap {
                    stream,
                    through_seq,
                    found: entry.seq,
                });
            }
            self.through_seq = entry.seq;
        }

        match &entry.body {
            EntryBody::Reserve {
                call,
                status,
                origin,
                attempts,
            } => {
                let open = OpenCall::of(entry.seq, call, *status);
                let counts = self.usage.entry(open.usage_key()).or_default();
                counts.calls += 1;
                counts.errors += u64::from(*status >= 400);
                counts.ours += u64::from(origin.is_ours());
                counts.attempts += u64::from(*attempts);
                self.count_client(call);
                self.opened.insert(entry.seq, open);
            }
            EntryBody::Settle {
                reserve_seq,
                settlement,
            } => self.settle(entry.seq, *reserve_seq, settlement)?,
            EntryBody::Client {
                number,
                name,
                version,
            } => {
                self.names.insert(number.0, (name.clone(), version.clone()));
            }
        }
        Ok(())
    }

    fn settle(
        &mut self,
        seq: u64,
        reserve_seq: u64,
        settlement: &Settlement,
    ) -> Result<(), FoldError> {
        let Some(call) = self.take_open(reserve_seq) else {
            return Err(FoldError::UnknownReserve {
                stream: self.stream,
                seq,
                reserve_seq,
            });
        };
        let counts = self.usage.entry(call.usage_key()).or_default();
        counts.add(&UsageCounts {
            interrupted: u64::from(settlement.outcome == Outcome::Interrupted),
            units: settlement.units,
            bytes_in: settlement.bytes_in,
            bytes_out: settlement.bytes_out,
            latency_us_sum: settlement.latency_us,
            latency_us_max: settlement.latency_us,
            ..UsageCounts::default()
        });
        *self
            .latency
            .entry(call.latency_key(settlement.latency_us))
            .or_default() += 1;
        Ok(())
    }

    fn take_open(&mut self, reserve_seq: u64) -> Option<OpenCall> {
        if let Some(call) = self.opened.remove(&reserve_seq) {
            return Some(call);
        }
        if self.closed.contains_key(&reserve_seq) {
            return None;
        }
        let call = *self.open.get(reserve_seq)?;
        self.closed.insert(reserve_seq, call);
        Some(call)
    }

    fn count_client(&mut self, call: &Call) {
        let known = self.names.get(&call.client.0);
        let (client, version) = known.map_or((OTHER_CLIENT, ""), |(name, version)| (name, version));
        let key = ClientKey {
            day: call.started_at.day(),
            surface: call.surface,
            key: call.key,
            client: client.to_owned(),
            version: version.to_owned(),
        };
        *self.clients.entry(key).or_default() += 1;
    }

    fn finish(self) -> Delta {
        let mut usage: Vec<_> = self
            .usage
            .into_iter()
            .map(|(key, counts)| UsageRow { key, counts })
            .collect();
        usage.sort_unstable_by_key(|row| row.key);
        let mut latency: Vec<_> = self
            .latency
            .into_iter()
            .map(|(key, n)| LatencyRow { key, n })
            .collect();
        latency.sort_unstable_by_key(|row| row.key);

        Delta {
            stream: self.stream,
            after_seq: self.open.through_seq(),
            through_seq: self.through_seq,
            usage,
            latency,
            clients: self
                .clients
                .into_iter()
                .map(|(key, calls)| ClientRow { key, calls })
                .collect(),
            opened: self.opened.into_values().collect(),
            closed: self.closed.into_values().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
