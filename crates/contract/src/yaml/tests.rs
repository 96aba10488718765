//! The YAML reader against hand-written documents and against the JSON scanner.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::testing::{any_json, nodes, slice};
use crate::tree::Node;
use crate::{json, pointer};

/// `source` is the same document as the JSON text `expect`.
fn check(source: &str, expect: &str) {
    let tree = scan(source).unwrap_or_else(|error| panic!("{source:?}: {error}"));
    let expected = json::scan(expect).unwrap();
    assert!(
        tree.root().same_value(expected.root()),
        "{source:?} is not {expect}"
    );
}

fn refused(source: &str) -> String {
    match scan(source) {
        Ok(_) => "read".to_owned(),
        Err(error) => format!(
            "{}:{} {:?} {}; {}",
            error.position.line,
            error.position.column,
            error.pointer,
            error.message,
            error.next_step
        ),
    }
}

fn told(source: &str) -> Vec<(String, IrregularityKind)> {
    let tree = scan(source).unwrap();
    let irregularities = tree.irregularities().iter();
    irregularities
        .map(|it| (tree.node(it.node).pointer(), it.kind))
        .collect()
}

#[test]
fn block_and_flow() {
    check(
        "a:\n- 1\n- b: 2\n  c: [x, {y: z}]\n-\n  - ~\nd:\n",
        r#"{"a": [1, {"b": 2, "c": ["x", {"y": "z"}]}, [null]], "d": null}"#,
    );
    check("- - a\n  - b\n- c: d\n", r#"[["a", "b"], {"c": "d"}]"#);
    check(
        "{a, b: , 'c': \"d\"}",
        r#"{"a": null, "b": null, "c": "d"}"#,
    );
    check("[a: b, c]", r#"[{"a": "b"}, "c"]"#);
    check("? a\n: b\n", r#"{"a": "b"}"#);
}

#[test]
fn text_styles() {
    check(
        "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n",
        r#"{"a": "x\n y\n", "b": "x y\nz"}"#,
    );
    check(
        "a: one\n  two\nb: 'it''s'\nc: \"\\x41\\u00e9\\n\"",
        r#"{"a": "one two", "b": "it's", "c": "Aé\n"}"#,
    );
}

#[test]
fn keys_are_texts() {
    check(
        "200: a\ntrue: b\n~: c\n1.0: d\n",
        r#"{"200": "a", "true": "b", "~": "c", "1.0": "d"}"#,
    );
    check("&k key: 1\nb: {*k : 2}", r#"{"key": 1, "b": {"key": 2}}"#);
}

#[test]
fn tags_of_the_core_schema() {
    check(
        "[!!str 1, !!int '1', !!float 1, !!bool 'true', !!null '', ! 1, !<tag:yaml.org,2002:str> 2]",
        r#"["1", 1, 1, true, null, "1", "2"]"#,
    );
    check("a: !!map {b: !!seq [1]}", r#"{"a": {"b": [1]}}"#);
    assert_eq!(
        told("a: !include b.yaml\nc: !!binary aGk=\nd: !!map [1]\n"),
        [
            ("/a".into(), IrregularityKind::UnknownTag),
            ("/c".into(), IrregularityKind::UnknownTag),
            ("/d".into(), IrregularityKind::UnknownTag)
        ]
    );
}

#[test]
fn an_alias_is_its_target() {
    let source = "a: &x {b: [1, &y two]}\nc: *x\nd: [*y, *x]\n";
    check(
        source,
        r#"{"a": {"b": [1, "two"]}, "c": {"b": [1, "two"]}, "d": ["two", {"b": [1, "two"]}]}"#,
    );
    let tree = scan(source).unwrap();
    assert_eq!(slice(tree.root().get("c").unwrap()), "*x");
    assert_eq!(tree.node_count(), 13, "nothing is copied");
    check("a: &x 1\nb: &x 2\nc: *x\n", r#"{"a": 1, "b": 2, "c": 2}"#);
}

#[test]
fn aliases_cannot_blow_up() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs += &format!("a{level}: &a{level} [{before}]\n");
    }
    assert_eq!(
        refused(&laughs),
        "7:35 \"/a6/5\" with its aliases written out the document has more than 7864321 nodes; use `$ref` to `components` instead of YAML aliases"
    );

    let mut deep = "a0: &a0 [1]\n".to_owned();
    for level in 1..600 {
        deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert!(
        refused(&deep).contains("nest deeper than 512 levels"),
        "{}",
        refused(&deep)
    );
}

#[test]
fn duplicates_and_merge_keys_are_told() {
    assert_eq!(
        told("a: 1\n\"a\": 2\nbase: &b {x: 1}\nderived:\n  <<: *b\nquoted: {'<<': 1}\n"),
        [
            (
                "/a".into(),
                IrregularityKind::DuplicateKey {
                    object: NodeId(0),
                    earlier: NodeId(1)
                }
            ),
            (
                "/derived/<<".into(),
                IrregularityKind::MergeKey { object: NodeId(10) }
            )
        ]
    );
}

/// Its value counts and its place is told, but a pointer says what the document means: the later of the two.
#[test]
fn an_alias_may_lead_to_what_a_later_key_hides() {
    let tree = scan("a: &x {b: 1}\na: 2\nc: *x\n").unwrap();
    let hidden = tree.root().get("c").and_then(|c| c.get("b")).unwrap();
    assert_eq!((slice(hidden), hidden.line()), ("1", 1));
    assert_eq!(hidden.pointer(), "/a/b");
    assert!(pointer::resolve(tree.root(), "/a/b").is_err());
    assert_eq!(slice(tree.root().get("a").unwrap()), "2");
}

#[test]
fn each_refusal_says_where_and_what_to_do() {
    let sources = [
        "",
        "# nothing\n",
        "---\na: 1\n---\nb: 2\n",
        "a: 1\n b: 2\n",
        "a:\n\t- b\n",
        "a: b: c\n",
        "a: [1, 2\n",
        "a: {b: 1\nc: 2\n",
        "a: 'b\n",
        "a: *x\n",
        "a: &x [*x]\n",
        "a: &x {b: {c: *x}}\n",
        "[a, b]: c\n",
        "? {a: b}\n: c\n",
        "&a [x]: 1\n",
        "a: &x [1]\n*x : 2\n",
        "a: @b\n",
        "a: !!int x\n",
        "a: !!seq x\n",
        "a: b\u{0}c\n",
        "é: [ü, *ö]\n",
        "paths:\n  /a:\n    get:\n      tags: [x\n",
    ];
    let report: Vec<String> = sources
        .iter()
        .map(|source| format!("{source:?} -> {}", refused(source)))
        .collect();
    insta::assert_snapshot!(report.join("\n"), @r##"
    "" -> 1:1 "" the document is empty; write a YAML mapping
    "# nothing\n" -> 1:1 "" the document is empty; write a YAML mapping
    "---\na: 1\n---\nb: 2\n" -> 3:1 "" a second YAML document starts here; keep one document per file: remove the `---` and what follows
    "a: 1\n b: 2\n" -> 2:3 "/a" mapping values are not allowed in this context; check the indentation, and put a text that holds `: ` in quotes
    "a:\n\t- b\n" -> 2:2 "/a" tabs disallowed within this context (block indentation); indent with spaces: YAML does not allow tabs there
    "a: b: c\n" -> 1:5 "/a" mapping values are not allowed in this context; check the indentation, and put a text that holds `: ` in quotes
    "a: [1, 2\n" -> 2:1 "/a/2" while parsing a flow sequence, expected ',' or ']' of the one that opens at line 1; close it, or put a comma between its parts
    "a: {b: 1\nc: 2\n" -> 2:2 "/a/b" while parsing a flow mapping, did not find expected ',' or '}' of the one that opens at line 1; close it, or put a comma between its parts
    "a: 'b\n" -> 1:4 "/a" while scanning a quoted scalar, found unexpected end of stream; close the quote, and write a quote inside it twice
    "a: *x\n" -> 1:4 "/a" while parsing node, found unknown anchor; define the anchor with `&name` above this line, or correct the name
    "a: &x [*x]\n" -> 1:8 "/a/0" an alias inside the node that it names; write the value out instead
    "a: &x {b: {c: *x}}\n" -> 1:15 "/a/b/c" an alias inside the node that it names; write the value out instead
    "[a, b]: c\n" -> 1:1 "" an array or an object as a mapping key; use a text as the key; put it in quotes if it starts with `{` or `[`
    "? {a: b}\n: c\n" -> 1:3 "" an array or an object as a mapping key; use a text as the key; put it in quotes if it starts with `{` or `[`
    "&a [x]: 1\n" -> 1:1 "" an array or an object as a mapping key; use a text as the key; put it in quotes if it starts with `{` or `[`
    "a: &x [1]\n*x : 2\n" -> 2:1 "/a" an array or an object as a mapping key; use a text as the key; put it in quotes if it starts with `{` or `[`
    "a: @b\n" -> 1:4 "/a" unexpected character: `@'; put the text in quotes
    "a: !!int x\n" -> 1:4 "/a" "x" is not of the type that its tag names; correct the value, or remove the tag
    "a: !!seq x\n" -> 1:4 "/a" "x" is not of the type that its tag names; correct the value, or remove the tag
    "a: b\0c\n" -> 1:5 "" the character U+0000; remove it: YAML does not allow it
    "é: [ü, *ö]\n" -> 1:8 "/é/1" while parsing node, found unknown anchor; define the anchor with `&name` above this line, or correct the name
    "paths:\n  /a:\n    get:\n      tags: [x\n" -> 5:1 "/paths/~1a/get/tags/1" while parsing a flow sequence, expected ',' or ']' of the one that opens at line 4; close it, or put a comma between its parts
    "##);
}

#[test]
fn a_quoted_text_ends_with_its_quote() {
    for (source, written, end) in [
        ("a: \"b\" # c\n", "\"b\"", (1, 7)),
        ("a: 'b'   # it's \"d\"\nc: 1\n", "'b'", (1, 7)),
        ("a: 'it''s' # b\n", "'it''s'", (1, 11)),
        ("a: 'b\\' # 'c'\n", "'b\\'", (1, 8)),
        ("a: \"b\\\"c\\\\\" # \"d\"\n", "\"b\\\"c\\\\\"", (1, 12)),
        ("a: !!str &x 'b' # c\n", "!!str &x 'b'", (1, 16)),
        ("a: &x # c\n  'b' # d\n", "&x # c\n  'b'", (2, 6)),
        ("a: [\"é\" , # c\n 'd']\n", "[\"é\" , # c\n 'd']", (2, 6)),
        ("a: \"b\n  c\" # d\n", "\"b\n  c\"", (2, 5)),
        ("a: ''  # d\nb: 2\n", "''", (1, 6)),
    ] {
        let tree = scan(source).unwrap();
        let node = tree.root().get("a").unwrap();
        assert_eq!(slice(node), written, "{source:?}");
        let at = tree.position(node.span().end);
        assert_eq!((at.line, at.column), end, "{source:?}");
    }
    let tree = scan("\"a\": 1 # b\n'c' : 2\n").unwrap();
    let keys = tree.root().members().map(|member| slice(member.key));
    assert_eq!(keys.collect::<Vec<_>>(), ["\"a\"", "'c'"]);
}

#[test]
fn spans_of_blocks_end_with_their_last_child() {
    let source = "# é\na:   # ü\n  - one\n  - {b: c} # ö\n\n\nd: |\n  text\n\ne:\nf: [ x ] # end\n";
    let tree = scan(source).unwrap();
    let slices: Vec<&str> = nodes(&tree).map(slice).collect();
    insta::assert_debug_snapshot!(slices, @r##"
    [
        "a:   # ü\n  - one\n  - {b: c} # ö\n\n\nd: |\n  text\n\ne:\nf: [ x ]",
        "a",
        "- one\n  - {b: c}",
        "one",
        "{b: c}",
        "b",
        "c",
        "d",
        "text\n\n",
        "e",
        "",
        "f",
        "[ x ]",
        "x",
    ]
    "##);
}

#[test]
fn nesting_has_a_limit() {
    let nested = |levels: usize| format!("{}x", "- ".repeat(levels));
    assert!(scan(&nested(DEPTH_LIMIT)).is_ok());
    assert!(refused(&nested(DEPTH_LIMIT + 1)).contains("nest deeper than 512 levels"));
    assert!(refused(&"[".repeat(100_000)).contains("recursion limit"));
}

/// Block style where it can be, as people and converters write it.
fn to_yaml(json: &Json, indent: usize, text: &mut String) {
    let quoted = |value: &Json| serde_json::to_string(value).unwrap();
    match json {
        Json::Array(elements) if !elements.is_empty() => {
            for element in elements {
                text.push('\n');
                text.push_str(&" ".repeat(indent));
                text.push_str("- ");
                to_yaml(element, indent + 2, text);
            }
        }
        Json::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                text.push('\n');
                text.push_str(&" ".repeat(indent));
                text.push_str(&quoted(&Json::from(key.as_str())));
                text.push_str(": ");
                to_yaml(value, indent + 2, text);
            }
        }
        Json::String(word)
            if !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_lowercase())
                && word != "null"
                && word != "true"
                && word != "false" =>
        {
            text.push_str(word);
        }
        value => text.push_str(&quoted(value)),
    }
}

proptest! {
    #[test]
    fn json_is_yaml(json in any_json()) {
        let source = serde_json::to_string_pretty(&json).unwrap();
        let expected = json::scan(&source).unwrap();
        let tree = scan(&source).unwrap();
        prop_assert!(tree.root().same_value(expected.root()), "{source}");
        let spans: Vec<Span> = nodes(&tree).map(Node::span).collect();
        let expected: Vec<Span> = nodes(&expected).map(Node::span).collect();
        prop_assert_eq!(spans, expected);
    }

    #[test]
    fn the_same_document_in_block_style_is_equal(json in any_json()) {
        let expected = json::scan(&serde_json::to_string(&json).unwrap()).unwrap();
        let mut source = "# é\n---".to_owned();
        source.push(if json.is_array() || json.is_object() { '\n' } else { ' ' });
        to_yaml(&json, 0, &mut source);
        let tree = scan(&source).unwrap();
        prop_assert!(tree.root().same_value(expected.root()), "{source}");
        for node in nodes(&tree).filter(|node| node.scalar_text().is_some()) {
            let own = scan(slice(node)).unwrap();
            prop_assert!(own.root().scalar_text() == node.scalar_text(), "{:?}", slice(node));
        }
    }

    #[test]
    fn no_text_panics(source in "[ \\-a:\\[\\]{},&*!|>'\"%@`~<#?.\n\t0é\u{feff}]{0,60}") {
        if let Ok(tree) = scan(&source) {
            for node in nodes(&tree) {
                // Spans are inside the text, pointers lead back.
                let _ = (slice(node), node.value());
                prop_assert!(pointer::resolve(tree.root(), &node.pointer()).is_ok() || !tree.irregularities().is_empty());
            }
        }
    }
}
