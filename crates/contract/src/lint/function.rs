//! The functions that rules are made of, with their options.

use serde_json::Value as Json;

use super::regex::Pattern;
use super::validate::Validator;

/// A function with its options.
#[derive(Debug, Clone)]
pub(super) enum Function {
    Alphabetical {
        keyed_by: Option<String>,
    },
    Casing {
        name: String,
        pattern: Pattern,
        lone: Option<String>,
    },
    Defined,
    Enumeration(Vec<Json>),
    Falsy,
    Length {
        min: Option<f64>,
        max: Option<f64>,
    },
    Or(Vec<String>),
    Pattern {
        matches: Option<Pattern>,
        not_matches: Option<Pattern>,
    },
    Schema(Box<SchemaOptions>),
    Truthy,
    TypedEnum,
    Undefined,
    /// JSON pointer of the container, from `#`.
    Unreferenced {
        container: String,
    },
    Xor(Vec<String>),
    Oas(OasFunction),
}

/// A JSON Schema to validate against.
#[derive(Debug, Clone)]
pub(super) struct SchemaOptions {
    pub(super) validator: Validator,
    /// Whether every error is told instead of the first.
    pub(super) is_exhaustive: bool,
}

/// Functions for OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OasFunction {
    DocumentSchema,
    DuplicatedEnum,
    MediaExample,
    OperationIdUnique,
    OperationParameters,
    PathParameters,
    RefSiblings,
    SchemaExample,
    SecurityDefined,
    ServerVariables,
    SuccessResponse,
    TagDefined,
    TagsUnique,
    UnusedComponent,
    XmlAttribute,
}

impl OasFunction {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "oasDocumentSchema" => Self::DocumentSchema,
            "oasDuplicatedEnum" => Self::DuplicatedEnum,
            "oasMediaExample" => Self::MediaExample,
            "oasOpIdUnique" => Self::OperationIdUnique,
            "oasOpParams" => Self::OperationParameters,
            "oasPathParam" => Self::PathParameters,
            "refSiblings" => Self::RefSiblings,
            "oasSchemaExample" => Self::SchemaExample,
            "oasSecurityDefined" => Self::SecurityDefined,
            "serverVariables" => Self::ServerVariables,
            "oasOpSuccessResponse" => Self::SuccessResponse,
            "oasTagDefined" => Self::TagDefined,
            "uniquenessTags" => Self::TagsUnique,
            "oasUnusedComponent" => Self::UnusedComponent,
            "oasXmlAttribute" => Self::XmlAttribute,
            _ => return None,
        })
    }
}
