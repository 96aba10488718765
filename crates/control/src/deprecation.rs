//! The deprecation of an operation as it is stored.

use adoption::Micros;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::operation::OperationRow;

/// The deprecation of an operation as its column holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeprecationRecord {
    pub(crate) deprecated_at: Micros,
    /// Whether the contract names `deprecated_at`; if not, it is when we first saw the deprecation.
    dated: bool,
    pub(crate) sunset_at: Option<Micros>,
    pub(crate) replaced_by: Option<String>,
    pub(crate) deprecation_link: Option<String>,
    pub(crate) sunset_link: Option<String>,
    /// The server prefix of the operation, for a successor on the same server.
    pub(crate) base_path: String,
}

pub(crate) fn deprecation_of(row: &OperationRow) -> Result<Option<DeprecationRecord>, StoreError> {
    let Some(json) = &row.deprecation else {
        return Ok(None);
    };
    serde_json::from_str(json)
        .map(Some)
        .map_err(|_| StoreError::Decode {
            column: "deprecation",
            text: json.clone(),
        })
}

pub(crate) fn deprecation_json(
    deprecation: &contract::Deprecation,
    operation: &contract::Operation,
    old: Option<&OperationRow>,
    now: Micros,
) -> Result<String, StoreError> {
    let micros = |at: jiff::Timestamp| Micros(at.as_microsecond());
    let sunset_at = deprecation.sunset_at.map(micros);
    let first_seen = match old {
        Some(old) => deprecation_of(old)?
            .filter(|record| !record.dated)
            .map(|record| record.deprecated_at),
        None => None,
    };
    // A sunset may not be before its deprecation (RFC 9745 section 4).
    let undated = first_seen
        .unwrap_or(now)
        .min(sunset_at.unwrap_or(Micros(i64::MAX)));
    let record = DeprecationRecord {
        deprecated_at: deprecation.deprecated_at.map_or(undated, micros),
        dated: deprecation.deprecated_at.is_some(),
        sunset_at,
        replaced_by: deprecation.replaced_by.clone(),
        deprecation_link: deprecation.deprecation_link.clone(),
        sunset_link: deprecation.sunset_link.clone(),
        base_path: operation.base_paths.first().cloned().unwrap_or_default(),
    };
    Ok(serde_json::to_string(&record).expect("texts and numbers are always JSON"))
}
