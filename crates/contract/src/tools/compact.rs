//! A value as JSON in one form: members sorted by name, numbers as written, no spaces.

use crate::tree::{Node, Value};

/// The tree bounds the depth, so the recursion is bounded too.
pub(super) fn compact(node: Node<'_>) -> String {
    let mut text = String::new();
    write(&mut text, node);
    text
}

fn write(text: &mut String, node: Node<'_>) {
    match node.value() {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(number),
        Value::String(value) => quote(text, value),
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(text, element);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.collect();
            members.sort_by_key(|member| member.name());
            text.push('{');
            for (index, member) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                quote(text, member.name());
                text.push(':');
                write(text, member.value);
            }
            text.push('}');
        }
    }
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            c => text.push(c),
        }
    }
    text.push('"');
}

/// A rough count of the tokens that a model reads for a value: 4 bytes of compact JSON are about one.
pub(super) fn tokens(node: Node<'_>) -> usize {
    compact(node).len().div_ceil(4)
}
