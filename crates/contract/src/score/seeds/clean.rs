//! A contract that gives no rule a reason: 56 operations on 8 kinds of things, every rule having something to look at.

use serde_json::{Map, Value as Json, json};

/// Name of one and of many, and words of its own for the texts.
const KINDS: [[&str; 4]; 8] = [
    ["order", "orders", "basket of goods", "checkout"],
    ["invoice", "invoices", "amount that is owed", "ledger"],
    ["courier", "couriers", "driver of a van", "roster"],
    ["voucher", "vouchers", "discount for shoppers", "campaign"],
    ["parcel", "parcels", "box on its way", "label"],
    ["warehouse", "warehouses", "building with shelves", "region"],
    ["supplier", "suppliers", "company that delivers", "contract"],
    ["complaint", "complaints", "grievance of a shopper", "inbox"],
];

pub fn clean() -> Json {
    let mut paths = Map::new();
    let mut tags = Vec::new();
    for kind in &KINDS {
        tags.push(
            json!({ "name": kind[1], "description": format!("Every {} of the shop.", kind[2]) }),
        );
        add_paths(&mut paths, kind);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Shop",
            "version": "1.0.0",
            "description": "Sells things: from the basket to the door of the shopper.",
        },
        "externalDocs": { "url": "https://shop.example/guide" },
        "servers": [{ "url": "https://api.shop.example" }],
        "security": [{ "token": [] }, { "key": [] }],
        "tags": tags,
        "paths": paths,
        "components": { "securitySchemes": security_schemes(), "schemas": schemas(), "responses": errors() },
    })
}

fn add_paths(paths: &mut Map<String, Json>, kind: &[&str; 4]) {
    let [one, many, what, place] = kind;
    let (up, ups) = (capital(one), capital(many));
    let id = json!({
        "name": format!("{one}Id"), "in": "path", "required": true,
        "description": format!("The identifier of the {what}, as the list gives it."),
        "schema": { "type": "string", "format": "uuid" },
    });
    let key = json!({
        "name": "Idempotency-Key", "in": "header",
        "description": "The same key twice has one effect.",
        "schema": { "type": "string", "maxLength": 64 },
    });
    let listed = json!({
        "tags": [many], "operationId": format!("list{ups}"),
        "summary": format!("Browse page by page, newest {place} first"),
        "description": format!("Use it to see what is there, one {what} per line."),
        "parameters": [
            { "name": "limit", "in": "query", "description": "How many at most. Defaults to 20.",
              "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 20 } },
            { "name": "cursor", "in": "query", "description": "Where the page before ended.",
              "schema": { "type": "string" } },
            { "name": "q", "in": "query", "description": "Words that must be in it.", "schema": { "type": "string" } },
            { "name": "fields", "in": "query", "description": "The members to return, with commas between.",
              "schema": { "type": "string" } },
        ],
        "responses": responses("200", page(), page_example()),
    });
    let created = json!({
        "tags": [many], "operationId": format!("create{up}"),
        "summary": format!("Add one {what} to the {place}"),
        "description": "Returns it with its identifier.",
        "parameters": [key], "requestBody": body(),
        "responses": responses("201", thing(), thing_example()),
    });
    paths.insert(
        format!("/{many}"),
        json!({ "get": listed, "post": created }),
    );
    paths.insert(format!("/{many}/{{{one}Id}}"), single(kind, &id));
    paths.insert(
        format!("/{many}/find"),
        json!({ "post": {
            "tags": [many], "operationId": format!("search{ups}"),
            "summary": format!("Look through each {place} by words"),
            "description": "Reads only, although it takes a body.",
        "parameters": [{
            "name": "shelf", "in": "query", "required": true, "description": "The shelf to look at.",
            "schema": { "type": "string" }, "example": "B-17",
        }],
            "x-mcp-annotations": { "readOnlyHint": true },
            "requestBody": body(),
            "responses": responses("200", page(), page_example()),
        }}),
    );
    paths.insert(format!("/{many}/import"), json!({ "post": {
        "tags": [many], "operationId": format!("import{ups}"),
        "summary": format!("Upload many rows from a {place} file"),
        "description": "Runs on after the answer; the location tells how far it is.",
        "parameters": [key, {
            "name": "dry_run", "in": "query", "description": "Checks everything and changes nothing.",
            "schema": { "type": "boolean", "default": false },
        }],
        "requestBody": body(),
        "responses": accepted(),
    }}));
}

/// What can be done with one of them, and a deprecated way of its own.
fn single(kind: &[&str; 4], id: &Json) -> Json {
    let [one, many, what, place] = kind;
    let up = capital(one);
    json!({
        "get": {
            "tags": [many], "operationId": format!("get{up}"),
            "summary": format!("Show everything known about a single {what}"),
            "description": "Use it when the identifier is known.",
            "parameters": [id],
            "responses": responses("200", thing(), thing_example()),
        },
        "patch": {
            "tags": [many], "operationId": format!("update{up}"),
            "summary": format!("Change some members of a {what}"),
            "description": format!("What is left out stays as the {place} has it."),
            "parameters": [id], "requestBody": body(),
            "responses": responses("200", thing(), thing_example()),
        },
        "put": {
            "tags": [many], "operationId": format!("replace{up}"),
            "summary": format!("Overwrite the {what} with another"),
            "description": format!("Replaces all members in the {place}. Use `update{up}` instead."),
            "deprecated": true, "x-sunset": "2031-01-01", "x-replaced-by": format!("/{many}/{{{one}Id}}"),
            "parameters": [id], "requestBody": body(),
            "responses": responses("200", thing(), thing_example()),
        },
        "delete": {
            "tags": [many], "operationId": format!("delete{up}"),
            "summary": format!("Remove the {what} for good"),
            "description": "Cannot be undone.",
            "x-mcp-annotations": { "destructiveHint": true },
            "parameters": [id],
            "responses": empty(),
        },
    })
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn body() -> Json {
    json!({ "required": true, "description": "What to write.", "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Draft" },
        "example": {
            "contact_email": "ann@shop.example", "priority": 1, "country": "NL",
            "payment": { "kind": "card", "token": "tok-7" },
        },
    }}})
}

fn page() -> Json {
    json!({
        "type": "object",
        "properties": {
            "data": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
            "next_cursor": { "type": ["string", "null"] },
        },
    })
}

fn page_example() -> Json {
    json!({ "data": [thing_example()], "next_cursor": null })
}

fn thing() -> Json {
    json!({ "$ref": "#/components/schemas/Thing" })
}

fn thing_example() -> Json {
    json!({ "id": "0b6e3a52-6f0f-4f3e-9b58-5f3a4c1d2e77", "title": "Blue", "created_at": "2030-05-01T09:00:00Z" })
}

fn responses(status: &str, schema: Json, example: Json) -> Json {
    let mut responses = empty();
    responses[status] = json!({
        "description": "Done.",
        "content": { "application/json": { "schema": schema, "example": example } },
    });
    if let Some(members) = responses.as_object_mut() {
        members.remove("204");
    }
    responses
}

fn accepted() -> Json {
    let mut responses = responses("202", json!({}), json!({}));
    responses["202"] = json!({
        "description": "Begun.",
        "headers": { "Location": { "schema": { "type": "string", "format": "uri-reference" } } },
    });
    responses
}

/// Success without a body, and the errors that every operation has.
fn empty() -> Json {
    let error = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    json!({
        "204": { "description": "Done." },
        "400": error("Invalid"), "401": error("Unknown"), "403": error("Forbidden"), "429": error("TooMany"),
    })
}

fn errors() -> Json {
    let problem = |text: &str| {
        json!({
            "description": text,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    };
    let mut too_many = problem("Slow down.");
    too_many["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" } } });
    json!({
        "Invalid": problem("A member is wrong."), "Unknown": problem("Who are you?"),
        "Forbidden": problem("Not for you."), "TooMany": too_many,
    })
}

fn security_schemes() -> Json {
    let scopes = json!({ "shop:read": "See everything", "shop:write": "Change everything" });
    json!({
        "token": { "type": "oauth2", "flows": { "authorizationCode": {
            "authorizationUrl": "https://shop.example/authorize", "tokenUrl": "https://shop.example/token",
            "scopes": scopes,
        }}},
        "key": { "type": "apiKey", "in": "header", "name": "X-Key",
                 "description": "Made in the settings of the shop; starts with `shop_`." },
    })
}

/// What comes back: enough of it to be worth choosing from.
fn thing_schema() -> Json {
    let mut members = json!({
        "id": { "type": "string", "format": "uuid" },
        "title": { "type": "string" },
        "created_at": { "type": "string", "format": "date-time" },
    });
    for n in 1..=14 {
        members[format!("line_{n}")] = json!({ "type": "string" });
    }
    json!({ "type": "object", "required": ["id", "title"], "properties": members })
}

fn schemas() -> Json {
    let card = json!({ "const": "card", "description": "Pays by card." });
    let token = json!({ "type": "string", "description": "From the terminal." });
    let cash = json!({ "const": "cash", "description": "Pays in notes." });
    json!({
        "Draft": {
            "type": "object", "required": ["contact_email", "priority"],
            "properties": {
                "contact_email": { "type": "string", "format": "email", "description": "Whom to tell." },
                "priority": { "type": "integer", "enum": [1, 2, 3],
                              "description": "1 is today, 2 this week, 3 some day." },
                "country": { "type": "string", "pattern": "^[A-Z]{2}$", "description": "Where it goes." },
                "copies": { "type": "integer", "default": 1, "description": "How many. Defaults to 1." },
                "weight": { "description": "Grams, or a text with a unit.",
                            "anyOf": [{ "type": "integer" }, { "type": "string", "pattern": "^[0-9]+ [a-z]+$" }] },
                "payment": { "description": "How it is paid for.", "oneOf": [
                    { "type": "object", "required": ["kind", "token"], "properties": { "kind": card, "token": token } },
                    { "type": "object", "required": ["kind"], "properties": { "kind": cash } },
                ]},
                "notes": { "type": "object", "description": "Texts by language.",
                           "additionalProperties": { "type": "string" } },
            },
        },
        "Thing": thing_schema(),
        "Problem": {
            "type": "object", "required": ["type", "title"],
            "properties": {
                "type": { "type": "string", "format": "uri" }, "title": { "type": "string" },
                "status": { "type": "integer" },
                "errors": { "type": "array", "items": {
                    "type": "object", "properties": { "pointer": { "type": "string" }, "detail": { "type": "string" } },
                }},
            },
        },
    })
}
