//! Usage over HTTP: exactly who called what, and who still calls what is deprecated.

use adoption::Micros;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::Params;
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, Format, cell, csv_response, wanted};
use crate::time::{Instant, parse_when};

/// What one row of a report stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    Minute,
    Hour,
    Day,
}

/// Figures of a set of calls. Counts are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
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
    pub last_seen: Option<Instant>,
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsageRow {
    /// An id; the class name for `client`.
    pub id: String,
    /// `GET /payments/{id}`, a consumer's name, a key's start, a contract's version, a client class, or a reserved bucket such as `(anonymous)`.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsageReport {
    pub by: UsageBy,
    /// The bounds that were really counted.
    pub since: Instant,
    pub until: Instant,
    /// The coarsest grain that was read.
    pub grain: Grain,
    /// Busiest first.
    pub rows: Vec<UsageRow>,
    /// Rows there are; more than `rows` holds when `limit` cut them.
    pub rows_total: u64,
    /// All rows together, those that `limit` cut included.
    pub total: UsageFigures,
    /// Usage up to here is applied.
    pub applied_until: Option<Instant>,
}

/// A consumer that still calls a deprecated operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeprecatedCall {
    pub surface: String,
    pub operation: String,
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub deprecated_at: Instant,
    pub sunset_at: Option<Instant>,
    pub replaced_by: Option<String>,
    /// The consumer's name.
    pub consumer: String,
    pub calls: u64,
    pub last_seen: Option<Instant>,
}

/// Who still calls deprecated operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeprecatedReport {
    pub since: Instant,
    pub until: Instant,
    /// Most calls first.
    pub rows: Vec<DeprecatedCall>,
    pub rows_total: u64,
    /// Distinct consumers among them.
    pub consumers: u64,
}

/// What to report.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UsageParams {
    /// What one row stands for; `operation` when absent.
    by: Option<UsageBy>,
    /// Start, included: an instant, or a time ago such as `24h` or `7d`; `24h` when absent.
    since: Option<String>,
    /// End, excluded; now when absent.
    until: Option<String>,
    /// Name or id of a surface.
    surface: Option<String>,
    /// Name or id of a consumer.
    consumer: Option<String>,
    /// Id of an operation.
    operation: Option<String>,
    /// Rows wanted, busiest first, 1 to 10000; 1000 when absent.
    limit: Option<u32>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

/// What to report of deprecated operations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeprecatedParams {
    /// Start, included: an instant, or a time ago such as `24h` or `7d`; `7d` when absent.
    since: Option<String>,
    /// End, excluded; now when absent.
    until: Option<String>,
    /// Name or id of a surface.
    surface: Option<String>,
    /// Rows wanted, 1 to 10000; 1000 when absent.
    limit: Option<u32>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

#[utoipa::path(
    get, path = "/usage", operation_id = "getUsage", tag = "usage", params(UsageParams),
    responses(
        (status = 200, description = "The report", content((UsageReport = "application/json"), (String = "text/csv"))),
        (status = 404, description = "A filter names nothing (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Exactly who called what
///
/// Calls are visible within two seconds, those of streams that still run included.
pub async fn get_usage(
    State(app): State<App>,
    Params(params): Params<UsageParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (since, until) = period(
        &app,
        params.since.as_deref().unwrap_or("24h"),
        params.until.as_deref(),
    )?;
    let mut query =
        control::UsageQuery::new(params.by.unwrap_or(UsageBy::Operation).into(), since, until);
    query.surface = params.surface;
    query.consumer = params.consumer;
    query.limit = params.limit.unwrap_or(query.limit);
    if let Some(operation) = params.operation {
        query.operation = Some(operation.parse().map_err(|error: adoption::IdError| {
            Refusal::invalid("operation", error.to_string())
        })?);
    }

    let report = UsageReport::from(app.control()?.usage(&query).await?);
    match wanted(params.format, &headers) {
        Format::Json => Ok(Json(report).into_response()),
        Format::Csv => csv_response(&report.rows),
    }
}

#[utoipa::path(
    get, path = "/usage/deprecated", operation_id = "getDeprecatedUsage", tag = "usage", params(DeprecatedParams),
    responses(
        (status = 200, description = "The report", content((DeprecatedReport = "application/json"), (String = "text/csv"))),
        (status = 404, description = "A filter names nothing (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Who still calls deprecated operations
pub async fn get_deprecated_usage(
    State(app): State<App>,
    Params(params): Params<DeprecatedParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (since, until) = period(
        &app,
        params.since.as_deref().unwrap_or("7d"),
        params.until.as_deref(),
    )?;
    let limit = params
        .limit
        .unwrap_or(1_000)
        .clamp(1, control::UsageQuery::LIMIT_MAX);
    let report = app
        .control()?
        .who_calls_deprecated(since, until, params.surface.as_deref(), limit)
        .await?;
    let report = DeprecatedReport::from(report);
    match wanted(params.format, &headers) {
        Format::Json => Ok(Json(report).into_response()),
        Format::Csv => csv_response(&report.rows),
    }
}

fn period(app: &App, since: &str, until: Option<&str>) -> Result<(Micros, Micros), Refusal> {
    let now = app.now();
    let since =
        parse_when(since, now).map_err(|error| Refusal::invalid("since", error.to_string()))?;
    let until = match until {
        Some(until) => {
            parse_when(until, now).map_err(|error| Refusal::invalid("until", error.to_string()))?
        }
        None => now,
    };
    Ok((since, until))
}

impl CsvRow for UsageRow {
    const HEADER: &'static [&'static str] = &[
        "id",
        "name",
        "surface",
        "consumer",
        "operation_id",
        "deprecated",
        "share",
        "calls",
        "errors",
        "ours",
        "attempts",
        "interrupted",
        "units",
        "bytes_in",
        "bytes_out",
        "latency_mean_us",
        "latency_max_us",
        "p50_us",
        "p95_us",
        "p99_us",
        "last_seen",
    ];

    fn cells(&self) -> Vec<String> {
        let figures = &self.figures;
        vec![
            self.id.clone(),
            self.name.clone(),
            cell(&self.surface),
            cell(&self.consumer),
            cell(&self.operation_id),
            self.deprecated.to_string(),
            format!("{:.6}", self.share),
            figures.calls.to_string(),
            figures.errors.to_string(),
            figures.ours.to_string(),
            figures.attempts.to_string(),
            figures.interrupted.to_string(),
            figures.units.to_string(),
            figures.bytes_in.to_string(),
            figures.bytes_out.to_string(),
            figures.latency_mean_us.to_string(),
            figures.latency_max_us.to_string(),
            cell(&figures.p50_us),
            cell(&figures.p95_us),
            cell(&figures.p99_us),
            cell(&figures.last_seen),
        ]
    }
}

impl CsvRow for DeprecatedCall {
    const HEADER: &'static [&'static str] = &[
        "surface",
        "operation",
        "method",
        "path",
        "operation_id",
        "deprecated_at",
        "sunset_at",
        "replaced_by",
        "consumer",
        "calls",
        "last_seen",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.surface.clone(),
            self.operation.clone(),
            self.method.clone(),
            self.path.clone(),
            cell(&self.operation_id),
            self.deprecated_at.to_string(),
            cell(&self.sunset_at),
            cell(&self.replaced_by),
            self.consumer.clone(),
            self.calls.to_string(),
            cell(&self.last_seen),
        ]
    }
}

impl From<UsageBy> for control::UsageBy {
    fn from(by: UsageBy) -> Self {
        match by {
            UsageBy::Operation => Self::Operation,
            UsageBy::Consumer => Self::Consumer,
            UsageBy::Key => Self::Key,
            UsageBy::Version => Self::Version,
            UsageBy::Client => Self::Client,
        }
    }
}

impl From<control::UsageBy> for UsageBy {
    fn from(by: control::UsageBy) -> Self {
        match by {
            control::UsageBy::Operation => Self::Operation,
            control::UsageBy::Consumer => Self::Consumer,
            control::UsageBy::Key => Self::Key,
            control::UsageBy::Version => Self::Version,
            control::UsageBy::Client => Self::Client,
        }
    }
}

impl From<control::Grain> for Grain {
    fn from(grain: control::Grain) -> Self {
        match grain {
            control::Grain::Minute => Self::Minute,
            control::Grain::Hour => Self::Hour,
            control::Grain::Day => Self::Day,
        }
    }
}

impl From<control::UsageFigures> for UsageFigures {
    fn from(figures: control::UsageFigures) -> Self {
        Self {
            calls: figures.calls,
            errors: figures.errors,
            ours: figures.ours,
            attempts: figures.attempts,
            interrupted: figures.interrupted,
            units: figures.units,
            bytes_in: figures.bytes_in,
            bytes_out: figures.bytes_out,
            latency_mean_us: figures.latency_mean_us,
            latency_max_us: figures.latency_max_us,
            p50_us: figures.p50_us,
            p95_us: figures.p95_us,
            p99_us: figures.p99_us,
            last_seen: figures.last_seen.map(Into::into),
        }
    }
}

impl From<control::UsageRow> for UsageRow {
    fn from(row: control::UsageRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            surface: row.surface,
            consumer: row.consumer,
            operation_id: row.operation_id,
            deprecated: row.deprecated,
            share: row.share,
            figures: row.figures.into(),
        }
    }
}

impl From<control::UsageReport> for UsageReport {
    fn from(report: control::UsageReport) -> Self {
        Self {
            by: report.by.into(),
            since: report.since.into(),
            until: report.until.into(),
            grain: report.grain.into(),
            rows: report.rows.into_iter().map(Into::into).collect(),
            rows_total: report.rows_total,
            total: report.total.into(),
            applied_until: report.applied_until.map(Into::into),
        }
    }
}

impl From<control::DeprecatedReport> for DeprecatedReport {
    fn from(report: control::DeprecatedReport) -> Self {
        let row = |row: control::DeprecatedCall| DeprecatedCall {
            surface: row.surface,
            operation: row.operation.to_string(),
            method: row.method,
            path: row.path,
            operation_id: row.operation_id,
            deprecated_at: row.deprecated_at.into(),
            sunset_at: row.sunset_at.map(Into::into),
            replaced_by: row.replaced_by,
            consumer: row.consumer,
            calls: row.calls,
            last_seen: row.last_seen.map(Into::into),
        };
        Self {
            since: report.since.into(),
            until: report.until.into(),
            rows: report.rows.into_iter().map(row).collect(),
            rows_total: report.rows_total,
            consumers: report.consumers,
        }
    }
}
