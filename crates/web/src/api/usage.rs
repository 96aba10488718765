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
#[serde(rename_all = "kebab-case")]
pub enum UsageBy {
    Operation,
    Consumer,
    Key,
    /// Contract version.
    Version,
    /// Client software by name and version, such as `axios 1.6.8`; over whole UTC days, with calls alone.
    Client,
    /// Client class: sdk, browser, agent, cli, unknown.
    ClientClass,
}

/// The roll-up grain that a report was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    Minute,
    Hour,
    Day,
}

/// Figures of a set of calls. Counts are exact; null is a figure that is not held by this kind of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct UsageFigures {
    pub calls: u64,
    /// Status 400 and above.
    pub errors: Option<u64>,
    /// Answers made by the gateway rather than by the upstream.
    pub ours: Option<u64>,
    /// Requests sent upstream, retries included.
    pub attempts: Option<u64>,
    /// Calls whose end is not known.
    pub interrupted: Option<u64>,
    pub units: Option<u64>,
    pub bytes_in: Option<u64>,
    pub bytes_out: Option<u64>,
    /// Mean over all calls; 0 without calls.
    pub latency_mean_us: Option<u64>,
    pub latency_max_us: Option<u64>,
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
    /// An id; `axios/1.6.8` for `client`, the class name for `client-class`.
    pub id: String,
    /// `GET /payments/{id}`, a consumer's name, a key's start, a contract's version, a client's name and version, a client class, or a reserved bucket such as `(anonymous)`.
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
    /// The coarsest grain that was read; `day` for `client`, whose bounds are whole UTC days.
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
    /// Start, included: an instant, or a time ago such as `24h` or `7d`; `24h` when absent. `by=client` counts whole UTC days.
    since: Option<String>,
    /// End, excluded; now when absent.
    until: Option<String>,
    /// Name or id of a surface.
    surface: Option<String>,
    /// Name or id of a consumer; with `by=client` one that has keys.
    consumer: Option<String>,
    /// Id of an operation; not with `by=client`.
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
    let format = wanted(params.format, &headers);
    let control = app.control()?;
    let report = match params.by.unwrap_or(UsageBy::Operation).grouping() {
        Some(by) => UsageReport::from(control.usage(&params.query(by, since, until)?).await?),
        None => UsageReport::from(
            control
                .usage_of_clients(&params.client_query(since, until)?)
                .await?,
        ),
    };
    match format {
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

impl UsageParams {
    fn query(
        self,
        by: control::UsageBy,
        since: Micros,
        until: Micros,
    ) -> Result<control::UsageQuery, Refusal> {
        let mut query = control::UsageQuery::new(by, since, until);
        query.surface = self.surface;
        query.consumer = self.consumer;
        query.limit = self.limit.unwrap_or(query.limit);
        if let Some(operation) = self.operation {
            query.operation = Some(operation.parse().map_err(|error: adoption::IdError| {
                Refusal::invalid("operation", error.to_string())
            })?);
        }
        Ok(query)
    }

    fn client_query(self, since: Micros, until: Micros) -> Result<control::ClientQuery, Refusal> {
        if self.operation.is_some() {
            return Err(Refusal::invalid(
                "operation",
                "clients are not counted by operation; ask by client-class instead".to_owned(),
            ));
        }
        Ok(control::ClientQuery {
            since,
            until,
            surface: self.surface,
            consumer: self.consumer,
            limit: self.limit.unwrap_or(1_000),
        })
    }
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
            cell(&figures.errors),
            cell(&figures.ours),
            cell(&figures.attempts),
            cell(&figures.interrupted),
            cell(&figures.units),
            cell(&figures.bytes_in),
            cell(&figures.bytes_out),
            cell(&figures.latency_mean_us),
            cell(&figures.latency_max_us),
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

impl UsageBy {
    /// How control groups usage; `None` for what has a report of its own.
    const fn grouping(self) -> Option<control::UsageBy> {
        Some(match self {
            Self::Operation => control::UsageBy::Operation,
            Self::Consumer => control::UsageBy::Consumer,
            Self::Key => control::UsageBy::Key,
            Self::Version => control::UsageBy::Version,
            Self::ClientClass => control::UsageBy::Client,
            Self::Client => return None,
        })
    }
}

impl From<control::UsageBy> for UsageBy {
    fn from(by: control::UsageBy) -> Self {
        match by {
            control::UsageBy::Operation => Self::Operation,
            control::UsageBy::Consumer => Self::Consumer,
            control::UsageBy::Key => Self::Key,
            control::UsageBy::Version => Self::Version,
            control::UsageBy::Client => Self::ClientClass,
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
            errors: Some(figures.errors),
            ours: Some(figures.ours),
            attempts: Some(figures.attempts),
            interrupted: Some(figures.interrupted),
            units: Some(figures.units),
            bytes_in: Some(figures.bytes_in),
            bytes_out: Some(figures.bytes_out),
            latency_mean_us: Some(figures.latency_mean_us),
            latency_max_us: Some(figures.latency_max_us),
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

impl From<control::ClientUsage> for UsageRow {
    fn from(row: control::ClientUsage) -> Self {
        let (id, name) = match row.version.as_str() {
            "" => (row.client.clone(), row.client),
            version => (
                format!("{}/{version}", row.client),
                format!("{} {version}", row.client),
            ),
        };
        Self {
            id,
            name,
            surface: None,
            consumer: None,
            operation_id: None,
            deprecated: false,
            share: row.share,
            figures: UsageFigures {
                calls: row.calls,
                last_seen: Some(row.last_seen.into()),
                ..UsageFigures::default()
            },
        }
    }
}

impl From<control::ClientReport> for UsageReport {
    fn from(report: control::ClientReport) -> Self {
        Self {
            by: UsageBy::Client,
            since: report.since.into(),
            until: report.until.into(),
            grain: Grain::Day,
            rows: report.rows.into_iter().map(Into::into).collect(),
            rows_total: report.rows_total,
            total: UsageFigures {
                calls: report.calls,
                last_seen: report.last_seen.map(Into::into),
                ..UsageFigures::default()
            },
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
