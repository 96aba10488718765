//! What the live view shows, as plain data.

use std::time::Duration;

use crate::drill::board::Board;
use crate::output;

/// Everything that one drawing shows.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub elapsed: Duration,
    /// Time left with `--for`.
    pub left: Option<Duration>,
    pub title: String,
    pub gateway: String,
    pub web: String,
    /// Commands that work when pasted; never cut.
    pub commands: Vec<String>,
    /// As the clients count.
    pub calls: u64,
    pub errors: u64,
    pub notices: u64,
    pub unanswered: u64,
    pub streams_open: u64,
    pub calls_per_second: f64,
    /// Calls of each of the last seconds, oldest first.
    pub history: Vec<f64>,
    /// From the roll-ups.
    pub p50_us: Option<u64>,
    pub p99_us: Option<u64>,
    pub meter: Meter,
    pub consumers_registered: usize,
    /// Most calls first.
    pub consumers: Vec<ConsumerRow>,
    pub operations_known: usize,
    /// Most calls first.
    pub operations: Vec<OperationRow>,
    pub deprecated: Vec<DeprecatedRow>,
    /// The rollout that is carried beside the load.
    pub rollout: Option<Board>,
}

/// How far the roll-ups are.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    pub calls: u64,
    /// What the clients had counted when the roll-ups were read.
    pub calls_client: u64,
    /// Since the roll-ups last held everything.
    pub lag_ms: Option<u64>,
    pub by_hand: u64,
}

#[derive(Debug, Clone, Default)]
pub struct ConsumerRow {
    pub name: String,
    pub kind: String,
    pub calls: u64,
    pub errors: u64,
    /// Of all calls, 0 to 1.
    pub share: f64,
    pub calls_per_second: f64,
    pub last: String,
}

#[derive(Debug, Clone, Default)]
pub struct OperationRow {
    pub name: String,
    pub calls: u64,
    pub errors: u64,
    pub p50_us: Option<u64>,
    pub p99_us: Option<u64>,
    pub deprecated: bool,
}

#[derive(Debug, Clone, Default)]
pub struct DeprecatedRow {
    pub operation: String,
    /// Such as `31 Mar 2027`.
    pub sunset: Option<String>,
    pub days_left: Option<i64>,
    pub replaced_by: Option<String>,
    pub consumers: u64,
    /// Most calls first.
    pub callers: Vec<(String, u64)>,
}

/// Columns and rows of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub columns: usize,
    pub rows: usize,
}

/// A dash where nothing was measured.
pub fn latency(us: Option<u64>) -> String {
    us.map_or_else(|| "-".to_owned(), output::latency)
}

/// `part` of `whole`, 0 to 1; 0 of nothing.
pub fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
