//! Bodies: what is seen of them, and when the evidence has a gap.

use std::sync::Arc;

use bridge::observe::{Observer, Outcome, Plan, Table, TableError};

use crate::reference::Operation;

/// In one piece and byte by byte; keys without their `request.body`.
#[track_caller]
fn check_as(content_type: Option<&str>, body: &[u8], outcome: Outcome, expect: &[&str]) {
    let operation = Operation::read();
    for chunks in [[usize::MAX], [1]] {
        let observation = operation.observe(content_type, body, &chunks);
        let keys = operation.keys_of(&observation.bits);
        let keys = keys
            .iter()
            .filter_map(|key| key.strip_prefix("request.body"));
        assert_eq!(keys.collect::<Vec<_>>(), expect, "{chunks:?}");
        assert_eq!(observation.outcome, outcome, "{chunks:?}");
    }
}

#[track_caller]
fn check(body: &str, outcome: Outcome, expect: &[&str]) {
    check_as(Some("application/json"), body.as_bytes(), outcome, expect);
}

#[track_caller]
fn check_form(body: &str, outcome: Outcome, expect: &[&str]) {
    let form = "application/x-www-form-urlencoded";
    check_as(Some(form), body.as_bytes(), outcome, expect);
}

const COMPLETE: Outcome = Outcome::Complete;

#[test]
fn properties_are_seen_and_others_are_not_told() {
    check("{}", COMPLETE, &[""]);
    check(r#"{"aa": 1, "secret": {"a": 1}}"#, COMPLETE, &["", ".aa"]);
    check(
        r#"{"c": {"d": {"e": 5}}}"#,
        COMPLETE,
        &["", ".c", ".c.d", ".c.d.e", ".c.d.e=*"],
    );
    check(r#"{"map": {"a": {"a": 1}}}"#, COMPLETE, &["", ".map"]);
    check(
        r#"{"a_rather_long_name_of_a_property": "", "é": 0}"#,
        COMPLETE,
        &["", ".a_rather_long_name_of_a_property", ".é"],
    );
    check(r#"{"A": 1, "a ": 1, "": 1, "aaa": 1}"#, COMPLETE, &[""]);
}

#[test]
fn a_value_is_told_only_when_the_contract_has_it() {
    check(r#"{"a": "x"}"#, COMPLETE, &["", ".a", ".a=x"]);
    check(r#"{"a": "X"}"#, COMPLETE, &["", ".a", ".a=*"]);
    check(r#"{"a": "y\"\\"}"#, COMPLETE, &["", ".a", ".a=y%22\\"]);
    check(
        r#"{"a": "\u00E9\ud83d\ude00"}"#,
        COMPLETE,
        &["", ".a", ".a=é😀"],
    );
    check(r#"{"a": "é😀"}"#, COMPLETE, &["", ".a", ".a=é😀"]);
    check(r#"{"a": ""}"#, COMPLETE, &["", ".a", ".a=\"\""]);
    check(r#"{"a": 1.0}"#, COMPLETE, &["", ".a", ".a=1"]);
    check(r#"{"a": 25e-1}"#, COMPLETE, &["", ".a", ".a=2.50"]);
    check(r#"{"a": "1"}"#, COMPLETE, &["", ".a", ".a=*"]);
    check(r#"{"a": true}"#, COMPLETE, &["", ".a", ".a=true"]);
    check(r#"{"a": "true"}"#, COMPLETE, &["", ".a", ".a=\"true\""]);
    check(r#"{"a": false}"#, COMPLETE, &["", ".a", ".a=*"]);
    check(r#"{"a": null}"#, COMPLETE, &["", ".a", ".a=null"]);
    check(r#"{"a": {"a": "x"}}"#, COMPLETE, &["", ".a", ".a=*"]);
    check(
        &format!(r#"{{"a": "x{}"}}"#, "x".repeat(300)),
        COMPLETE,
        &["", ".a", ".a=*"],
    );
}

#[test]
fn elements_and_rounds_of_a_schema_are_seen_where_they_began() {
    check(r#"{"b": []}"#, COMPLETE, &["", ".b"]);
    check(
        r#"{"b": [2, {"a": "z"}]}"#,
        COMPLETE,
        &["", ".b", ".b[]", ".b[]=2", ".b[]=*", ".b[].a", ".b[].a=z"],
    );
    check(
        r#"{"kids": [{"kids": [{"aa": 0}]}]}"#,
        COMPLETE,
        &["", ".aa", ".kids", ".kids[]"],
    );
}

#[test]
fn escapes_in_names_are_resolved() {
    check(
        r#"{"\u0061": "\u0078", "\u00e9": 1}"#,
        COMPLETE,
        &["", ".a", ".é", ".a=x"],
    );
    check(r#"{"a\u0061": 1}"#, COMPLETE, &["", ".aa"]);
    // Escapes that do not exist, halves of pairs: no name of a contract, and no harm to the structure.
    check(
        r#"{"\x61": 1, "\ud83d": 1, "\ude00a": 1, "\u00": 1, "\ud83d\u0061": 1, "a\u00": 1}"#,
        COMPLETE,
        &[""],
    );
    check(r#"{"a": "\ud83d"}"#, COMPLETE, &["", ".a", ".a=*"]);
}

#[test]
fn equal_names_count_each() {
    check(
        r#"{"a": "x", "a": 1}"#,
        COMPLETE,
        &["", ".a", ".a=x", ".a=1"],
    );
}

#[test]
fn scalars_stand_alone() {
    check("5", COMPLETE, &[""]);
    check(" -0.5e+3 \n", COMPLETE, &[""]);
    check("\"a\"", COMPLETE, &[""]);
    check("null", COMPLETE, &[""]);
    check("", COMPLETE, &[]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_it() {
    check("\u{feff}{\"aa\": 1}", COMPLETE, &["", ".aa"]);
    check_as(
        Some("application/json"),
        b"\xef\xbb{}",
        Outcome::NotJson,
        &[],
    );
}

#[test]
fn bytes_that_are_no_text_change_nothing() {
    check_as(
        Some("application/json"),
        b"{\"\xff\xfe\": \"\xc3\", \"aa\": \"\x00\x01\n\"}",
        COMPLETE,
        &["", ".aa"],
    );
}

#[test]
fn what_is_not_json_leaves_a_gap() {
    for body in [
        "{} x",
        "{}{}",
        "1 2",
        "[1,]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1 2]",
        "{]",
        "[}",
        "01",
        "1.",
        "-",
        "+1",
        ".5",
        "1e",
        "[tru]",
        "nulL",
        "{'a': 1}",
        "{a: 1}",
        "\u{a0}1",
        "// c",
        "]",
        "}",
        ",",
        "[--1]",
        "[1.e5]",
        "NaN",
    ] {
        let operation = Operation::read();
        for chunks in [[usize::MAX], [1]] {
            let observation = operation.observe(Some("application/json"), body.as_bytes(), &chunks);
            let outcome = observation.outcome;
            assert!(
                matches!(outcome, Outcome::NotJson | Outcome::Truncated),
                "{body} {outcome:?}"
            );
        }
    }
    check(r#"{"aa": 1} "#, COMPLETE, &["", ".aa"]);
    check(r#"{"aa": 1} {"#, Outcome::NotJson, &["", ".aa"]);
}

#[test]
fn what_ends_early_leaves_a_gap() {
    for body in [
        "{",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "\"a",
        "\"a\\",
        "tru",
        "-",
        " ",
        "[\"a\\u00",
    ] {
        let observation = Operation::read().observe(None, body.as_bytes(), &[usize::MAX]);
        assert_eq!(observation.outcome, Outcome::Truncated, "{body}");
    }
    let table = Operation::read().table;
    let mut observer = Observer::request(table, Some(b"application/x-www-form-urlencoded"));
    observer.feed(b"aa=1");
    assert_eq!(observer.broken_off().outcome, Outcome::Truncated);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    check(&nested(256), COMPLETE, &[""]);
    check(&nested(257), Outcome::TooDeep, &[""]);
    let kids = format!("{}{}", "{\"kids\":[".repeat(128), "]}".repeat(128));
    check(&kids, COMPLETE, &["", ".kids", ".kids[]"]);
}

#[test]
fn a_number_too_long_to_compare_leaves_a_gap_only_where_it_is_compared() {
    let long = format!("1.{}", "0".repeat(300));
    check(&format!("{{\"aa\": {long}}}"), COMPLETE, &["", ".aa"]);
    check(
        &format!("{{\"a\": {long}}}"),
        Outcome::Limit,
        &["", ".a", ".a=*"],
    );
}

#[test]
fn media_types_decide_how_a_body_is_read() {
    let json = br#"{"aa": 1}"#;
    check_as(
        Some("application/vnd.x+json; charset=utf-8"),
        json,
        COMPLETE,
        &["", ".aa"],
    );
    check_as(None, json, COMPLETE, &["", ".aa"]);
    check_as(
        Some("application/json; charset=utf-16"),
        json,
        Outcome::NotObserved,
        &[],
    );
    check_as(
        Some("multipart/form-data; boundary=x"),
        json,
        Outcome::NotObserved,
        &[],
    );
    check_as(Some("multipart/form-data; boundary=x"), b"", COMPLETE, &[]);
}

#[test]
fn forms_are_read_like_objects() {
    check_form("aa=1&secret=2", COMPLETE, &["", ".aa"]);
    check_form(
        "a=x&a=2.5&a=true",
        COMPLETE,
        &["", ".a", ".a=x", ".a=2.50", ".a=true"],
    );
    check_form("%61=%78", COMPLETE, &["", ".a", ".a=x"]);
    check_form("a=%C3%A9%F0%9F%98%80", COMPLETE, &["", ".a", ".a=é😀"]);
    check_form("a=x%", COMPLETE, &["", ".a", ".a=*"]);
    check_form("a%6=x", COMPLETE, &[""]);
    check_form(
        "b[0][a]=z",
        COMPLETE,
        &["", ".b", ".b[]", ".b[].a", ".b[].a=z"],
    );
    // The element may be an object, written as one value.
    check_form("b[]=1", Outcome::Limit, &["", ".b", ".b[]", ".b[]=1"]);
    check_form(
        "c[d][e]=false",
        COMPLETE,
        &["", ".c", ".c.d", ".c.d.e", ".c.d.e=false"],
    );
    check_form("&&a&=&", COMPLETE, &["", ".a", ".a=\"\""]);
    check_form("", COMPLETE, &[]);
    // What is written inside of one value is not looked at.
    check_form("c={\"d\":{}}", Outcome::Limit, &["", ".c"]);
    check_form(&format!("{}=1", "x".repeat(300)), Outcome::Limit, &[]);
}

#[test]
fn content_and_status_are_leaves_of_their_own() {
    let operation = Operation::read();
    let request = |content_type: Option<&str>| {
        let observation = operation.observe(content_type, b"{}", &[9]);
        let mut keys = operation.keys_of(&observation.bits);
        keys.retain(|key| key.contains("content"));
        keys.iter()
            .map(|key| key["request.content.".len()..].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(request(Some("APPLICATION/json;x=y")), ["application/json"]);
    assert_eq!(request(Some("text/csv")), ["text/*"]);
    assert_eq!(request(Some("image/png")), [""; 0]);
    // One that does not say what it is, and is JSON, is of the only type that is.
    assert_eq!(request(None), ["application/json"]);

    let response = |status: u16, body: &str| {
        let table = Arc::clone(&operation.table);
        let mut observer = Observer::response(table, status, Some(b"application/json"));
        observer.feed(body.as_bytes());
        let observation = observer.finish();
        let keys = operation.keys_of(&observation.bits).join(" ");
        format!("{} {keys}", observation.outcome.as_str())
    };
    assert_eq!(
        response(200, r#"[{"aa": 1}]"#),
        "complete response.200 response.200.content.application/json response.200.body response.200.body[] response.200.body[].aa"
    );
    assert_eq!(
        response(404, r#"{"code": "gone"}"#),
        "complete response.4XX response.4XX.body response.4XX.body.code response.4XX.body.code=gone"
    );
    assert_eq!(response(500, "{"), "complete response.default");
}

#[test]
fn a_compressed_body_is_not_read() {
    let table = Operation::read().table;
    let mut observer = Observer::request(table, Some(b"application/json")).unread();
    observer.feed(b"\x1f\x8b");
    assert_eq!(observer.finish().outcome, Outcome::NotObserved);
}

#[test]
fn a_plan_that_names_nothing_is_refused() {
    let compile =
        |text: &str| Table::compile(&serde_json::from_str::<Plan>(text).unwrap()).map(|_| ());
    let long = format!(
        r#"{{"leaf_count": 1, "nodes": [{{"leaf": 0, "properties": [["{}", 0]]}}]}}"#,
        "x".repeat(257)
    );
    assert_eq!(compile(&long), Err(TableError::Text { bytes: 257 }));
    assert_eq!(
        compile(r#"{"leaf_count": 5000}"#),
        Err(TableError::Leaves { count: 5000 })
    );
    assert_eq!(
        compile(r#"{"leaf_count": 1, "nodes": [{"leaf": 1}]}"#),
        Err(TableError::Leaf { leaf: 1, count: 1 })
    );
    assert_eq!(
        compile(r#"{"leaf_count": 1, "nodes": [{"leaf": 0, "items": 3}]}"#),
        Err(TableError::Node { node: 3, count: 1 })
    );
    assert_eq!(
        compile(r#"{"request": {"body": 0}}"#),
        Err(TableError::Node { node: 0, count: 0 })
    );
}
