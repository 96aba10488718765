//! Rollouts over HTTP: propose, list, show, and the plan as a file that people edit.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse as _, Response};
use control::rollouts::{self, Proposed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::rollout_course::RolloutCourse;
use super::step_headers::StepHeaders;
use super::{ACTOR, page};
use crate::app::App;
use crate::extract::{Params, Segments, TextBody};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, Format, List, cell, list_response, wanted};
use crate::time::Instant;

/// Three months: the longest gap of a quarterly batch, less a day.
const EVIDENCE_DAYS: u32 = 90;

/// A rollout in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutSummary {
    #[schema(example = "roll_0h7d2k5r9x1vb")]
    pub id: String,
    /// The surface's name.
    pub surface: String,
    pub surface_id: String,
    pub name: String,
    /// `draft` to `removed`, or `paused`, or `aborted`.
    #[schema(example = "draft")]
    pub phase: String,
    /// Breaking changes.
    pub changes: u64,
    /// Consumers that at least possibly break.
    pub concerned: u64,
    /// Day on which the old stops to answer; absent where no window is lawful.
    #[schema(example = "2027-06-30")]
    pub sunset: Option<String>,
    /// Whether the bar lets the public hear of it.
    pub passes: bool,
    pub created_at: Instant,
    pub updated_at: Instant,
}

/// A rollout: what changes, whom it breaks and how heavily, when, and what the bar asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rollout {
    pub summary: RolloutSummary,
    /// `info.version` of the contract that ran when it was proposed, and of the one to come.
    pub version_from: String,
    pub version_to: String,
    /// Changes that may break consumers, where the documents cannot tell; no part of the plan.
    pub warnings: u64,
    /// Grows by one with every change.
    pub edition: u64,
    /// First day of the evidence, UTC.
    pub evidence_from: String,
    /// The day after its last.
    pub evidence_until: String,
    /// Calls of the surface within it.
    pub volume_calls: u64,
    pub changes: Vec<RolloutChange>,
    /// In the order in which brownouts reach them; empty ones left out.
    pub segments: Vec<RolloutSegment>,
    /// The heaviest concerned consumers, at most 50.
    pub consumers: Vec<RolloutConsumer>,
    /// In order of time; empty where no window is lawful.
    pub dates: Vec<RolloutDate>,
    /// Names of the consumers of the private beta, heaviest first.
    pub cohort: Vec<String>,
    /// Five dimensions.
    pub bar: Vec<RolloutDimension>,
    /// How it went so far.
    pub course: RolloutCourse,
}

/// One breaking change, and whom it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutChange {
    /// Fingerprint of the change.
    pub id: String,
    #[schema(example = "POST /payments")]
    pub subject: String,
    /// Id of the rule; `towpath explain` tells of it.
    pub rule: String,
    pub summary: String,
    /// What carries consumers across; `missing` until somebody decides.
    pub bridge: String,
    /// Consumers by verdict.
    pub affected: u64,
    pub likely: u64,
    pub possible: u64,
    pub unaffected_proven: u64,
    /// Calls that break or may break.
    pub calls: u64,
    /// In millionths of the volume of the surface.
    pub share_ppm: u64,
}

/// Concerned consumers of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutSegment {
    #[schema(example = "production_scale")]
    pub segment: String,
    pub consumers: u64,
    pub calls: u64,
}

/// One concerned consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutConsumer {
    pub id: String,
    pub name: String,
    pub segment: String,
    /// The worst over all changes: `affected`, `likely` or `possible`.
    pub verdict: String,
    /// `E0` seen in requests, `E1` delivered, `E2` declared, `E3` reported; absent where only use speaks.
    pub grade: Option<String>,
    /// Changes that concern it.
    pub changes: u64,
    /// Calls of what the changes touch.
    pub calls: u64,
    pub share_ppm: u64,
    /// Start of the last UTC day with such a call.
    pub last_seen: Option<Instant>,
    /// The longest regular gap between its active days.
    pub rhythm_days: Option<u64>,
    /// Median days between the versions of its clients.
    pub release_cycle_days: Option<u64>,
}

/// One date of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDate {
    #[schema(example = "sunset")]
    pub name: String,
    #[schema(example = "2027-06-30")]
    pub date: String,
    /// Why it is not earlier, binding first.
    pub reasons: Vec<String>,
}

/// What the bar says of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDimension {
    #[schema(example = "migration_tooling")]
    pub dimension: String,
    /// `strong`, `weak` or `missing`.
    pub strength: String,
    pub reasons: Vec<String>,
    /// What to write into the plan.
    pub fixes: Vec<String>,
    /// Who lets it pass though it is not strong, and why.
    pub overrides: Vec<String>,
}

/// Which rollouts, and which part of their list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RolloutListParams {
    /// Name or id of a surface.
    surface: Option<String>,
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

/// How the rollout and its contract are named, and how far back evidence is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProposeParams {
    /// File name to show in problems; `contract` when absent.
    file: Option<String>,
    /// One line for people; made from the versions when absent.
    name: Option<String>,
    /// Days of evidence, today included: 1 to 400; 90 when absent.
    evidence_days: Option<u32>,
}

#[utoipa::path(
    post, path = "/surfaces/{surface}/rollouts", operation_id = "proposeRollout", tag = "rollouts",
    params(("surface" = String, Path, description = "Name or id"), ProposeParams),
    request_body(
        description = "The contract to come: OpenAPI 3.0, 3.1 or 3.2 as JSON or YAML, at most 15 MB",
        content((String = "application/yaml"), (Object = "application/json")),
    ),
    responses(
        (status = 200, description = "The rollout as a draft; nobody was told anything", body = Rollout),
        (status = 404, description = "No such surface (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No contract runs (`contract_missing`), nothing breaks (`nothing_breaks`), or the contracts are too deep to be compared (`contract_not_compared`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Propose a rollout
///
/// Compares the running contract with one to come and joins each breaking change with what consumers were seen to use.
pub async fn propose_rollout(
    State(app): State<App>,
    Segments(surface): Segments<String>,
    Params(params): Params<ProposeParams>,
    body: TextBody,
) -> Result<Json<Rollout>, Refusal> {
    let proposed = Proposed {
        surface: &surface,
        file: params.file.as_deref().unwrap_or("contract"),
        revision: &body.text,
        name: params.name.as_deref(),
        evidence_days: params.evidence_days.unwrap_or(EVIDENCE_DAYS),
    };
    let view = app.control()?.propose_rollout(ACTOR, proposed).await?;
    Ok(Json(view.into()))
}

#[utoipa::path(
    get, path = "/rollouts", operation_id = "listRollouts", tag = "rollouts", params(RolloutListParams),
    responses((status = 200, description = "Rollouts, newest first", content(
        (List<RolloutSummary> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List rollouts
pub async fn list_rollouts(
    State(app): State<App>,
    Params(params): Params<RolloutListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted_page = page(params.limit, params.after);
    let found = app
        .control()?
        .list_rollouts(params.surface.as_deref(), &wanted_page)
        .await?;
    let format = wanted(params.format, &headers);
    list_response(List::<RolloutSummary>::of(found), format, &uri)
}

#[utoipa::path(
    get, path = "/rollouts/{rollout}", operation_id = "getRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    responses(
        (status = 200, description = "The rollout", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show a rollout
pub async fn get_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
) -> Result<Json<Rollout>, Refusal> {
    let view = app.control()?.show_rollout(&rollout).await?;
    Ok(Json(view.into()))
}

#[utoipa::path(
    get, path = "/rollouts/{rollout}/plan", operation_id = "getRolloutPlan", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    responses(
        (status = 200, description = "The plan as TOML, behind what the bar asks for", body = String, content_type = "application/toml"),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Read the plan of a rollout
pub async fn get_plan(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
) -> Result<Response, Refusal> {
    let text = app.control()?.rollout_plan(&rollout).await?;
    let toml = HeaderValue::from_static("application/toml");
    Ok(([(CONTENT_TYPE, toml)], text).into_response())
}

#[utoipa::path(
    put, path = "/rollouts/{rollout}/plan", operation_id = "putRolloutPlan", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body(description = "The plan as TOML", content((String = "application/toml"))),
    responses(
        (status = 200, description = "The rollout with this plan", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "An announced rollout keeps its items, and its dates move later only (`rollout_refused`); or it was changed meanwhile (`rollout_moved`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Replace the plan
pub async fn put_plan(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    body: TextBody,
) -> Result<Json<Rollout>, Refusal> {
    let control = app.control()?;
    let asked = headers.asked(None);
    let view = control.edit_rollout(asked, &rollout, &body.text).await?;
    Ok(Json(view.into()))
}

impl From<rollouts::RolloutSummary> for RolloutSummary {
    fn from(summary: rollouts::RolloutSummary) -> Self {
        Self {
            id: summary.id.to_string(),
            surface: summary.surface_name,
            surface_id: summary.surface.to_string(),
            name: summary.name,
            phase: summary.phase,
            changes: summary.changes,
            concerned: summary.concerned,
            sunset: summary.sunset.map(|date| date.to_string()),
            passes: summary.passes,
            created_at: Instant(summary.created_at),
            updated_at: Instant(summary.updated_at),
        }
    }
}

impl From<rollouts::RolloutView> for Rollout {
    fn from(view: rollouts::RolloutView) -> Self {
        Self {
            summary: view.summary.into(),
            version_from: view.proposal.version_from,
            version_to: view.proposal.version_to,
            warnings: view.proposal.warnings,
            edition: view.edition,
            evidence_from: view.evidence_from.to_string(),
            evidence_until: view.evidence_until.to_string(),
            volume_calls: view.volume_calls,
            changes: view.changes.into_iter().map(Into::into).collect(),
            segments: view.segments.into_iter().map(Into::into).collect(),
            consumers: view.consumers.into_iter().map(Into::into).collect(),
            dates: view.dates.into_iter().map(Into::into).collect(),
            cohort: view.cohort,
            bar: view.bar.into_iter().map(Into::into).collect(),
            course: view.course.into(),
        }
    }
}

impl From<rollouts::ChangeView> for RolloutChange {
    fn from(change: rollouts::ChangeView) -> Self {
        Self {
            id: change.id,
            subject: change.subject,
            rule: change.rule,
            summary: change.summary,
            bridge: change.bridge.to_owned(),
            affected: change.affected,
            likely: change.likely,
            possible: change.possible,
            unaffected_proven: change.unaffected_proven,
            calls: change.calls,
            share_ppm: change.share_ppm,
        }
    }
}

impl From<rollouts::SegmentView> for RolloutSegment {
    fn from(segment: rollouts::SegmentView) -> Self {
        Self {
            segment: segment.segment.to_owned(),
            consumers: segment.consumers,
            calls: segment.calls,
        }
    }
}

impl From<rollouts::ConsumerView> for RolloutConsumer {
    fn from(consumer: rollouts::ConsumerView) -> Self {
        Self {
            id: consumer.id.to_string(),
            name: consumer.name,
            segment: consumer.segment.to_owned(),
            verdict: consumer.verdict.to_owned(),
            grade: consumer.grade.map(str::to_owned),
            changes: consumer.changes,
            calls: consumer.calls,
            share_ppm: consumer.share_ppm,
            last_seen: consumer.last_seen.map(Instant),
            rhythm_days: consumer.rhythm_days,
            release_cycle_days: consumer.release_cycle_days,
        }
    }
}

impl From<rollouts::DateView> for RolloutDate {
    fn from(date: rollouts::DateView) -> Self {
        Self {
            name: date.name.to_owned(),
            date: date.date.to_string(),
            reasons: date.reasons,
        }
    }
}

impl From<rollouts::DimensionView> for RolloutDimension {
    fn from(dimension: rollouts::DimensionView) -> Self {
        Self {
            dimension: dimension.dimension.to_owned(),
            strength: dimension.strength.to_owned(),
            reasons: dimension.reasons,
            fixes: dimension.fixes,
            overrides: dimension.overrides,
        }
    }
}

impl CsvRow for RolloutSummary {
    const HEADER: &'static [&'static str] = &[
        "id",
        "surface",
        "name",
        "phase",
        "changes",
        "concerned",
        "sunset",
        "passes",
        "created_at",
        "updated_at",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.surface.clone(),
            self.name.clone(),
            self.phase.clone(),
            self.changes.to_string(),
            self.concerned.to_string(),
            cell(&self.sunset),
            self.passes.to_string(),
            self.created_at.to_string(),
            self.updated_at.to_string(),
        ]
    }
}
