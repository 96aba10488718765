//! Repairs written into texts: what is edited, what stays, and what is refused.

use serde_json::json;

use super::{ApplyError, apply_fixes};
use crate::finding::{Finding, OverlayAction, OverlayEffect};
use crate::level::Level;
use crate::lint::{Ruleset, lint};
use crate::source::Source;

/// The text after the repairs of the built-in rules; the file name says the format.
fn repaired(file: &str, text: &str) -> Result<Option<String>, ApplyError> {
    let source = Source::read(text.as_bytes(), file).unwrap();
    apply_fixes(&source, &lint(&source, &Ruleset::spectral_oas()))
}

fn check(file: &str, text: &str, expect: &str) {
    assert_eq!(repaired(file, text).unwrap().as_deref(), Some(expect));
}

/// One action on a text.
fn act(text: &str, target: &str, effect: OverlayEffect) -> Result<Option<String>, ApplyError> {
    let source = Source::read(text.as_bytes(), "a.yaml").unwrap();
    let fix = OverlayAction {
        target: target.to_owned(),
        description: None,
        effect,
    };
    let finding = Finding {
        id: "one".into(),
        level: Level::Info,
        message: String::new(),
        site: source.site(source.root().id()),
        fix: Some(fix),
    };
    apply_fixes(&source, &[finding])
}

fn check_removed(source: &str, target: &str, expect: &str) {
    let text = act(source, target, OverlayEffect::Remove(true));
    assert_eq!(
        text.as_ref().map(Option::as_deref),
        Ok(Some(expect)),
        "{source:?} {target}"
    );
}

fn check_updated(source: &str, target: &str, value: serde_json::Value, expect: &str) {
    let text = act(source, target, OverlayEffect::Update(value));
    assert_eq!(
        text.as_ref().map(Option::as_deref),
        Ok(Some(expect)),
        "{source:?} {target}"
    );
}

#[test]
fn yaml_keeps_comments_and_form() {
    check(
        "a.yaml",
        "# ours
openapi: 3.0.4   # not 3.1 yet
info: {title: a,   version: '1'}
servers:
- url: 'https://a.test/'  # production
- url: https://b.test/
paths:
  /a:
    get:
      tags: [one, two]
      responses:
        '200':
          description: >
            All
            of it.
          content:
            application/json:
              schema:
                # A comment of the reference.
                $ref: '#/components/schemas/Used'
                description: ignored
components:
  schemas:
    # The first.
    Unused:
      type: object
    Used: {type: object}
    # The last.
    Other: {type: object}  # gone
",
        "# ours
openapi: 3.0.4   # not 3.1 yet
info: {title: a,   version: '1'}
servers:
- url: 'https://a.test'  # production
- url: https://b.test
paths:
  /a:
    get:
      tags: [one, two]
      responses:
        '200':
          description: >
            All
            of it.
          content:
            application/json:
              schema:
                # A comment of the reference.
                $ref: '#/components/schemas/Used'
components:
  schemas:
    # The first.
    Used: {type: object}
    # The last.
tags:
  - name: one
  - name: two
",
    );
}

#[test]
fn json_keeps_its_layout() {
    check(
        "a.json",
        r##"{
  "openapi": "3.0.4",
  "info": {"title": "a", "version": "1"},
  "servers": [ {"url": "https://a.test/"} ],
  "tags": [
    {"name": "one"}
  ],
  "paths": {"/a": {"get": {"tags": ["one", "two"], "responses": {}}}},
  "components": {
    "schemas": {
      "A": {"type": "object"},
      "B": {"type": "object"}
    }
  }
}
"##,
        r##"{
  "openapi": "3.0.4",
  "info": {"title": "a", "version": "1"},
  "servers": [ {"url": "https://a.test"} ],
  "tags": [
    {"name": "one"},
    {
      "name": "two"
    }
  ],
  "paths": {"/a": {"get": {"tags": ["one", "two"], "responses": {}}}},
  "components": {
    "schemas": {}
  }
}
"##,
    );
    check(
        "a.json",
        r#"{"openapi":"3.0.4","servers":[{"url":"https://a.test/"}],"paths":{"/a":{"get":{"tags":["t"]}}}}"#,
        r#"{"openapi":"3.0.4","servers":[{"url":"https://a.test"}],"paths":{"/a":{"get":{"tags":["t"]}}},"tags":[{"name":"t"}]}"#,
    );
}

#[test]
fn windows_line_ends_stay() {
    check_updated(
        "a: 1\r\nb: 2\r\n",
        "$",
        json!({"c": ["x"]}),
        "a: 1\r\nb: 2\r\nc:\r\n  - x\r\n",
    );
    check_removed("a: 1\r\nb: 2\r\n", "$.b", "a: 1\r\n");
}

#[test]
fn what_is_left_empty_says_so() {
    check_removed("a:\n  b: 1\nc: 2\n", "$.a.b", "a: {}\nc: 2\n");
    check_removed("a: # why\n  b: 1\n", "$.a.b", "a: # why\n  {}\n");
    check_removed("a:\n- b\n", "$.a[0]", "a: []\n");
    check_removed("{a: {b: 1}}", "$.a.b", "{a: {}}");
}

#[test]
fn removals_take_what_is_theirs() {
    check_removed("a: 1\nb:\nc: 2\n", "$.b", "a: 1\nc: 2\n");
    check_removed("a: 1\nb: 2\n", "$.a", "b: 2\n");
    check_removed("- a: 1\n  b: 2\n", "$[0].a", "- b: 2\n");
    check_removed("- a\n- b\n", "$[1]", "- a\n");
    check_removed("- a\n- b\n", "$[0]", "- b\n");
    check_removed("{a: 1, b: 2, c: 3}", "$.b", "{a: 1, c: 3}");
    check_removed("{a: 1, b: 2, c: 3}", "$.a", "{b: 2, c: 3}");
    check_removed(
        "a: |\n  text\n\nb: 1\nc: 2\n",
        "$.b",
        "a: |\n  text\n\nc: 2\n",
    );
    check_removed("a: {'12': {b: 1}, c: 1}\n", "$['a']['12']", "a: {c: 1}\n");
}

#[test]
fn updates_are_merged() {
    check_updated("a: {}\n", "$.a", json!({"b": 1}), "a: {b: 1}\n");
    check_updated(
        "a:\n  b: 'x'\nc: 1\n",
        "$.a",
        json!({"b": "it's", "d": "yes"}),
        "a:\n  b: 'it''s'\n  d: 'yes'\nc: 1\n",
    );
    check_updated(
        "- a: 1\n",
        "$[0]",
        json!({"b": {"c": []}}),
        "- a: 1\n  b:\n    c: []\n",
    );
    check_updated("a: [1]\n", "$.a", json!({"b": 2}), "a: [1, {b: 2}]\n");
    check_updated(
        "a:\n  - b: 1\nc: 2\n",
        "$.a",
        json!({"b": 2, "d": 3}),
        "a:\n  - b: 1\n  - b: 2\n    d: 3\nc: 2\n",
    );
}

#[test]
fn what_is_not_safe_is_refused() {
    let check = |text: &str, target: &str, effect: OverlayEffect, expect: &str| {
        let error = act(text, target, effect).unwrap_err().to_string();
        assert!(error.contains(expect), "{text:?}: {error}");
    };
    let update = |value| OverlayEffect::Update(value);
    let alias = "a: &x {b: 1}\nc: *x\n";
    check(alias, "$.c", update(json!({"d": 1})), "YAML alias");
    check(alias, "$.a", update(json!({"d": 1})), "would not mean");
    check(alias, "$.a", OverlayEffect::Remove(true), "would not mean");
    check(
        "a:\n  b: |\n    x\n    y\n",
        "$.a",
        update(json!({"b": "z"})),
        "several lines",
    );
    check(
        "a: 1\n",
        "$",
        update(json!({"a": {"b": 1}})),
        "another kind",
    );
    check("a: 1\n", "$..a", OverlayEffect::Remove(true), "one place");
    check(
        "a: 1\n",
        "$.b",
        OverlayEffect::Remove(true),
        "nothing at that place",
    );
}

#[test]
fn nothing_to_repair_is_no_text() {
    assert_eq!(repaired("a.yaml", "openapi: 3.0.4\n"), Ok(None));
}
