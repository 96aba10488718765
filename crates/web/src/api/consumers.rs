//! Consumers over HTTP: who builds on the surfaces.

use adoption::ConsumerKind;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ACTOR, ImportReport, ListParams, import_format, page};
use crate::app::App;
use crate::extract::{JsonBody, Params, Segments, TextBody};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, List, cell, list_response, wanted};
use crate::time::Instant;

/// What a consumer or a key's user is. Only a label: it never changes how calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Developer,
    Agent,
    Squad,
}

/// How to reach people of a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// An e-mail address, a web address, or a channel such as `#payments`.
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they answer for, such as `oncall` or `billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Whoever builds on a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Consumer {
    #[schema(example = "cons_04sga7hfs3rbm")]
    pub id: String,
    pub name: String,
    pub kind: Kind,
    pub contacts: Vec<Contact>,
    pub plan: Option<String>,
    pub sla: Option<String>,
    /// The owner's own id of this consumer, such as a CRM account.
    pub external_id: Option<String>,
    pub created_at: Instant,
    pub updated_at: Instant,
    /// Keys that are neither revoked nor expired.
    pub keys_active: u64,
    /// Start of the last minute with a metered call; absent when there was none.
    pub last_seen: Option<Instant>,
}

/// A consumer to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsumer {
    /// Unique; 1 to 100 characters of letters, digits, space and `. _ - @ / +`, starting with a letter or digit.
    #[schema(example = "Acme GmbH")]
    pub name: String,
    /// Developer when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub contacts: Vec<Contact>,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub sla: Option<String>,
    #[serde(default)]
    pub external_id: Option<String>,
}

/// What to change; an absent field stays, an empty text clears an optional one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConsumerUpdate {
    pub name: Option<String>,
    pub kind: Option<Kind>,
    pub contacts: Option<Vec<Contact>>,
    pub plan: Option<String>,
    pub sla: Option<String>,
    pub external_id: Option<String>,
}

#[utoipa::path(
    get, path = "/consumers", operation_id = "listConsumers", tag = "consumers", params(ListParams),
    responses((status = 200, description = "Consumers in order of name", content(
        (List<Consumer> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List consumers
pub async fn list_consumers(
    State(app): State<App>,
    Params(params): Params<ListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let found = app
        .control()?
        .list_consumers(&page(params.limit, params.after))
        .await?;
    list_response(
        List::<Consumer>::of(found),
        wanted(params.format, &headers),
        &uri,
    )
}

#[utoipa::path(
    post, path = "/consumers", operation_id = "createConsumer", tag = "consumers", request_body = NewConsumer,
    responses(
        (status = 201, description = "The consumer as stored", body = Consumer),
        (status = 409, description = "A consumer of this name exists already (`already_exists`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Create a consumer
pub async fn create_consumer(
    State(app): State<App>,
    JsonBody(new): JsonBody<NewConsumer>,
) -> Result<Response, Refusal> {
    let consumer = app.control()?.create_consumer(ACTOR, new.into()).await?;
    Ok((StatusCode::CREATED, Json(Consumer::from(consumer))).into_response())
}

#[utoipa::path(
    post, path = "/consumers/import", operation_id = "importConsumers", tag = "consumers",
    request_body(
        description = "CSV with a header row (`name`, `kind`, `contacts`, `plan`, `sla`, `external_id`) or a JSON array of objects with these fields; at most 15 MB",
        content((String = "text/csv"), (Vec<NewConsumer> = "application/json")),
    ),
    responses((status = 200, description = "What changed", body = ImportReport))
)]
/// Create or update consumers by name
///
/// All or nothing: one bad row refuses the whole import, and the problem lists every bad row.
/// A column or field that is absent leaves the stored value.
pub async fn import_consumers(
    State(app): State<App>,
    body: TextBody,
) -> Result<Json<ImportReport>, Refusal> {
    let format = import_format(&body)?;
    let report = app
        .control()?
        .import_consumers(ACTOR, format, &body.text)
        .await?;
    Ok(Json(report.into()))
}

#[utoipa::path(
    get, path = "/consumers/{consumer}", operation_id = "getConsumer", tag = "consumers",
    params(("consumer" = String, Path, description = "Name or id")),
    responses(
        (status = 200, description = "The consumer", body = Consumer),
        (status = 404, description = "No such consumer (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show a consumer
pub async fn get_consumer(
    State(app): State<App>,
    Segments(consumer): Segments<String>,
) -> Result<Json<Consumer>, Refusal> {
    Ok(Json(app.control()?.consumer(&consumer).await?.into()))
}

#[utoipa::path(
    patch, path = "/consumers/{consumer}", operation_id = "updateConsumer", tag = "consumers",
    params(("consumer" = String, Path, description = "Name or id")),
    request_body = ConsumerUpdate,
    responses(
        (status = 200, description = "The consumer as it now stands", body = Consumer),
        (status = 404, description = "No such consumer (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another consumer has this name (`already_exists`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Change a consumer
pub async fn update_consumer(
    State(app): State<App>,
    Segments(consumer): Segments<String>,
    JsonBody(update): JsonBody<ConsumerUpdate>,
) -> Result<Json<Consumer>, Refusal> {
    Ok(Json(
        app.control()?
            .update_consumer(ACTOR, &consumer, update.into())
            .await?
            .into(),
    ))
}

impl CsvRow for Consumer {
    const HEADER: &'static [&'static str] = &[
        "id",
        "name",
        "kind",
        "contacts",
        "plan",
        "sla",
        "external_id",
        "keys_active",
        "last_seen",
        "created_at",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.kind.as_str().to_owned(),
            self.contacts
                .iter()
                .map(contact_text)
                .collect::<Vec<_>>()
                .join("; "),
            cell(&self.plan),
            cell(&self.sla),
            cell(&self.external_id),
            self.keys_active.to_string(),
            cell(&self.last_seen),
            self.created_at.to_string(),
        ]
    }
}

/// `Name <address>`, as the import reads it.
fn contact_text(contact: &Contact) -> String {
    match &contact.name {
        Some(name) => format!("{name} <{}>", contact.address),
        None => contact.address.clone(),
    }
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Agent => "agent",
            Self::Squad => "squad",
        }
    }
}

impl From<ConsumerKind> for Kind {
    fn from(kind: ConsumerKind) -> Self {
        match kind {
            ConsumerKind::Developer => Self::Developer,
            ConsumerKind::Agent => Self::Agent,
            ConsumerKind::Squad => Self::Squad,
        }
    }
}

impl From<Kind> for ConsumerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Developer => Self::Developer,
            Kind::Agent => Self::Agent,
            Kind::Squad => Self::Squad,
        }
    }
}

impl From<control::Contact> for Contact {
    fn from(contact: control::Contact) -> Self {
        Self {
            address: contact.address,
            name: contact.name,
            role: contact.role,
        }
    }
}

impl From<Contact> for control::Contact {
    fn from(contact: Contact) -> Self {
        Self {
            address: contact.address,
            name: contact.name,
            role: contact.role,
        }
    }
}

impl From<control::Consumer> for Consumer {
    fn from(consumer: control::Consumer) -> Self {
        Self {
            id: consumer.id.to_string(),
            name: consumer.name,
            kind: consumer.kind.into(),
            contacts: consumer.contacts.into_iter().map(Into::into).collect(),
            plan: consumer.plan,
            sla: consumer.sla,
            external_id: consumer.external_id,
            created_at: consumer.created_at.into(),
            updated_at: consumer.updated_at.into(),
            keys_active: consumer.keys_active,
            last_seen: consumer.last_seen.map(Into::into),
        }
    }
}

impl From<NewConsumer> for control::NewConsumer {
    fn from(new: NewConsumer) -> Self {
        Self {
            name: new.name,
            kind: new.kind.unwrap_or(Kind::Developer).into(),
            contacts: new.contacts.into_iter().map(Into::into).collect(),
            plan: new.plan,
            sla: new.sla,
            external_id: new.external_id,
        }
    }
}

impl From<ConsumerUpdate> for control::ConsumerUpdate {
    fn from(update: ConsumerUpdate) -> Self {
        Self {
            name: update.name,
            kind: update.kind.map(Into::into),
            contacts: update
                .contacts
                .map(|contacts| contacts.into_iter().map(Into::into).collect()),
            plan: update.plan,
            sla: update.sla,
            external_id: update.external_id,
        }
    }
}
