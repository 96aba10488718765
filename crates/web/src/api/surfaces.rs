//! Surfaces over HTTP: what is served, where it leads, how its consumers are known.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::contracts::{Contract, Operation};
use super::{ACTOR, ListParams, page};
use crate::app::App;
use crate::extract::{JsonBody, Params, Segments};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, List, cell, list_response, wanted};
use crate::time::Instant;

/// Anything others build on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Surface {
    #[schema(example = "surf_0c5t8p2m9w4dz")]
    pub id: String,
    pub name: String,
    #[serde(flatten)]
    pub settings: SurfaceSettings,
    /// The contract that runs; absent before the first push.
    pub contract: Option<Contract>,
    pub created_at: Instant,
    pub updated_at: Instant,
}

/// What the owner of a surface decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurfaceSettings {
    /// Host names that lead here; none means every host.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Empty, or `/prefix` without a slash at its end.
    #[serde(default)]
    pub path_prefix: String,
    /// Whether the prefix is cut off before forwarding.
    #[serde(default)]
    pub strip_path_prefix: bool,
    /// Where the API's paths begin, instead of what its contract's servers say; empty is the root. Absent takes the contract's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1")]
    pub base_path: Option<String>,
    /// `http://host:port[/base]`, `https://…` or `h2c://…`.
    #[schema(min_items = 1, example = json!(["http://127.0.0.1:9000"]))]
    pub upstreams: Vec<String>,
    /// PEM file on the server with roots to trust for `https` upstreams besides the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_ca_file: Option<String>,
    /// Whether the consumer's own `Host` is sent upstream.
    #[serde(default)]
    pub preserve_host: bool,
    /// Where a credential is looked for; the first that finds one decides.
    #[serde(default = "SurfaceSettings::identity_default")]
    pub identity: Vec<Identity>,
    #[serde(default)]
    pub unknown_path: UnknownPath,
    #[serde(default)]
    pub anonymous: Anonymous,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_bytes_limit: Option<u64>,
}

/// Where a consumer's credential is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Identity {
    /// A Towpath key in `Authorization: Bearer` or `X-Api-Key`, or in `header` with an optional `scheme`; stripped before upstream.
    TowpathKey {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scheme: Option<String>,
    },
    /// The existing API's own credential in a header, forwarded.
    Header {
        header: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scheme: Option<String>,
    },
    /// The user part of HTTP Basic credentials, forwarded.
    BasicUser,
    /// A query parameter, forwarded.
    Query { parameter: String },
    /// A claim of a JWT verified against a JWKS file on the server, forwarded.
    JwtClaim {
        claim: String,
        jwks_file: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issuer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
    },
}

/// What happens to a path that the contract does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum UnknownPath {
    #[default]
    #[serde(rename = "pass")]
    Pass,
    #[serde(rename = "404")]
    NotFound,
}

/// What happens to a request without a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Anonymous {
    #[default]
    #[serde(rename = "pass")]
    Pass,
    #[serde(rename = "401")]
    Unauthorized,
}

/// How long the upstream may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    pub connect_ms: u64,
    /// From the request's last byte to the response head.
    pub response_head_ms: u64,
    /// Between two reads of the response body; 0 waits for ever.
    pub response_idle_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        control::TimeoutSpec::default().into()
    }
}

impl SurfaceSettings {
    fn identity_default() -> Vec<Identity> {
        vec![Identity::TowpathKey {
            header: None,
            scheme: None,
        }]
    }

    fn into_control(self, name: String) -> control::SurfaceSettings {
        let mut settings = control::SurfaceSettings::new(&name, "");
        settings.hosts = self.hosts;
        settings.path_prefix = self.path_prefix;
        settings.strip_path_prefix = self.strip_path_prefix;
        settings.base_path = self.base_path;
        settings.upstreams = self.upstreams;
        settings.upstream_ca_file = self.upstream_ca_file;
        settings.preserve_host = self.preserve_host;
        settings.identity = self.identity.into_iter().map(Into::into).collect();
        settings.unknown_path = self.unknown_path.into();
        settings.anonymous = self.anonymous.into();
        settings.timeouts = self.timeouts.into();
        settings.body_bytes_limit = self.body_bytes_limit;
        settings
    }
}

#[utoipa::path(
    get, path = "/surfaces", operation_id = "listSurfaces", tag = "surfaces", params(ListParams),
    responses((status = 200, description = "Surfaces in order of name", content(
        (List<Surface> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List surfaces
pub async fn list_surfaces(
    State(app): State<App>,
    Params(params): Params<ListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let found = app
        .control()?
        .list_surfaces(&page(params.limit, params.after))
        .await?;
    list_response(
        List::<Surface>::of(found),
        wanted(params.format, &headers),
        &uri,
    )
}

#[utoipa::path(
    get, path = "/surfaces/{surface}", operation_id = "getSurface", tag = "surfaces",
    params(("surface" = String, Path, description = "Name or id")),
    responses(
        (status = 200, description = "The surface", body = Surface),
        (status = 404, description = "No such surface (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show a surface
pub async fn get_surface(
    State(app): State<App>,
    Segments(surface): Segments<String>,
) -> Result<Json<Surface>, Refusal> {
    Ok(Json(app.control()?.surface(&surface).await?.into()))
}

#[utoipa::path(
    put, path = "/surfaces/{surface}", operation_id = "putSurface", tag = "surfaces",
    params(("surface" = String, Path, description = "Name")),
    request_body = SurfaceSettings,
    responses((status = 200, description = "The surface as it now stands", body = Surface))
)]
/// Create or change a surface
///
/// Traffic follows in under a second. A surface that the server's configuration names is set back to it at the next start or reload.
pub async fn put_surface(
    State(app): State<App>,
    Segments(surface): Segments<String>,
    JsonBody(settings): JsonBody<SurfaceSettings>,
) -> Result<Json<Surface>, Refusal> {
    let settings = settings.into_control(surface);
    Ok(Json(
        app.control()?.upsert_surface(ACTOR, settings).await?.into(),
    ))
}

#[utoipa::path(
    get, path = "/surfaces/{surface}/operations", operation_id = "listOperations", tag = "surfaces",
    params(("surface" = String, Path, description = "Name or id"), ListParams),
    responses(
        (status = 200, description = "Operations in order of path and method, those of former contracts included", content(
            (List<Operation> = "application/json"),
            (String = "text/csv"),
        )),
        (status = 404, description = "No such surface (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// List the operations of a surface
pub async fn list_operations(
    State(app): State<App>,
    Segments(surface): Segments<String>,
    Params(params): Params<ListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let found = app
        .control()?
        .list_operations(&surface, &page(params.limit, params.after))
        .await?;
    list_response(
        List::<Operation>::of(found),
        wanted(params.format, &headers),
        &uri,
    )
}

impl CsvRow for Surface {
    const HEADER: &'static [&'static str] = &[
        "id",
        "name",
        "hosts",
        "path_prefix",
        "upstreams",
        "unknown_path",
        "anonymous",
        "contract_version",
        "operations",
        "created_at",
        "updated_at",
    ];

    fn cells(&self) -> Vec<String> {
        let settings = &self.settings;
        vec![
            self.id.clone(),
            self.name.clone(),
            settings.hosts.join(" "),
            settings.path_prefix.clone(),
            settings.upstreams.join(" "),
            settings.unknown_path.as_str().to_owned(),
            settings.anonymous.as_str().to_owned(),
            self.contract
                .as_ref()
                .map(|contract| contract.version.clone())
                .unwrap_or_default(),
            cell(&self.contract.as_ref().map(|contract| contract.operations)),
            self.created_at.to_string(),
            self.updated_at.to_string(),
        ]
    }
}

impl UnknownPath {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotFound => "404",
        }
    }
}

impl Anonymous {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unauthorized => "401",
        }
    }
}

impl From<control::Surface> for Surface {
    fn from(surface: control::Surface) -> Self {
        let settings = surface.settings;
        Self {
            id: surface.id.to_string(),
            name: settings.name,
            settings: SurfaceSettings {
                hosts: settings.hosts,
                path_prefix: settings.path_prefix,
                strip_path_prefix: settings.strip_path_prefix,
                base_path: settings.base_path,
                upstreams: settings.upstreams,
                upstream_ca_file: settings.upstream_ca_file,
                preserve_host: settings.preserve_host,
                identity: settings.identity.into_iter().map(Into::into).collect(),
                unknown_path: settings.unknown_path.into(),
                anonymous: settings.anonymous.into(),
                timeouts: settings.timeouts.into(),
                body_bytes_limit: settings.body_bytes_limit,
            },
            contract: surface.contract.map(Into::into),
            created_at: surface.created_at.into(),
            updated_at: surface.updated_at.into(),
        }
    }
}

impl From<control::TimeoutSpec> for Timeouts {
    fn from(timeouts: control::TimeoutSpec) -> Self {
        Self {
            connect_ms: timeouts.connect_ms,
            response_head_ms: timeouts.response_head_ms,
            response_idle_ms: timeouts.response_idle_ms,
        }
    }
}

impl From<Timeouts> for control::TimeoutSpec {
    fn from(timeouts: Timeouts) -> Self {
        Self {
            connect_ms: timeouts.connect_ms,
            response_head_ms: timeouts.response_head_ms,
            response_idle_ms: timeouts.response_idle_ms,
        }
    }
}

impl From<control::UnknownPath> for UnknownPath {
    fn from(policy: control::UnknownPath) -> Self {
        match policy {
            control::UnknownPath::Pass => Self::Pass,
            control::UnknownPath::NotFound => Self::NotFound,
        }
    }
}

impl From<UnknownPath> for control::UnknownPath {
    fn from(policy: UnknownPath) -> Self {
        match policy {
            UnknownPath::Pass => Self::Pass,
            UnknownPath::NotFound => Self::NotFound,
        }
    }
}

impl From<control::Anonymous> for Anonymous {
    fn from(policy: control::Anonymous) -> Self {
        match policy {
            control::Anonymous::Pass => Self::Pass,
            control::Anonymous::Unauthorized => Self::Unauthorized,
        }
    }
}

impl From<Anonymous> for control::Anonymous {
    fn from(policy: Anonymous) -> Self {
        match policy {
            Anonymous::Pass => Self::Pass,
            Anonymous::Unauthorized => Self::Unauthorized,
        }
    }
}

impl From<control::IdentitySpec> for Identity {
    fn from(identity: control::IdentitySpec) -> Self {
        match identity {
            control::IdentitySpec::TowpathKey { header, scheme } => {
                Self::TowpathKey { header, scheme }
            }
            control::IdentitySpec::Header { header, scheme } => Self::Header { header, scheme },
            control::IdentitySpec::BasicUser => Self::BasicUser,
            control::IdentitySpec::Query { parameter } => Self::Query { parameter },
            control::IdentitySpec::JwtClaim {
                claim,
                jwks_file,
                issuer,
                audience,
            } => Self::JwtClaim {
                claim,
                jwks_file,
                issuer,
                audience,
            },
        }
    }
}

impl From<Identity> for control::IdentitySpec {
    fn from(identity: Identity) -> Self {
        match identity {
            Identity::TowpathKey { header, scheme } => Self::TowpathKey { header, scheme },
            Identity::Header { header, scheme } => Self::Header { header, scheme },
            Identity::BasicUser => Self::BasicUser,
            Identity::Query { parameter } => Self::Query { parameter },
            Identity::JwtClaim {
                claim,
                jwks_file,
                issuer,
                audience,
            } => Self::JwtClaim {
                claim,
                jwks_file,
                issuer,
                audience,
            },
        }
    }
}
