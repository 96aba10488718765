//! Whether a provider that serves exactly one contract takes a request: the truth that evidence is held against.
//!
//! It judges the message that a consumer meant, whole, before it was compressed, cut off or mislabelled. It knows
//! nothing of leaves, rules or differences: it finds the operation by its path, asks for what is required, and
//! validates every value by a JSON Schema validator. The provider is strict, as the owner of the test says by raising
//! the rules for removed names to errors: a name that the contract has not is refused, which is written as
//! `unevaluatedProperties: false` where a schema names properties. What a consumer made up by itself is left out of
//! the message, since no change of a contract concerns it.

use std::collections::BTreeMap;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value};

use super::document::follow;
use super::message::{Message, operation, operations, parameters};

const ADDRESS: &str = "http://truth.example/contract.json";
const PARTS: &str = "x-parts";

/// A contract that messages are held against.
pub struct Oracle {
    contract: Value,
    schemas: Schemas,
    /// By the JSON text of a schema.
    compiled: BTreeMap<String, SchemaIndex>,
}

impl Oracle {
    pub fn new(contract: &Value) -> Self {
        let written = schemas_of(contract);
        let mut closed = contract.clone();
        if let Some(named) = closed.pointer_mut("/components/schemas") {
            for schema in named.as_object_mut().into_iter().flatten() {
                close_below(contract, schema.1);
            }
        }
        closed[PARTS] = written
            .iter()
            .map(|schema| close(contract, schema.clone()))
            .collect();
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler
            .add_resource(ADDRESS, closed)
            .expect("a document of our own");
        let mut schemas = Schemas::new();
        let compiled = written.iter().enumerate().map(|(at, schema)| {
            let place = format!("{ADDRESS}#/{PARTS}/{at}");
            let index = compiler.compile(&place, &mut schemas);
            (
                schema.to_string(),
                index.unwrap_or_else(|error| panic!("{schema}: {error:#}")),
            )
        });
        let compiled = compiled.collect();
        Self {
            contract: contract.clone(),
            schemas,
            compiled,
        }
    }

    /// Whether the provider takes it.
    pub fn takes(&self, message: &Message) -> bool {
        let Some((template, values)) = self.template(message) else {
            return false;
        };
        let known = parameters(&self.contract, &message.method, &template);
        known
            .iter()
            .all(|one| self.takes_parameter(one, message, &values))
            && names(message).iter().all(|(place, name)| {
                known
                    .iter()
                    .any(|one| one["in"] == **place && is_named(one, name))
            })
            && self.takes_body(message, &template)
            && self.lets_in(message, &template)
    }

    /// The path of the contract that the request's path fits, and the values of its parameters.
    fn template(&self, message: &Message) -> Option<(String, BTreeMap<String, String>)> {
        let own = operations(&self.contract).into_iter();
        let own = own.filter(|(method, _)| *method == message.method);
        let fitting = own.filter_map(|(_, path)| {
            let mut values = BTreeMap::new();
            let (sent, parts): (Vec<_>, Vec<_>) =
                (message.path.split('/').collect(), path.split('/').collect());
            let fits = sent.len() == parts.len()
                && sent.iter().zip(&parts).all(|(sent, part)| {
                    let name = part
                        .strip_prefix('{')
                        .and_then(|part| part.strip_suffix('}'));
                    if let Some(name) = name {
                        values.insert(name.to_owned(), (*sent).to_owned());
                    }
                    name.is_some() || sent == part
                });
            fits.then_some((path, values))
        });
        // A written segment wins over a parameter.
        fitting.min_by_key(|(_, values)| values.len())
    }

    fn takes_parameter(
        &self,
        parameter: &Value,
        message: &Message,
        path: &BTreeMap<String, String>,
    ) -> bool {
        let name = parameter["name"].as_str().expect("a name");
        let schema = follow(&self.contract, &parameter["schema"]);
        let texts: Vec<&str> = match parameter["in"].as_str() {
            Some("path") => path.get(name).map(String::as_str).into_iter().collect(),
            Some("query") if parameter["style"] == "deepObject" => {
                let parts = message
                    .query
                    .iter()
                    .filter(|(own, _)| is_named(parameter, own));
                let members: Map<String, Value> = parts
                    .map(|(own, text)| {
                        let part = &own[name.len() + 1..own.len() - 1];
                        let schema = &schema["properties"][part];
                        (part.to_owned(), read(text, follow(&self.contract, schema)))
                    })
                    .collect();
                if members.is_empty() {
                    return parameter["required"] != true;
                }
                return self.is_valid(&parameter["schema"], &Value::Object(members));
            }
            Some("query") => {
                let own = message.query.iter().filter(|(own, _)| own == name);
                own.map(|(_, text)| text.as_str()).collect()
            }
            Some("cookie") => cookies(message)
                .into_iter()
                .filter(|(own, _)| *own == name)
                .map(|(_, text)| text)
                .collect(),
            _ => {
                let own = message
                    .headers
                    .iter()
                    .filter(|(own, _)| own.eq_ignore_ascii_case(name));
                own.map(|(_, text)| text.as_str()).collect()
            }
        };
        let Some(first) = texts.first() else {
            return parameter["required"] != true;
        };
        let value = match schema["type"] == "array" {
            true => {
                let items = follow(&self.contract, &schema["items"]);
                let each = texts.iter().flat_map(|text| text.split(','));
                each.map(|text| read(text, items)).collect()
            }
            false => read(first, schema),
        };
        self.is_valid(&parameter["schema"], &value)
    }

    fn takes_body(&self, message: &Message, template: &str) -> bool {
        let known = operation(&self.contract, &message.method, template);
        let known = follow(&self.contract, &known["requestBody"]);
        match &message.body {
            None => known["required"] != true,
            Some((media_type, value)) => match known["content"].get(media_type) {
                Some(content) => self.is_valid(&content["schema"], value),
                None => false,
            },
        }
    }

    /// Every call has a bearer token; other credentials are what a message holds.
    fn lets_in(&self, message: &Message, template: &str) -> bool {
        let own = operation(&self.contract, &message.method, template).get("security");
        let Some(any) = own
            .or_else(|| self.contract.get("security"))
            .and_then(Value::as_array)
        else {
            return true;
        };
        let is_held = |name: &String| {
            let scheme = &self.contract["components"]["securitySchemes"][name];
            let header = scheme["name"].as_str().unwrap_or_default();
            scheme["type"] != "apiKey"
                || message
                    .headers
                    .iter()
                    .any(|(own, _)| own.eq_ignore_ascii_case(header))
        };
        let holds = |all: &Value| all.as_object().is_none_or(|all| all.keys().all(is_held));
        any.is_empty() || any.iter().any(holds)
    }

    fn is_valid(&self, schema: &Value, value: &Value) -> bool {
        let Some(index) = self.compiled.get(&schema.to_string()) else {
            return true;
        };
        self.schemas.validate(value, *index).is_ok()
    }
}

/// Place and name of what a message sends beside its path and body.
fn names(message: &Message) -> Vec<(&'static str, &str)> {
    let query = message
        .query
        .iter()
        .map(|(name, _)| ("query", name.as_str()));
    let headers = message.headers.iter().filter(|(name, _)| name != "cookie");
    let headers = headers.map(|(name, _)| ("header", name.as_str()));
    let cookies = cookies(message)
        .into_iter()
        .map(|(name, _)| ("cookie", name));
    query.chain(headers).chain(cookies).collect()
}

fn cookies(message: &Message) -> Vec<(&str, &str)> {
    let all = message.headers.iter().filter(|(name, _)| name == "cookie");
    all.filter_map(|(_, text)| text.split_once('=')).collect()
}

fn is_named(parameter: &Value, sent: &str) -> bool {
    let name = parameter["name"].as_str().unwrap_or_default();
    match parameter["style"] == "deepObject" {
        true => sent
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('[')),
        false if parameter["in"] == "header" => sent.eq_ignore_ascii_case(name),
        false => sent == name,
    }
}

/// A text as the value that its schema means.
fn read(text: &str, schema: &Value) -> Value {
    let means = |kind: &str| {
        let kinds = &schema["type"];
        kinds == kind
            || kinds
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    match serde_json::from_str(text) {
        Ok(number @ Value::Number(_)) if means("integer") || means("number") => number,
        Ok(truth @ Value::Bool(_)) if means("boolean") => truth,
        _ => text.into(),
    }
}

/// Every schema that a part of a request has.
fn schemas_of(contract: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for (method, path) in operations(contract) {
        let own = parameters(contract, &method, &path).into_iter();
        all.extend(own.filter_map(|parameter| parameter.get("schema")).cloned());
        let body = follow(
            contract,
            &operation(contract, &method, &path)["requestBody"],
        );
        let content = body["content"].as_object().into_iter().flatten();
        all.extend(
            content
                .filter_map(|(_, media_type)| media_type.get("schema"))
                .cloned(),
        );
    }
    all
}

/// The schema of a place, so that it takes no name that it does not have.
fn close(contract: &Value, mut schema: Value) -> Value {
    close_below(contract, &mut schema);
    match names_properties(contract, &schema, 0) {
        true => serde_json::json!({"allOf": [schema], "unevaluatedProperties": false}),
        false => schema,
    }
}

fn close_below(contract: &Value, schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    for (keyword, value) in members {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for property in properties.values_mut() {
                    *property = close(contract, property.take());
                }
            }
            ("items" | "additionalProperties", value @ Value::Object(_)) => {
                *value = close(contract, value.take());
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                parts
                    .iter_mut()
                    .for_each(|part| close_below(contract, part));
            }
            _ => {}
        }
    }
}

fn names_properties(contract: &Value, schema: &Value, depth: u32) -> bool {
    let schema = follow(contract, schema);
    let parts = ["allOf", "anyOf", "oneOf"].into_iter();
    let mut parts = parts.filter_map(|name| schema[name].as_array()).flatten();
    schema.get("properties").is_some()
        || depth < 10 && parts.any(|part| names_properties(contract, part, depth + 1))
}
