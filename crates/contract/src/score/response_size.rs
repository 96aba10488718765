//! Estimates what a response costs an agent that reads it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::resolver::Resolver;
use super::schema;
use crate::tree::{Node, NodeId};

/// How many levels of a schema count; what lies deeper is [`DEEPER`] tokens.
const LEVELS: u8 = 6;
const DEEPER: u64 = 4;
/// A list of this length is what most operations return per page by default.
const LIST_LEN: u64 = 30;
/// A list inside of a value.
const INNER_LIST_LEN: u64 = 3;

/// Every declared field once, lists of [`LIST_LEN`]; each schema is sized once per level.
pub(crate) struct ResponseSizes<'r, 't> {
    resolver: &'r Resolver<'t>,
    known: RefCell<HashMap<(NodeId, u8), u64>>,
}

impl<'r, 't> ResponseSizes<'r, 't> {
    pub(crate) fn new(resolver: &'r Resolver<'t>) -> Self {
        Self {
            resolver,
            known: RefCell::default(),
        }
    }

    /// 0 without a schema.
    pub(crate) fn tokens(&self, schema: Option<Node<'t>>) -> u64 {
        let Some(schema) = schema else { return 0 };
        match schema::list_items(schema, self.resolver) {
            Some(items) => self.value(items, LEVELS).saturating_mul(LIST_LEN),
            None => self.value(schema, LEVELS),
        }
    }

    fn value(&self, raw: Node<'t>, levels: u8) -> u64 {
        if levels == 0 {
            return DEEPER;
        }
        let Some(schema) = self.resolver.follow(raw) else {
            return DEEPER;
        };
        let key = (schema.id(), levels);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let tokens = self.sized(schema, levels - 1);
        self.known.borrow_mut().insert(key, tokens);
        tokens
    }

    fn sized(&self, schema: Node<'t>, levels: u8) -> u64 {
        let mut total: u64 = 0;
        for member in schema.get("properties").into_iter().flat_map(Node::members) {
            // The name, its quotes, the colon and the comma.
            let name = member.name().len() as u64 / 4 + 3;
            total = total.saturating_add(name + self.value(member.value, levels));
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::elements) {
            total = total.saturating_add(self.value(part, levels));
        }
        for choice in ["oneOf", "anyOf"] {
            total = total.saturating_add(self.choice(schema.get(choice), levels));
        }
        if let Some(items) = schema.get("items") {
            total = total.saturating_add(self.value(items, levels).saturating_mul(INNER_LIST_LEN));
        }
        match total {
            0 => scalar_tokens(schema),
            total => total.saturating_add(2),
        }
    }

    /// The largest of the alternatives. An object that may stand for its identifier is not expanded unless it is asked
    /// for: where there are texts or numbers among them, the largest of these.
    fn choice(&self, list: Option<Node<'t>>, levels: u8) -> u64 {
        let (mut largest, mut largest_scalar) = (0, 0);
        for raw in list.into_iter().flat_map(Node::elements) {
            let tokens = self.value(raw, levels);
            largest = largest.max(tokens);
            let followed = self.resolver.follow(raw);
            if followed.is_some_and(is_identifier) {
                largest_scalar = largest_scalar.max(tokens);
            }
        }
        match largest_scalar {
            0 => largest,
            scalar => scalar,
        }
    }
}

fn is_identifier(schema: Node<'_>) -> bool {
    let types = schema::types(schema);
    let has = |name| types.contains(&name);
    (has("string") || has("integer")) && !has("object") && !has("array")
}

/// Means over values as APIs return them.
fn scalar_tokens(schema: Node<'_>) -> u64 {
    let format = schema.get("format").and_then(Node::as_str);
    let types = schema::types(schema);
    match (types.first().copied(), format) {
        (Some("boolean" | "null"), _) => 1,
        (Some("integer" | "number"), _) => 3,
        (_, Some("uuid")) => 20,
        (_, Some("uri" | "url")) => 16,
        (_, Some("date-time")) => 12,
        _ if schema.get("enum").is_some() => 3,
        _ => 8,
    }
}
