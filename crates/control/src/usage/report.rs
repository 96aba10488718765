//! What a report is asked for and what it says.

use adoption::{Micros, OperationId};
use serde::{Deserialize, Serialize};

/// What one row of a report stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UsageBy {
    Operation,
    Consumer,
    Key,
    /// Contract version.
    Version,
    /// Client class: sdk, browser, agent, cli, unknown.
    Client,
}

/// The roll-up grain that a report was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    Minute,
    Hour,
    Day,
}

/// What to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageQuery {
    pub by: UsageBy,
    /// Included; rounded down to its minute.
    pub since: Micros,
    /// Excluded; rounded up to its minute.
    pub until: Micros,
    /// Name or `surf_` id.
    #[serde(default)]
    pub surface: Option<String>,
    /// Name or `cons_` id.
    #[serde(default)]
    pub consumer: Option<String>,
    /// `op_` id.
    #[serde(default)]
    pub operation: Option<OperationId>,
    /// Rows wanted, busiest first; held between 1 and 10,000.
    #[serde(default = "UsageQuery::limit_default")]
    pub limit: u32,
}

impl UsageQuery {
    pub const LIMIT_MAX: u32 = 10_000;

    const fn limit_default() -> u32 {
        1_000
    }

    /// All traffic of `[since, until)`, by `by`.
    pub const fn new(by: UsageBy, since: Micros, until: Micros) -> Self {
        Self {
            by,
            since,
            until,
            surface: None,
            consumer: None,
            operation: None,
            limit: Self::limit_default(),
        }
    }
}

/// Figures of a set of calls.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct UsageFigures {
    pub calls: u64,
    /// Status 400 and above.
    pub errors: u64,
    /// Answers made by the gateway rather than by the upstream.
    pub ours: u64,
    /// Requests sent upstream, retries included.
    pub attempts: u64,
    /// Calls whose end is not known.
    pub interrupted: u64,
    pub units: u64,
    pub bytes_in: u64,
    pub bytes_out: u64,
    /// Mean over all calls; 0 without calls.
    pub latency_mean_us: u64,
    pub latency_max_us: u64,
    /// Quantiles are known by operation, by version and in total, without a consumer filter; at most 9.05 % above the true value.
    pub p50_us: Option<u64>,
    pub p95_us: Option<u64>,
    pub p99_us: Option<u64>,
    /// Start of the last minute (or hour, or day, by the grain) with a call.
    pub last_seen: Option<Micros>,
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageRow {
    /// The id as text; the class name for `Client`.
    pub id: String,
    /// `GET /payments/{id}`, a consumer's name, a key's start, a contract's version, a client class, or a
    /// reserved bucket such as `(anonymous)`.
    pub name: String,
    /// The surface's name, where the row belongs to one.
    pub surface: Option<String>,
    /// Of a key: its consumer's name.
    pub consumer: Option<String>,
    /// Of an operation: `operationId`.
    pub operation_id: Option<String>,
    /// Of an operation: whether its running contract deprecates it.
    pub deprecated: bool,
    /// Calls of the row by calls in total, 0 to 1.
    pub share: f64,
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// A report over `[since, until)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageReport {
    pub by: UsageBy,
    /// The bounds that were really counted.
    pub since: Micros,
    pub until: Micros,
    /// The coarsest grain that was read.
    pub grain: Grain,
    /// Busiest first.
    pub rows: Vec<UsageRow>,
    /// Rows there are; more than `rows` holds when `limit` cut them.
    pub rows_total: u64,
    /// All rows together, those that `limit` cut included.
    pub total: UsageFigures,
    /// Usage up to here is applied.
    pub applied_until: Option<Micros>,
}

/// A consumer that still calls a deprecated operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeprecatedCall {
    pub surface: String,
    pub operation: OperationId,
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub deprecated_at: Micros,
    pub sunset_at: Option<Micros>,
    pub replaced_by: Option<String>,
    /// The consumer's name.
    pub consumer: String,
    pub calls: u64,
    pub last_seen: Option<Micros>,
}

/// Who still calls deprecated operations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeprecatedReport {
    pub since: Micros,
    pub until: Micros,
    /// Most calls first.
    pub rows: Vec<DeprecatedCall>,
    pub rows_total: u64,
    /// Distinct consumers among them.
    pub consumers: u64,
}
