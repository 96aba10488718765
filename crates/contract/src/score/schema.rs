//! Small views of a schema object: its types, its children, its properties through `allOf`.

use std::collections::HashSet;

use super::resolver::Resolver;
use crate::tree::{Node, Value};

/// How many `allOf` are looked through, one inside the other.
const COMPOSITION_DEPTH_MAX: usize = 8;

/// Members that hold one schema.
const SINGLE: [&str; 7] = [
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "then",
    "unevaluatedProperties",
];
/// Members that hold an array of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Members that hold schemas by name.
const MAPS: [&str; 2] = ["patternProperties", "properties"];

/// Calls `visit` with each schema right below, as written.
pub(crate) fn visit_children<'t>(schema: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    for member in schema.members() {
        let name = member.name();
        if SINGLE.contains(&name) {
            visit(member.value);
        } else if LISTS.contains(&name) {
            member.value.elements().for_each(&mut visit);
        } else if MAPS.contains(&name) {
            member.value.members().for_each(|child| visit(child.value));
        }
    }
}

/// The `type` as a list; empty when there is none.
pub(crate) fn types<'t>(schema: Node<'t>) -> Vec<&'t str> {
    match schema.get("type").map(Node::value) {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.filter_map(Node::as_str).collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn has_type(schema: Node<'_>, name: &str) -> bool {
    types(schema).contains(&name)
}

pub(crate) fn required<'t>(schema: Node<'t>) -> HashSet<&'t str> {
    let names = schema.get("required").into_iter().flat_map(Node::elements);
    names.filter_map(Node::as_str).collect()
}

pub(crate) fn is_object(schema: Node<'_>) -> bool {
    has_type(schema, "object") || schema.get("properties").is_some()
}

pub(crate) fn is_true(schema: Node<'_>, name: &str) -> bool {
    schema.get(name).and_then(Node::as_bool) == Some(true)
}

/// A property seen through `allOf`.
pub(crate) struct Property<'t> {
    pub(crate) name: &'t str,
    /// The reference followed.
    pub(crate) schema: Node<'t>,
}

/// The properties of a schema and of what its `allOf` holds, by name, each once.
pub(crate) fn properties<'t>(schema: Node<'t>, resolver: &Resolver<'t>) -> Vec<Property<'t>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut level = vec![schema];
    for _ in 0..COMPOSITION_DEPTH_MAX {
        let parts = level.iter().filter_map(|raw| resolver.follow(*raw));
        // A diamond of references is looked at once.
        let parts: Vec<Node<'t>> = parts.filter(|part| seen.insert(part.id())).collect();
        level.clear();
        for part in parts {
            let members = part.get("properties").into_iter().flat_map(Node::members);
            found.extend(members.filter_map(|member| {
                Some(Property {
                    name: member.name(),
                    schema: resolver.follow(member.value)?,
                })
            }));
            level.extend(part.get("allOf").into_iter().flat_map(Node::elements));
        }
    }
    found.sort_by_key(|property| property.name);
    found.dedup_by_key(|property| property.name);
    found
}

/// The element schema of a list: of the schema itself, or of its only array property (an envelope).
pub(crate) fn list_items<'t>(schema: Node<'t>, resolver: &Resolver<'t>) -> Option<Node<'t>> {
    let schema = resolver.follow(schema)?;
    let items = |schema: Node<'t>| {
        let is_list = has_type(schema, "array") || types(schema).is_empty();
        schema.get("items").filter(|_| is_list)
    };
    if let Some(items) = items(schema) {
        return resolver.follow(items);
    }
    let properties = properties(schema, resolver);
    let named = properties
        .iter()
        .filter(|p| LIST_NAMES.contains(&p.name))
        .find_map(|property| items(property.schema));
    named.and_then(|items| resolver.follow(items))
}

/// What envelopes call their list.
const LIST_NAMES: [&str; 8] = [
    "data", "elements", "entries", "items", "records", "results", "rows", "values",
];
