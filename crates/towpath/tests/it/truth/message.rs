//! Requests as consumers mean them, made from a contract and a seed.

use serde_json::{Map, Value, json};
use testkit::Random;

use super::document::follow;

/// One request, before it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub method: String,
    /// As the contract that it was made from has it.
    pub template: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// Lower case; the cookie header among them.
    pub headers: Vec<(String, String)>,
    /// Its media type, and what it says.
    pub body: Option<(String, Value)>,
}

impl Message {
    pub fn is(&self, method: &str, template: &str) -> bool {
        self.method == method && self.template == template
    }

    pub fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|(own, _)| own == name)
    }
}

/// Method and path of every operation of a contract.
pub fn operations(contract: &Value) -> Vec<(String, String)> {
    const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
    let paths = contract["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let own = METHODS.iter().filter(|method| item.get(**method).is_some());
            own.map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

/// What a contract says of an operation.
pub fn operation<'a>(contract: &'a Value, method: &str, path: &str) -> &'a Value {
    &contract["paths"][path][method.to_lowercase()]
}

/// The parameters of an operation, those of its path included.
pub fn parameters<'a>(contract: &'a Value, method: &str, path: &str) -> Vec<&'a Value> {
    let item = &contract["paths"][path];
    let all = [
        &item["parameters"],
        &operation(contract, method, path)["parameters"],
    ];
    let all = all.into_iter().filter_map(Value::as_array).flatten();
    all.map(|parameter| follow(contract, parameter)).collect()
}

/// Makes messages of one contract.
pub struct Maker<'a> {
    pub contract: &'a Value,
    pub random: &'a mut Random,
}

impl Maker<'_> {
    /// A request of this operation: each optional part is there or not.
    pub fn message(&mut self, method: &str, template: &str) -> Message {
        let contract = self.contract;
        let mut message = Message {
            method: method.to_owned(),
            template: template.to_owned(),
            path: template.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        };
        for parameter in parameters(contract, method, template) {
            if parameter["required"] == true || self.random.one_in(2) {
                self.parameter(&mut message, parameter);
            }
        }
        let body = follow(
            contract,
            &operation(contract, method, template)["requestBody"],
        );
        let types: Vec<_> = body["content"].as_object().into_iter().flatten().collect();
        let is_sent = body["required"] == true || !self.random.one_in(4);
        if is_sent && !types.is_empty() {
            let (media_type, written) = *self.random.pick(&types);
            let value = self.value(&written["schema"], 0);
            message.body = Some((media_type.clone(), value));
        }
        message
    }

    fn parameter(&mut self, message: &mut Message, parameter: &Value) {
        let name = parameter["name"].as_str().expect("a name").to_owned();
        let value = self.value(&parameter["schema"], 0);
        let is_deep = parameter["style"] == "deepObject";
        let is_exploded = parameter["explode"] != false;
        match (parameter["in"].as_str(), &value) {
            (Some("path"), _) => {
                let place = format!("{{{name}}}");
                message.path = message.path.replace(&place, &text(&value));
            }
            (Some("query"), Value::Object(parts)) if is_deep => {
                let parts = parts
                    .iter()
                    .map(|(part, value)| (format!("{name}[{part}]"), text(value)));
                message.query.extend(parts);
            }
            (Some("query"), Value::Array(elements)) if is_exploded => {
                message
                    .query
                    .extend(elements.iter().map(|value| (name.clone(), text(value))));
            }
            (Some("query"), _) => message.query.push((name, text(&value))),
            (Some("cookie"), _) => {
                message
                    .headers
                    .push(("cookie".to_owned(), format!("{name}={}", text(&value))));
            }
            _ => message.headers.push((name.to_lowercase(), text(&value))),
        }
    }

    /// A value that a schema takes.
    pub fn value(&mut self, schema: &Value, depth: u32) -> Value {
        let schema = follow(self.contract, schema);
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.random.pick(values).clone();
        }
        let mut value = match self.kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => self.text(schema),
            "integer" | "number" => self.number(schema),
            "boolean" => self.random.one_in(2).into(),
            "null" => Value::Null,
            _ => Value::Null,
        };
        for part in schema["allOf"].as_array().into_iter().flatten() {
            merge(&mut value, self.value(part, depth + 1));
        }
        for any in ["oneOf", "anyOf"] {
            if let Some(parts) = schema[any].as_array() {
                let part = self.random.pick(parts).clone();
                merge(&mut value, self.value(&part, depth + 1));
            }
        }
        value
    }

    fn kind<'s>(&mut self, schema: &'s Value) -> &'s str {
        match &schema["type"] {
            Value::String(kind) => kind,
            Value::Array(kinds) => self.random.pick(kinds).as_str().unwrap_or("null"),
            _ if schema.get("properties").is_some() => "object",
            _ => "",
        }
    }

    fn object(&mut self, schema: &Value, depth: u32) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut members = Map::new();
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|one| one == name);
            if is_required || depth < 6 && self.random.one_in(2) {
                members.insert(name.clone(), self.value(part, depth + 1));
            }
        }
        let more = &schema["additionalProperties"];
        if more.is_object() && self.random.one_in(2) {
            members.insert("zz_own".to_owned(), self.value(more, depth + 1));
        }
        Value::Object(members)
    }

    fn array(&mut self, schema: &Value, depth: u32) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let most = schema["maxItems"]
            .as_u64()
            .unwrap_or(least + 2)
            .min(least + 2);
        let count = least + self.random.below(most - least + 1);
        (0..count)
            .map(|_| self.value(&schema["items"], depth + 1))
            .collect()
    }

    fn text(&mut self, schema: &Value) -> Value {
        match schema["format"].as_str() {
            Some("date") => return json!("2026-02-03"),
            Some("date-time") => return json!("2026-02-03T04:05:06Z"),
            Some("uri" | "url") => return json!("https://shop.example/x"),
            Some("email") => return json!("a@shop.example"),
            _ => {}
        }
        let least = schema["minLength"].as_u64().unwrap_or(1).max(1);
        let most = schema["maxLength"]
            .as_u64()
            .unwrap_or(20)
            .min(least + 28)
            .max(least);
        let length = least + self.random.below(most - least + 1);
        let letters = (0..length).map(|_| char::from(b'a' + self.random.below(26) as u8));
        letters.collect::<String>().into()
    }

    fn number(&mut self, schema: &Value) -> Value {
        let least = schema["minimum"].as_i64().unwrap_or(0);
        let most = schema["maximum"].as_i64().unwrap_or(least + 1_000);
        let span = u64::try_from(most - least).expect("a range") + 1;
        (least + i64::try_from(self.random.below(span)).expect("a small number")).into()
    }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => into.extend(from),
        (into, from) => *into = from,
    }
}

/// A scalar as it stands in a head; the elements of a list with commas between them.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(elements) => elements.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
