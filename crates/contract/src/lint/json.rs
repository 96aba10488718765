//! Nodes as plain JSON values, for small parts of a document.

use serde_json::{Map, Number, Value as Json};

use super::path::number;
use crate::tree::{Node, Value};

/// The value of `node`. A number that JSON cannot write becomes null.
pub(super) fn to_json(node: Node<'_>) -> Json {
    match node.value() {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Number(text) => number_of(text),
        Value::String(text) => Json::from(text),
        Value::Array(elements) => elements.map(to_json).collect(),
        Value::Object(members) => {
            let entries = members.map(|member| (member.name().to_owned(), to_json(member.value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// An integer where the text is one, with or without a fraction of zero.
pub(super) fn number_of(text: &str) -> Json {
    if let Ok(whole) = text.parse::<i64>() {
        return Json::from(whole);
    }
    let value = number(text);
    let whole = value as i64;
    if whole as f64 == value && value.abs() < 9e15 {
        return Json::from(whole);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}
