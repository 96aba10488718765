//! Values as messages show them.

use std::borrow::Cow;

use crate::tree::{Node, Value};

/// The longest text that a message quotes, in characters.
const QUOTED_CHARS_MAX: usize = 200;

/// A value as it stands in a message: containers by their kind alone.
pub(super) fn print(node: Option<Node<'_>>) -> String {
    match node.map(Node::value) {
        None => "undefined".to_owned(),
        Some(Value::Array(_)) => "Array[]".to_owned(),
        Some(Value::Object(_)) => "Object{}".to_owned(),
        Some(Value::String(text)) => quoted(text),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(text)) => text.to_owned(),
    }
}

/// A text in double quotes, as JSON writes it, long ones cut.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(shortened(text)).to_string()
}

/// A text as it is, long ones cut.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED_CHARS_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
