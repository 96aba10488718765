//! The versions of one surface: how a call names one, and which one serves whoever names none.

use adoption::{ConsumerId, KeyId};
use serde::{Deserialize, Serialize};

use super::contract::ContractSpec;

/// A surface with more than one version. The surface's own contract and upstreams are those of `current`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VersionsSpec {
    /// The field that names a version in requests, and in answers the one that served.
    #[serde(default = "default_header")]
    pub header: String,
    pub current: VersionName,
    pub others: Vec<VersionSpec>,
    /// The name of the version that serves whoever has no pin; open to everyone.
    pub default: String,
    /// Consumer and name of the version that serves it, unless the call names another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<(ConsumerId, String)>,
    /// The same by key. They win over those of consumers: a key of a private beta.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_pins: Vec<(KeyId, String)>,
}

fn default_header() -> String {
    "Towpath-Version".to_owned()
}

/// How a call names a version: with the header, and where they are given by path or media type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionName {
    /// 1 to 64 visible ASCII characters, unique in the surface whatever the case.
    pub name: String,
    /// `/v2`: comes behind the surface's own path prefix and does not go upstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// In `Accept` or `Content-Type`: a media type (`application/vnd.acme.v2+json`), one with parameters
    /// (`application/json; version=2`), parameters of whatever media type (`version=2`), or the value of the parameter
    /// `version` alone (`2`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// A version beside the current one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VersionSpec {
    pub name: VersionName,
    /// As of the surface: at least one.
    pub upstreams: Vec<String>,
    pub contract: ContractSpec,
    #[serde(default)]
    pub access: Access,
}

/// Who may call a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    #[default]
    Everyone,
    /// Only who is pinned to it: a private beta.
    Keys,
}
