//! Values against JSON Schemas: the `schema` function, and the examples of a document.

use super::call::{Call, Fault, Target};
use super::function::SchemaOptions;
use super::validate;

mod examples;

pub(super) use examples::{media_example, schema_example};

/// A resolved value larger than this is not expanded: it would be a document of its own.
const VALUE_NODES_MAX: usize = 200_000;

pub(super) fn check(options: &SchemaOptions, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let value = match call.target {
        Target::Missing => {
            faults.push(call.fault(format!("{} must exist", call.subject())));
            return;
        }
        Target::Key(key) => serde_json::Value::from(key),
        Target::Index(index) => serde_json::Value::from(index.to_string()),
        Target::Node(node) => match validate::value(call.view, node, VALUE_NODES_MAX) {
            Some(value) => value,
            None => return,
        },
    };
    for error in options.validator.errors(&value, options.is_exhaustive) {
        let names = error.path.iter().map(String::as_str);
        faults.push(call.fault_at(names, error.message));
    }
}
