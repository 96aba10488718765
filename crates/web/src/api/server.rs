//! The server itself over HTTP: status, doctor, configuration, backup.

use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, ReadBuf};
use utoipa::{IntoParams, ToSchema};

use super::ACTOR;
use crate::app::{App, ConfigLine};
use crate::extract::Params;
use crate::problem::Refusal;
use crate::table::{CsvRow, Format, csv_response, wanted};
use crate::time::Instant;

/// What the server is doing now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    #[schema(example = "0.1.0")]
    pub version: String,
    pub started_at: Instant,
    /// Base URL for consumers.
    #[schema(example = "http://127.0.0.1:8080")]
    pub gateway: String,
    /// Base URL of this API.
    #[schema(example = "http://127.0.0.1:8081")]
    pub web: String,
    pub data_dir: String,
    /// Whether the gateway accepts new connections.
    pub accepting: bool,
    /// Whether the database answered; traffic does not need it.
    pub database: bool,
    /// How far usage figures are behind the journal; absent when they are not being applied.
    pub usage_lag_ms: Option<u64>,
    /// Whether the journal has no room left.
    pub journal_full: bool,
    /// Journal streams with damaged records.
    pub streams_damaged: u64,
    /// Generation of the snapshot that was published last.
    pub generation: u64,
    pub surfaces: Vec<SurfaceStatus>,
}

/// A surface in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurfaceStatus {
    pub name: String,
    pub hosts: Vec<String>,
    pub path_prefix: String,
    pub upstreams: Vec<String>,
    /// Version of the running contract.
    pub contract: Option<String>,
    pub operations: u64,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    Ok,
    Warn,
    Fail,
}

/// One check of the installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Stable.
    #[schema(example = "database.integrity")]
    pub name: String,
    pub state: CheckState,
    pub detail: String,
    /// What to do about it.
    pub next_step: Option<String>,
}

/// All checks, the worst result first to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checks {
    /// The worst state among them.
    pub state: CheckState,
    pub checks: Vec<Check>,
}

/// Every setting with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigLines {
    pub settings: Vec<ConfigLine>,
}

/// How the answer is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FormatParams {
    /// Overrides `Accept`.
    format: Option<Format>,
}

#[utoipa::path(
    get, path = "/status", operation_id = "getStatus", tag = "server",
    responses((status = 200, description = "What the server is doing now", body = Status))
)]
/// Show what the server is doing now
///
/// Answers with the database down too: then `database` is false and `surfaces` is empty.
pub async fn get_status(State(app): State<App>) -> Json<Status> {
    let config = app.config();
    let state = state_status(&app).await;
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at().into(),
        gateway: format!(
            "{}://{}",
            if config.gateway_tls { "https" } else { "http" },
            config.gateway_addr
        ),
        web: format!("http://{}", config.web_addr),
        data_dir: config.data_dir.display().to_string(),
        accepting: (config.gateway_report)().accepting,
        database: state.as_ref().is_some_and(|(health, _)| health.database),
        usage_lag_ms: state.as_ref().and_then(|(health, _)| health.usage_lag_ms),
        journal_full: state
            .as_ref()
            .is_some_and(|(health, _)| health.journal_full),
        streams_damaged: state
            .as_ref()
            .map_or(0, |(health, _)| health.streams_damaged),
        generation: state.as_ref().map_or(0, |(health, _)| health.generation),
        surfaces: state.map(|(_, surfaces)| surfaces).unwrap_or_default(),
    })
}

/// `None` while the state is not open.
async fn state_status(app: &App) -> Option<(control::Health, Vec<SurfaceStatus>)> {
    let control = app.control().ok()?;
    let health = control.health().await;
    let all = control::PageRequest::first(control::PageRequest::LIMIT_MAX);
    let surfaces = match control.list_surfaces(&all).await {
        Ok(surfaces) => surfaces.items.into_iter().map(Into::into).collect(),
        Err(_) => Vec::new(),
    };
    Some((health, surfaces))
}

#[utoipa::path(
    get, path = "/doctor", operation_id = "getDoctor", tag = "server", params(FormatParams),
    responses((status = 200, description = "All checks, whatever they found", content(
        (Checks = "application/json"),
        (String = "text/csv"),
    )))
)]
/// Look for what is wrong
pub async fn get_doctor(
    State(app): State<App>,
    Params(params): Params<FormatParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let control = app.control()?;
    let outside = (app.config().outside_checks)().await;
    let checks = Checks::of(control.doctor(outside).await);
    match wanted(params.format, &headers) {
        Format::Json => Ok(Json(checks).into_response()),
        Format::Csv => csv_response(&checks.checks),
    }
}

#[utoipa::path(
    get, path = "/config", operation_id = "getConfig", tag = "server", params(FormatParams),
    responses((status = 200, description = "Every setting with its source, secrets hidden", content(
        (ConfigLines = "application/json"),
        (String = "text/csv"),
    )))
)]
/// Show the effective configuration
pub async fn get_config(
    State(app): State<App>,
    Params(params): Params<FormatParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let lines = ConfigLines {
        settings: (app.config().config_lines)(),
    };
    match wanted(params.format, &headers) {
        Format::Json => Ok(Json(lines).into_response()),
        Format::Csv => csv_response(&lines.settings),
    }
}

#[utoipa::path(
    post, path = "/backup", operation_id = "createBackup", tag = "server",
    responses((status = 200, description = "A tar file for `towpath restore`", body = String, content_type = "application/x-tar"))
)]
/// Take a consistent backup while everything runs
///
/// The file holds key digests and no key texts, and no admin token. Keep it confidential all the same: it holds every contact.
pub async fn create_backup(State(app): State<App>) -> Result<Response, Refusal> {
    let partial = Partial(
        app.config()
            .data_dir
            .join(format!("backup-{}.partial", app.now().0)),
    );
    app.control()?.backup(ACTOR, &partial.0).await?;
    let opened = open_sized(&partial.0).await;
    // Unlinked at once: the open file lives until the answer is sent, and a broken transfer leaves nothing behind.
    drop(partial);

    let (file, bytes) = opened.map_err(|error| {
        tracing::error!(%error, "a backup could not be read back");
        let detail =
            "the backup could not be read back; the server's log says why, by this request_id";
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "backup_failed",
            "Internal error",
            detail,
        )
    })?;
    let mut response = Body::new(FileBody { file, rest: bytes }).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"towpath-backup.tar\""),
    );
    Ok(response)
}

/// A file that goes away with this value.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

async fn open_sized(path: &std::path::Path) -> std::io::Result<(tokio::fs::File, u64)> {
    let file = tokio::fs::File::open(path).await?;
    let bytes = file.metadata().await?.len();
    Ok((file, bytes))
}

/// An open file as a response body, 64 KiB at a time.
struct FileBody {
    file: tokio::fs::File,
    rest: u64,
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let body = self.get_mut();
        if body.rest == 0 {
            return Poll::Ready(None);
        }
        let mut chunk = BytesMut::zeroed(64 << 10);
        let mut buffer = ReadBuf::new(&mut chunk);
        ready!(Pin::new(&mut body.file).poll_read(context, &mut buffer))?;
        let length = buffer
            .filled()
            .len()
            .min(usize::try_from(body.rest).unwrap_or(usize::MAX));
        if length == 0 {
            return Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into())));
        }
        chunk.truncate(length);
        body.rest -= length as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk.freeze()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest)
    }
}

impl Checks {
    pub fn of(checks: Vec<control::Check>) -> Self {
        let checks: Vec<Check> = checks.into_iter().map(Into::into).collect();
        let state = checks
            .iter()
            .map(|check| check.state)
            .max()
            .unwrap_or(CheckState::Ok);
        Self { state, checks }
    }
}

impl CheckState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl From<control::Check> for Check {
    fn from(check: control::Check) -> Self {
        let state = match check.state {
            control::CheckState::Ok => CheckState::Ok,
            control::CheckState::Warn => CheckState::Warn,
            control::CheckState::Fail => CheckState::Fail,
        };
        Self {
            name: check.name,
            state,
            detail: check.detail,
            next_step: check.next_step,
        }
    }
}

impl From<control::Surface> for SurfaceStatus {
    fn from(surface: control::Surface) -> Self {
        Self {
            name: surface.settings.name,
            hosts: surface.settings.hosts,
            path_prefix: surface.settings.path_prefix,
            upstreams: surface.settings.upstreams,
            operations: surface
                .contract
                .as_ref()
                .map_or(0, |contract| contract.operations),
            contract: surface.contract.map(|contract| contract.version),
        }
    }
}

impl CsvRow for Check {
    const HEADER: &'static [&'static str] = &["name", "state", "detail", "next_step"];

    fn cells(&self) -> Vec<String> {
        let next_step = self.next_step.clone().unwrap_or_default();
        vec![
            self.name.clone(),
            self.state.as_str().to_owned(),
            self.detail.clone(),
            next_step,
        ]
    }
}

impl CsvRow for ConfigLine {
    const HEADER: &'static [&'static str] = &["setting", "value", "source"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.setting.clone(),
            self.value.clone(),
            self.source.clone(),
        ]
    }
}
