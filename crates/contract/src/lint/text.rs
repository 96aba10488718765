//! Values as messages show them.

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
    let cut: String = text.chars().take(QUOTED_CHARS_MAX).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    serde_json::Value::from(format!("{cut}{more}")).to_string()
}
