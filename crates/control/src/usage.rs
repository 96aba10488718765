//! Who called what: reports over the roll-ups.

mod clients;
mod coverage;
mod names;
mod report;

use std::collections::HashMap;

use adoption::latency::quantile_us;
use adoption::{LatencyBucket, Micros};
use store::Tx;
use store::usage_report::{self, Filter, Group, GroupBy, Sums};

use crate::control::Control;
use crate::deprecation::deprecation_of;
use crate::error::ControlError;
use crate::lookup::find_surface;

pub use clients::{ClientQuery, ClientReport, ClientUsage};
use coverage::{Period, cover};
use names::Names;
pub use report::{
    DeprecatedCall, DeprecatedReport, Grain, UsageBy, UsageFigures, UsageQuery, UsageReport,
    UsageRow,
};

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
            Some(surface) => Some(find_surface(&mut tx, surface).await?.id),
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
        Some(surface) => Some(find_surface(tx, surface).await?.id),
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
