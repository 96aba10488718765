//! Defects of responses and errors.

use serde_json::{Map, Value as Json, json};

use super::edit::{remove, remove_statuses, set_error, set_success};
use super::seed::{Place, Seed};

pub(super) fn seeds() -> Vec<Seed> {
    let mut seeds = successes();
    seeds.extend(lists());
    seeds.extend(errors());
    seeds
}

fn seed(rule: &'static str, place: Place) -> Seed {
    Seed { rule, place }
}

fn successes() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "success-response-missing",
            Operation(&[], |o, _| {
                o["responses"] = json!({ "400": { "description": "Wrong." } });
            }),
        ),
        seed(
            "success-schema-missing",
            Operation(&[], |o, _| {
                remove_statuses(o, |status| status.starts_with('2'));
                o["responses"]["200"] = json!({ "description": "Done." });
            }),
        ),
        seed(
            "response-schema-untyped",
            Operation(&[], |o, _| {
                set_success(o, json!({ "type": "object", "properties": { "zone": {} } }));
            }),
        ),
        seed(
            "response-over-budget",
            Operation(&[], |o, _| set_success(o, wide_list())),
        ),
        seed(
            "response-example-missing",
            Operation(&[], |o, _| {
                set_success(
                    o,
                    json!({ "type": "object", "properties": { "zone": { "type": "string" } } }),
                );
            }),
        ),
    ]
}

/// A list of objects with 60 members each.
fn wide_list() -> Json {
    let members: Map<String, Json> = (0..60)
        .map(|n| (format!("zone{n}"), json!({ "type": "string" })))
        .collect();
    json!({ "type": "array", "items": { "type": "object", "properties": members } })
}

fn lists() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "list-without-pagination",
            Operation(&["get"], |o, _| {
                remove(o, "parameters");
                set_success(o, json!({ "type": "array", "items": { "type": "string" } }));
            }),
        ),
        seed(
            "list-without-next",
            Operation(&["get"], |o, _| {
                o["parameters"] =
                    json!([{ "name": "limit", "in": "query", "schema": { "type": "integer" } }]);
                set_success(o, json!({ "type": "array", "items": { "type": "string" } }));
            }),
        ),
        seed(
            "field-selection-missing",
            Operation(&["get"], |o, _| {
                remove(o, "parameters");
                set_success(o, wide_list());
            }),
        ),
    ]
}

fn errors() -> Vec<Seed> {
    use Place::{Document, Operation};
    vec![
        seed(
            "error-response-missing",
            Operation(&[], |o, _| {
                remove_statuses(o, |status| !status.starts_with('2'));
            }),
        ),
        seed(
            "error-without-schema",
            Operation(&[], |o, _| {
                set_error(o, "400", json!({ "description": "Wrong." }))
            }),
        ),
        seed(
            "error-not-problem-json",
            Operation(&[], |o, _| set_error(o, "400", error(&["code", "errors"]))),
        ),
        seed(
            "error-without-code",
            Operation(&[], |o, _| {
                set_error(o, "400", error(&["errors", "message"]))
            }),
        ),
        seed(
            "validation-error-without-field",
            Operation(&[], |o, _| set_error(o, "422", error(&["code", "message"]))),
        ),
        seed(
            "retry-after-missing",
            Operation(&[], |o, _| {
                o["responses"]["429"] = error(&["code", "message"]);
            }),
        ),
        seed(
            "auth-errors-undistinguished",
            Operation(&[], |o, _| {
                set_error(o, "401", error(&["code", "message"]));
                o["security"] = json!([{ "token": [] }]);
            }),
        ),
        seed(
            "rate-limit-undeclared",
            Document(|d| {
                let paths = d["paths"].as_object_mut().into_iter().flatten();
                let operations = paths.filter_map(|(_, item)| item.as_object_mut()).flatten();
                for (_, operation) in operations {
                    remove_statuses(operation, |status| {
                        matches!(status, "429" | "4XX" | "4xx" | "default")
                    });
                }
            }),
        ),
    ]
}

/// A JSON error with these members.
fn error(names: &[&str]) -> Json {
    let members: Map<String, Json> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
        .collect();
    let schema = json!({ "type": "object", "properties": members });
    json!({ "description": "Wrong.", "content": { "application/json": { "schema": schema } } })
}
