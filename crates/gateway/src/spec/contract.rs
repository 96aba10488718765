//! One contract as the data plane needs it: operations, what is said of them, what is watched for.

use adoption::{ContractId, Micros, OperationId};
use serde::{Deserialize, Serialize};

use super::leaves::LeavesSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContractSpec {
    pub id: ContractId,
    /// `info.version`.
    pub version: String,
    /// Path prefixes of the contract's servers, without trailing slash; `""` for none. Never empty.
    pub base_paths: Vec<String>,
    pub operations: Vec<OperationSpec>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OperationSpec {
    pub id: OperationId,
    /// Upper case.
    pub method: String,
    /// The path template, `/payments/{id}`.
    pub path: String,
    pub operation_id: Option<String>,
    pub deprecation: Option<DeprecationSpec>,
    /// What is watched for in its messages; `None` where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<LeavesSpec>,
}

/// What the gateway says in headers about a deprecated operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeprecationSpec {
    /// RFC 9745 `Deprecation: @seconds`.
    pub deprecated_at: Micros,
    /// RFC 8594 `Sunset`; never before `deprecated_at` (RFC 9745 section 4).
    pub sunset_at: Option<Micros>,
    /// RFC 8288 targets.
    pub deprecation_link: Option<String>,
    pub sunset_link: Option<String>,
    pub successor_link: Option<String>,
}
