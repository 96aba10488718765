//! The plain-data form of a Snapshot: what control publishes, what the last-good file holds.

mod contract;
mod leaves;
mod rollout;
mod versions;

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, SurfaceId};
use serde::{Deserialize, Serialize};

pub use contract::{ContractSpec, DeprecationSpec, OperationSpec};
pub(crate) use leaves::Leaves;
pub use leaves::LeavesSpec;
pub use rollout::{
    BrownoutSpec, ClosedSpec, GoneSpec, LeafCondition, RolloutItemSpec, RolloutSpec, TouchedCalls,
    TouchedWhen, WarnSpec,
};
pub use versions::{Access, VersionName, VersionSpec, VersionsSpec};

/// Everything the data plane needs to know, as data. Compiled by `Snapshot::compile`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SnapshotSpec {
    /// Grows by at least one with every publication.
    pub generation: u64,
    pub surfaces: Vec<SurfaceSpec>,
    pub keys: Vec<KeySpec>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SurfaceSpec {
    pub id: SurfaceId,
    pub name: String,
    /// Lower-case host names without port; empty means every host.
    pub hosts: Vec<String>,
    /// `""` or `/prefix` without trailing slash; stripped before matching, and before forwarding
    /// when `strip_path_prefix`.
    pub path_prefix: String,
    pub strip_path_prefix: bool,
    /// At least one `http://host:port[/base]`, `https://…`, or `h2c://…` (HTTP/2 with prior knowledge).
    pub upstreams: Vec<String>,
    /// PEM file with the roots to trust for `https` upstreams besides the system's.
    pub upstream_ca_file: Option<String>,
    /// `true` sends the consumer's own Host upstream instead of the upstream's.
    pub preserve_host: bool,
    /// Tried in order; the first that finds a credential decides.
    pub identity: Vec<IdentitySpec>,
    pub unknown_path: UnknownPath,
    pub anonymous: Anonymous,
    pub timeouts: TimeoutSpec,
    pub body_bytes_limit: Option<u64>,
    pub contract: Option<ContractSpec>,
    /// `None` while there is one version, which nobody has to name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<VersionsSpec>,
    /// Breaking changes on their way from one of `versions` to another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollouts: Vec<RolloutSpec>,
}

/// Where a consumer's credential is found, and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum IdentitySpec {
    /// A Towpath key in `Authorization: Bearer` or `X-Api-Key`, or in `header` with an optional `scheme`;
    /// stripped before upstream.
    TowpathKey {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scheme: Option<String>,
    },
    /// The existing API's own credential: digest of the header value after `scheme` (any case), forwarded.
    Header {
        header: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scheme: Option<String>,
    },
    /// The user part of HTTP Basic credentials, forwarded.
    BasicUser,
    /// A query parameter, forwarded.
    Query { parameter: String },
    /// A claim of a JWT whose signature is verified against a JWKS file, in `Authorization: Bearer`, forwarded.
    JwtClaim {
        claim: String,
        jwks_file: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issuer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownPath {
    Pass,
    NotFound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anonymous {
    Pass,
    Unauthorized,
}

/// All in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeoutSpec {
    pub connect_ms: u64,
    /// From the request's last byte to the response head.
    pub response_head_ms: u64,
    /// Between two reads of the response body; `0` waits for ever (event streams).
    pub response_idle_ms: u64,
}

impl Default for TimeoutSpec {
    fn default() -> Self {
        Self {
            connect_ms: 5_000,
            response_head_ms: 30_000,
            response_idle_ms: 300_000,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeySpec {
    pub id: KeyId,
    pub consumer: ConsumerId,
    pub surface: SurfaceId,
    pub kind: KeyKind,
    /// SHA-256 of the credential as sent (for `JwtClaim` and `BasicUser`: of the claim's text, of the user name).
    pub digest: KeyDigest,
    /// Valid strictly before this instant; `None` never expires. Revoked keys are simply absent.
    pub expires_at: Option<Micros>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surface_of_one_version_is_written_as_it_always_was() {
        let text = r#"{"id":"surf_0000000000026","name":"orders","hosts":[],"path_prefix":"","strip_path_prefix":true,"upstreams":["http://127.0.0.1:1"],"upstream_ca_file":null,"preserve_host":false,"identity":[],"unknown_path":"pass","anonymous":"pass","timeouts":{"connect_ms":1,"response_head_ms":1,"response_idle_ms":1},"body_bytes_limit":null,"contract":null}"#;
        let surface: SurfaceSpec = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&surface).unwrap(), text);
    }
}
