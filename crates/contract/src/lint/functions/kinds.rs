//! Functions about one scalar, or about the size of a container.

use serde_json::Value as Json;

use crate::lint::call::{Call, Fault, Target};
use crate::lint::formats::SpecFormat;
use crate::lint::json::to_json;
use crate::lint::path::{Js, number};
use crate::lint::regex::Pattern;
use crate::lint::text;
use crate::tree::{Node, Value};

pub(super) fn pattern(
    matches: Option<&Pattern>,
    not_matches: Option<&Pattern>,
    call: &Call<'_, '_>,
    faults: &mut Vec<Fault>,
) {
    let Some(value) = call.target.as_text() else {
        return;
    };
    if let Some(pattern) = matches.filter(|pattern| !pattern.finds(&value)) {
        let message = format!(
            "{} must match the pattern `{}`",
            text::quoted(&value),
            pattern.text
        );
        faults.push(call.fault(message));
    }
    if let Some(pattern) = not_matches.filter(|pattern| pattern.finds(&value)) {
        let message = format!(
            "{} must not match the pattern `{}`",
            text::quoted(&value),
            pattern.text
        );
        faults.push(call.fault(message));
    }
}

pub(super) fn casing(
    name: &str,
    pattern: &Pattern,
    lone: Option<&str>,
    call: &Call<'_, '_>,
    faults: &mut Vec<Fault>,
) {
    let Some(value) = call.target.as_text().filter(|value| !value.is_empty()) else {
        return;
    };
    if lone != Some(&*value) && !pattern.finds(&value) {
        faults.push(call.fault(format!("{} must be in {name} case", text::quoted(&value))));
    }
}

pub(super) fn length(
    min: Option<f64>,
    max: Option<f64>,
    call: &Call<'_, '_>,
    faults: &mut Vec<Fault>,
) {
    let Some(size) = size(call.target) else {
        return;
    };
    if let Some(min) = min.filter(|min| size < *min) {
        faults.push(call.fault(format!("{} must be at least {min} long", call.subject())));
    }
    if let Some(max) = max.filter(|max| size > *max) {
        faults.push(call.fault(format!("{} must be at most {max} long", call.subject())));
    }
}

fn size(target: Target<'_>) -> Option<f64> {
    // ECMAScript counts UTF-16 units.
    let units = |text: &str| text.encode_utf16().count() as f64;
    match target {
        Target::Missing => None,
        Target::Key(key) => Some(units(key)),
        Target::Index(index) => Some(index.to_string().len() as f64),
        Target::Node(node) => match node.value() {
            Value::String(text) => Some(units(text)),
            Value::Number(text) => Some(number(text)),
            Value::Array(elements) => Some(elements.count() as f64),
            Value::Object(members) => Some(members.count() as f64),
            Value::Null | Value::Bool(_) => None,
        },
    }
}

pub(super) fn enumeration(values: &[Json], call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let value = match call.target {
        Target::Missing => return,
        Target::Key(key) => Json::from(key),
        Target::Index(index) => Json::from(index.to_string()),
        Target::Node(node) if node.is_array() || node.is_object() => return,
        Target::Node(node) => to_json(node),
    };
    if !values.contains(&value) {
        let allowed: Vec<String> = values.iter().map(Json::to_string).collect();
        let message = format!(
            "{} must be one of {}",
            call.target.print(),
            allowed.join(", ")
        );
        faults.push(call.fault(message));
    }
}

/// Each value of an `enum` has a type that its `type` names.
pub(super) fn typed_enum(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(schema) = call.target.node() else {
        return;
    };
    let Some(values) = call.get(schema, "enum").filter(|values| values.is_array()) else {
        return;
    };
    let Some(mut types) = call.get(schema, "type").and_then(type_names) else {
        return;
    };
    let is_nullable = call.get(schema, "nullable").and_then(Node::as_bool) == Some(true);
    if is_nullable && call.is(SpecFormat::Oas3_0) {
        types.push("null");
    }
    // A list of one name is compared as a list there, so `[integer]` and `integer` mean the same.
    let knows_integers = types.contains(&"integer");
    for (index, value) in values.elements().enumerate() {
        let found = type_of(call.view.follow(value), knows_integers);
        if !types.contains(&found) {
            let message = format!(
                "the enum value {} must be of type {}",
                text::print(Some(value)),
                types.join(" or ")
            );
            faults.push(call.fault_at(["enum", index.to_string().as_str()], message));
        }
    }
}

fn type_names(node: Node<'_>) -> Option<Vec<&str>> {
    match node.is_array() {
        true => node.elements().map(Node::as_str).collect(),
        false => node.as_str().map(|name| vec![name]),
    }
}

fn type_of(node: Node<'_>, knows_integers: bool) -> &'static str {
    match (Js::of(node), node.is_array()) {
        (Js::Text(_), _) => "string",
        (Js::Bool(_), _) => "boolean",
        (Js::Number(value), _) if knows_integers && value.fract() == 0.0 => "integer",
        (Js::Number(_), _) => "number",
        (Js::Null, _) => "null",
        (_, true) => "array",
        (_, false) => "object",
    }
}
