//! Compares the types of two schemas, of an argument or of a part of the output.

use super::record::Changes;
use super::rules::Rule;
use super::schema::{Schema, TypeChange, type_change, types_text};

/// What each kind of change is told as.
pub(super) struct TypeRules {
    pub(super) wider: &'static Rule,
    pub(super) narrower: &'static Rule,
    pub(super) other: &'static Rule,
}

/// Tells of the change, and returns it: beyond other types there is nothing left to compare.
pub(super) fn compare(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    subject: &str,
    rules: &TypeRules,
) -> TypeChange {
    let change = type_change(base, revision);
    let rule = match change {
        TypeChange::Same => return change,
        TypeChange::Wider => rules.wider,
        TypeChange::Narrower => rules.narrower,
        TypeChange::Other => rules.other,
    };
    let (old, new) = (types_text(base), types_text(revision));
    let message = format!("{subject} went from `{old}` to `{new}`");
    changes.changed(rule, base.place("type"), revision.place("type"), message);
    change
}
