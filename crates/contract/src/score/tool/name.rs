//! Names of tools: an operation id in the characters and the length that tool callers accept.

use crate::score::survey::Operation;
use crate::score::words::words;

/// The longest name that tool callers accept.
pub const TOOL_NAME_LEN_MAX: usize = 64;

/// The name before collisions are resolved: of the operation id, or of method and path.
pub(crate) fn tool_name(operation: &Operation<'_>) -> String {
    match operation.id.filter(|id| id.chars().any(is_legal)) {
        Some(id) => normalised(id),
        None => normalised(&derived_id(operation)),
    }
}

/// `id` with each run of characters that a tool name cannot have as one `_`, cut to 64.
pub(crate) fn normalised(id: &str) -> String {
    let mut name = String::new();
    for c in id.trim_matches(|c| !is_legal(c)).chars() {
        match is_legal(c) {
            true => name.push(c),
            false if name.ends_with('_') => {}
            false => name.push('_'),
        }
    }
    name.truncate(TOOL_NAME_LEN_MAX);
    name
}

pub(crate) fn is_legal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// An operation id made of method and path: `GET /pets/{petId}` is `getPetsByPetId`.
pub(crate) fn derived_id(operation: &Operation<'_>) -> String {
    let mut id = operation.method.to_ascii_lowercase();
    for segment in operation.path.split('/') {
        if segment.starts_with('{') {
            id.push_str("By");
        }
        for word in words(segment) {
            let mut chars = word.chars();
            id.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            id.extend(chars);
        }
    }
    id
}
