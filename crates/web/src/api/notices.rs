//! Deliveries of notices and webhooks over HTTP: who was reached, send again, and where signed messages go.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ACTOR, page};
use crate::app::App;
use crate::extract::{JsonBody, Params, Segments};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, Format, List, cell, list_response, wanted};
use crate::time::Instant;

/// One notice on its way to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    #[schema(example = "ntc_04sga7hfs3rbm")]
    pub notice: String,
    /// What it tells, such as `announced` or `moved`.
    #[schema(example = "announced")]
    pub kind: String,
    /// `email`, `webhook`, `statuspage`, `page` (fetched from here), or `none` (nobody has an address).
    #[schema(example = "email")]
    pub channel: String,
    /// Mail address, id of a webhook, or name of a page.
    pub address: String,
    pub rollout: String,
    /// Absent for the public and for the owner.
    pub consumer: Option<String>,
    /// `pending`, `delivered`, `failed`, `bounced`, `suppressed` or `unreachable`.
    #[schema(example = "delivered")]
    pub state: String,
    pub attempts: u64,
    /// When it is tried next; absent when it is not.
    pub next_at: Option<Instant>,
    pub delivered_at: Option<Instant>,
    /// Why the last try did not deliver, or what it waits for.
    pub error: Option<String>,
    /// What the receiver calls it.
    pub remote_id: Option<String>,
    /// The address in whose place this one was tried.
    pub stands_for: Option<String>,
    pub created_at: Instant,
}

/// Which deliveries are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryListParams {
    /// Of this state only.
    state: Option<String>,
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

/// What a resend came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resent {
    /// Deliveries that wait to be sent again.
    pub deliveries: u64,
}

/// A webhook to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Name or id.
    pub surface: String,
    /// Name or id; absent for the owner's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer: Option<String>,
    #[schema(example = "https://hooks.example.com/towpath")]
    pub url: String,
}

/// Where signed messages go (Standard Webhooks 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    #[schema(example = "hook_04sga7hfs3rbm")]
    pub id: String,
    pub surface_id: String,
    /// Absent for the owner's own.
    pub consumer: Option<String>,
    pub url: String,
    /// Until when the secret before signs too.
    pub previous_until: Option<Instant>,
    pub created_at: Instant,
    /// Nothing is sent any more since.
    pub ended_at: Option<Instant>,
    pub ended_why: Option<String>,
}

/// A webhook with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssuedWebhook {
    pub webhook: Webhook,
    /// `whsec_` and base 64.
    pub secret: String,
}

/// Which webhooks are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookListParams {
    /// Of this surface only: name or id.
    surface: Option<String>,
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

#[utoipa::path(
    get, path = "/rollouts/{rollout}/deliveries", operation_id = "listDeliveries", tag = "notices",
    params(
        ("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one"),
        DeliveryListParams,
    ),
    responses(
        (status = 200, description = "Deliveries, oldest first", content(
            (List<Delivery> = "application/json"),
            (String = "text/csv"),
        )),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// List who was told of a rollout, how and when
pub async fn list_deliveries(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
    Params(params): Params<DeliveryListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted_page = page(params.limit, params.after);
    let found = app
        .control()?
        .list_deliveries(&rollout, params.state.as_deref(), &wanted_page)
        .await?;
    let format = wanted(params.format, &headers);
    list_response(List::<Delivery>::of(found), format, &uri)
}

#[utoipa::path(
    post, path = "/notices/{notice}/resend", operation_id = "resendNotice", tag = "notices",
    params(("notice" = String, Path, description = "Id of a notice")),
    responses(
        (status = 200, description = "What waits to be sent", body = Resent),
        (status = 404, description = "No such notice (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Send a notice again, under the same id
///
/// To everyone it went to, and to contacts that were added since.
pub async fn resend_notice(
    State(app): State<App>,
    Segments(notice): Segments<String>,
) -> Result<Json<Resent>, Refusal> {
    let deliveries = app.control()?.resend_notice(ACTOR, &notice).await?;
    Ok(Json(Resent { deliveries }))
}

#[utoipa::path(
    get, path = "/webhooks", operation_id = "listWebhooks", tag = "notices", params(WebhookListParams),
    responses((status = 200, description = "Webhooks, oldest first", content(
        (List<Webhook> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List webhooks
pub async fn list_webhooks(
    State(app): State<App>,
    Params(params): Params<WebhookListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted_page = page(params.limit, params.after);
    let found = app
        .control()?
        .list_webhooks(params.surface.as_deref(), &wanted_page)
        .await?;
    let format = wanted(params.format, &headers);
    list_response(List::<Webhook>::of(found), format, &uri)
}

#[utoipa::path(
    post, path = "/webhooks", operation_id = "createWebhook", tag = "notices", request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook with its secret, which is shown this once", body = IssuedWebhook),
        (status = 404, description = "No such surface or consumer (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There are too many already (`too_many_webhooks`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Add a webhook
pub async fn create_webhook(
    State(app): State<App>,
    JsonBody(new): JsonBody<NewWebhook>,
) -> Result<Response, Refusal> {
    let new = control::NewWebhook {
        surface: new.surface,
        consumer: new.consumer,
        url: new.url,
    };
    let issued = app.control()?.create_webhook(ACTOR, new).await?;
    Ok((StatusCode::CREATED, Json(IssuedWebhook::from(issued))).into_response())
}

#[utoipa::path(
    post, path = "/webhooks/{webhook}/rotate", operation_id = "rotateWebhook", tag = "notices",
    params(("webhook" = String, Path, description = "Id of a webhook")),
    responses(
        (status = 200, description = "The webhook with its new secret, which is shown this once", body = IssuedWebhook),
        (status = 404, description = "No such webhook (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Give a webhook a new secret
///
/// The secret before signs too for a day.
pub async fn rotate_webhook(
    State(app): State<App>,
    Segments(webhook): Segments<String>,
) -> Result<Json<IssuedWebhook>, Refusal> {
    let issued = app.control()?.rotate_webhook(ACTOR, &webhook).await?;
    Ok(Json(issued.into()))
}

#[utoipa::path(
    delete, path = "/webhooks/{webhook}", operation_id = "removeWebhook", tag = "notices",
    params(("webhook" = String, Path, description = "Id of a webhook")),
    responses(
        (status = 200, description = "The webhook as it ended", body = Webhook),
        (status = 404, description = "No such webhook (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// End a webhook: nothing is sent there any more
pub async fn remove_webhook(
    State(app): State<App>,
    Segments(webhook): Segments<String>,
) -> Result<Json<Webhook>, Refusal> {
    let ended = app.control()?.remove_webhook(ACTOR, &webhook).await?;
    Ok(Json(ended.into()))
}

impl From<control::Delivery> for Delivery {
    fn from(delivery: control::Delivery) -> Self {
        Self {
            notice: delivery.notice.to_string(),
            kind: delivery.kind,
            channel: delivery.channel.to_owned(),
            address: delivery.address,
            rollout: delivery.rollout.to_string(),
            consumer: delivery.consumer.map(|id| id.to_string()),
            state: delivery.state.to_owned(),
            attempts: delivery.attempts,
            next_at: delivery.next_at.map(Instant),
            delivered_at: delivery.delivered_at.map(Instant),
            error: delivery.error,
            remote_id: delivery.remote_id,
            stands_for: delivery.stands_for,
            created_at: Instant(delivery.created_at),
        }
    }
}

impl From<control::Webhook> for Webhook {
    fn from(webhook: control::Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            surface_id: webhook.surface.to_string(),
            consumer: webhook.consumer.map(|id| id.to_string()),
            url: webhook.url,
            previous_until: webhook.previous_until.map(Instant),
            created_at: Instant(webhook.created_at),
            ended_at: webhook.ended_at.map(Instant),
            ended_why: webhook.ended_why,
        }
    }
}

impl From<control::IssuedWebhook> for IssuedWebhook {
    fn from(issued: control::IssuedWebhook) -> Self {
        Self {
            secret: issued.secret.expose(),
            webhook: issued.webhook.into(),
        }
    }
}

impl CsvRow for Delivery {
    const HEADER: &'static [&'static str] = &[
        "notice",
        "kind",
        "channel",
        "address",
        "rollout",
        "consumer",
        "state",
        "attempts",
        "next_at",
        "delivered_at",
        "error",
        "created_at",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.notice.clone(),
            self.kind.clone(),
            self.channel.clone(),
            self.address.clone(),
            self.rollout.clone(),
            cell(&self.consumer),
            self.state.clone(),
            self.attempts.to_string(),
            cell(&self.next_at),
            cell(&self.delivered_at),
            cell(&self.error),
            self.created_at.to_string(),
        ]
    }
}

impl CsvRow for Webhook {
    const HEADER: &'static [&'static str] = &[
        "id",
        "surface_id",
        "consumer",
        "url",
        "created_at",
        "ended_at",
        "ended_why",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.surface_id.clone(),
            cell(&self.consumer),
            self.url.clone(),
            self.created_at.to_string(),
            cell(&self.ended_at),
            cell(&self.ended_why),
        ]
    }
}
