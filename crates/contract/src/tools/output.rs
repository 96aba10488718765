//! Compares what a tool returns: `outputSchema`, and the properties that it promises.

use rustc_hash::FxHashSet;

use super::list::Tool;
use super::record::Changes;
use super::rules;
use super::schema::{DEPTH_MAX, Schema, TypeChange, by_name};
use super::types::{self, TypeRules};

static TYPES: TypeRules = TypeRules {
    wider: &rules::OUTPUT_SCHEMA_TYPE_CHANGED,
    narrower: &rules::OUTPUT_SCHEMA_TYPE_NARROWED,
    other: &rules::OUTPUT_SCHEMA_TYPE_CHANGED,
};

pub(super) fn compare(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    match (base.get("outputSchema"), revision.get("outputSchema")) {
        (None, None) => {}
        (Some(old), None) => {
            let message = "the output has no schema any more".to_owned();
            changes.push(
                &rules::OUTPUT_SCHEMA_REMOVED,
                Some(old),
                Some(revision.node),
                message,
            );
        }
        (None, Some(new)) => {
            let message = "the output got a schema".to_owned();
            changes.push(
                &rules::OUTPUT_SCHEMA_ADDED,
                Some(base.node),
                Some(new),
                message,
            );
        }
        (Some(old), Some(new)) => {
            if !old.same_value(new) {
                compare_value(changes, &Schema::root(old), &Schema::root(new), "", 0);
            }
        }
    }
}

/// `path` is empty for the output itself.
fn compare_value(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    path: &str,
    depth: usize,
) {
    if depth > DEPTH_MAX || !changes.is_new_pair(base.node, revision.node) {
        return;
    }
    let types = types::compare(changes, base, revision, &subject(path), &TYPES);
    if types == TypeChange::Other {
        return;
    }
    compare_values(changes, base, revision, path);
    compare_properties(changes, base, revision, path, depth);
    if let (Some(old), Some(new)) = (base.items(), revision.items()) {
        compare_value(changes, &old, &new, &format!("{path}[]"), depth + 1);
    }
}

fn compare_values(changes: &mut Changes<'_>, base: &Schema<'_>, revision: &Schema<'_>, path: &str) {
    let (old, new) = (base.values(), revision.values());
    let has_new = match (&old, &new) {
        (Some(old), Some(new)) => {
            let old: FxHashSet<&str> = old.iter().map(String::as_str).collect();
            new.iter().any(|value| !old.contains(value.as_str()))
        }
        (Some(_), None) => true,
        (None, _) => false,
    };
    if has_new {
        let message = format!("{} may have values that it never had", subject(path));
        let (old, new) = (base.values_place(), revision.values_place());
        changes.changed(&rules::OUTPUT_SCHEMA_ENUM_WIDENED, old, new, message);
    }
}

fn compare_properties(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    path: &str,
    depth: usize,
) {
    let (old, new) = (base.properties(), revision.properties());
    let (old_by_name, new_by_name) = (by_name(&old), by_name(&new));
    let prefix = match path {
        "" => String::new(),
        path => format!("{path}."),
    };
    for property in &new {
        let name = format!("{prefix}{}", property.name);
        let Some(old) = old_by_name.get(property.name) else {
            let message = format!("the output got the property `{name}`");
            changes.added(&rules::OUTPUT_SCHEMA_PROPERTY_ADDED, property.key, message);
            continue;
        };
        if old.is_required && !property.is_required {
            let message = format!("the property `{name}` of the output became optional");
            let rule = &rules::OUTPUT_SCHEMA_PROPERTY_BECAME_OPTIONAL;
            changes.changed(rule, old.key, property.key, message);
        }
        compare_value(changes, &old.schema, &property.schema, &name, depth + 1);
    }
    for property in &old {
        if !new_by_name.contains_key(property.name) {
            let message = format!("the output lost the property `{prefix}{}`", property.name);
            changes.removed(
                &rules::OUTPUT_SCHEMA_PROPERTY_REMOVED,
                property.key,
                message,
            );
        }
    }
}

fn subject(path: &str) -> String {
    match path {
        "" => "the output".to_owned(),
        path => format!("the property `{path}` of the output"),
    }
}
