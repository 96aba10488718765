//! ECMAScript values, as far as filter expressions make them.

use std::borrow::Cow;

use crate::tree::{Node, Value};

/// The value of an expression.
#[derive(Debug, Clone)]
pub(in crate::lint) enum Js<'t> {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'t, str>),
    /// An array or an object.
    Node(Node<'t>),
    /// The values of a list literal, or what a pattern matches.
    List(Vec<Js<'t>>),
    /// `.constructor`
    Constructor(&'static str),
}

impl<'t> Js<'t> {
    pub(in crate::lint) fn of(node: Node<'t>) -> Self {
        match node.value() {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(text) => Self::Number(number(text)),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(_) | Value::Object(_) => Self::Node(node),
        }
    }

    pub(in crate::lint) fn of_option(node: Option<Node<'t>>) -> Self {
        node.map_or(Self::Undefined, Self::of)
    }

    /// ECMAScript's ToBoolean.
    pub(in crate::lint) fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Node(_) | Self::List(_) | Self::Constructor(_) => true,
        }
    }

    /// ECMAScript's ToNumber, without its empty-list cases.
    pub(super) fn to_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) => to_number(text),
            _ => f64::NAN,
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Null | Self::Node(_) | Self::List(_) => "object",
            Self::Constructor(_) => "function",
        }
    }

    pub(super) fn strictly_equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Node(a), Self::Node(b)) => a.id() == b.id(),
            (Self::Constructor(a), Self::Constructor(b)) => a == b,
            _ => false,
        }
    }

    pub(super) fn loosely_equals(&self, other: &Self) -> bool {
        let nullish = |value: &Self| matches!(value, Self::Undefined | Self::Null);
        match (self, other) {
            (a, b) if nullish(a) || nullish(b) => nullish(a) && nullish(b),
            (Self::Text(_), Self::Text(_)) => self.strictly_equals(other),
            (Self::Number(_) | Self::Bool(_) | Self::Text(_), Self::Number(_) | Self::Bool(_))
            | (Self::Number(_) | Self::Bool(_), Self::Text(_)) => {
                self.to_number() == other.to_number()
            }
            _ => self.strictly_equals(other),
        }
    }
}

/// A text as a number: empty is 0, anything else that is none is not a number.
pub(in crate::lint) fn to_number(text: &str) -> f64 {
    match text.trim() {
        "" => 0.0,
        text => number(text),
    }
}

/// A number as JSON or YAML writes it.
pub(in crate::lint) fn number(text: &str) -> f64 {
    let radix =
        |digits, base| u64::from_str_radix(digits, base).map_or(f64::NAN, |value| value as f64);
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    match text.trim_start_matches('+') {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        text if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}
