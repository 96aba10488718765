//! Which specification a document follows, as rules name it.

use crate::tree::Node;

/// A specification, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpecFormat {
    Oas2,
    Oas3,
    Oas3_0,
    Oas3_1,
    Oas3_2,
    /// Known by name, never linted here: AsyncAPI, JSON Schema, Arazzo.
    Other,
}

impl SpecFormat {
    /// As rulesets write it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "oas2" => Self::Oas2,
            "oas3" => Self::Oas3,
            "oas3.0" | "oas3_0" => Self::Oas3_0,
            "oas3.1" | "oas3_1" => Self::Oas3_1,
            "oas3.2" | "oas3_2" => Self::Oas3_2,
            name if ["asyncapi", "aas", "json-schema", "arazzo"]
                .iter()
                .any(|family| name.starts_with(family)) =>
            {
                Self::Other
            }
            _ => return None,
        })
    }

    /// All that the document is.
    pub(super) fn of(root: Node<'_>) -> Vec<Self> {
        if let Some(version) = root.get("swagger").and_then(Node::scalar_text) {
            return if version.starts_with('2') {
                vec![Self::Oas2]
            } else {
                Vec::new()
            };
        }
        let version = root.get("openapi").and_then(Node::scalar_text);
        let mut numbers = version.unwrap_or("").split('.');
        match (numbers.next(), numbers.next()) {
            (Some("3"), Some("0")) => vec![Self::Oas3, Self::Oas3_0],
            (Some("3"), Some("1")) => vec![Self::Oas3, Self::Oas3_1],
            (Some("3"), Some("2")) => vec![Self::Oas3, Self::Oas3_2],
            (Some("3"), _) => vec![Self::Oas3],
            _ => Vec::new(),
        }
    }
}
