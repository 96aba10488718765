//! Which parts of a value the schemas under a keyword are held against.

use serde_json::Value as Json;

/// A part of a value, and which schemas of a keyword it is held against.
pub(super) enum Part<'v> {
    /// The one, or every one of the list.
    All(&'v Json),
    /// Every one of those that have names.
    Named(&'v Json),
    /// The one of this name.
    Property(&'v str, &'v Json),
}

/// `is_named`: whether the schema has a property of this name.
pub(super) fn parts<'v>(
    keyword: &str,
    is_named: &dyn Fn(&str) -> bool,
    value: &'v Json,
) -> Vec<Part<'v>> {
    match (keyword, value) {
        ("allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else", value) => {
            vec![Part::All(value)]
        }
        ("dependencies" | "dependentSchemas", value) => vec![Part::Named(value)],
        (
            "items" | "prefixItems" | "contains" | "additionalItems" | "unevaluatedItems",
            Json::Array(elements),
        ) => elements.iter().map(Part::All).collect(),
        ("properties", Json::Object(members)) => {
            let members = members.iter();
            members
                .map(|(name, value)| Part::Property(name, value))
                .collect()
        }
        ("patternProperties", Json::Object(members)) => members.values().map(Part::Named).collect(),
        ("additionalProperties" | "unevaluatedProperties", Json::Object(members)) => {
            let others = members.iter().filter(|(name, _)| !is_named(name));
            others.map(|(_, value)| Part::All(value)).collect()
        }
        _ => Vec::new(),
    }
}
