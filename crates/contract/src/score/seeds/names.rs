//! Defects of names and texts: identity, description, lifecycle, discoverability.

use serde_json::json;

use super::edit::{add_parameter, prose, remove, set_property};
use super::seed::{Place, Seed};

pub(super) fn seeds() -> Vec<Seed> {
    let mut seeds = identity();
    seeds.extend(descriptions());
    seeds.extend(fields());
    seeds.extend(documents());
    seeds
}

fn seed(rule: &'static str, place: Place) -> Seed {
    Seed { rule, place }
}

fn identity() -> Vec<Seed> {
    use Place::{Operation, Pair};
    vec![
        seed(
            "op-id-missing",
            Operation(&[], |o, _| remove(o, "operationId")),
        ),
        seed(
            "op-id-verb-object",
            Operation(&[], |o, n| o["operationId"] = json!(format!("zone{n}"))),
        ),
        seed(
            "op-id-mixed-case",
            Operation(&[], |o, n| {
                o["operationId"] = json!(format!("Get-the_Zone{n}"))
            }),
        ),
        seed(
            "synonym-split",
            Operation(&["get"], |o, n| {
                o["operationId"] = json!(format!("retrieveZone{n}"))
            }),
        ),
        seed(
            "tool-name-illegal",
            Operation(&[], |o, n| {
                o["operationId"] = json!(format!("get Zone {n}"))
            }),
        ),
        seed(
            "tool-name-too-long",
            Operation(&[], |o, n| {
                o["operationId"] = json!(format!("get{}{n}", "Zone".repeat(17)))
            }),
        ),
        seed(
            "tool-name-collision",
            Pair(&[], |o, other, _| {
                o["operationId"] = other["operationId"].clone()
            }),
        ),
        seed("tool-ambiguous", Pair(&[], alike)),
        seed("op-when-to-use-missing", Pair(&[], alike)),
    ]
}

/// The same words as another, under another name.
fn alike(operation: &mut serde_json::Value, other: &serde_json::Value, number: usize) {
    let name = other["operationId"].as_str().unwrap_or("getZone");
    operation["operationId"] = json!(format!("_{name}"));
    operation["summary"] = other["summary"].clone();
    operation["description"] = json!(format!("Nothing more is known of number {number}."));
    operation["parameters"] = other["parameters"].clone();
}

fn descriptions() -> Vec<Seed> {
    use Place::{Operation, Pair};
    vec![
        seed(
            "op-description-missing",
            Operation(&[], |o, _| {
                remove(o, "summary");
                remove(o, "description");
            }),
        ),
        seed(
            "op-description-too-short",
            Operation(&[], |o, _| {
                o["summary"] = json!("Zones");
                remove(o, "description");
            }),
        ),
        seed(
            "op-description-restates-name",
            Operation(&[], |o, n| {
                o["operationId"] = json!(format!("getZonePlan_{n}"));
                o["summary"] = json!("Get a specific zone plan by its id");
                remove(o, "description");
            }),
        ),
        seed(
            "op-description-placeholder",
            Operation(&[], |o, _| o["description"] = json!("TBD: describe")),
        ),
        seed(
            "op-description-too-long",
            Operation(&[], |o, _| o["description"] = json!(prose(400))),
        ),
        seed(
            "description-markup",
            Operation(&[], |o, _| {
                o["description"] = json!("<p>Creates <b>one</b> zone.</p>")
            }),
        ),
        seed(
            "description-repeats-summary",
            Operation(&[], |o, _| {
                o["summary"] = json!("Creates one zone north of here");
                o["description"] = json!("Creates one zone north of here.");
            }),
        ),
        seed(
            "description-duplicated",
            Pair(&[], |o, other, _| {
                for name in ["summary", "description"] {
                    o[name] = other[name].clone();
                }
            }),
        ),
        seed(
            "write-effect-unstated",
            Operation(&["post", "put", "patch"], |o, n| {
                o["operationId"] = json!(format!("postZone{n}"));
                o["summary"] = json!("The zone over there, north of everything");
                remove(o, "description");
            }),
        ),
        seed(
            "deprecated-without-replacement",
            Operation(&[], |o, _| {
                o["deprecated"] = json!(true);
                o["summary"] = json!("Creates one zone north of here");
                for name in ["description", "externalDocs"] {
                    remove(o, name);
                }
            }),
        ),
        seed(
            "deprecated-without-sunset",
            Operation(&[], |o, _| o["deprecated"] = json!(true)),
        ),
        seed(
            "deprecation-in-prose",
            Operation(&[], |o, _| {
                o["description"] = json!("This operation is deprecated; create the other instead.");
            }),
        ),
    ]
}

fn fields() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "param-description-missing",
            Operation(&[], |o, _| {
                add_parameter(
                    o,
                    json!({ "name": "zone_name", "in": "query", "schema": { "type": "string" } }),
                );
            }),
        ),
        seed(
            "param-name-generic",
            Operation(&[], |o, _| {
                add_parameter(
                    o,
                    json!({ "name": "data", "in": "query", "schema": { "type": "string" } }),
                );
            }),
        ),
        seed(
            "property-description-missing",
            Operation(&["post", "put", "patch"], |o, _| {
                set_property(o, "zone", json!({ "type": "string" }));
            }),
        ),
        seed("op-untagged", Operation(&[], |o, _| remove(o, "tags"))),
        seed(
            "tag-undeclared",
            Operation(&[], |o, n| o["tags"] = json!([format!("zone{n}")])),
        ),
        seed(
            "tag-over-budget",
            Operation(&[], |o, n| {
                o["tags"] = json!([format!("zone{n}")]);
                o["description"] = json!(prose(12_000));
            }),
        ),
    ]
}

fn documents() -> Vec<Seed> {
    use Place::Document;
    vec![
        seed(
            "tag-undescribed",
            Document(|d| {
                if d["tags"].is_null() {
                    d["tags"] = json!([]);
                }
                if let Some(tags) = d["tags"].as_array_mut() {
                    tags.push(json!({ "name": "zones" }));
                }
            }),
        ),
        seed(
            "contract-ungrouped",
            Document(|d| {
                let paths = d["paths"].as_object_mut().into_iter().flatten();
                let items = paths.filter_map(|(_, item)| item.as_object_mut()).flatten();
                for (_, operation) in items.filter(|(_, operation)| operation.is_object()) {
                    operation["tags"] = json!(["zones"]);
                }
            }),
        ),
        seed(
            "version-missing",
            Document(|d| remove(&mut d["info"], "version")),
        ),
        seed(
            "info-description-missing",
            Document(|d| {
                remove(&mut d["info"], "description");
                remove(&mut d["info"], "summary");
            }),
        ),
        seed(
            "external-docs-missing",
            Document(|d| remove(d, "externalDocs")),
        ),
        seed("operations-missing", Document(|d| d["paths"] = json!({}))),
        seed(
            "server-url-missing",
            Document(|d| d["servers"] = json!([{ "url": "/v1" }])),
        ),
    ]
}
