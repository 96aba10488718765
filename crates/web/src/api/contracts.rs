//! Contracts over HTTP: push, list, show; a broken one is refused with every problem's place.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use control::Breaking;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ACTOR, page};
use crate::app::App;
use crate::extract::{Params, Segments, TextBody};
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, Format, List, cell, list_response, wanted};
use crate::time::Instant;

/// One published version of a surface's contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contract {
    #[schema(example = "ctr_0h7d2k5r9x1vb")]
    pub id: String,
    /// The surface's name.
    pub surface: String,
    pub surface_id: String,
    /// `info.version`.
    pub version: String,
    /// `info.title`.
    pub title: String,
    /// The `openapi` field.
    #[schema(example = "3.1.0")]
    pub openapi: String,
    /// SHA-256 of the source, hexadecimal.
    pub digest: String,
    /// The file name that was pushed.
    pub file: String,
    pub source_bytes: u64,
    pub operations: u64,
    pub operations_deprecated: u64,
    pub created_at: Instant,
    /// Whether this is the version that the gateway serves.
    pub running: bool,
}

/// A contract with the text that was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContractSource {
    pub contract: Contract,
    pub source: String,
}

/// What a push changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContractChange {
    Created,
    /// The running contract is the same: nothing was written.
    Unchanged,
    /// An earlier version runs again.
    Reinstated,
}

/// The answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushedContract {
    pub change: ContractChange,
    pub contract: Contract,
    /// Operations that the contract before it did not have.
    pub operations_added: u64,
    /// Operations that only the contract before it had.
    pub operations_removed: u64,
    /// Changes that break consumers of the contract before it, which the caller declared.
    pub breaks: u64,
    /// Changes that may break them: the documents cannot decide it.
    pub warnings: u64,
}

/// One operation of a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Operation {
    #[schema(example = "op_0m3n8c6t2k9fw")]
    pub id: String,
    #[schema(example = "GET")]
    pub method: String,
    /// The path template.
    #[schema(example = "/payments/{id}")]
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub deprecation: Option<Deprecation>,
    /// Whether the running contract has it.
    pub running: bool,
    /// Id of the first contract that had it.
    pub contract_first: String,
    /// Id of the last contract that had it.
    pub contract_last: String,
}

/// The dates of a deprecated operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deprecation {
    pub deprecated_at: Instant,
    pub sunset_at: Option<Instant>,
    pub replaced_by: Option<String>,
}

/// Which contracts, and which part of their list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContractListParams {
    /// Name or id of a surface.
    surface: Option<String>,
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

/// How the file is named in problems, and what may break.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PushParams {
    /// File name to show in problems; `contract` when absent.
    file: Option<String>,
    /// Declares that the contract breaks consumers of the running one: the reason, which the audit log keeps.
    allow_breaking: Option<String>,
}

#[utoipa::path(
    get, path = "/contracts", operation_id = "listContracts", tag = "contracts", params(ContractListParams),
    responses((status = 200, description = "Contracts, newest first", content(
        (List<Contract> = "application/json"),
        (String = "text/csv"),
    )))
)]
/// List contracts
pub async fn list_contracts(
    State(app): State<App>,
    Params(params): Params<ContractListParams>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted_page = page(params.limit, params.after);
    let found = app
        .control()?
        .list_contracts(params.surface.as_deref(), &wanted_page)
        .await?;
    list_response(
        List::<Contract>::of(found),
        wanted(params.format, &headers),
        &uri,
    )
}

#[utoipa::path(
    get, path = "/contracts/{contract}", operation_id = "getContract", tag = "contracts",
    params(("contract" = String, Path, description = "Id of a contract; or name or id of a surface, for the one that runs there")),
    responses(
        (status = 200, description = "The contract and its source", body = ContractSource),
        (status = 404, description = "No such contract (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show a contract with its source
pub async fn get_contract(
    State(app): State<App>,
    Segments(contract): Segments<String>,
) -> Result<Json<ContractSource>, Refusal> {
    let found = app.control()?.show_contract(&contract).await?;
    Ok(Json(ContractSource {
        contract: found.contract.into(),
        source: found.source,
    }))
}

#[utoipa::path(
    post, path = "/surfaces/{surface}/contracts", operation_id = "pushContract", tag = "contracts",
    params(("surface" = String, Path, description = "Name or id"), PushParams),
    request_body(
        description = "OpenAPI 3.0, 3.1 or 3.2 as JSON or YAML, at most 15 MB",
        content((String = "application/yaml"), (Object = "application/json")),
    ),
    responses(
        (status = 200, description = "The contract runs", body = PushedContract),
        (status = 404, description = "No such surface (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It breaks consumers of the running contract (`contract_breaks`), or is too deep to be compared with it whole (`contract_not_compared`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Publish a contract
///
/// A broken contract is refused with `contract_refused` and the file, line, column and next step of each problem; the running one stays. One that breaks consumers of the running one is refused with `contract_breaks` and each change, unless `allow_breaking` says why.
pub async fn push_contract(
    State(app): State<App>,
    Segments(surface): Segments<String>,
    Params(params): Params<PushParams>,
    body: TextBody,
) -> Result<Json<PushedContract>, Refusal> {
    let file = params.file.as_deref().unwrap_or("contract");
    let breaking = match params.allow_breaking.as_deref().map(str::trim) {
        None => Breaking::Refused,
        Some("") => return Err(Refusal::invalid("allow_breaking", "a reason is needed")),
        Some(reason) => Breaking::Declared(reason),
    };
    let pushed = app
        .control()?
        .push_contract(ACTOR, &surface, file, &body.text, breaking)
        .await?;
    Ok(Json(PushedContract {
        change: pushed.change.into(),
        contract: pushed.contract.into(),
        operations_added: pushed.operations_added,
        operations_removed: pushed.operations_removed,
        breaks: pushed.breaks,
        warnings: pushed.warnings,
    }))
}

impl CsvRow for Contract {
    const HEADER: &'static [&'static str] = &[
        "id",
        "surface",
        "version",
        "title",
        "openapi",
        "digest",
        "file",
        "source_bytes",
        "operations",
        "operations_deprecated",
        "created_at",
        "running",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.surface.clone(),
            self.version.clone(),
            self.title.clone(),
            self.openapi.clone(),
            self.digest.clone(),
            self.file.clone(),
            self.source_bytes.to_string(),
            self.operations.to_string(),
            self.operations_deprecated.to_string(),
            self.created_at.to_string(),
            self.running.to_string(),
        ]
    }
}

impl CsvRow for Operation {
    const HEADER: &'static [&'static str] = &[
        "id",
        "method",
        "path",
        "operation_id",
        "summary",
        "deprecated_at",
        "sunset_at",
        "replaced_by",
        "running",
    ];

    fn cells(&self) -> Vec<String> {
        let deprecation = self.deprecation.as_ref();
        vec![
            self.id.clone(),
            self.method.clone(),
            self.path.clone(),
            cell(&self.operation_id),
            cell(&self.summary),
            cell(&deprecation.map(|deprecation| deprecation.deprecated_at)),
            cell(&deprecation.and_then(|deprecation| deprecation.sunset_at)),
            cell(&deprecation.and_then(|deprecation| deprecation.replaced_by.clone())),
            self.running.to_string(),
        ]
    }
}

impl From<control::ContractChange> for ContractChange {
    fn from(change: control::ContractChange) -> Self {
        match change {
            control::ContractChange::Created => Self::Created,
            control::ContractChange::Unchanged => Self::Unchanged,
            control::ContractChange::Reinstated => Self::Reinstated,
        }
    }
}

impl From<control::Contract> for Contract {
    fn from(contract: control::Contract) -> Self {
        Self {
            id: contract.id.to_string(),
            surface: contract.surface_name,
            surface_id: contract.surface.to_string(),
            version: contract.version,
            title: contract.title,
            openapi: contract.openapi,
            digest: contract.digest,
            file: contract.file,
            source_bytes: contract.source_bytes,
            operations: contract.operations,
            operations_deprecated: contract.operations_deprecated,
            created_at: contract.created_at.into(),
            running: contract.running,
        }
    }
}

impl From<control::Operation> for Operation {
    fn from(operation: control::Operation) -> Self {
        Self {
            id: operation.id.to_string(),
            method: operation.method,
            path: operation.path,
            operation_id: operation.operation_id,
            summary: operation.summary,
            deprecation: operation.deprecation.map(|deprecation| Deprecation {
                deprecated_at: deprecation.deprecated_at.into(),
                sunset_at: deprecation.sunset_at.map(Into::into),
                replaced_by: deprecation.replaced_by,
            }),
            running: operation.running,
            contract_first: operation.contract_first.to_string(),
            contract_last: operation.contract_last.to_string(),
        }
    }
}
