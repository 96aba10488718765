//! Documents built to harm their reader, bounded by what is counted: a law that is broken shows as a run that does not end,
//! or as more than was asked for.

use contract::{DiffOptions, Ruleset, Source, diff, lint, tools};
use serde_json::{Value, json};

fn source(document: &Value) -> Source {
    Source::read(document.to_string().as_bytes(), "a.json").expect("the document is JSON")
}

/// A contract whose one operation sends the schema `S0`.
fn contract(schemas: Value) -> Value {
    let media = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Hostile", "version": "1"},
        "paths": {"/a": {"post": {"requestBody": {"content": media}, "responses": {}}}},
        "components": {"schemas": schemas},
    })
}

/// `count` schemas, each made of the name of the next; the last one is `last`.
fn chain(count: usize, last: Value, each: impl Fn(Value) -> Value) -> Value {
    let mut schemas: serde_json::Map<String, Value> = (0..count)
        .map(|n| {
            let next = json!({"$ref": format!("#/components/schemas/S{}", n + 1)});
            (format!("S{n}"), each(next))
        })
        .collect();
    schemas.insert(format!("S{count}"), last);
    schemas.into()
}

/// The changes between two chains with different ends, and whether more are said to be there.
fn check_chain(count: usize, each: impl Fn(Value) -> Value, expect: (usize, bool)) {
    let sides = ["string", "integer"]
        .map(|kind| source(&contract(chain(count, json!({"type": kind}), &each))));
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let found = diff(&sides[0], &sides[1], &options);
    assert_eq!((found.changes.len(), found.is_cut), expect, "{count}");
}

#[test]
fn what_is_too_deep_is_said_to_be_there() {
    let property = |next: Value| json!({"properties": {"p": next}});
    check_chain(50, property, (1, false));
    check_chain(100, property, (0, true));
    let reference = |next: Value| next;
    check_chain(50, reference, (1, false));
    check_chain(1_000, reference, (0, true));
    let member = |next: Value| json!({"allOf": [next], "properties": {"a": {"type": "string"}}});
    check_chain(1_000, member, (0, true));
}

#[test]
fn references_that_multiply_are_compared_once() {
    let many = |next: Value| json!({"properties": {"a": next, "b": next, "c": next, "d": next}});
    let sides =
        ["string", "integer"].map(|kind| source(&contract(chain(40, json!({"type": kind}), many))));
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    // Only the shortest ways are told.
    assert!(diff(&sides[0], &sides[1], &options).changes.len() <= 4);
}

#[test]
fn an_example_is_not_tried_against_more_alternatives_than_a_bound() {
    let alternatives = |next: Value| json!({"anyOf": vec![next; 10]});
    for (count, expect) in [(3, 1), (40, 0)] {
        let mut document = contract(chain(count, json!({"const": 1}), alternatives));
        document["components"]["schemas"]["S0"]["type"] = json!("string");
        document["components"]["schemas"]["S0"]["example"] = json!("x");
        let found = lint(&source(&document), &Ruleset::spectral_oas());
        let examples = found
            .iter()
            .filter(|found| found.id == "oas3-valid-schema-example");
        assert_eq!(examples.take(1).count(), expect, "{count}");
    }
}

#[test]
fn messages_do_not_repeat_a_long_path() {
    let mut document = contract(json!({"S0": {}}));
    let path = "/{a}".repeat(2_000);
    document["paths"][&path] = json!({"get": {"responses": {}}});
    let found = lint(&source(&document), &Ruleset::spectral_oas());
    let longest = found.iter().map(|found| found.message.len()).max();
    assert!(
        longest.is_some_and(|longest| longest < 1_000),
        "{longest:?}"
    );
}

#[test]
fn wide_documents_are_not_walked_for_each_member() {
    // 20,000 references into one object: four hundred million steps for whoever walks it each time.
    let schemas: serde_json::Map<String, Value> = (0..20_000)
        .map(|n| {
            let next = format!("#/components/schemas/S{}", (n * 7 + 1) % 20_000);
            (
                format!("S{n}"),
                json!({"properties": {"p": {"$ref": next}}}),
            )
        })
        .collect();
    let document = source(&contract(schemas.into()));
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    assert!(diff(&document, &document, &options).changes.is_empty());
}

#[test]
fn tools_with_many_arguments_are_compared_by_name() {
    let tool = |from: usize| {
        let members: serde_json::Map<String, Value> = (from..50_000 + from)
            .map(|n| (format!("p{n}"), json!({"type": "string"})))
            .collect();
        let required: Vec<&String> = members.keys().collect();
        let input = json!({"type": "object", "required": required, "properties": members});
        source(&json!({"tools": [{"name": "t", "inputSchema": input}]}))
    };
    let ids: Vec<&str> = tools::diff(&tool(0), &tool(1))
        .iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(
        ids,
        [
            "mcp-tool-required-argument-added",
            "mcp-tool-argument-removed"
        ]
    );
}

/// The places and messages of a rule that holds every value of a document of `count` lists against `schema`.
fn check_ruleset_schema(schema: Value, count: usize, expect: &[(&str, &str)]) {
    let options = json!({"schema": schema});
    let rule = json!({
        "given": "$.*",
        "message": "The words of the rule.",
        "then": {"function": "schema", "functionOptions": options},
    });
    let ruleset = json!({"rules": {"one": rule}}).to_string();
    let ruleset = Ruleset::parse(ruleset.as_bytes(), "rules.yaml", &mut |_, _| {
        Err("there is no other file".to_owned())
    });
    let document: serde_json::Map<String, Value> = (0..count)
        .map(|n| (format!("k{n:05}"), json!([n])))
        .collect();
    let found = lint(&source(&document.into()), &ruleset.expect("a ruleset"));
    let shown: Vec<(&str, &str)> = found
        .iter()
        .map(|found| (found.site.pointer.as_str(), found.message.as_str()))
        .collect();
    let fits = |(found, expect): (&(&str, &str), &(&str, &str))| {
        found.0 == expect.0 && found.1.contains(expect.1)
    };
    assert!(
        shown.len() == expect.len() && shown.iter().zip(expect).all(fits),
        "{shown:#?}"
    );
}

/// `depth` definitions, each of which is ten alternatives of the next; the last one is a number.
fn alternatives(depth: usize) -> Value {
    let mut named: serde_json::Map<String, Value> = (0..depth)
        .map(|n| {
            let next = json!({"$ref": format!("#/$defs/a{}", n + 1)});
            (format!("a{n}"), json!({"anyOf": vec![next; 10]}))
        })
        .collect();
    named.insert(format!("a{depth}"), json!({"type": "number"}));
    json!({"$ref": "#/$defs/a0", "$defs": named})
}

#[test]
fn a_rulesets_schema_that_multiplies_is_cut_and_says_so() {
    let own = "The words of the rule.";
    check_ruleset_schema(alternatives(2), 2, &[("/k00000", own), ("/k00001", own)]);
    // Ten million ways for each value, whichever it is.
    let steps = "takes more than 500000 steps";
    check_ruleset_schema(
        alternatives(7),
        2,
        &[("/k00000", steps), ("/k00001", steps)],
    );
    // Alternatives in a circle have no end at all: told at the first value, and once.
    let circle = json!({"$ref": "#/$defs/a", "$defs": {
        "a": {"anyOf": vec![json!({"$ref": "#/$defs/b"}); 5]},
        "b": {"anyOf": vec![json!({"$ref": "#/$defs/a"}); 5]},
    }});
    check_ruleset_schema(
        circle,
        5_000,
        &[("/k00000", "lead back to where they began")],
    );
    // A circle that goes into the value ends with it.
    let tree = json!({"anyOf": [{"type": "number"}, {"items": {"$ref": "#"}}]});
    check_ruleset_schema(tree, 2, &[]);
}

#[test]
fn the_schemas_of_a_ruleset_share_a_bound_for_a_document() {
    // Each value takes 22,222 steps: as many as there are alternatives and references to them.
    let mut schema = alternatives(4);
    schema["$defs"]["a4"] = json!(true);
    let cut = format!("/k{:05}", 2_000_000 / 22_222);
    let total = "have taken 2000000 steps in this document";
    check_ruleset_schema(schema, 5_000, &[(cut.as_str(), total)]);
}
