//! The read view of one node.

use super::number::same_number;
use super::{Elements, Member, Members, NodeId, RawKind, Tree};
use crate::pointer;
use crate::span::{Position, Span};

/// A node of a tree. YAML aliases are looked through: the span is the alias's own, the value is its target's.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

/// A node's value, for a `match`.
#[derive(Debug, Clone)]
pub enum Value<'t> {
    Null,
    Bool(bool),
    /// As written: `1.50`, `0x1F`, `.inf`.
    Number(&'t str),
    String(&'t str),
    Array(Elements<'t>),
    Object(Members<'t>),
}

impl Value<'_> {
    /// The kind with its article, for messages: `an object`.
    pub fn described(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree, id: NodeId) -> Self {
        Self { tree, id }
    }

    pub fn id(self) -> NodeId {
        self.id
    }

    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Where the node is written. Containers include their brackets; a YAML block ends with its last child.
    pub fn span(self) -> Span {
        self.tree.raw(self.id).span
    }

    /// The start of the span.
    pub fn position(self) -> Position {
        self.tree.position(self.span().start)
    }

    /// The line of the start of the span, from 1.
    pub fn line(self) -> u32 {
        self.tree.lines().line(self.span().start)
    }

    pub fn value(self) -> Value<'t> {
        let id = self.target();
        match self.tree.raw(id).kind {
            RawKind::Null => Value::Null,
            RawKind::False => Value::Bool(false),
            RawKind::True => Value::Bool(true),
            RawKind::Number => Value::Number(self.tree.text(id)),
            RawKind::String => Value::String(self.tree.text(id)),
            RawKind::Array => Value::Array(Elements::of(self.tree, Some(id))),
            RawKind::Object => Value::Object(Members::of(self.tree, Some(id))),
            RawKind::Alias => unreachable!("an alias never names an alias"),
        }
    }

    pub fn is_object(self) -> bool {
        self.kind() == RawKind::Object
    }

    pub fn is_array(self) -> bool {
        self.kind() == RawKind::Array
    }

    pub fn is_null(self) -> bool {
        self.kind() == RawKind::Null
    }

    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == RawKind::String).then(|| self.text())
    }

    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            RawKind::False => Some(false),
            RawKind::True => Some(true),
            _ => None,
        }
    }

    /// A scalar's text: a string's value, anything else as written. `None` for arrays and objects.
    pub fn scalar_text(self) -> Option<&'t str> {
        match self.kind() {
            RawKind::Array | RawKind::Object => None,
            _ => Some(self.text()),
        }
    }

    /// Empty unless the node is an array.
    pub fn elements(self) -> Elements<'t> {
        Elements::of(self.tree, self.is_array().then(|| self.target()))
    }

    /// Empty unless the node is an object.
    pub fn members(self) -> Members<'t> {
        Members::of(self.tree, self.is_object().then(|| self.target()))
    }

    /// The member named `key` of an object.
    pub fn member(self, key: &str) -> Option<Member<'t>> {
        self.members().find(|member| member.name() == key)
    }

    /// The value of the member named `key` of an object.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.member(key).map(|member| member.value)
    }

    /// The node's JSON pointer (RFC 6901), empty for the root; a key has its value's pointer.
    pub fn pointer(self) -> String {
        let mut text = String::new();
        self.visit_ancestors(|token| pointer::push_token(&mut text, token));
        text
    }

    /// Whether both stand for the same JSON value: member order does not matter, `1` equals `1.0`.
    pub fn same_value(self, other: Node<'_>) -> bool {
        match (self.value(), other.value()) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => same_number(a, b),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => {
                a.clone().count() == b.clone().count() && a.zip(b).all(|(a, b)| a.same_value(b))
            }
            (Value::Object(a), Value::Object(b)) => same_members(a, b, other),
            _ => false,
        }
    }

    pub(crate) fn text(self) -> &'t str {
        self.tree.text(self.target())
    }

    fn kind(self) -> RawKind {
        self.tree.raw(self.target()).kind
    }

    /// The node itself, or the one that it is an alias of.
    pub(crate) fn target(self) -> NodeId {
        let raw = self.tree.raw(self.id);
        match raw.kind {
            RawKind::Alias => NodeId(raw.data),
            _ => self.id,
        }
    }

    /// From the root down to this node: a member's name, or an element's index.
    fn visit_ancestors(self, mut visit: impl FnMut(&str)) {
        let tree = self.tree;
        let mut at = NodeId(0);
        while at != self.id {
            let is_object = tree.raw(at).kind == RawKind::Object;
            let mut child = NodeId(at.0 + 1);
            let mut index = 0;
            loop {
                let value = NodeId(child.0 + u32::from(is_object));
                if self.id < tree.after(value) {
                    match is_object {
                        true => visit(tree.text(child)),
                        false => visit(&index.to_string()),
                    }
                    // The node itself may be the key.
                    at = if self.id == child { child } else { value };
                    break;
                }
                child = tree.after(value);
                index += 1;
            }
        }
    }
}

fn same_members<'a>(a: Members<'a>, b: Members<'_>, other: Node<'_>) -> bool {
    if a.clone().count() != b.clone().count() {
        return false;
    }
    // The same order is the usual case and spares the lookup.
    a.zip(b).all(|(a, b)| {
        let value = match a.name() == b.name() {
            true => Some(b.value),
            false => other.get(a.name()),
        };
        value.is_some_and(|value| a.value.same_value(value))
    })
}
