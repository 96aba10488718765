//! Compares what a tool returns: `outputSchema`, and the properties that it promises.

use super::list::Tool;
use super::record::Changes;
use super::rules;
use super::schema::{Schema, TypeChange, type_change, types_text};

/// As for arguments.
const DEPTH_MAX: usize = 64;

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
    let types = type_change(base, revision);
    compare_types(changes, base, revision, path, types);
    if types == TypeChange::Other {
        return;
    }
    compare_values(changes, base, revision, path);
    compare_properties(changes, base, revision, path, depth);
    if let (Some(old), Some(new)) = (base.get("items"), revision.get("items")) {
        let (old, new) = (base.followed(old), revision.followed(new));
        compare_value(changes, &old, &new, &format!("{path}[]"), depth + 1);
    }
}

fn compare_types(
    changes: &mut Changes<'_>,
    base: &Schema<'_>,
    revision: &Schema<'_>,
    path: &str,
    types: TypeChange,
) {
    let rule = match types {
        TypeChange::Same => return,
        TypeChange::Narrower => &rules::OUTPUT_SCHEMA_TYPE_NARROWED,
        TypeChange::Wider | TypeChange::Other => &rules::OUTPUT_SCHEMA_TYPE_CHANGED,
    };
    let message = format!(
        "{} went from `{}` to `{}`",
        subject(path),
        types_text(base),
        types_text(revision)
    );
    let old = base.get("type").unwrap_or(base.node);
    let new = revision.get("type").unwrap_or(revision.node);
    changes.changed(rule, old, new, message);
}

fn compare_values(changes: &mut Changes<'_>, base: &Schema<'_>, revision: &Schema<'_>, path: &str) {
    let (old, new) = (base.values(), revision.values());
    let has_new = match (&old, &new) {
        (Some(old), Some(new)) => new.iter().any(|value| !old.contains(value)),
        (Some(_), None) => true,
        (None, _) => false,
    };
    if has_new {
        let message = format!("{} may have values that it never had", subject(path));
        let old = base.values_node().unwrap_or(base.node);
        let new = revision.values_node().unwrap_or(revision.node);
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
    let prefix = match path {
        "" => String::new(),
        path => format!("{path}."),
    };
    for property in &new {
        let name = format!("{prefix}{}", property.name);
        let Some(old) = old.iter().find(|old| old.name == property.name) else {
            let message = format!("the output got the property `{name}`");
            changes.added(&rules::OUTPUT_SCHEMA_PROPERTY_ADDED, property.key, message);
            continue;
        };
        if base.requires(property.name) && !revision.requires(property.name) {
            let message = format!("the property `{name}` of the output became optional");
            let rule = &rules::OUTPUT_SCHEMA_PROPERTY_BECAME_OPTIONAL;
            changes.changed(rule, old.key, property.key, message);
        }
        compare_value(changes, &old.schema, &property.schema, &name, depth + 1);
    }
    for property in old {
        if !new.iter().any(|new| new.name == property.name) {
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
