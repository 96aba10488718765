//! The steps of a rollout over HTTP: start, advance, extend, pause, resume, abort, finish; friction and keys of the beta.

use adoption::rollout::{Event, Friction, Phase};
use axum::Json;
use axum::extract::State;
use control::rollouts::{Asked, NewVersion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rollouts::Rollout;
use super::step_headers::StepHeaders;
use crate::app::App;
use crate::extract::{JsonBody, Segments};
use crate::problem::{Problem, Refusal};

/// Where the new version answers, and how a request asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RolloutStart {
    /// Who starts it, for the history.
    pub by: Option<String>,
    /// What a request calls the version in `Towpath-Version`; `info.version` of its contract when absent.
    #[schema(example = "2.0.0")]
    pub name: Option<String>,
    /// Empty for those of the surface, which then read `Towpath-Version`.
    #[schema(example = json!(["http://127.0.0.1:9001"]))]
    pub upstreams: Vec<String>,
    /// A path prefix that asks for it; the upstream does not see it.
    #[schema(example = "/v2")]
    pub path: Option<String>,
    /// A media type that asks for it in `Accept` or `Content-Type`.
    #[schema(example = "application/vnd.example.v2+json")]
    pub media_type: Option<String>,
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RolloutAdvance {
    /// Who advances it, for the history.
    pub by: Option<String>,
    /// The next phase; named, so that a request that arrives twice does not take two steps.
    #[schema(example = "announced")]
    pub to: Option<String>,
}

/// A later sunset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutExtend {
    /// Who extends it, for the history.
    #[serde(default)]
    pub by: Option<String>,
    #[schema(example = "2027-09-30")]
    pub sunset: String,
    /// Everyone who was told reads it.
    pub reason: String,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutReason {
    /// Who asks, for the history.
    #[serde(default)]
    pub by: Option<String>,
    pub reason: String,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RolloutBy {
    /// Who asks, for the history.
    pub by: Option<String>,
}

/// What one of the cohort stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFriction {
    /// Who notes it, for the history.
    #[serde(default)]
    pub by: Option<String>,
    /// Name or id.
    pub consumer: String,
    /// Id of the change that it belongs to.
    #[serde(default)]
    pub change: Option<String>,
    pub text: String,
}

/// How a friction entry ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrictionClosed {
    /// Who closes it, for the history.
    #[serde(default)]
    pub by: Option<String>,
    pub resolution: String,
}

/// A key that goes onto the new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyOptedIn {
    /// Who asks, for the history.
    #[serde(default)]
    pub by: Option<String>,
    #[schema(example = "key_0h7d2k5r9x1vb")]
    pub key: String,
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/start", operation_id = "startRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutStart,
    responses(
        (status = 200, description = "In beta: the cohort is invited", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The laws say no (`rollout_refused`), another rollout of the surface runs (`rollout_running`), both versions have one name (`version_same`), or another contract runs by now (`contract_moved`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Start a rollout
///
/// Puts the new version beside the running one and opens the private beta.
pub async fn start_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(start): JsonBody<RolloutStart>,
) -> Result<Json<Rollout>, Refusal> {
    let new = NewVersion {
        name: start.name,
        upstreams: start.upstreams,
        path: start.path,
        media_type: start.media_type,
    };
    let asked = headers.asked(start.by.as_deref());
    let view = app.control()?.start_rollout(&rollout, asked, new).await?;
    Ok(Json(view.into()))
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/advance", operation_id = "advanceRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutAdvance,
    responses(
        (status = 200, description = "In the next phase", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The laws say no (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Take the next step of a rollout
pub async fn advance_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(advance): JsonBody<RolloutAdvance>,
) -> Result<Json<Rollout>, Refusal> {
    let to = match &advance.to {
        Some(to) => Some(phase(to)?),
        None => None,
    };
    let asked = headers.asked(advance.by.as_deref());
    let view = app.control()?.advance_rollout(&rollout, asked, to).await?;
    Ok(Json(view.into()))
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/finish", operation_id = "finishRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutBy,
    responses(
        (status = 200, description = "The old is removed, the new is what runs", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Calls still succeed on the old, or its day has not come (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Remove the old version
pub async fn finish_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(finish): JsonBody<RolloutBy>,
) -> Result<Json<Rollout>, Refusal> {
    let to = Phase::Removed;
    let asked = headers.asked(finish.by.as_deref());
    ask(&app, &rollout, asked, Event::Advance { to }).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/extend", operation_id = "extendRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutExtend,
    responses(
        (status = 200, description = "The sunset and what follows it moved, and everyone who was told hears of it", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A date only moves later (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Move the sunset of a rollout later
pub async fn extend_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(extend): JsonBody<RolloutExtend>,
) -> Result<Json<Rollout>, Refusal> {
    let sunset = extend.sunset.parse().map_err(|_| {
        let message = format!("{:?} is no date such as 2027-09-30", extend.sunset);
        Refusal::invalid("sunset", message)
    })?;
    let reason = required("reason", extend.reason)?;
    let asked = headers.asked(extend.by.as_deref());
    ask(&app, &rollout, asked, Event::Extend { sunset, reason }).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/pause", operation_id = "pauseRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutReason,
    responses(
        (status = 200, description = "Nothing is taken from anyone until it is resumed", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has ended (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Pause a rollout
pub async fn pause_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(pause): JsonBody<RolloutReason>,
) -> Result<Json<Rollout>, Refusal> {
    let reason = required("reason", pause.reason)?;
    let asked = headers.asked(pause.by.as_deref());
    ask(&app, &rollout, asked, Event::Pause { reason }).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/resume", operation_id = "resumeRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutBy,
    responses(
        (status = 200, description = "It goes on in the phase in which it was paused", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has ended (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Resume a rollout
pub async fn resume_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(resume): JsonBody<RolloutBy>,
) -> Result<Json<Rollout>, Refusal> {
    ask(
        &app,
        &rollout,
        headers.asked(resume.by.as_deref()),
        Event::Resume,
    )
    .await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/abort", operation_id = "abortRollout", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = RolloutReason,
    responses(
        (status = 200, description = "It ended without a removal: the old stays", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has ended (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Abort a rollout
pub async fn abort_rollout(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(abort): JsonBody<RolloutReason>,
) -> Result<Json<Rollout>, Refusal> {
    let reason = required("reason", abort.reason)?;
    let asked = headers.asked(abort.by.as_deref());
    ask(&app, &rollout, asked, Event::Abort { reason }).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/friction", operation_id = "addRolloutFriction", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = NewFriction,
    responses(
        (status = 200, description = "Noted", body = Rollout),
        (status = 404, description = "No such rollout or consumer (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is a draft (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Note what a consumer stumbled over
pub async fn add_friction(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(new): JsonBody<NewFriction>,
) -> Result<Json<Rollout>, Refusal> {
    let control = app.control()?;
    let consumer = control.consumer(&new.consumer).await?;
    let asked = headers.asked(new.by.as_deref());
    let friction = Friction {
        id: control.friction_id(asked)?,
        consumer: consumer.id,
        item: new.change,
        text: required("text", new.text)?,
        at: control.clock().now(),
        resolution: None,
    };
    ask(&app, &rollout, asked, Event::AddFriction { friction }).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/friction/{friction}/close", operation_id = "closeRolloutFriction", tag = "rollouts",
    params(
        ("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one"),
        ("friction" = String, Path, description = "Id of the entry"),
    ),
    request_body = FrictionClosed,
    responses(
        (status = 200, description = "Closed", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No such entry (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Close a friction entry
pub async fn close_friction(
    State(app): State<App>,
    Segments((rollout, friction)): Segments<(String, String)>,
    headers: StepHeaders,
    JsonBody(closed): JsonBody<FrictionClosed>,
) -> Result<Json<Rollout>, Refusal> {
    let event = Event::CloseFriction {
        id: friction,
        resolution: required("resolution", closed.resolution)?,
    };
    ask(&app, &rollout, headers.asked(closed.by.as_deref()), event).await
}

#[utoipa::path(
    post, path = "/rollouts/{rollout}/keys", operation_id = "optInKey", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    request_body = KeyOptedIn,
    responses(
        (status = 200, description = "Calls of the key reach the new version unless they ask for the old one", body = Rollout),
        (status = 404, description = "No such rollout or key (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "In the beta only keys of the cohort may (`rollout_refused`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Move a key onto the new version
pub async fn opt_in_key(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    headers: StepHeaders,
    JsonBody(opted): JsonBody<KeyOptedIn>,
) -> Result<Json<Rollout>, Refusal> {
    let key = key(&opted.key)?;
    let asked = headers.asked(opted.by.as_deref());
    let view = app.control()?.opt_in_key(&rollout, asked, key).await?;
    Ok(Json(view.into()))
}

#[utoipa::path(
    delete, path = "/rollouts/{rollout}/keys/{key}", operation_id = "optOutKey", tag = "rollouts",
    params(
        ("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one"),
        ("key" = String, Path, description = "Id of a key"),
    ),
    responses(
        (status = 200, description = "The key is back where its consumer is", body = Rollout),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Move a key back
pub async fn opt_out_key(
    State(app): State<App>,
    Segments((rollout, opted)): Segments<(String, String)>,
    headers: StepHeaders,
) -> Result<Json<Rollout>, Refusal> {
    let key = key(&opted)?;
    ask(&app, &rollout, headers.asked(None), Event::OptOut { key }).await
}

async fn ask(
    app: &App,
    rollout: &str,
    asked: Asked<'_>,
    event: Event,
) -> Result<Json<Rollout>, Refusal> {
    let view = app.control()?.ask_rollout(rollout, asked, event).await?;
    Ok(Json(view.into()))
}

fn key(text: &str) -> Result<adoption::KeyId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::invalid("key", format!("{text:?} is no id of a key (key_…)")))
}

fn phase(text: &str) -> Result<Phase, Refusal> {
    let mut all = Phase::ALL.into_iter();
    let found = all.find(|phase| phase.as_str() == text);
    found.ok_or_else(|| {
        let names: Vec<&str> = Phase::ALL.iter().map(|phase| phase.as_str()).collect();
        Refusal::invalid("to", format!("{text:?} is none of {}", names.join(", ")))
    })
}

fn required(field: &str, text: String) -> Result<String, Refusal> {
    match text.trim().is_empty() {
        true => Err(Refusal::invalid(field, "say it in a sentence")),
        false => Ok(text),
    }
}
