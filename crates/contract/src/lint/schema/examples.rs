//! The examples and defaults of a document against the schemas they belong to.

use serde_json::Value as Json;

use crate::lint::call::{Call, Fault};
use crate::lint::formats::SpecFormat;
use crate::lint::validate::{self, Reading, Side, Verdict};
use crate::lint::view::{Place, Slot};
use crate::tree::{Node, Value};

/// A larger example is not expanded.
const VALUE_NODES_MAX: usize = 200_000;

/// The `example` and the `default` of a schema.
pub(in crate::lint) fn schema_example(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(schema) = call.target.node().filter(|node| node.is_object()) else {
        return;
    };
    for field in ["example", "default"] {
        if let Some(slot) = call.view.child(call.place.slot, field) {
            judge(call, schema, Side::Either, slot, faults);
        }
    }
}

/// The `example` or the `examples` of a media type, a parameter or a header.
pub(in crate::lint) fn media_example(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(media) = call.target.node().filter(|node| node.is_object()) else {
        return;
    };
    let Some(schema) = call.get(media, "schema").filter(|node| node.is_object()) else {
        return;
    };
    let at = call.view.tree().node(call.place.slot.node).span().start;
    let side = call
        .document
        .store
        .borrow_mut()
        .side(call.document.root, at);
    let view = call.view;
    if let Some(slot) = view.child(call.place.slot, "example") {
        return judge(call, schema, side, slot, faults);
    }
    let Some(examples) = view.child(call.place.slot, "examples") else {
        return;
    };
    let list = view.value(examples.node);
    for member in list.members() {
        let example = view.inside(examples, member.value.id());
        let object = view.value(example.node);
        if !object.is_object() || object.get("externalValue").is_some() {
            continue;
        }
        match view.child(example, "value") {
            Some(slot) => judge(call, schema, side, slot, faults),
            None => faults.push(Fault {
                place: view.place(example, ["value"]),
                message: "the example has no `value`".to_owned(),
            }),
        }
    }
}

fn judge(call: &Call<'_, '_>, schema: Node<'_>, side: Side, slot: Slot, faults: &mut Vec<Fault>) {
    let view = call.view;
    let value = view.value(slot.node);
    if fits_plainly(schema, value) {
        return;
    }
    let Some(json) = validate::value(view, value, VALUE_NODES_MAX) else {
        return;
    };
    let reading = Reading {
        side,
        is_oas3_0: call.is(SpecFormat::Oas3_0),
    };
    let schema = view.tree().node(schema.id());
    let verdict = call
        .document
        .store
        .borrow_mut()
        .judge(view, schema, reading, &json);
    let mut tell = |place: Place, message: String| faults.push(Fault { place, message });
    match verdict {
        Verdict::Fits | Verdict::Open => {}
        Verdict::Unusable(message) => tell(
            slot.into(),
            format!("the example cannot be held against its schema: {message}"),
        ),
        Verdict::Errors(errors) => {
            for error in errors {
                tell(
                    view.place(slot, error.path.iter().map(String::as_str)),
                    error.message,
                );
            }
        }
    }
}

/// Whether nothing but the type is asked of the value, and it has it: true for most examples of most contracts.
fn fits_plainly(schema: Node<'_>, value: Node<'_>) -> bool {
    let mut kind = None;
    for member in schema.members() {
        match member.name() {
            "type" => kind = member.value.as_str(),
            "description" | "title" | "example" | "default" | "deprecated" | "readOnly"
            | "writeOnly" => {}
            name if name.starts_with("x-") => {}
            _ => return false,
        }
    }
    match (kind, value.value()) {
        (Some("string"), Value::String(_))
        | (Some("boolean"), Value::Bool(_))
        | (Some("number"), Value::Number(_)) => true,
        (Some("integer"), Value::Number(text)) => Json::is_i64(&crate::lint::json::number_of(text)),
        _ => false,
    }
}
