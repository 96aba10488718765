//! Compares what a tool takes: its arguments, and theirs, down to a bounded depth.

use rustc_hash::FxHashSet;

use super::list::Tool;
use super::record::Changes;
use super::rules::{self, Rule};
use super::schema::{DEPTH_MAX, Property, Schema, TypeChange, by_name};
use super::types::{self, TypeRules};

/// Bounds: more of the first kind is stricter, less of the second.
const LOWER_BOUNDS: [&str; 5] = [
    "minimum",
    "exclusiveMinimum",
    "minLength",
    "minItems",
    "minProperties",
];
const UPPER_BOUNDS: [&str; 5] = [
    "maximum",
    "exclusiveMaximum",
    "maxLength",
    "maxItems",
    "maxProperties",
];
/// What two schemas may differ in without a verdict from the document.
const OPAQUE: [&str; 12] = [
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "pattern",
    "format",
    "multipleOf",
    "patternProperties",
    "dependentRequired",
];

static TYPES: TypeRules = TypeRules {
    wider: &rules::ARGUMENT_TYPE_WIDENED,
    narrower: &rules::ARGUMENT_TYPE_CHANGED,
    other: &rules::ARGUMENT_TYPE_CHANGED,
};

pub(super) fn compare(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    let (Some(old), Some(new)) = (base.input(), revision.input()) else {
        return;
    };
    if !old.same_value(new) {
        compare_object(changes, &Schema::root(old), &Schema::root(new), "", 0);
    }
}

fn compare_object(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    path: &str,
    depth: usize,
) {
    let (old, new) = (base.properties(), revision.properties());
    let (old_by_name, new_by_name) = (by_name(&old), by_name(&new));
    for property in &new {
        let name = format!("{path}{}", property.name);
        match old_by_name.get(property.name) {
            Some(old) => {
                compare_presence(changes, old, property, &name);
                compare_argument(changes, &old.schema, &property.schema, &name, depth);
            }
            None => {
                let (rule, word) = match property.is_required {
                    true => (&rules::REQUIRED_ARGUMENT_ADDED, "required"),
                    false => (&rules::OPTIONAL_ARGUMENT_ADDED, "optional"),
                };
                let message = format!("the {word} argument `{name}` was added");
                changes.added(rule, property.key, message);
            }
        }
    }
    for property in &old {
        if !new_by_name.contains_key(property.name) {
            let message = format!("the argument `{path}{}` was removed", property.name);
            changes.removed(&rules::ARGUMENT_REMOVED, property.key, message);
        }
    }
    compare_openness(changes, base, revision, path);
}

fn compare_presence(changes: &mut Changes<'_>, old: &Property<'_>, new: &Property<'_>, name: &str) {
    let (rule, word) = match (old.is_required, new.is_required) {
        (false, true) => (&rules::ARGUMENT_BECAME_REQUIRED, "required"),
        (true, false) => (&rules::ARGUMENT_BECAME_OPTIONAL, "optional"),
        _ => return,
    };
    let message = format!("the argument `{name}` became {word}");
    changes.changed(rule, old.key, new.key, message);
}

/// Whether arguments that the schema does not name are taken.
fn compare_openness(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    path: &str,
) {
    let closed = |schema: &Schema<'_>| {
        let more = schema.get("additionalProperties");
        more.is_some_and(|more| more.as_bool() == Some(false))
    };
    let place = match path.trim_end_matches('.') {
        "" => "the tool".to_owned(),
        path => format!("the argument `{path}`"),
    };
    let (rule, message) = match (closed(base), closed(revision)) {
        (false, true) => (
            &rules::UNKNOWN_ARGUMENTS_REFUSED,
            format!("{place} refuses what its schema does not name"),
        ),
        (true, false) => (
            &rules::UNKNOWN_ARGUMENTS_ALLOWED,
            format!("{place} takes what its schema does not name"),
        ),
        _ => return,
    };
    let key = "additionalProperties";
    changes.changed(rule, base.place(key), revision.place(key), message);
}

fn compare_argument(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    name: &str,
    depth: usize,
) {
    if depth > DEPTH_MAX || !changes.is_new_pair(base.node, revision.node) {
        return;
    }
    let types = types::compare(
        changes,
        base,
        revision,
        &format!("the argument `{name}`"),
        &TYPES,
    );
    if types == TypeChange::Other {
        return;
    }
    compare_values(changes, base, revision, name);
    compare_bounds(changes, base, revision, name);
    compare_default(changes, base, revision, name);
    compare_rest(changes, base, revision, name);
    compare_object(changes, base, revision, &format!("{name}."), depth + 1);
    if let (Some(old), Some(new)) = (base.items(), revision.items()) {
        compare_argument(changes, &old, &new, &format!("{name}[]"), depth + 1);
    }
}

fn compare_values(changes: &mut Changes<'_>, base: &Schema<'_>, revision: &Schema<'_>, name: &str) {
    let (old, new) = (base.values(), revision.values());
    if old == new {
        return;
    }
    let (old_node, new_node) = (base.values_place(), revision.values_place());
    let lost = missing(&old, &new);
    if new.is_some() && (old.is_none() || !lost.is_empty()) {
        let message = match old {
            Some(_) => format!("the argument `{name}` no longer takes {lost}"),
            None => format!("the argument `{name}` takes only certain values now"),
        };
        changes.changed(&rules::ARGUMENT_ENUM_NARROWED, old_node, new_node, message);
    }
    let won = missing(&new, &old);
    if old.is_some() && (new.is_none() || !won.is_empty()) {
        let message = match new {
            Some(_) => format!("the argument `{name}` takes {won} too"),
            None => format!("the argument `{name}` takes any value now"),
        };
        changes.changed(&rules::ARGUMENT_ENUM_WIDENED, old_node, new_node, message);
    }
}

/// The values of `from` that `to` lacks, in backquotes.
fn missing(from: &Option<Vec<String>>, to: &Option<Vec<String>>) -> String {
    let (Some(from), Some(to)) = (from, to) else {
        return String::new();
    };
    let to: FxHashSet<&str> = to.iter().map(String::as_str).collect();
    let lost = from.iter().filter(|value| !to.contains(value.as_str()));
    let lost: Vec<String> = lost.map(|value| format!("`{value}`")).collect();
    lost.join(", ")
}

fn compare_bounds(changes: &mut Changes<'_>, base: &Schema<'_>, revision: &Schema<'_>, name: &str) {
    let lower = LOWER_BOUNDS.into_iter().map(|key| (key, 1.0));
    let upper = UPPER_BOUNDS.into_iter().map(|key| (key, -1.0));
    for (key, sign) in lower.chain(upper) {
        // Strictness: an absent bound is the least strict of all.
        let strictness = |schema: &Schema<'_>| {
            let bound = schema.number(key).map(|bound| bound * sign);
            bound.unwrap_or(f64::NEG_INFINITY)
        };
        let (old, new) = (strictness(base), strictness(revision));
        let rule: &'static Rule = match new.total_cmp(&old) {
            std::cmp::Ordering::Equal => continue,
            std::cmp::Ordering::Greater => &rules::ARGUMENT_CONSTRAINT_TIGHTENED,
            std::cmp::Ordering::Less => &rules::ARGUMENT_CONSTRAINT_RELAXED,
        };
        let shown = |schema: &Schema<'_>| match schema.number(key) {
            Some(bound) => format!("`{bound}`"),
            None => "unset".to_owned(),
        };
        let message = format!(
            "`{key}` of the argument `{name}` went from {} to {}",
            shown(base),
            shown(revision)
        );
        changes.changed(rule, base.place(key), revision.place(key), message);
    }
}

fn compare_default(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    name: &str,
) {
    if differs(base, revision, "default") {
        changes.changed(
            &rules::ARGUMENT_DEFAULT_CHANGED,
            base.place("default"),
            revision.place("default"),
            format!("the default of the argument `{name}` changed"),
        );
    }
}

fn compare_rest(changes: &mut Changes<'_>, base: &Schema<'_>, revision: &Schema<'_>, name: &str) {
    for key in OPAQUE
        .into_iter()
        .filter(|key| differs(base, revision, key))
    {
        changes.changed(
            &rules::ARGUMENT_SCHEMA_CHANGED,
            base.place(key),
            revision.place(key),
            format!("`{key}` of the argument `{name}` changed"),
        );
    }
    if differs(base, revision, "description") {
        changes.changed(
            &rules::ARGUMENT_DESCRIPTION_CHANGED,
            base.place("description"),
            revision.place("description"),
            format!("the description of the argument `{name}` changed"),
        );
    }
}

fn differs(base: &Schema<'_>, revision: &Schema<'_>, key: &str) -> bool {
    match (base.get(key), revision.get(key)) {
        (None, None) => false,
        (Some(old), Some(new)) => !old.same_value(new),
        _ => true,
    }
}
