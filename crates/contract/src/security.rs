//! How callers prove who they are: security schemes, and which of them an operation asks for.

use crate::findings::Findings;
use crate::refs::Refs;
use crate::tree::{Node, NodeId};

/// A named entry of `components/securitySchemes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScheme {
    pub name: String,
    pub kind: SecurityKind,
    /// The scheme's object, behind any `$ref`.
    pub node: NodeId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    ApiKey {
        location: ApiKeyLocation,
        parameter: String,
    },
    /// `scheme` in lower case: `bearer`, `basic`, `token`.
    Http {
        scheme: String,
    },
    OAuth2,
    OpenIdConnect,
    MutualTls,
    /// A `type` that OpenAPI 3.2 does not know, or a scheme without the fields that its type needs.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    Query,
    Header,
    Cookie,
}

/// One way in: all of `schemes` together. None at all: without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityRequirement {
    pub schemes: Vec<String>,
}

/// The schemes of the document, in its order.
pub(crate) fn schemes<'t>(
    root: Node<'t>,
    refs: &Refs<'t>,
    findings: &mut Findings,
) -> Vec<SecurityScheme> {
    let declared = root
        .get("components")
        .and_then(|components| components.get("securitySchemes"));
    let members = declared
        .map(|schemes| schemes.members())
        .into_iter()
        .flatten();
    let mut schemes = Vec::new();
    for member in members {
        let node = refs.follow(member.value).unwrap_or_else(|error| {
            findings.warning(member.key, error.to_string(), error.reason.next_step());
            member.value
        });
        schemes.push(SecurityScheme {
            name: member.name().to_owned(),
            kind: kind(node),
            node: node.id(),
        });
    }
    schemes
}

fn kind(scheme: Node<'_>) -> SecurityKind {
    let text = |name| scheme.get(name).and_then(Node::as_str);
    match text("type") {
        Some("apiKey") => match (location(text("in")), text("name")) {
            (Some(location), Some(parameter)) => SecurityKind::ApiKey {
                location,
                parameter: parameter.to_owned(),
            },
            _ => SecurityKind::Unknown,
        },
        Some("http") => match text("scheme") {
            Some(scheme) => SecurityKind::Http {
                scheme: scheme.to_ascii_lowercase(),
            },
            None => SecurityKind::Unknown,
        },
        Some("oauth2") => SecurityKind::OAuth2,
        Some("openIdConnect") => SecurityKind::OpenIdConnect,
        Some("mutualTLS") => SecurityKind::MutualTls,
        _ => SecurityKind::Unknown,
    }
}

fn location(text: Option<&str>) -> Option<ApiKeyLocation> {
    match text? {
        "query" => Some(ApiKeyLocation::Query),
        "header" => Some(ApiKeyLocation::Header),
        "cookie" => Some(ApiKeyLocation::Cookie),
        _ => None,
    }
}

/// The alternatives of a `security` array, in its order.
pub(crate) fn requirements(
    security: Node<'_>,
    schemes: &[SecurityScheme],
    findings: &mut Findings,
) -> Vec<SecurityRequirement> {
    if !security.is_array() {
        let message = format!(
            "`security` is {}, not an array",
            security.value().described()
        );
        findings.warning(security, message, "write it as an array of objects");
    }
    let mut requirements = Vec::new();
    for alternative in security.elements() {
        for member in alternative.members() {
            if !schemes.iter().any(|scheme| scheme.name == member.name()) {
                findings.warning(
                    member.key,
                    format!("the security scheme `{}` is not defined", member.name()),
                    "define it in `components/securitySchemes`, or correct the name",
                );
            }
        }
        requirements.push(SecurityRequirement {
            schemes: alternative
                .members()
                .map(|member| member.name().to_owned())
                .collect(),
        });
    }
    requirements
}
