//! Writes JSON text: strings, and any value of the document.

use crate::tree::{Node, Value};

/// A value nested deeper than this is written as `null`; only examples and defaults are written so.
const DEPTH_MAX: usize = 32;

pub(super) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[clean..at]);
        match escape {
            "" => out.push_str(&format!("\\u{byte:04x}")),
            escape => out.push_str(escape),
        }
        clean = at + 1;
    }
    out.push_str(&text[clean..]);
    out.push('"');
}

/// The value as JSON, members by name.
pub(super) fn push_value(out: &mut String, node: Node<'_>) {
    push_nested(out, node, DEPTH_MAX);
}

fn push_nested(out: &mut String, node: Node<'_>, depth: usize) {
    if depth == 0 {
        return out.push_str("null");
    }
    match node.value() {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Number(text) => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(_) => out.push_str(text),
            // YAML writes numbers that JSON cannot: `0x1F`, `.inf`.
            Err(_) => push_string(out, text),
        },
        Value::String(text) => push_string(out, text),
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_nested(out, element, depth - 1);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.collect();
            members.sort_by_key(|member| member.name());
            out.push('{');
            for (at, member) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_string(out, member.name());
                out.push(':');
                push_nested(out, member.value, depth - 1);
            }
            out.push('}');
        }
    }
}
