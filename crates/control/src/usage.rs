//! Who called what: reports over the roll-ups.

mod coverage;
mod names;

use std::collections::HashMap;

use adoption::latency::quantile_us;
use adoption::{LatencyBucket, Micros, OperationId};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::usage_report::{self, Filter, Group, GroupBy, Sums};

use crate::contracts::deprecation_of;
use crate::control::Control;
use crate::error::ControlError;
use crate::surfaces;

use coverage::{Period, cover};
use names::Names;

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

impl Control {
    /// Usage of a period. Errors: `NotFound` for a filter, `Invalid` for an empty period.
    ///
    /// The period is put together from whole minutes, hours and days without overlap, so that its bounds are exact
    /// to the minute as long as minutes are kept (48 hours by default); beyond that a bound moves outwards to the
    /// hour, beyond the hours to the day. `since` and `until` of the report are the bounds that were counted.
    pub async fn usage(&self, query: &UsageQuery) -> Result<UsageReport, ControlError> {
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let filter = filter_of(&mut tx, query).await?;
        let period = period_of(&mut tx, query.since, query.until).await?;
        let by = group_by(query.by);
        let limit = query.limit.clamp(1, UsageQuery::LIMIT_MAX);
        let groups = usage_report::groups(&mut tx, by, &period.coverage, &filter, limit).await?;
        let (rows_total, sums) =
            usage_report::total(&mut tx, by, &period.coverage, &filter).await?;

        // Latency is rolled up by operation and version, never by consumer.
        let mut latencies = HashMap::new();
        let mut total_buckets = Vec::new();
        if filter.consumer.is_none() {
            for group in usage_report::latencies(&mut tx, by, &period.coverage, &filter).await? {
                total_buckets.extend(group.buckets.iter().copied());
                latencies.insert((group.of, group.id), group.buckets);
            }
        }
        let mut names = Names::default();
        let mut rows = Vec::with_capacity(groups.len());
        for group in groups {
            let buckets = match query.by {
                UsageBy::Operation | UsageBy::Version => {
                    latencies.remove(&(group.of.clone(), group.id.clone()))
                }
                UsageBy::Consumer | UsageBy::Key | UsageBy::Client => None,
            };
            rows.push(row_of(&mut tx, &mut names, query.by, group, buckets, sums.calls).await?);
        }
        Ok(UsageReport {
            by: query.by,
            since: period.since,
            until: period.until,
            grain: period.grain,
            rows,
            rows_total,
            total: figures(sums, &merged(total_buckets)),
            applied_until: self.status().caught_up_at,
        })
    }

    /// Who called operations, in `[since, until)`, that the running contracts deprecate; of one surface (name or
    /// id), or all; at most `limit` rows.
    pub async fn who_calls_deprecated(
        &self,
        since: Micros,
        until: Micros,
        surface: Option<&str>,
        limit: u32,
    ) -> Result<DeprecatedReport, ControlError> {
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let surface = match surface {
            Some(surface) => Some(surfaces::find(&mut tx, surface).await?.id),
            None => None,
        };
        let period = period_of(&mut tx, since, until).await?;
        let limit = limit.clamp(1, UsageQuery::LIMIT_MAX);
        let found = usage_report::deprecated(&mut tx, &period.coverage, surface, limit).await?;
        let (rows_total, consumers) =
            usage_report::deprecated_total(&mut tx, &period.coverage, surface).await?;

        let mut names = Names::default();
        let mut rows = Vec::with_capacity(found.len());
        for call in found {
            let Some(operation) = names.operation(&mut tx, call.operation).await? else {
                continue;
            };
            let Some(record) = deprecation_of(&operation)? else {
                continue;
            };
            rows.push(DeprecatedCall {
                surface: names.surface(&mut tx, operation.surface).await?,
                operation: operation.id,
                method: operation.method,
                path: operation.path,
                operation_id: operation.operation_id,
                deprecated_at: record.deprecated_at,
                sunset_at: record.sunset_at,
                replaced_by: record.replaced_by,
                consumer: names.consumer(&mut tx, call.consumer).await?,
                calls: call.calls,
                last_seen: call.seen,
            });
        }
        Ok(DeprecatedReport {
            since: period.since,
            until: period.until,
            rows,
            rows_total,
            consumers,
        })
    }
}

const fn group_by(by: UsageBy) -> GroupBy {
    match by {
        UsageBy::Operation => GroupBy::Operation,
        UsageBy::Consumer => GroupBy::Consumer,
        UsageBy::Key => GroupBy::Key,
        UsageBy::Version => GroupBy::Version,
        UsageBy::Client => GroupBy::Client,
    }
}

async fn filter_of(tx: &mut Tx, query: &UsageQuery) -> Result<Filter, ControlError> {
    let surface = match &query.surface {
        Some(surface) => Some(surfaces::find(tx, surface).await?.id),
        None => None,
    };
    let consumer = match &query.consumer {
        Some(consumer) => Some(names::consumer_id(tx, consumer).await?),
        None => None,
    };
    Ok(Filter {
        surface,
        consumer,
        operation: query.operation,
    })
}

async fn period_of(tx: &mut Tx, since: Micros, until: Micros) -> Result<Period, ControlError> {
    if since >= until {
        return Err(ControlError::Invalid {
            field: "since",
            message: "the period is empty: since is not before until".to_owned(),
        });
    }
    let kept = store::retention::kept(tx).await?;
    Ok(cover(since, until, kept))
}

async fn row_of(
    tx: &mut Tx,
    names: &mut Names,
    by: UsageBy,
    group: Group,
    buckets: Option<Vec<(LatencyBucket, u64)>>,
    calls_total: u64,
) -> Result<UsageRow, ControlError> {
    let name = names.of_group(tx, by, &group).await?;
    let share = if calls_total == 0 {
        0.0
    } else {
        group.sums.calls as f64 / calls_total as f64
    };
    Ok(UsageRow {
        id: group.id,
        name: name.name,
        surface: name.surface,
        consumer: name.consumer,
        operation_id: name.operation_id,
        deprecated: name.deprecated,
        share,
        figures: figures(group.sums, &buckets.unwrap_or_default()),
    })
}

fn figures(sums: Sums, buckets: &[(LatencyBucket, u64)]) -> UsageFigures {
    // The bucket's upper bound, at most 2^63 us.
    let quantile = |quantile| quantile_us(buckets, quantile).map(|us| us.round() as u64);
    UsageFigures {
        calls: sums.calls,
        errors: sums.errors,
        ours: sums.ours,
        attempts: sums.attempts,
        interrupted: sums.interrupted,
        units: sums.units,
        bytes_in: sums.bytes_in,
        bytes_out: sums.bytes_out,
        latency_mean_us: sums.latency_us_sum.checked_div(sums.calls).unwrap_or(0),
        latency_max_us: sums.latency_us_max,
        p50_us: quantile(0.5),
        p95_us: quantile(0.95),
        p99_us: quantile(0.99),
        last_seen: sums.seen,
    }
}

/// One list of buckets, in ascending order, of several.
fn merged(mut buckets: Vec<(LatencyBucket, u64)>) -> Vec<(LatencyBucket, u64)> {
    buckets.sort_unstable();
    buckets.dedup_by(|(bucket, n), (kept, kept_n)| {
        let same = bucket == kept;
        if same {
            *kept_n += *n;
        }
        same
    });
    buckets
}
