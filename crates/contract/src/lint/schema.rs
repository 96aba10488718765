//! Values against JSON Schemas: the `schema` function, and the examples of a document.

use super::call::{Call, Fault, Target};
use super::function::SchemaOptions;
use super::validate::{self, Judged};

mod examples;

pub(super) use examples::{media_example, schema_example};

pub(super) fn check(options: &SchemaOptions, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    if matches!(call.target, Target::Missing) {
        faults.push(call.fault(format!("{} must exist", call.subject())));
        return;
    }
    let value = |nodes_max: usize| match call.target {
        Target::Missing => None,
        Target::Key(key) => Some(serde_json::Value::from(key)),
        Target::Index(index) => Some(serde_json::Value::from(index.to_string())),
        Target::Node(node) => validate::value(call.view, node, nodes_max),
    };
    let mut schemas = call.document.schemas.borrow_mut();
    let judged = options
        .validator
        .judge(&mut schemas.budget, value, options.is_exhaustive);
    match judged {
        Judged::Errors(errors) => {
            for error in errors {
                let names = error.path.iter().map(String::as_str);
                faults.push(call.fault_at(names, error.message));
            }
        }
        Judged::Cut(message) => schemas.cut = Some(message),
        Judged::CutBefore => {}
    }
}
