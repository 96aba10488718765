//! Keys over HTTP: made, imported, rotated, revoked; a text is shown once.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::consumers::Kind;
use super::{ACTOR, ImportReport, import_format, page};
use crate::app::App;
use crate::extract::{JsonBody, Params, Segments, TextBody};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, Format, List, cell, list_response, wanted};
use crate::time::Instant;

/// A credential of one consumer on one surface; never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    #[schema(example = "key_0f3k9w2c8m1nq")]
    pub id: String,
    /// The surface's name.
    pub surface: String,
    pub surface_id: String,
    /// The consumer's name.
    pub consumer: String,
    pub consumer_id: String,
    pub kind: Kind,
    pub origin: KeyOrigin,
    /// The first characters of a Towpath key; of a native one the first 8 of its digest.
    pub start: String,
    pub state: KeyState,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    /// Id of the key that this one replaces.
    pub rotated_from: Option<String>,
    /// Start of the last minute with a metered call; absent when there was none.
    pub last_used: Option<Instant>,
}

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyOrigin {
    /// Made here.
    Towpath,
    /// A credential that the existing API already uses.
    Native,
}

/// Whether a key works now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    Active,
    /// Active, and stops at `expires_at`.
    Expiring,
    Expired,
    Revoked,
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Name or id.
    pub consumer: String,
    /// Name or id.
    pub surface: String,
    /// The consumer's own kind when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Valid strictly before this instant; never expires when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

/// A new key with its text, which nobody can show again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssuedKey {
    pub key: Key,
    /// Give it to the consumer over a confidential channel; only its digest is stored here.
    pub secret: String,
}

/// How to rotate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rotate {
    /// How long the old key stays valid; 86400 (a day) when absent.
    pub overlap_seconds: Option<u32>,
}

/// The successor, and the old key as it now stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rotation {
    pub issued: IssuedKey,
    pub old: Key,
}

/// Which keys, and which part of their list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeyListParams {
    /// Name or id of a consumer.
    consumer: Option<String>,
    /// Name or id of a surface.
    surface: Option<String>,
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

/// The surface of rows that name none.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeyImportParams {
    /// Surface (name or id) of rows that name none.
    surface: Option<String>,
}

#[utoipa::path(
    get, path = "/keys", operation_id = "listKeys", tag = "keys", params(KeyListParams),
    responses((status = 200, description = "Keys in order of creation", content(
        (List<Key> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List keys
pub async fn list_keys(
    State(app): State<App>,
    Params(params): Params<KeyListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted_page = page(params.limit, params.after);
    let found = app
        .control()?
        .list_keys(
            params.consumer.as_deref(),
            params.surface.as_deref(),
            &wanted_page,
        )
        .await?;
    list_response(
        List::<Key>::of(found),
        wanted(params.format, &headers),
        &uri,
    )
}

#[utoipa::path(
    post, path = "/keys", operation_id = "createKey", tag = "keys", request_body = NewKey,
    responses(
        (status = 201, description = "The key and its text, shown this once", body = IssuedKey),
        (status = 404, description = "No such consumer or surface (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Make a key
pub async fn create_key(
    State(app): State<App>,
    JsonBody(new): JsonBody<NewKey>,
) -> Result<Response, Refusal> {
    let new = control::NewKey {
        consumer: new.consumer,
        surface: new.surface,
        kind: new.kind.map(Into::into),
        expires_at: new.expires_at.map(|instant| instant.0),
    };
    let issued = app.control()?.create_key(ACTOR, new).await?;
    Ok((StatusCode::CREATED, Json(IssuedKey::from(issued))).into_response())
}

#[utoipa::path(
    post, path = "/keys/import", operation_id = "importKeys", tag = "keys", params(KeyImportParams),
    request_body(
        description = "CSV with a header row (`consumer`, `digest` or `value`, `surface`, `kind`, `expires_at`) or a JSON array of objects with these fields; at most 15 MB. `digest` is the SHA-256 of the credential as sent, without scheme, in hexadecimal",
        content((String = "text/csv"), (Vec<KeyRow> = "application/json")),
    ),
    responses((status = 200, description = "What changed", body = ImportReport))
)]
/// Register credentials that consumers already use
///
/// All or nothing. Only digests are stored; send `digest` rather than `value`, and the credential never leaves its owner.
pub async fn import_keys(
    State(app): State<App>,
    Params(params): Params<KeyImportParams>,
    body: TextBody,
) -> Result<Json<ImportReport>, Refusal> {
    let format = import_format(&body)?;
    let import = control::KeyImport {
        format,
        text: control::SecretText(body.text),
        surface: params.surface,
    };
    Ok(Json(
        app.control()?.import_keys(ACTOR, &import).await?.into(),
    ))
}

/// One row of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyRow {
    /// Name of a consumer that exists.
    pub consumer: String,
    /// SHA-256 of the credential, 64 hexadecimal digits.
    pub digest: Option<String>,
    /// The credential as sent; one of the two.
    pub value: Option<String>,
    pub surface: Option<String>,
    pub kind: Option<Kind>,
    pub expires_at: Option<Instant>,
}

#[utoipa::path(
    get, path = "/keys/{key}", operation_id = "getKey", tag = "keys",
    params(("key" = String, Path, description = "Id, or the start of a key when only one has it")),
    responses(
        (status = 200, description = "The key", body = Key),
        (status = 404, description = "No such key (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show a key
pub async fn get_key(
    State(app): State<App>,
    Segments(key): Segments<String>,
) -> Result<Json<Key>, Refusal> {
    Ok(Json(app.control()?.key(&key).await?.into()))
}

#[utoipa::path(
    post, path = "/keys/{key}/rotate", operation_id = "rotateKey", tag = "keys",
    params(("key" = String, Path, description = "Id, or the start of a key when only one has it")),
    request_body = Rotate,
    responses(
        (status = 201, description = "The successor with its text, shown this once, and the old key", body = Rotation),
        (status = 404, description = "No such key (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key is `key_revoked`, `key_expired` or `key_native`", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Make a successor of a key
///
/// Both keys work during the overlap.
pub async fn rotate_key(
    State(app): State<App>,
    Segments(key): Segments<String>,
    JsonBody(rotate): JsonBody<Rotate>,
) -> Result<Response, Refusal> {
    let overlap = Duration::from_secs(u64::from(rotate.overlap_seconds.unwrap_or(86_400)));
    let rotation = app.control()?.rotate_key(ACTOR, &key, overlap).await?;
    let rotation = Rotation {
        issued: rotation.issued.into(),
        old: rotation.old.into(),
    };
    Ok((StatusCode::CREATED, Json(rotation)).into_response())
}

#[utoipa::path(
    post, path = "/keys/{key}/revoke", operation_id = "revokeKey", tag = "keys",
    params(("key" = String, Path, description = "Id, or the start of a key when only one has it")),
    responses(
        (status = 200, description = "The key as it now stands; revoking twice is no error", body = Key),
        (status = 404, description = "No such key (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// End a key now
///
/// The gateway refuses it in under a second.
pub async fn revoke_key(
    State(app): State<App>,
    Segments(key): Segments<String>,
) -> Result<Json<Key>, Refusal> {
    Ok(Json(app.control()?.revoke_key(ACTOR, &key).await?.into()))
}

impl CsvRow for Key {
    const HEADER: &'static [&'static str] = &[
        "id",
        "surface",
        "consumer",
        "kind",
        "origin",
        "start",
        "state",
        "created_at",
        "expires_at",
        "revoked_at",
        "rotated_from",
        "last_used",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.surface.clone(),
            self.consumer.clone(),
            self.kind.as_str().to_owned(),
            self.origin.as_str().to_owned(),
            self.start.clone(),
            self.state.as_str().to_owned(),
            self.created_at.to_string(),
            cell(&self.expires_at),
            cell(&self.revoked_at),
            cell(&self.rotated_from),
            cell(&self.last_used),
        ]
    }
}

impl KeyOrigin {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Towpath => "towpath",
            Self::Native => "native",
        }
    }
}

impl KeyState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl From<control::KeyOrigin> for KeyOrigin {
    fn from(origin: control::KeyOrigin) -> Self {
        match origin {
            control::KeyOrigin::Towpath => Self::Towpath,
            control::KeyOrigin::Native => Self::Native,
        }
    }
}

impl From<control::KeyState> for KeyState {
    fn from(state: control::KeyState) -> Self {
        match state {
            control::KeyState::Active => Self::Active,
            control::KeyState::Expiring => Self::Expiring,
            control::KeyState::Expired => Self::Expired,
            control::KeyState::Revoked => Self::Revoked,
        }
    }
}

impl From<control::Key> for Key {
    fn from(key: control::Key) -> Self {
        Self {
            id: key.id.to_string(),
            surface: key.surface_name,
            surface_id: key.surface.to_string(),
            consumer: key.consumer_name,
            consumer_id: key.consumer.to_string(),
            kind: key.kind.into(),
            origin: key.origin.into(),
            start: key.start,
            state: key.state.into(),
            created_at: key.created_at.into(),
            expires_at: key.expires_at.map(Into::into),
            revoked_at: key.revoked_at.map(Into::into),
            rotated_from: key.rotated_from.map(|id| id.to_string()),
            last_used: key.last_used.map(Into::into),
        }
    }
}

impl From<control::IssuedKey> for IssuedKey {
    fn from(issued: control::IssuedKey) -> Self {
        Self {
            key: issued.key.into(),
            secret: issued.secret.0,
        }
    }
}
