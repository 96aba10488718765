//! Defects of safety and of the ways in.

use serde_json::{Value as Json, json};

use super::edit::{remove, remove_statuses};
use super::seed::{Place, Seed};

pub(super) fn seeds() -> Vec<Seed> {
    let mut seeds = effects();
    seeds.extend(ways_in());
    seeds
}

fn seed(rule: &'static str, place: Place) -> Seed {
    Seed { rule, place }
}

fn effects() -> Vec<Seed> {
    use Place::Operation;
    vec![
        seed(
            "write-without-idempotency-key",
            Operation(&["post"], |o, n| {
                o["operationId"] = json!(format!("createZone{n}"));
                remove(o, "parameters");
                remove(o, "requestBody");
            }),
        ),
        seed(
            "bulk-without-dry-run",
            Operation(&["post", "patch"], |o, n| {
                o["operationId"] = json!(format!("bulkUpdateZones{n}"));
                remove(o, "parameters");
                remove(o, "requestBody");
            }),
        ),
        seed(
            "async-without-status",
            Operation(&["post", "patch", "delete"], |o, _| {
                remove_statuses(o, |status| status.starts_with('2'));
                o["responses"]["202"] = json!({ "description": "Begun." });
            }),
        ),
        seed(
            "delete-not-marked-destructive",
            Operation(&["delete"], |o, _| {
                remove(o, "x-mcp-annotations");
                o["summary"] = json!("Removes one zone from the map");
                remove(o, "description");
            }),
        ),
        seed(
            "get-with-side-effect",
            Operation(&["get"], |o, n| {
                o["operationId"] = json!(format!("cancelZone{n}"));
                o["summary"] = json!("Cancels the zone that the caller is in");
            }),
        ),
        seed(
            "read-by-post-unmarked",
            Operation(&["post"], |o, n| {
                o["operationId"] = json!(format!("searchZones{n}"));
                remove(o, "x-mcp-annotations");
            }),
        ),
        seed(
            "annotation-contradicted",
            Operation(&["delete", "patch"], |o, _| {
                o["x-mcp-annotations"] = json!({ "readOnlyHint": true });
            }),
        ),
        seed(
            "security-scheme-unknown",
            Operation(&[], |o, n| {
                o["security"] = json!([{ format!("zone{n}"): [] }])
            }),
        ),
    ]
}

fn ways_in() -> Vec<Seed> {
    use Place::Document;
    vec![
        seed(
            "security-undefined",
            Document(|d| {
                remove(d, "security");
                let paths = d["paths"].as_object_mut().into_iter().flatten();
                for (_, operation) in paths.filter_map(|(_, item)| item.as_object_mut()).flatten() {
                    remove(operation, "security");
                }
            }),
        ),
        seed(
            "server-url-insecure",
            Document(|d| d["servers"] = json!([{ "url": "http://api.shop.example" }])),
        ),
        seed(
            "api-key-in-query",
            Document(|d| {
                add_scheme(
                    d,
                    json!({ "type": "apiKey", "in": "query", "name": "key", "description": "A key." }),
                );
            }),
        ),
        seed(
            "oauth-flow-unsafe",
            Document(|d| {
                let flow = json!({ "authorizationUrl": "https://shop.example/authorize", "scopes": { "a": "See it" } });
                add_scheme(
                    d,
                    json!({ "type": "oauth2", "flows": { "implicit": flow } }),
                );
            }),
        ),
        seed(
            "scopes-undocumented",
            Document(|d| {
                let flow = json!({ "tokenUrl": "https://shop.example/token", "scopes": { "zone:read": "" } });
                add_scheme(
                    d,
                    json!({ "type": "oauth2", "flows": { "clientCredentials": flow } }),
                );
            }),
        ),
        seed(
            "security-scheme-undescribed",
            Document(|d| {
                add_scheme(d, json!({ "type": "http", "scheme": "bearer" }));
            }),
        ),
    ]
}

fn add_scheme(contract: &mut Json, scheme: Json) {
    contract["components"]["securitySchemes"]["zone"] = scheme;
}
