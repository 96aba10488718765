//! Edits of a contract as JSON.

use serde_json::{Value as Json, json};

/// Path and method of every operation of one of `methods`, or of all.
pub(super) fn places(contract: &Json, methods: &[&str]) -> Vec<(String, String)> {
    const ALL: [&str; 5] = ["delete", "get", "patch", "post", "put"];
    let paths = contract["paths"].as_object();
    let mut places = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let wanted = if methods.is_empty() {
                &ALL[..]
            } else {
                methods
            };
            if wanted.contains(&method.as_str()) && operation["deprecated"] != json!(true) {
                places.push((path.clone(), method.clone()));
            }
        }
    }
    places
}

pub(super) fn operation<'c>(contract: &'c Json, at: &(String, String)) -> &'c Json {
    &contract["paths"][&at.0][&at.1]
}

pub(super) fn remove(object: &mut Json, name: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(name);
    }
}

pub(super) fn add_parameter(operation: &mut Json, parameter: Json) {
    if operation["parameters"].is_null() {
        operation["parameters"] = json!([]);
    }
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.push(parameter);
    }
}

/// A JSON body of one required property with this schema.
pub(super) fn set_property(operation: &mut Json, name: &str, schema: Json) {
    set_body(
        operation,
        json!({ "type": "object", "required": [name], "properties": { name: schema } }),
    );
}

pub(super) fn set_body(operation: &mut Json, schema: Json) {
    operation["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
}

/// The only success, with this JSON schema; the errors stay.
pub(super) fn set_success(operation: &mut Json, schema: Json) {
    remove_statuses(operation, |status| status.starts_with('2'));
    operation["responses"]["200"] = json!({
        "description": "Done.",
        "content": { "application/json": { "schema": schema } },
    });
}

/// The only errors: this response under this status.
pub(super) fn set_error(operation: &mut Json, status: &str, response: Json) {
    remove_statuses(operation, |status| !status.starts_with('2'));
    operation["responses"][status] = response;
}

pub(super) fn remove_statuses(operation: &mut Json, is: impl Fn(&str) -> bool) {
    let responses = operation.get_mut("responses");
    if let Some(responses) = responses.and_then(Json::as_object_mut) {
        let gone: Vec<String> = responses
            .keys()
            .filter(|status| is(status))
            .cloned()
            .collect();
        for status in gone {
            responses.remove(&status);
        }
    }
}

/// `count` words that no operation has.
pub(super) fn prose(count: usize) -> String {
    let words: Vec<String> = (0..count).map(|n| format!("clause{n}")).collect();
    words.join(" ")
}

/// The names and indices of `$['a'][0]`.
pub(super) fn steps(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches('$').split("][");
    let bare = inside.map(|step| step.trim_matches(['[', ']']));
    bare.map(|step| {
        step.trim_matches('\'')
            .replace("\\'", "'")
            .replace("\\\\", "\\")
    })
    .filter(|step| !step.is_empty())
    .collect()
}

pub(super) fn child<'c>(at: &'c mut Json, step: &str) -> &'c mut Json {
    match step.parse::<usize>() {
        Ok(index) if at.is_array() => &mut at[index],
        _ => &mut at[step],
    }
}

/// As an Overlay merges: objects by member, arrays end to end, all else replaced.
pub(super) fn merge(target: &mut Json, update: &Json) {
    match (target, update) {
        (Json::Object(target), Json::Object(update)) => {
            for (name, value) in update {
                merge(target.entry(name).or_insert(Json::Null), value);
            }
        }
        (Json::Array(target), Json::Array(update)) => target.extend_from_slice(update),
        (target, update) => *target = update.clone(),
    }
}
