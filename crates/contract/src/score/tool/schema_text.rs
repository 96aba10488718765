//! Writes a schema of the contract as self-contained JSON Schema, bounded, with references written out.

use std::collections::BTreeMap;

use super::name::normalised;
use super::text::{push_string, push_value};
use crate::score::resolver::Resolver;
use crate::score::schema;
use crate::tree::{Member, Node, NodeId, Value};

/// Schemas inside of schemas; what lies deeper is left open.
const DEPTH_MAX: usize = 48;

/// The keywords that an agent needs, in the order in which they are written. The rest says nothing about which
/// arguments are valid: titles, examples, XML names, extensions.
const KEYWORDS: [&str; 31] = [
    "type",
    "format",
    "description",
    "enum",
    "const",
    "default",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "minProperties",
    "maxProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "if",
    "then",
];

/// One input schema in the making.
pub(super) struct SchemaText<'r, 't> {
    pub(super) out: String,
    limit: usize,
    resolver: &'r Resolver<'t>,
    /// The referenced schemas that are being written, the outermost first.
    trail: Vec<NodeId>,
    depth: usize,
    /// The names in `$defs` of the schemas that hold themselves.
    definitions: BTreeMap<NodeId, String>,
    unwritten: Vec<(String, Node<'t>)>,
}

impl<'r, 't> SchemaText<'r, 't> {
    pub(super) fn new(resolver: &'r Resolver<'t>, limit: usize) -> Self {
        Self {
            out: String::new(),
            limit,
            resolver,
            trail: Vec::new(),
            depth: 0,
            definitions: BTreeMap::new(),
            unwritten: Vec::new(),
        }
    }

    /// Writes the schema `raw`; `description` replaces its own unless it is empty.
    pub(super) fn push(&mut self, raw: Node<'t>, description: &str) {
        let open = self.out.len() >= self.limit || self.depth >= DEPTH_MAX;
        let Some(schema) = self.resolver.follow(raw).filter(|_| !open) else {
            return self.out.push_str("{}");
        };
        let is_referenced = schema.id() != raw.id();
        if is_referenced && self.trail.contains(&schema.id()) {
            return self.push_definition_reference(schema);
        }
        let beside = raw.get("description").and_then(Node::as_str);
        let description = match (description, beside) {
            ("", Some(beside)) if is_referenced => beside,
            (given, _) => given,
        };
        if is_referenced {
            self.trail.push(schema.id());
        }
        self.depth += 1;
        self.push_schema(schema, description);
        self.depth -= 1;
        if is_referenced {
            self.trail.pop();
        }
    }

    /// The members of `$defs`, each with those that it needs itself; empty when nothing holds itself.
    pub(super) fn push_definitions(&mut self) {
        let mut separator = ",\"$defs\":{";
        while let Some((name, node)) = self.unwritten.pop() {
            self.out.push_str(separator);
            separator = ",";
            push_string(&mut self.out, &name);
            self.out.push(':');
            self.trail = vec![node.id()];
            self.push_schema(node, "");
            self.trail.clear();
        }
        if separator == "," {
            self.out.push('}');
        }
    }

    fn push_definition_reference(&mut self, schema: Node<'t>) {
        let name = match self.definitions.get(&schema.id()) {
            Some(name) => name.clone(),
            None => self.define(schema),
        };
        self.out.push_str("{\"$ref\":\"#/$defs/");
        self.out.push_str(&name);
        self.out.push_str("\"}");
    }

    /// Gives a schema that holds itself the name that its component has.
    fn define(&mut self, schema: Node<'t>) -> String {
        let pointer = schema.pointer();
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let mut name = normalised(last);
        if name.is_empty() || self.definitions.values().any(|taken| *taken == name) {
            name = format!("{name}_{}", self.definitions.len() + 1);
        }
        self.definitions.insert(schema.id(), name.clone());
        self.unwritten.push((name.clone(), schema));
        name
    }

    fn push_schema(&mut self, schema: Node<'t>, description: &str) {
        match schema.value() {
            Value::Bool(value) => return self.out.push_str(if value { "true" } else { "false" }),
            Value::Object(_) => {}
            _ => return self.out.push_str("{}"),
        }
        let ranked = |member: Member<'t>| {
            let rank = KEYWORDS.iter().position(|name| *name == member.name())?;
            Some((rank, member.value))
        };
        let mut members: Vec<(usize, Node<'t>)> = schema.members().filter_map(ranked).collect();
        members.sort_by_key(|(rank, _)| *rank);

        let mut separator = '{';
        let mut described = description.is_empty();
        for (rank, value) in members {
            let name = KEYWORDS[rank];
            if !described && rank >= 2 {
                self.push_description(&mut separator, description);
                described = true;
                if name == "description" {
                    continue;
                }
            }
            self.push_keyword(&mut separator, schema, name, value);
        }
        if !described {
            self.push_description(&mut separator, description);
        }
        self.out.push_str(if separator == '{' { "{}" } else { "}" });
    }

    fn push_description(&mut self, separator: &mut char, text: &str) {
        self.push_name(separator, "description");
        push_string(&mut self.out, text);
    }

    fn push_name(&mut self, separator: &mut char, name: &str) {
        self.out.push(*separator);
        *separator = ',';
        push_string(&mut self.out, name);
        self.out.push(':');
    }

    fn push_keyword(
        &mut self,
        separator: &mut char,
        schema: Node<'t>,
        name: &str,
        value: Node<'t>,
    ) {
        // OpenAPI 3.0 writes an exclusive bound as a flag beside the bound.
        if matches!(name, "exclusiveMinimum" | "exclusiveMaximum") && value.as_bool().is_some() {
            let bound = if name == "exclusiveMinimum" {
                "minimum"
            } else {
                "maximum"
            };
            if let Some(bound) = schema.get(bound).filter(|_| value.as_bool() == Some(true)) {
                self.push_name(separator, name);
                push_value(&mut self.out, bound);
            }
            return;
        }
        self.push_name(separator, name);
        match name {
            "type" if schema::is_true(schema, "nullable") && value.as_str().is_some() => {
                self.out.push('[');
                push_value(&mut self.out, value);
                self.out.push_str(",\"null\"]");
            }
            "properties" => self.push_properties(value),
            "patternProperties" => self.push_map(value.members().collect()),
            "items" | "additionalProperties" | "not" | "if" | "then" => self.push(value, ""),
            "allOf" | "oneOf" | "anyOf" | "prefixItems" => self.push_list(value),
            _ => push_value(&mut self.out, value),
        }
    }

    /// Those that a caller may send, by name.
    fn push_properties(&mut self, properties: Node<'t>) {
        let sendable = properties.members().filter(|member| {
            let schema = self.resolver.follow(member.value);
            !schema.is_some_and(|schema| schema::is_true(schema, "readOnly"))
        });
        self.push_map(sendable.collect());
    }

    fn push_map(&mut self, mut members: Vec<Member<'t>>) {
        members.sort_by_key(|member| member.name());
        let mut separator = '{';
        for member in members {
            self.push_name(&mut separator, member.name());
            self.push(member.value, "");
        }
        self.out.push_str(if separator == '{' { "{}" } else { "}" });
    }

    fn push_list(&mut self, schemas: Node<'t>) {
        self.out.push('[');
        for (at, schema) in schemas.elements().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.push(schema, "");
        }
        self.out.push(']');
    }
}
