//! The rows that a fold gives, and their sums at longer grains.

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, LatencyBucket, OperationId, StatusClass, SurfaceId,
};

/// The length of a roll-up's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grain {
    Minute,
    Hour,
    Day,
}

impl Grain {
    /// The period of this grain that `minute` (since the epoch) lies in.
    pub const fn period_of(self, minute: i64) -> i64 {
        match self {
            Self::Minute => minute,
            Self::Hour => minute.div_euclid(60),
            Self::Day => minute.div_euclid(1_440),
        }
    }
}

/// The columns that make a usage row one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageKey {
    /// Minutes since the epoch in a [`crate::Delta`]; hours or days after [`usage_at`].
    pub period: i64,
    pub surface: SurfaceId,
    pub consumer: ConsumerId,
    pub key: KeyId,
    pub operation: OperationId,
    pub contract: ContractId,
    pub status_class: StatusClass,
    pub client_class: ClientClass,
}

/// What one usage row adds; every column but `latency_us_max` is summed, that one takes the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageCounts {
    pub calls: u64,
    /// Calls with status 400 and above.
    pub errors: u64,
    /// Calls that were answered here.
    pub ours: u64,
    /// Requests sent upstream.
    pub attempts: u64,
    /// Calls whose end was never known, or that we cut short.
    pub interrupted: u64,
    pub units: u64,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub latency_us_sum: u64,
    pub latency_us_max: u64,
}

impl UsageCounts {
    /// Adds another row of the same key. Sums saturate: 2^64 bytes are past what SQL columns hold anyway.
    pub fn add(&mut self, other: &Self) {
        let sums = [
            (&mut self.calls, other.calls),
            (&mut self.errors, other.errors),
            (&mut self.ours, other.ours),
            (&mut self.attempts, other.attempts),
            (&mut self.interrupted, other.interrupted),
            (&mut self.units, other.units),
            (&mut self.bytes_in, other.bytes_in),
            (&mut self.bytes_out, other.bytes_out),
            (&mut self.latency_us_sum, other.latency_us_sum),
        ];
        for (sum, more) in sums {
            *sum = sum.saturating_add(more);
        }
        self.latency_us_max = self.latency_us_max.max(other.latency_us_max);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageRow {
    pub key: UsageKey,
    pub counts: UsageCounts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatencyKey {
    /// Minutes since the epoch in a [`crate::Delta`]; hours or days after [`latency_at`].
    pub period: i64,
    pub surface: SurfaceId,
    pub operation: OperationId,
    pub contract: ContractId,
    pub status_class: StatusClass,
    pub bucket: LatencyBucket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatencyRow {
    pub key: LatencyKey,
    /// Calls settled in this bucket.
    pub n: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey {
    /// UTC days since the epoch.
    pub day: i64,
    pub surface: SurfaceId,
    pub key: KeyId,
    /// Client name; [`super::OTHER_CLIENT`] when unknown.
    pub client: String,
    /// Client version; empty when unknown.
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    pub key: ClientKey,
    pub calls: u64,
}

/// The columns that say whose calls of what a shape was seen in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeKey {
    /// UTC days since the epoch.
    pub day: i64,
    pub surface: SurfaceId,
    pub consumer: ConsumerId,
    pub key: KeyId,
    pub operation: OperationId,
    pub contract: ContractId,
}

/// A set of leaves, the lowest bit of the first byte for leaf 0 of the table; without zeros at the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seen {
    pub table: u32,
    pub bits: Vec<u8>,
}

/// Calls that ended with the same leaves sent and delivered; `None` where nobody saw them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeRow {
    pub key: ShapeKey,
    pub request: Option<Seen>,
    pub response: Option<Seen>,
    pub calls: u64,
}

/// Sums minute rows into the rows of `grain`, in key order.
pub fn usage_at(rows: &[UsageRow], grain: Grain) -> Vec<UsageRow> {
    let mut sums: Vec<UsageRow> = rows.to_vec();
    for row in &mut sums {
        row.key.period = grain.period_of(row.key.period);
    }
    // Stable, since it is the sort that is fast on runs: the rows of each minute are one.
    sums.sort_by_key(|row| row.key);
    sums.dedup_by(|row, sum| {
        let same = row.key == sum.key;
        if same {
            sum.counts.add(&row.counts);
        }
        same
    });
    sums
}

/// Sums minute rows into the rows of `grain`, in key order.
pub fn latency_at(rows: &[LatencyRow], grain: Grain) -> Vec<LatencyRow> {
    let mut sums: Vec<LatencyRow> = rows.to_vec();
    for row in &mut sums {
        row.key.period = grain.period_of(row.key.period);
    }
    // Stable: as in `usage_at`.
    sums.sort_by_key(|row| row.key);
    sums.dedup_by(|row, sum| {
        let same = row.key == sum.key;
        if same {
            sum.n += row.n;
        }
        same
    });
    sums
}
