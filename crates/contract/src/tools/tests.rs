//! Every rule on tools by its own examples, the forms of a list, and hostile schemas.

use std::collections::BTreeSet;

use super::*;
use crate::tree::Node;

/// Ids of what changed between two tools, or two lists, in YAML.
fn ids(base: &str, revision: &str) -> Vec<&'static str> {
    let list = |text: &str| {
        let text = match text.starts_with("tools:") {
            true => text.to_owned(),
            false => format!("tools:\n- {}\n", text.replace('\n', "\n  ")),
        };
        Source::read(text.as_bytes(), "tools.yaml").unwrap()
    };
    let changes = diff(&list(base), &list(revision));
    changes.iter().map(|change| change.id).collect()
}

/// The two sides of a rule's example.
fn sides(example: &str) -> (String, String) {
    let source = Source::read(example.as_bytes(), "example.yaml").unwrap();
    let text = |node: Option<Node<'_>>| {
        let json = compact::compact(node.unwrap());
        match json.starts_with("{\"tools\"") {
            true => format!(
                "tools: {}",
                json.strip_prefix("{\"tools\":")
                    .unwrap()
                    .strip_suffix('}')
                    .unwrap()
            ),
            false => json,
        }
    };
    (
        text(source.root().get("base")),
        text(source.root().get("revision")),
    )
}

#[test]
fn every_rule_reports_its_example_and_not_the_safe_one() {
    for rule in RULES {
        let (base, revision) = sides(rule.breaking_example);
        let found = ids(&base, &revision);
        assert!(found.contains(&rule.id), "{}: {found:?}", rule.id);
        let (base, revision) = sides(rule.safe_example);
        let found = ids(&base, &revision);
        assert!(
            !found.contains(&rule.id),
            "{}: safe, and {found:?}",
            rule.id
        );
    }
}

#[test]
fn every_mirror_is_what_the_reversed_change_reports() {
    for rule in RULES {
        let Some(mirror) = rule.mirror else { continue };
        let (base, revision) = sides(rule.breaking_example);
        let found = ids(&revision, &base);
        assert!(found.contains(&mirror), "{}: {found:?}", rule.id);
    }
}

#[test]
fn the_table_is_complete_and_explained() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), RULES.len());
    for rule in RULES {
        assert!(rule.id.starts_with("mcp-tool-"), "{}", rule.id);
        for text in [rule.purpose, rule.why, rule.safely] {
            assert!(text.ends_with('.'), "{}: {text}", rule.id);
        }
        let warns = rule.level > crate::level::Level::Info;
        assert!(!warns || !rule.breaks.is_empty(), "{}", rule.id);
    }
}

#[test]
fn a_list_is_an_object_an_answer_or_an_array() {
    let tool = r#"{"name": "find", "inputSchema": {"type": "object"}}"#;
    let check = |text: &str, expect: bool| {
        let source = Source::read(text.as_bytes(), "tools.json").unwrap();
        assert_eq!(is_tool_list(&source), expect, "{text}");
        let empty = Source::read(br#"{"tools": []}"#, "tools.json").unwrap();
        let found: Vec<_> = diff(&empty, &source).iter().map(|c| c.id).collect();
        match expect && text.contains("find") {
            true => assert_eq!(found, ["mcp-tool-added"], "{text}"),
            false => assert_eq!(found.len(), 0, "{text}"),
        }
    };
    check(&format!(r#"{{"tools": [{tool}]}}"#), true);
    check(
        &format!(r#"{{"jsonrpc": "2.0", "id": 1, "result": {{"tools": [{tool}]}}}}"#),
        true,
    );
    check(&format!("[{tool}]"), true);
    check(r#"{"tools": []}"#, true);
    check("[]", false);
    check("{}", false);
    check("[1]", false);
    check(r#"{"openapi": "3.1.0", "paths": {}}"#, false);
}

#[test]
fn the_same_list_in_another_order_or_place_is_the_same() {
    let base = "tools: [{name: a, inputSchema: {properties: {x: {type: string}}}}, {name: b}]";
    let revision = "tools: [{name: b}, {name: a, inputSchema: {properties: {x: {type: string}}}}]";
    assert_eq!(ids(base, base).len(), 0);
    assert_eq!(ids(base, revision).len(), 0);
}

#[test]
fn a_rename_needs_one_schema_on_each_side() {
    let takes = "inputSchema: {properties: {x: {type: string}}}";
    let one = format!("tools: [{{name: a, {takes}}}]");
    let two = format!("tools: [{{name: b, {takes}}}, {{name: c, {takes}}}]");
    assert_eq!(
        ids(&one, &two),
        ["mcp-tool-added", "mcp-tool-added", "mcp-tool-removed"]
    );
    let empty = |name: &str| format!("tools: [{{name: {name}, inputSchema: {{type: object}}}}]");
    assert_eq!(
        ids(&empty("a"), &empty("b")),
        ["mcp-tool-added", "mcp-tool-removed"]
    );
}

#[test]
fn arguments_are_followed_through_references_and_items() {
    let schema = |inner: &str| {
        format!(
            "name: find\ninputSchema:\n  properties: {{q: {{$ref: '#/$defs/Query'}}, all: {{type: array, items: {{$ref: '#/$defs/Query'}}}}}}\n  $defs: {{Query: {{properties: {{limit: {inner}}}}}}}"
        )
    };
    assert_eq!(
        ids(&schema("{maximum: 10}"), &schema("{maximum: 5}")),
        ["mcp-tool-argument-constraint-tightened"],
        "once, although two arguments have it"
    );
}

#[test]
fn a_schema_that_contains_itself_ends() {
    let arms: Vec<String> = (0..20)
        .map(|arm| format!("p{arm}: {{$ref: '#'}}"))
        .collect();
    let schema = |more: &str| {
        format!(
            "name: find\ninputSchema: {{properties: {{{}, x: {more}}}}}",
            arms.join(", ")
        )
    };
    let found = ids(&schema("{type: string}"), &schema("{type: integer}"));
    assert_eq!(found, ["mcp-tool-argument-type-changed"]);
    assert_eq!(
        ids(
            "name: f\ninputSchema: {$ref: '#'}",
            "name: f\ninputSchema: {$ref: '#/x'}"
        )
        .len(),
        0
    );
}

#[test]
fn a_change_has_its_tool_both_places_and_a_lasting_fingerprint() {
    let read = |text: &str, file| Source::read(text.as_bytes(), file).unwrap();
    let base = read("[{name: a}, {name: find, description: x}]", "base.yaml");
    let revision = read(
        "tools:\n- {name: find, description: y}\n- {name: a}",
        "revision.yaml",
    );
    let changes = diff(&base, &revision);
    let change = &changes[0];
    insta::assert_snapshot!(serde_json::to_string_pretty(change).unwrap(), @r#"
    {
      "id": "mcp-tool-description-changed",
      "level": "warning",
      "breaks": [
        "agent"
      ],
      "operation": {
        "method": "TOOL",
        "path": "find",
        "operation_id": null
      },
      "base": {
        "file": "base.yaml",
        "line": 1,
        "column": 39,
        "pointer": "/1/description"
      },
      "revision": {
        "file": "revision.yaml",
        "line": 2,
        "column": 29,
        "pointer": "/tools/0/description"
      },
      "message": "the description, by which agents choose the tool, changed",
      "fingerprint": "bbde5caa7bf73ddb"
    }
    "#);
    let moved = read(
        "tools:\n- {name: a}\n- {name: find, description: y}",
        "revision.yaml",
    );
    assert_eq!(diff(&base, &moved)[0].fingerprint, change.fingerprint);
}
