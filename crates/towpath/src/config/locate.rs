//! Where in a TOML text a setting stands: dotted path to line and column.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A position in a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    pub fn of(text: &str, byte: usize) -> Self {
        let before = &text[..floor_char_boundary(text, byte)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Key positions by path, such as `gateway.listen` and `surface[1].upstream`.
pub fn positions(text: &str) -> BTreeMap<String, Position> {
    let mut found = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        walk_table(text, "", table.get_ref(), &mut found);
    }
    found
}

fn walk_table(
    text: &str,
    prefix: &str,
    table: &DeTable<'_>,
    found: &mut BTreeMap<String, Position>,
) {
    for (key, value) in table {
        let name = key.get_ref();
        let path = if prefix.is_empty() {
            name.to_string()
        } else {
            format!("{prefix}.{name}")
        };
        walk_value(text, path, key.span(), value, found);
    }
}

fn walk_value(
    text: &str,
    path: String,
    span: Range<usize>,
    value: &Spanned<DeValue<'_>>,
    found: &mut BTreeMap<String, Position>,
) {
    match value.get_ref() {
        DeValue::Table(table) => walk_table(text, &path, table, found),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk_value(text, format!("{path}[{index}]"), item.span(), item, found);
            }
        }
        _ => {}
    }
    found.insert(path, Position::of(text, span.start));
}

fn floor_char_boundary(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_every_notation() {
        let text = "data = \"x\"\n[gateway]\nlisten = \"a\"\nlimits = { head = \"1B\" }\n\n[[surface]]\nname = \"é\"; \n";
        assert!(positions(text).is_empty(), "a broken text has no positions");

        let text = text.replace("; ", "");
        let found = positions(&text);
        let at = |path: &str| {
            found
                .get(path)
                .map(|position| (position.line, position.column))
        };
        assert_eq!(at("data"), Some((1, 1)));
        assert_eq!(at("gateway.listen"), Some((3, 1)));
        assert_eq!(at("gateway.limits.head"), Some((4, 12)));
        assert_eq!(at("surface[0].name"), Some((7, 1)));
    }
}
