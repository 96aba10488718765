//! The fields of an operation that the search looks at, and what a word in each of them is worth.

use crate::score::survey::Operation;
use crate::score::words::terms;

pub(super) const COUNT: usize = 5;

/// Id, path, summary, description, parameter names. Prose is worth less than names: it is longer, and its words are
/// shared by many operations.
pub(super) const WEIGHTS: [f64; COUNT] = [3.0, 2.0, 2.5, 1.0, 0.5];

/// How far the length of each field counts against it: names hardly, prose much.
pub(super) const LENGTH_SHARES: [f64; COUNT] = [0.3, 0.3, 0.5, 0.75, 0.75];

/// The terms of one operation by field, in the order of [`WEIGHTS`].
pub(super) fn field_terms(operation: &Operation<'_>) -> [Vec<String>; COUNT] {
    let parameters: Vec<&str> = operation.parameters.iter().map(|p| p.name).collect();
    [
        terms(operation.id.unwrap_or_default()),
        terms(operation.path),
        terms(operation.summary),
        terms(operation.description),
        terms(&parameters.join(" ")),
    ]
}
