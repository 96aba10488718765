//! Defects of requests and of their examples.

use serde_json::{Value as Json, json};

use super::edit::{add_parameter, prose, set_body, set_property};
use super::seed::{Place, Seed};

const WRITES: &[&str] = &["patch", "post", "put"];

pub(super) fn seeds() -> Vec<Seed> {
    let mut seeds = schemas();
    seeds.extend(shapes());
    seeds.extend(examples());
    seeds
}

fn seed(rule: &'static str, place: Place) -> Seed {
    Seed { rule, place }
}

fn schemas() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "schema-untyped",
            Operation(WRITES, |o, _| {
                set_property(o, "zone", json!({ "description": "A zone." }));
            }),
        ),
        seed(
            "free-form-object",
            Operation(WRITES, |o, _| {
                set_property(
                    o,
                    "zone",
                    json!({ "type": "object", "description": "A zone." }),
                );
            }),
        ),
        seed(
            "string-unconstrained",
            Operation(&[], |o, _| {
                let description = "Whom to tell.";
                add_parameter(
                    o,
                    json!({
                        "name": "billing_email", "in": "query", "description": description, "schema": { "type": "string" },
                    }),
                );
            }),
        ),
        seed(
            "enum-value-undocumented",
            Operation(WRITES, |o, _| {
                set_property(
                    o,
                    "zone",
                    json!({ "type": "integer", "enum": [7, 8], "description": "The kind of zone." }),
                );
            }),
        ),
        seed(
            "one-of-without-discriminator",
            Operation(WRITES, |o, _| {
                let text = json!({ "type": "string", "description": "A part." });
                let one = json!({ "type": "object", "properties": { "a": text, "b": text } });
                let two = json!({ "type": "object", "properties": { "a": text, "c": text } });
                set_property(
                    o,
                    "zone",
                    json!({ "oneOf": [one, two], "description": "A zone." }),
                );
            }),
        ),
        seed(
            "any-of-overlap",
            Operation(WRITES, |o, _| {
                let any = json!([{ "type": "string" }, { "type": "string" }]);
                set_property(o, "zone", json!({ "anyOf": any, "description": "A zone." }));
            }),
        ),
        seed(
            "default-undocumented",
            Operation(&[], |o, _| {
                let description = "How many zones. Defaults to 5.";
                add_parameter(
                    o,
                    json!({
                        "name": "zones", "in": "query", "description": description, "schema": { "type": "integer" },
                    }),
                );
            }),
        ),
        seed(
            "exclusive-in-prose",
            Operation(&[], |o, _| {
                let description = "A zone; cannot be combined with `area`.";
                add_parameter(
                    o,
                    json!({
                        "name": "zone", "in": "query", "description": description, "schema": { "type": "string" },
                    }),
                );
            }),
        ),
        seed(
            "read-only-in-request",
            Operation(WRITES, |o, _| {
                set_property(
                    o,
                    "zone",
                    json!({ "type": "string", "readOnly": true, "description": "A zone." }),
                );
            }),
        ),
    ]
}

fn shapes() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "schema-too-deep",
            Operation(WRITES, |o, _| {
                let mut schema = json!({ "type": "string", "description": "The zone." });
                for _ in 0..6 {
                    schema = json!({ "type": "object", "description": "A part.", "properties": { "inner": schema } });
                }
                set_body(o, schema);
            }),
        ),
        seed(
            "too-many-inputs",
            Operation(&[], |o, _| {
                for n in 0..21 {
                    add_parameter(o, described(&format!("zone{n}"), "A zone."));
                }
            }),
        ),
        seed(
            "required-unspecified",
            Operation(&["post"], |o, _| {
                let zone = json!({ "type": "string", "description": "A zone." });
                set_body(
                    o,
                    json!({ "type": "object", "properties": { "one": zone, "two": zone } }),
                );
            }),
        ),
        seed(
            "body-media-type-unusual",
            Operation(WRITES, |o, _| {
                o["requestBody"] = json!({ "content": { "application/x-zone": { "schema": { "type": "string" } } } });
            }),
        ),
        seed(
            "tool-tokens-high",
            Operation(&[], |o, _| {
                add_parameter(o, described("zone", &prose(1_000)))
            }),
        ),
        seed(
            "tool-tokens-excessive",
            Operation(&[], |o, _| {
                add_parameter(o, described("zone", &prose(4_000)))
            }),
        ),
    ]
}

fn described(name: &str, description: &str) -> Json {
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "integer" } })
}

fn examples() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "request-example-missing",
            Operation(WRITES, |o, _| {
                set_property(
                    o,
                    "zone",
                    json!({ "type": "string", "description": "A zone." }),
                );
            }),
        ),
        seed(
            "param-example-missing",
            Operation(&[], |o, _| {
                add_parameter(
                    o,
                    json!({
                        "name": "zone", "in": "query", "required": true, "description": "A zone.",
                        "schema": { "type": "string" },
                    }),
                );
            }),
        ),
        seed(
            "example-invalid",
            Operation(&[], |o, n| {
                let example = [json!("north"), json!({ "zone": 5 }), json!({})][n % 3].clone();
                let zone = json!({ "type": "string", "description": "A zone." });
                set_body(
                    o,
                    json!({ "type": "object", "required": ["zone"], "properties": { "zone": zone } }),
                );
                o["requestBody"]["content"]["application/json"]["example"] = example;
            }),
        ),
        seed(
            "example-secret",
            Operation(&[], |o, _| {
                // In two halves, so that nobody takes it for a leak.
                let secret = ["sk_live", "_9fQ2mXw7LpRt8VbNc3Zk"].concat();
                add_parameter(
                    o,
                    json!({
                        "name": "zone", "in": "query", "description": "A zone.", "schema": { "type": "string" },
                        "example": secret,
                    }),
                );
            }),
        ),
    ]
}
