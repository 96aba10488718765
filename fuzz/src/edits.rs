//! Makes of one document a similar one, so that a comparison of the two goes deep.

use contract::{Node, Source, Value};
use serde_json::{Map, Value as Json, json};

/// Of one document: more tell the comparison nothing new.
const EDITS_MAX: usize = 24;
/// A document that is larger, with every alias counted as a copy, is not edited.
const NODES_MAX: usize = 20_000;

/// The document with its edits, five bytes each; as JSON. `None` if it is too large.
pub fn edited(source: &Source, edits: &[u8]) -> Option<String> {
    let mut room = NODES_MAX;
    let mut document = json_of(source.root(), &mut room)?;
    for edit in edits.chunks_exact(5).take(EDITS_MAX) {
        let [at_low, at_high, action, a, b] = *edit else {
            unreachable!("five bytes")
        };
        let at = u16::from_le_bytes([at_low, at_high]).into();
        apply(
            &mut document,
            at,
            action,
            usize::from(a) << 8 | usize::from(b),
        );
    }
    Some(document.to_string())
}

/// `None` if there is less room than nodes.
fn json_of(node: Node<'_>, room: &mut usize) -> Option<Json> {
    *room = room.checked_sub(1)?;
    Some(match node.value() {
        Value::Null => Json::Null,
        Value::Bool(value) => value.into(),
        Value::Number(text) => text.parse().map_or(Json::Null, Json::Number),
        Value::String(text) => text.into(),
        Value::Array(elements) => {
            let elements = elements.map(|one| json_of(one, room));
            Json::Array(elements.collect::<Option<_>>()?)
        }
        Value::Object(members) => {
            let mut object = Map::new();
            for member in members {
                object.insert(member.name().to_owned(), json_of(member.value, room)?);
            }
            Json::Object(object)
        }
    })
}

fn apply(document: &mut Json, at: usize, action: u8, with: usize) {
    let count = count(document);
    let piece = match action & 1 {
        0 => pieces().swap_remove(with % pieces().len()),
        _ => nth(document, with % count).clone(),
    };
    let place = nth_mut(document, at % count);
    match (action >> 1 & 7, place) {
        (0 | 1, place) => *place = piece,
        (2, Json::Object(members)) => {
            let name = members.keys().nth(with % members.len().max(1)).cloned();
            name.and_then(|name| members.remove(&name));
        }
        (3, Json::Object(members)) => {
            let name = members.keys().nth(with % members.len().max(1)).cloned();
            let taken = name.and_then(|name| members.remove(&name));
            members.insert(NAMES[with % NAMES.len()].to_owned(), taken.unwrap_or(piece));
        }
        (_, Json::Object(members)) => {
            members.insert(NAMES[at % NAMES.len()].to_owned(), piece);
        }
        (2 | 3, Json::Array(elements)) if !elements.is_empty() => {
            elements.swap_remove(with % elements.len());
        }
        (_, Json::Array(elements)) => elements.push(piece),
        (_, Json::String(text)) => text.push_str(NAMES[with % NAMES.len()]),
        (_, Json::Number(number)) => *number = (with as i64 - 100).into(),
        (_, place) => *place = piece,
    }
}

fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(elements) => elements.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn nth(value: &Json, at: usize) -> &Json {
    let mut before = 1;
    let inside: Vec<&Json> = match value {
        Json::Array(elements) => elements.iter().collect(),
        Json::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    for one in inside {
        let size = count(one);
        if at >= before && at < before + size {
            return nth(one, at - before);
        }
        before += size;
    }
    value
}

fn nth_mut(value: &mut Json, at: usize) -> &mut Json {
    if at == 0 {
        return value;
    }
    let mut before = 1;
    let inside: Vec<&mut Json> = match value {
        Json::Array(elements) => elements.iter_mut().collect(),
        Json::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for one in inside {
        let size = count(one);
        if at < before + size {
            return nth_mut(one, at - before);
        }
        before += size;
    }
    unreachable!("the place is one of the document's")
}

/// Keys that a document of either version may have.
const NAMES: [&str; 56] = [
    "$ref",
    "type",
    "properties",
    "required",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "const",
    "default",
    "nullable",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "minItems",
    "additionalProperties",
    "patternProperties",
    "prefixItems",
    "contains",
    "if",
    "then",
    "else",
    "dependentRequired",
    "discriminator",
    "readOnly",
    "writeOnly",
    "deprecated",
    "x-sunset",
    "x-stability-level",
    "get",
    "post",
    "parameters",
    "requestBody",
    "responses",
    "200",
    "4XX",
    "default",
    "content",
    "application/json",
    "schema",
    "headers",
    "callbacks",
    "security",
    "servers",
    "tags",
    "in",
    "name",
    "$dynamicAnchor",
    "$dynamicRef",
    "uniqueItems",
];

fn pieces() -> Vec<Json> {
    vec![
        Json::Null,
        json!(true),
        json!(false),
        json!({}),
        json!([]),
        json!(""),
        json!("\u{e9}\u{10ffff}\u{0}"),
        json!(-1),
        json!(1e300),
        json!({"$ref": "#/components/schemas/A"}),
        json!({"$ref": "#/components/schemas/B"}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/paths"}),
        json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["id"]}]}),
        json!({"type": ["string", "null"]}),
        json!({"type": "object", "properties": {"id": {"$ref": "#/components/schemas/A"}}, "required": ["id"]}),
        json!({"not": {"oneOf": [{"const": 1}, {"$ref": "#/components/schemas/B"}]}}),
        json!([{"$ref": "#/components/schemas/B"}, {"type": "integer"}]),
        json!("2020-01-01"),
        json!("query"),
        json!("path"),
        json!("object"),
        json!("array"),
        json!("3.0.3"),
        json!("(a|a)*$"),
        json!("#/components/schemas/A"),
        json!({"propertyName": "kind", "mapping": {"a": "#/components/schemas/A"}}),
        json!({"description": "", "content": {"application/json": {"schema": {"type": "string"}}}}),
        json!({"in": "query", "name": "q", "schema": {"type": "string"}}),
        json!(["x", "y", "x"]),
    ]
}
