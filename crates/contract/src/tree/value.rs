//! What a node holds: its value, elements and members, and when two values are the same.

use super::number::same_number;
use super::{Elements, Member, Members, Node, RawKind};

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
    pub fn value(self) -> Value<'t> {
        let id = self.target();
        match self.tree().raw(id).kind {
            RawKind::Null => Value::Null,
            RawKind::False => Value::Bool(false),
            RawKind::True => Value::Bool(true),
            RawKind::Number => Value::Number(self.tree().text(id)),
            RawKind::String => Value::String(self.tree().text(id)),
            RawKind::Array => Value::Array(Elements::of(self.tree(), Some(id))),
            RawKind::Object => Value::Object(Members::of(self.tree(), Some(id))),
            RawKind::Alias => unreachable!("an alias never names an alias"),
        }
    }

    /// Empty unless the node is an array.
    pub fn elements(self) -> Elements<'t> {
        Elements::of(self.tree(), self.is_array().then(|| self.target()))
    }

    /// Empty unless the node is an object.
    pub fn members(self) -> Members<'t> {
        Members::of(self.tree(), self.is_object().then(|| self.target()))
    }

    /// The member named `key` of an object.
    pub fn member(self, key: &str) -> Option<Member<'t>> {
        let tree = self.tree();
        match tree.wide(self.target()) {
            Some(wide) => wide
                .key(key, |id| tree.text(id))
                .map(|key| Member::of(tree, key)),
            None => self.members().find(|member| member.name() == key),
        }
    }

    /// The element of an array at `index`, from 0.
    pub fn element(self, index: usize) -> Option<Self> {
        let tree = self.tree();
        match tree.wide(self.target()).filter(|_| self.is_array()) {
            Some(wide) => wide.nth(index).map(|id| tree.node(id)),
            None => self.elements().nth(index),
        }
    }

    /// The value of the member named `key` of an object.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.member(key).map(|member| member.value)
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
