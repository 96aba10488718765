//! The immutable, numbered state of the data plane, compiled from its plain-data form and swapped whole.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use adoption::{ConsumerId, ContractId, KeyDigest, KeyId, KeyKind, Micros, OperationId, SurfaceId};
use bridge::observe::TableError;
use http::header::{HeaderName, InvalidHeaderName, InvalidHeaderValue};
use http::method::InvalidMethod;
use http::{HeaderValue, Method};

use crate::jwt::{JwksError, Verifier};
use crate::matcher::{MatchError, Matcher};
use crate::spec::{
    Anonymous, ContractSpec, DeprecationSpec, IdentitySpec, OperationSpec, SnapshotSpec,
    SurfaceSpec, TimeoutSpec, UnknownPath,
};
use crate::upstream::{Upstream, UpstreamError};
use crate::watched::Watched;

/// Everything that a request is judged by.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub generation: u64,
    pub surfaces: Vec<Surface>,
    /// Surface indexes by host, longest path prefix first.
    by_host: HashMap<String, Vec<usize>>,
    /// Surfaces of every host, longest path prefix first.
    any_host: Vec<usize>,
}

#[derive(Debug)]
pub struct Surface {
    pub id: SurfaceId,
    pub name: String,
    pub path_prefix: String,
    pub strip_path_prefix: bool,
    pub upstreams: Vec<Arc<Upstream>>,
    pub preserve_host: bool,
    pub identity: Vec<Identity>,
    pub unknown_path: UnknownPath,
    pub anonymous: Anonymous,
    pub timeouts: TimeoutSpec,
    pub body_bytes_limit: Option<u64>,
    pub contract: ContractId,
    pub operations: Vec<Operation>,
    pub matcher: Option<Matcher>,
    keys: HashMap<KeyDigest, Key, BuildHasherDefault<DigestHasher>>,
}

/// A compiled `IdentitySpec`.
#[derive(Debug)]
pub enum Identity {
    /// A Towpath key in the places that every surface knows.
    TowpathKey,
    /// A Towpath key in a header of the owner's choice.
    TowpathKeyIn {
        header: HeaderName,
        scheme: Option<String>,
    },
    Header {
        header: HeaderName,
        scheme: Option<String>,
    },
    BasicUser,
    Query {
        parameter: String,
    },
    JwtClaim {
        claim: String,
        verifier: Verifier,
    },
}

#[derive(Debug)]
pub struct Operation {
    pub id: OperationId,
    pub method: Method,
    pub path: String,
    /// Ready to be put on every response of this operation; `None` when it is not deprecated.
    pub deprecation: Option<Arc<DeprecationHeaders>>,
    /// What its messages are watched for; `None` where nothing is.
    pub watched: Option<Arc<Watched>>,
}

/// RFC 9745, RFC 8594 and RFC 8288 headers of one deprecated operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeprecationHeaders {
    pub deprecation: HeaderValue,
    pub sunset: Option<HeaderValue>,
    pub link: Option<HeaderValue>,
}

#[derive(Debug, Clone)]
pub struct Key {
    pub id: KeyId,
    pub consumer: ConsumerId,
    pub kind: KeyKind,
    pub expires_at: Option<Micros>,
    /// The consumer's id as the upstream sees it.
    pub consumer_header: HeaderValue,
}

/// Why a Snapshot cannot be compiled. The one that runs stays.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    #[error("surface {surface:?} has no upstream")]
    UpstreamMissing { surface: String },
    #[error("surface {surface:?} has an unusable upstream")]
    Upstream {
        surface: String,
        #[source]
        source: UpstreamError,
    },
    #[error("surface {surface:?} names a header that cannot exist")]
    HeaderName {
        surface: String,
        #[source]
        source: InvalidHeaderName,
    },
    #[error("surface {surface:?} has a method that cannot exist")]
    Method {
        surface: String,
        #[source]
        source: InvalidMethod,
    },
    #[error("operation {operation} of surface {surface:?} has a link that cannot be a header")]
    Link {
        surface: String,
        operation: String,
        #[source]
        source: InvalidHeaderValue,
    },
    #[error("operations of surface {surface:?} cannot be matched")]
    Matcher {
        surface: String,
        #[source]
        source: MatchError,
    },
    #[error("operation {operation} of surface {surface:?} has leaves that cannot be read by")]
    Leaves {
        surface: String,
        operation: String,
        #[source]
        source: TableError,
    },
    #[error("key set file {file} of surface {surface:?} cannot be used")]
    Jwks {
        surface: String,
        file: PathBuf,
        #[source]
        source: JwksFileError,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum JwksFileError {
    #[error("the file cannot be read")]
    Read(#[from] std::io::Error),
    #[error("the file is not a key set")]
    Parse(#[from] JwksError),
}

impl Snapshot {
    /// Compiles the data; reads the JWKS files that it names, and nothing else.
    pub fn compile(spec: &SnapshotSpec) -> Result<Self, CompileError> {
        let mut snapshot = Self {
            generation: spec.generation,
            surfaces: spec
                .surfaces
                .iter()
                .map(compile_surface)
                .collect::<Result<_, _>>()?,
            by_host: HashMap::new(),
            any_host: Vec::new(),
        };
        snapshot.index_surfaces(spec);
        snapshot.index_keys(spec);
        Ok(snapshot)
    }

    fn index_surfaces(&mut self, spec: &SnapshotSpec) {
        for (index, surface) in spec.surfaces.iter().enumerate() {
            if surface.hosts.is_empty() {
                self.any_host.push(index);
            }
            for host in &surface.hosts {
                self.by_host
                    .entry(host.to_ascii_lowercase())
                    .or_default()
                    .push(index);
            }
        }
        let longest_first =
            |index: &usize| std::cmp::Reverse(spec.surfaces[*index].path_prefix.len());
        self.any_host.sort_by_key(longest_first);
        self.by_host
            .values_mut()
            .for_each(|indexes| indexes.sort_by_key(longest_first));
    }

    fn index_keys(&mut self, spec: &SnapshotSpec) {
        let surface_index: HashMap<SurfaceId, usize> = self
            .surfaces
            .iter()
            .enumerate()
            .map(|(index, surface)| (surface.id, index))
            .collect();
        let mut headers: HashMap<ConsumerId, HeaderValue> = HashMap::new();
        for key in &spec.keys {
            let Some(index) = surface_index.get(&key.surface) else {
                continue;
            };
            let header = headers.entry(key.consumer).or_insert_with(|| {
                HeaderValue::from_str(&key.consumer.to_string()).expect("an id is visible ASCII")
            });
            let entry = Key {
                id: key.id,
                consumer: key.consumer,
                kind: key.kind,
                expires_at: key.expires_at,
                consumer_header: header.clone(),
            };
            self.surfaces[*index].keys.insert(key.digest, entry);
        }
    }

    /// The surface that answers at the host (without port, any case; asked for only where it matters) and `path`.
    pub fn surface_at<'h>(&self, host: impl FnOnce() -> &'h str, path: &str) -> Option<usize> {
        let at_path = |index: &&usize| has_prefix(path, &self.surfaces[**index].path_prefix);
        if !self.by_host.is_empty() {
            let host = host();
            let found = match self.by_host.get(host) {
                Some(indexes) => indexes.iter().find(at_path),
                None if host.bytes().any(|b| b.is_ascii_uppercase()) => self
                    .by_host
                    .get(&host.to_ascii_lowercase())
                    .and_then(|indexes| indexes.iter().find(at_path)),
                None => None,
            };
            if let Some(index) = found {
                return Some(*index);
            }
        }
        self.any_host.iter().find(at_path).copied()
    }
}

impl Surface {
    pub fn key(&self, digest: &KeyDigest) -> Option<&Key> {
        self.keys.get(digest)
    }
}

/// Whether `path` lies under `prefix` at a segment border.
fn has_prefix(path: &str, prefix: &str) -> bool {
    prefix.is_empty()
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn compile_surface(spec: &SurfaceSpec) -> Result<Surface, CompileError> {
    let surface = || spec.name.clone();
    if spec.upstreams.is_empty() {
        return Err(CompileError::UpstreamMissing { surface: surface() });
    }
    let upstream = |url: &String| {
        Upstream::parse(url, spec.upstream_ca_file.as_deref())
            .map(Arc::new)
            .map_err(|source| CompileError::Upstream {
                surface: surface(),
                source,
            })
    };
    let (operations, matcher) = match &spec.contract {
        None => (Vec::new(), None),
        Some(contract) => compile_contract(spec, contract)?,
    };
    Ok(Surface {
        id: spec.id,
        name: spec.name.clone(),
        path_prefix: spec.path_prefix.clone(),
        strip_path_prefix: spec.strip_path_prefix,
        upstreams: spec
            .upstreams
            .iter()
            .map(upstream)
            .collect::<Result<_, _>>()?,
        preserve_host: spec.preserve_host,
        identity: spec
            .identity
            .iter()
            .map(|i| compile_identity(spec, i))
            .collect::<Result<_, _>>()?,
        unknown_path: spec.unknown_path,
        anonymous: spec.anonymous,
        timeouts: spec.timeouts,
        body_bytes_limit: spec.body_bytes_limit,
        contract: spec
            .contract
            .as_ref()
            .map_or(ContractId::NONE, |contract| contract.id),
        operations,
        matcher,
        keys: HashMap::default(),
    })
}

fn compile_contract(
    spec: &SurfaceSpec,
    contract: &ContractSpec,
) -> Result<(Vec<Operation>, Option<Matcher>), CompileError> {
    let operations: Vec<Operation> = contract
        .operations
        .iter()
        .map(|operation| compile_operation(spec, operation))
        .collect::<Result<_, _>>()?;
    let routes = operations
        .iter()
        .enumerate()
        .map(|(i, o)| (o.method.clone(), o.path.as_str(), i as u32));
    let matcher =
        Matcher::compile(&contract.base_paths, routes).map_err(|source| CompileError::Matcher {
            surface: spec.name.clone(),
            source,
        })?;
    Ok((operations, Some(matcher)))
}

fn compile_operation(
    spec: &SurfaceSpec,
    operation: &OperationSpec,
) -> Result<Operation, CompileError> {
    let method =
        Method::from_bytes(operation.method.as_bytes()).map_err(|source| CompileError::Method {
            surface: spec.name.clone(),
            source,
        })?;
    let deprecation = operation
        .deprecation
        .as_ref()
        .map(DeprecationHeaders::of)
        .transpose()
        .map(|headers| headers.map(Arc::new))
        .map_err(|source| CompileError::Link {
            surface: spec.name.clone(),
            operation: format!("{} {}", operation.method, operation.path),
            source,
        })?;
    let watched = operation
        .leaves
        .as_ref()
        .map(|leaves| Watched::compile(leaves, &operation.path))
        .transpose()
        .map_err(|source| CompileError::Leaves {
            surface: spec.name.clone(),
            operation: format!("{} {}", operation.method, operation.path),
            source,
        })?;
    Ok(Operation {
        id: operation.id,
        method,
        path: operation.path.clone(),
        deprecation,
        watched: watched.map(Arc::new),
    })
}

fn compile_identity(spec: &SurfaceSpec, identity: &IdentitySpec) -> Result<Identity, CompileError> {
    let header = |name: &str| {
        HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes()).map_err(|source| {
            CompileError::HeaderName {
                surface: spec.name.clone(),
                source,
            }
        })
    };
    Ok(match identity {
        IdentitySpec::TowpathKey { header: None, .. } => Identity::TowpathKey,
        IdentitySpec::TowpathKey {
            header: Some(name),
            scheme,
        } => Identity::TowpathKeyIn {
            header: header(name)?,
            scheme: scheme.clone(),
        },
        IdentitySpec::Header {
            header: name,
            scheme,
        } => Identity::Header {
            header: header(name)?,
            scheme: scheme.clone(),
        },
        IdentitySpec::BasicUser => Identity::BasicUser,
        IdentitySpec::Query { parameter } => Identity::Query {
            parameter: parameter.clone(),
        },
        IdentitySpec::JwtClaim {
            claim,
            jwks_file,
            issuer,
            audience,
        } => {
            let jwks_error = |source| CompileError::Jwks {
                surface: spec.name.clone(),
                file: jwks_file.into(),
                source,
            };
            let source = std::fs::read(jwks_file).map_err(|e| jwks_error(e.into()))?;
            let verifier = Verifier::new(&source, issuer.clone(), audience.clone())
                .map_err(|e| jwks_error(e.into()))?;
            Identity::JwtClaim {
                claim: claim.clone(),
                verifier,
            }
        }
    })
}

impl DeprecationHeaders {
    /// `Deprecation: @seconds` (RFC 9745 section 2.1), `Sunset: HTTP-date` (RFC 8594 section 3), one `Link`.
    pub fn of(spec: &DeprecationSpec) -> Result<Self, InvalidHeaderValue> {
        let sunset = spec.sunset_at.map(|at| {
            let time =
                std::time::UNIX_EPOCH + std::time::Duration::from_secs(at.seconds().max(0) as u64);
            HeaderValue::from_str(&httpdate::fmt_http_date(time))
        });
        let links: Vec<String> = [
            (
                &spec.deprecation_link,
                "rel=\"deprecation\"; type=\"text/html\"",
            ),
            (&spec.sunset_link, "rel=\"sunset\"; type=\"text/html\""),
            (&spec.successor_link, "rel=\"successor-version\""),
        ]
        .into_iter()
        .filter_map(|(target, parameters)| Some(format!("<{}>; {parameters}", target.as_ref()?)))
        .collect();
        let link = (!links.is_empty()).then(|| HeaderValue::from_str(&links.join(", ")));
        Ok(Self {
            deprecation: HeaderValue::from_str(&format!("@{}", spec.deprecated_at.seconds()))?,
            sunset: sunset.transpose()?,
            link: link.transpose()?,
        })
    }

    /// Whether an upstream's field of this name gives way to ours.
    pub fn replaces(&self, name: &[u8]) -> bool {
        name == DEPRECATION || (name == SUNSET && self.sunset.is_some())
    }

    /// Calls `put` with the name and value of each.
    pub fn for_each(&self, mut put: impl FnMut(&[u8], &[u8])) {
        put(DEPRECATION, self.deprecation.as_bytes());
        if let Some(sunset) = &self.sunset {
            put(SUNSET, sunset.as_bytes());
        }
        if let Some(link) = &self.link {
            put(b"link", link.as_bytes());
        }
    }
}

const DEPRECATION: &[u8] = b"deprecation";
const SUNSET: &[u8] = b"sunset";

/// SHA-256 digests are uniform already: their first eight bytes are the hash.
#[derive(Debug, Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 ^= u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deprecation_headers_are_byte_exact() {
        let spec = DeprecationSpec {
            deprecated_at: Micros::from_seconds(1_767_225_600),
            sunset_at: Some(Micros::from_seconds(1_814_399_999)),
            deprecation_link: Some("https://dev.example.com/changes/42".into()),
            sunset_link: Some("https://dev.example.com/sunset".into()),
            successor_link: Some("https://api.example.com/v3/orders".into()),
        };
        let headers = DeprecationHeaders::of(&spec).unwrap();
        assert!(headers.replaces(b"sunset") && !headers.replaces(b"link"));
        let mut lines = Vec::new();
        headers.for_each(|_, value| lines.push(String::from_utf8(value.to_vec()).unwrap()));
        assert_eq!(lines[0], "@1767225600");
        assert_eq!(lines[1], "Wed, 30 Jun 2027 23:59:59 GMT");
        assert_eq!(
            lines[2],
            "<https://dev.example.com/changes/42>; rel=\"deprecation\"; type=\"text/html\", \
             <https://dev.example.com/sunset>; rel=\"sunset\"; type=\"text/html\", \
             <https://api.example.com/v3/orders>; rel=\"successor-version\""
        );
    }

    #[test]
    fn a_prefix_ends_at_a_segment_border() {
        assert!(has_prefix("/pay/x", "/pay") && has_prefix("/pay", "/pay") && has_prefix("/x", ""));
        assert!(!has_prefix("/payments", "/pay") && !has_prefix("/", "/pay"));
    }
}
