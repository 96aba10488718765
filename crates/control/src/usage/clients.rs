//! Which client software called: by name and version, over whole days.

use std::ops::Range;

use adoption::{ConsumerId, Micros};
use store::Tx;
use store::client_report::{self, ClientSum, Filter};
use store::retention::Kept;

use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::find_surface;

use super::names::consumer_id;
use super::report::UsageQuery;

const DAY_SECONDS: i64 = 86_400;

/// What to report of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientQuery {
    /// Included; rounded down to its UTC day.
    pub since: Micros,
    /// Excluded; rounded up to its UTC day.
    pub until: Micros,
    /// Name or `surf_` id.
    pub surface: Option<String>,
    /// Name or `cons_` id; only a consumer with keys, since calls without one are rolled up together.
    pub consumer: Option<String>,
    /// Rows wanted, busiest first; held between 1 and 10,000.
    pub limit: u32,
}

/// Calls of one version of one client.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientUsage {
    /// As the client names itself, or a reserved name such as `(other)`.
    pub client: String,
    /// Empty when the client named none.
    pub version: String,
    pub calls: u64,
    /// Calls of the row by calls in total, 0 to 1.
    pub share: f64,
    /// Start of the last UTC day with a call.
    pub last_seen: Micros,
}

/// A report over `[since, until)`, in whole UTC days: clients are rolled up by nothing shorter.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientReport {
    /// The bounds that were really counted.
    pub since: Micros,
    pub until: Micros,
    /// Busiest first.
    pub rows: Vec<ClientUsage>,
    /// Rows there are; more than `rows` holds when the limit cut them.
    pub rows_total: u64,
    /// Of all rows, those that the limit cut included.
    pub calls: u64,
    /// Start of the last UTC day with a call.
    pub last_seen: Option<Micros>,
    /// Usage up to here is applied.
    pub applied_until: Option<Micros>,
}

impl Control {
    /// Calls of a period by client name and version.
    /// Errors: `NotFound` for a filter, `Invalid` for an empty period or a consumer that stands for calls without a key.
    pub async fn usage_of_clients(
        &self,
        query: &ClientQuery,
    ) -> Result<ClientReport, ControlError> {
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let filter = filter_of(&mut tx, query).await?;
        let limit = query.limit.clamp(1, UsageQuery::LIMIT_MAX);
        let rows = client_report::clients(&mut tx, &filter, limit).await?;
        let total = client_report::total(&mut tx, &filter).await?;
        Ok(ClientReport {
            since: start_of(filter.days.start),
            until: start_of(filter.days.end),
            rows: rows
                .into_iter()
                .map(|row| client_usage(row, total.calls))
                .collect(),
            rows_total: total.clients,
            calls: total.calls,
            last_seen: total.day_last.map(start_of),
            applied_until: self.status().caught_up_at,
        })
    }
}

async fn filter_of(tx: &mut Tx, query: &ClientQuery) -> Result<Filter, ControlError> {
    let invalid = |field, message: &str| ControlError::Invalid {
        field,
        message: message.to_owned(),
    };
    if query.since >= query.until {
        return Err(invalid(
            "since",
            "the period is empty: since is not before until",
        ));
    }
    let surface = match &query.surface {
        Some(surface) => Some(find_surface(tx, surface).await?.id),
        None => None,
    };
    let consumer = match &query.consumer {
        Some(consumer) => Some(consumer_id(tx, consumer).await?),
        None => None,
    };
    if matches!(consumer, Some(ConsumerId::ANONYMOUS | ConsumerId::UNKNOWN)) {
        return Err(invalid(
            "consumer",
            "clients are counted by key, and calls without a known key all together; ask by client-class instead",
        ));
    }
    Ok(Filter {
        days: days_of(query, store::retention::kept(tx).await?),
        surface,
        consumer,
    })
}

/// The days that the period reaches into and that retention has left.
fn days_of(query: &ClientQuery, kept: Kept) -> Range<i64> {
    let first = query.since.day().max(kept.day);
    let last = Micros(query.until.0.saturating_sub(1)).day();
    first..last.saturating_add(1).max(first)
}

fn client_usage(row: ClientSum, calls_total: u64) -> ClientUsage {
    ClientUsage {
        client: row.client,
        version: row.version,
        calls: row.calls,
        // A row without calls is never written, so a row means a total above 0.
        share: row.calls as f64 / calls_total.max(1) as f64,
        last_seen: start_of(row.day_last),
    }
}

const fn start_of(day: i64) -> Micros {
    Micros::from_seconds(day * DAY_SECONDS)
}
