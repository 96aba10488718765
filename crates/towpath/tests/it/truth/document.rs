//! Contracts as plain JSON, so that changes are made and truth is told without the code under test.

use contract::{Node, Source};
use serde_json::{Map, Value};

/// The JSON of a contract in YAML or JSON.
pub fn read(text: &str) -> Value {
    let source = Source::read(text.as_bytes(), "contract").expect("a contract that can be read");
    json(source.root())
}

fn json(node: Node<'_>) -> Value {
    match node.value() {
        contract::Value::Null => Value::Null,
        contract::Value::Bool(is) => is.into(),
        contract::Value::Number(text) => serde_json::from_str(text).expect("a JSON number"),
        contract::Value::String(text) => text.into(),
        contract::Value::Array(elements) => elements.map(json).collect(),
        contract::Value::Object(members) => {
            let members = members.map(|member| (member.name().to_owned(), json(member.value)));
            Value::Object(members.collect())
        }
    }
}

/// What a local reference leads to, or the value itself.
pub fn follow<'a>(contract: &'a Value, value: &'a Value) -> &'a Value {
    let mut found = value;
    for _ in 0..20 {
        let Some(to) = found.get("$ref").and_then(Value::as_str) else {
            return found;
        };
        let target = contract.pointer(to.trim_start_matches('#'));
        found = target.unwrap_or_else(|| panic!("{to} leads nowhere"));
    }
    panic!("{value} comes back to itself")
}

pub fn set(contract: &mut Value, at: &str, json: &str) {
    let json = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    let (parent, name) = split(at);
    match target(contract, parent) {
        Value::Object(members) => {
            members.insert(name, json);
        }
        Value::Array(elements) => elements[name.parse::<usize>().expect("an index")] = json,
        other => panic!("{at}: {other}"),
    }
}

pub fn add(contract: &mut Value, at: &str, json: &str) {
    let json = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    let elements = target(contract, at).as_array_mut();
    elements.unwrap_or_else(|| panic!("{at}")).push(json);
}

pub fn cut(contract: &mut Value, at: &str) {
    let (parent, name) = split(at);
    match target(contract, parent) {
        Value::Object(members) => {
            members.remove(&name).unwrap_or_else(|| panic!("{at}"));
        }
        Value::Array(elements) => {
            elements.remove(name.parse().expect("an index"));
        }
        other => panic!("{at}: {other}"),
    }
}

pub fn rename(contract: &mut Value, at: &str, to: &str) {
    let (parent, name) = split(at);
    let members: &mut Map<String, Value> = target(contract, parent)
        .as_object_mut()
        .unwrap_or_else(|| panic!("{at}"));
    let value = members.remove(&name).unwrap_or_else(|| panic!("{at}"));
    members.insert(to.to_owned(), value);
}

fn target<'a>(contract: &'a mut Value, at: &str) -> &'a mut Value {
    contract.pointer_mut(at).unwrap_or_else(|| panic!("{at}"))
}

fn split(at: &str) -> (&str, String) {
    let (parent, name) = at.rsplit_once('/').expect("a pointer below the root");
    (parent, name.replace("~1", "/").replace("~0", "~"))
}
