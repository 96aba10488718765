//! One version of a surface: where its calls go, and the operations that its contract has.

use std::sync::Arc;

use adoption::{ContractId, OperationId};
use http::header::HeaderName;
use http::{HeaderValue, Method};

use super::deprecation::DeprecationHeaders;
use super::error::CompileError;
use crate::matcher::Matcher;
use crate::spec::{ContractSpec, OperationSpec};
use crate::upstream::Upstream;
use crate::watched::Watched;

/// One version of a surface; the only one of most.
#[derive(Debug)]
pub struct Version {
    /// Its place among the versions of its surface, the current one first.
    pub number: usize,
    /// Its place among the versions of all surfaces.
    pub place: usize,
    /// Never empty.
    pub upstreams: Vec<Arc<Upstream>>,
    pub contract: ContractId,
    pub operations: Vec<Operation>,
    pub matcher: Option<Matcher>,
    /// What names it to both sides; `None` where the surface has no other.
    pub name: Option<Arc<VersionHeaders>>,
    /// Rollouts of the surface, by number, that carry consumers away from it.
    pub leaving: Vec<usize>,
    /// Those that carry consumers to it.
    pub arriving: Vec<usize>,
}

/// The fields that name a version.
#[derive(Debug, PartialEq, Eq)]
pub struct VersionHeaders {
    pub header: HeaderName,
    pub value: HeaderValue,
    /// What of a request decides on the version (RFC 9110 section 12.5.5).
    pub vary: HeaderValue,
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

/// What a version is made from.
#[derive(Debug, Clone, Copy)]
pub struct VersionParts<'a> {
    pub surface: &'a str,
    pub upstreams: &'a [String],
    pub upstream_ca_file: Option<&'a str>,
    pub contract: Option<&'a ContractSpec>,
}

impl Version {
    pub fn compile(parts: &VersionParts<'_>, number: usize) -> Result<Self, CompileError> {
        let surface = || parts.surface.to_owned();
        if parts.upstreams.is_empty() {
            return Err(CompileError::UpstreamMissing { surface: surface() });
        }
        let upstream = |url: &String| {
            Upstream::parse(url, parts.upstream_ca_file)
                .map(Arc::new)
                .map_err(|source| CompileError::Upstream {
                    surface: surface(),
                    source,
                })
        };
        let (operations, matcher) = match parts.contract {
            None => (Vec::new(), None),
            Some(contract) => compile_contract(parts.surface, contract)?,
        };
        Ok(Self {
            number,
            place: 0,
            upstreams: parts
                .upstreams
                .iter()
                .map(upstream)
                .collect::<Result<_, _>>()?,
            contract: parts
                .contract
                .map_or(ContractId::NONE, |contract| contract.id),
            operations,
            matcher,
            name: None,
            leaving: Vec::new(),
            arriving: Vec::new(),
        })
    }

    /// The operation with this id, where the contract has it.
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

impl VersionHeaders {
    /// Whether an upstream's field of this name gives way to ours.
    pub fn replaces(&self, name: &[u8]) -> bool {
        name == self.header.as_str().as_bytes()
    }

    /// Calls `put` with the name and value of each. The `Vary` stands beside that of the upstream.
    pub fn for_each(&self, mut put: impl FnMut(&[u8], &[u8])) {
        put(self.header.as_str().as_bytes(), self.value.as_bytes());
        put(b"vary", self.vary.as_bytes());
    }
}

fn compile_contract(
    surface: &str,
    contract: &ContractSpec,
) -> Result<(Vec<Operation>, Option<Matcher>), CompileError> {
    let operations: Vec<Operation> = contract
        .operations
        .iter()
        .map(|operation| compile_operation(surface, operation))
        .collect::<Result<_, _>>()?;
    let routes = operations
        .iter()
        .enumerate()
        .map(|(i, o)| (o.method.clone(), o.path.as_str(), i as u32));
    let matcher =
        Matcher::compile(&contract.base_paths, routes).map_err(|source| CompileError::Matcher {
            surface: surface.to_owned(),
            source,
        })?;
    Ok((operations, Some(matcher)))
}

fn compile_operation(surface: &str, operation: &OperationSpec) -> Result<Operation, CompileError> {
    let method =
        Method::from_bytes(operation.method.as_bytes()).map_err(|source| CompileError::Method {
            surface: surface.to_owned(),
            source,
        })?;
    let deprecation = operation
        .deprecation
        .as_ref()
        .map(DeprecationHeaders::of)
        .transpose()
        .map(|headers| headers.map(Arc::new))
        .map_err(|source| CompileError::Link {
            surface: surface.to_owned(),
            operation: format!("{} {}", operation.method, operation.path),
            source,
        })?;
    let watched = operation
        .leaves
        .as_ref()
        .map(|leaves| Watched::compile(leaves, &operation.path))
        .transpose()
        .map_err(|source| CompileError::Leaves {
            surface: surface.to_owned(),
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
