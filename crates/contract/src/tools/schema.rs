//! What a schema of a tool says in one place: types, properties, values and bounds, with references followed.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::compact::compact;
use crate::refs::Refs;
use crate::tree::{Node, Value};

/// Deeper schemas are not looked into. Real tools stay below 10.
pub(super) const DEPTH_MAX: usize = 64;

/// A schema, and the one that its references are relative to.
#[derive(Clone, Copy)]
pub(super) struct Schema<'t> {
    pub(super) node: Node<'t>,
    root: Node<'t>,
}

impl<'t> Schema<'t> {
    /// The schema of a tool: references lead into it.
    pub(super) fn root(node: Node<'t>) -> Self {
        Self { node, root: node }.followed(node)
    }

    /// `node` inside this schema, its references followed; as it is where they lead nowhere.
    pub(super) fn followed(&self, node: Node<'t>) -> Self {
        Self {
            node: Refs::new(self.root).follow(node).unwrap_or(node),
            root: self.root,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Node<'t>> {
        self.node.get(key)
    }

    /// Where the schema says `key`; the schema itself where it does not.
    pub(super) fn place(&self, key: &str) -> Node<'t> {
        self.get(key).unwrap_or(self.node)
    }

    /// The schema of the elements of a list.
    pub(super) fn items(&self) -> Option<Self> {
        self.get("items").map(|items| self.followed(items))
    }

    /// Name, the node that names it, and its schema; in source order.
    pub(super) fn properties(&self) -> Vec<Property<'t>> {
        let required = self.get("required").into_iter().flat_map(Node::elements);
        let required: FxHashSet<&str> = required.filter_map(Node::as_str).collect();
        let members = self.get("properties").map(Node::members);
        let property = |member: crate::tree::Member<'t>| Property {
            name: member.name(),
            key: member.key,
            schema: self.followed(member.value),
            is_required: required.contains(member.name()),
        };
        members.into_iter().flatten().map(property).collect()
    }

    /// `None` where any type is allowed.
    pub(super) fn types(&self) -> Option<BTreeSet<&'t str>> {
        let node = self.get("type")?;
        match node.as_str() {
            Some(one) => Some(BTreeSet::from([one])),
            None => Some(node.elements().filter_map(Node::as_str).collect()),
        }
    }

    /// The allowed values as compact JSON, `const` being an `enum` of one; `None` where any value is allowed.
    pub(super) fn values(&self) -> Option<Vec<String>> {
        match (self.get("enum"), self.get("const")) {
            (Some(values), _) => Some(values.elements().map(compact).collect()),
            (None, Some(value)) => Some(vec![compact(value)]),
            (None, None) => None,
        }
    }

    /// `enum` or `const`, where one is; else the schema itself.
    pub(super) fn values_place(&self) -> Node<'t> {
        self.get("enum").unwrap_or_else(|| self.place("const"))
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match self.get(key)?.value() {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// One property of an object.
pub(super) struct Property<'t> {
    pub(super) name: &'t str,
    pub(super) key: Node<'t>,
    pub(super) schema: Schema<'t>,
    pub(super) is_required: bool,
}

pub(super) fn by_name<'p, 't>(
    properties: &'p [Property<'t>],
) -> FxHashMap<&'t str, &'p Property<'t>> {
    let named = properties.iter().map(|property| (property.name, property));
    named.collect()
}

/// How a set of types became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeChange {
    Same,
    Wider,
    Narrower,
    Other,
}

pub(super) fn type_change(base: &Schema<'_>, revision: &Schema<'_>) -> TypeChange {
    let covers =
        |wide: &Option<BTreeSet<&str>>, narrow: &Option<BTreeSet<&str>>| match (wide, narrow) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wide), Some(narrow)) => narrow
                .iter()
                .all(|one| wide.contains(one) || (*one == "integer" && wide.contains("number"))),
        };
    let (base, revision) = (base.types(), revision.types());
    match (covers(&revision, &base), covers(&base, &revision)) {
        (true, true) => TypeChange::Same,
        (true, false) => TypeChange::Wider,
        (false, true) => TypeChange::Narrower,
        (false, false) => TypeChange::Other,
    }
}

/// `string`, `string or null`, `any type`.
pub(super) fn types_text(schema: &Schema<'_>) -> String {
    match schema.types() {
        None => "any type".to_owned(),
        Some(types) => types.into_iter().collect::<Vec<_>>().join(" or "),
    }
}
