//! The texts of keys: joined names, so encoded that no two leaves share one.

use std::fmt::Write;

use super::plan::LeafValueKind;

/// The longest name or value of a contract that has a leaf of its own.
pub(super) const TEXT_BYTES_MAX: usize = 200;

/// `parent.name`.
pub(super) fn property(parent: &str, name: &str) -> String {
    let mut key = format!("{parent}.");
    push(&mut key, name, &['.', '[', ']', '=']);
    key
}

/// `parent[]`.
pub(super) fn items(parent: &str) -> String {
    format!("{parent}[]")
}

/// `parent=value`.
pub(super) fn value(parent: &str, kind: LeafValueKind, text: &str) -> String {
    let mut key = format!("{parent}=");
    let is_quoted = kind == LeafValueKind::String && reads_otherwise(text);
    let quote = if is_quoted { "\"" } else { "" };
    key.push_str(quote);
    push(&mut key, text, &[]);
    key.push_str(quote);
    key
}

/// `parent=*`.
pub(super) fn other(parent: &str) -> String {
    format!("{parent}=*")
}

/// Whether a string looks like a value of another kind.
fn reads_otherwise(text: &str) -> bool {
    matches!(text, "true" | "false" | "null" | "*" | "")
        || text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && text.parse::<f64>().is_ok()
}

fn push(key: &mut String, text: &str, marks: &[char]) {
    for c in text.chars() {
        if c.is_control() || matches!(c, '%' | '"') || marks.contains(&c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(key, "%{byte:02X}");
            }
        } else {
            key.push(c);
        }
    }
}
