//! What is kept of a version beside its contract: where it answers, and how a request asks for it.

use serde::{Deserialize, Serialize};
use store::StoreError;
use store::version::VersionRow;

/// Longer than any name of a version, and short enough for a header's value.
pub(super) const NAME_BYTES_MAX: usize = 64;

/// What is kept of a version beside its contract.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VersionSettings {
    /// Empty for those of the surface.
    pub(crate) upstreams: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
}

pub(super) fn settings_of(row: &VersionRow) -> Result<VersionSettings, StoreError> {
    serde_json::from_str(&row.settings).map_err(|_| StoreError::Decode {
        column: "settings",
        text: row.settings.clone(),
    })
}
