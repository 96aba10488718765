//! The immutable, numbered state of the data plane, compiled from its plain-data form and swapped whole.

mod deprecation;
mod error;
mod media;
mod rollout;
mod version;
mod versions;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, SurfaceId};
use http::HeaderValue;
use http::header::HeaderName;

use crate::jwt::Verifier;
use crate::spec::{Anonymous, IdentitySpec, SnapshotSpec, SurfaceSpec, TimeoutSpec, UnknownPath};

pub use deprecation::DeprecationHeaders;
pub use error::{CompileError, JwksFileError, RolloutProblem, VersionProblem};
pub use rollout::{Rollout, Touched, TouchedItem, When, reason};
use version::VersionParts;
pub use version::{Operation, Version, VersionHeaders};
pub use versions::Versions;

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
    pub preserve_host: bool,
    pub identity: Vec<Identity>,
    pub unknown_path: UnknownPath,
    pub anonymous: Anonymous,
    pub timeouts: TimeoutSpec,
    pub body_bytes_limit: Option<u64>,
    /// The only version, or the one that the surface's own contract and upstreams make.
    pub current: Version,
    /// How calls come to a version; `None` where there is one.
    pub versions: Option<Box<Versions>>,
    pub rollouts: Vec<Rollout>,
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

impl Identity {
    /// The field that holds the credential, besides `Authorization`.
    fn header(&self) -> Option<&str> {
        match self {
            Self::TowpathKey => Some("x-api-key"),
            Self::TowpathKeyIn { header, .. } | Self::Header { header, .. } => {
                Some(header.as_str())
            }
            Self::BasicUser | Self::Query { .. } | Self::JwtClaim { .. } => None,
        }
    }
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
        let versions = snapshot.surfaces.iter_mut();
        let versions = versions.flat_map(Surface::all_versions_mut);
        versions
            .zip(0..)
            .for_each(|(version, place)| version.place = place);
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
    /// Every version, the current one first.
    pub fn all_versions(&self) -> impl Iterator<Item = &Version> {
        let others = self.versions.iter().flat_map(|versions| &versions.others);
        std::iter::once(&self.current).chain(others)
    }

    /// The version of this number.
    pub fn version(&self, number: usize) -> &Version {
        let others = self.versions.as_deref().map_or(&[][..], |all| &all.others);
        match number {
            0 => &self.current,
            _ => others.get(number - 1).unwrap_or(&self.current),
        }
    }

    fn all_versions_mut(&mut self) -> impl Iterator<Item = &mut Version> {
        let others = self.versions.iter_mut();
        let others = others.flat_map(|versions| &mut versions.others);
        std::iter::once(&mut self.current).chain(others)
    }

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
    let parts = VersionParts {
        surface: &spec.name,
        upstreams: &spec.upstreams,
        upstream_ca_file: spec.upstream_ca_file.as_deref(),
        contract: spec.contract.as_ref(),
    };
    let mut current = Version::compile(&parts, 0)?;
    let identity: Vec<Identity> = spec
        .identity
        .iter()
        .map(|i| compile_identity(spec, i))
        .collect::<Result<_, _>>()?;
    let credentials = identity.iter().filter_map(Identity::header);
    let mut versions = spec
        .versions
        .as_ref()
        .map(|versions| Versions::compile(versions, &parts, &mut current, credentials))
        .transpose()?;
    let others = versions
        .iter_mut()
        .flat_map(|versions| &mut versions.others);
    let mut all: Vec<&mut Version> = std::iter::once(&mut current).chain(others).collect();
    let rollouts = rollout::compile_all(spec, &mut all)?;
    Ok(Surface {
        id: spec.id,
        name: spec.name.clone(),
        path_prefix: spec.path_prefix.clone(),
        strip_path_prefix: spec.strip_path_prefix,
        preserve_host: spec.preserve_host,
        identity,
        unknown_path: spec.unknown_path,
        anonymous: spec.anonymous,
        timeouts: spec.timeouts,
        body_bytes_limit: spec.body_bytes_limit,
        current,
        versions: versions.map(Box::new),
        rollouts,
        keys: HashMap::default(),
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
    fn a_prefix_ends_at_a_segment_border() {
        assert!(has_prefix("/pay/x", "/pay") && has_prefix("/pay", "/pay") && has_prefix("/x", ""));
        assert!(!has_prefix("/payments", "/pay") && !has_prefix("/", "/pay"));
    }
}
