//! One operation of a contract, the same shape whatever OpenAPI version it was written in.

use crate::deprecation::Deprecation;
use crate::security::SecurityRequirement;
use crate::span::Span;
use crate::tree::NodeId;

/// One method on one path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Upper case for the methods that OpenAPI names (`GET`, `QUERY`), as written under `additionalOperations`.
    pub method: String,
    /// The path template as written, `/payments/{id}`, without the server's path prefix.
    pub path: String,
    /// The path prefixes under which this operation lies, as [`crate::Contract::base_paths`]; never empty.
    pub base_paths: Vec<String>,
    /// Unique in its contract.
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    /// `None` unless the operation is deprecated.
    pub deprecation: Option<Deprecation>,
    /// Those of the path item first, then the operation's own; an own one replaces one of the same name and place.
    pub parameters: Vec<Parameter>,
    /// Media types of the request body, in source order; empty without a body.
    pub request_types: Vec<String>,
    /// As written, in source order: `200`, `4XX`, `default`.
    pub response_statuses: Vec<String>,
    /// The ways in, of which one suffices; the contract's own where the operation has none. Empty: no credentials.
    pub security: Vec<SecurityRequirement>,
    /// The `x-…` members of the operation, in source order.
    pub extensions: Vec<Extension>,
    /// The method's key in the path item.
    pub span: Span,
    /// The operation's object.
    pub node: NodeId,
}

/// An `x-…` member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: String,
    /// Its value.
    pub node: NodeId,
}

/// A parameter, its `$ref` followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    pub location: ParameterLocation,
    /// Always `true` in a path.
    pub required: bool,
    /// The parameter's object, behind any `$ref`.
    pub node: NodeId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterLocation {
    Path,
    Query,
    /// The whole query string as one value (OpenAPI 3.2).
    Querystring,
    Header,
    Cookie,
}

impl ParameterLocation {
    /// The value of `in`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Querystring => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let all = [
            Self::Path,
            Self::Query,
            Self::Querystring,
            Self::Header,
            Self::Cookie,
        ];
        all.into_iter().find(|location| location.as_str() == text)
    }
}
