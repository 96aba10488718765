//! What a team decides of comparisons: strict clients, versions that are judged, overrides that a push honours too.

use std::fs;

use serde_json::Value;

use super::{BASE, REMOVED, REVISION, code, folder, ids, run, write};
use crate::support::{Setup, Towpath, eventually};

/// Adds a parameter, a property of a response and an operation, all optional.
const ADDED: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.5.0}
paths:
  /payments:
    get:
      operationId: listPayments
      parameters: [{in: query, name: limit, schema: {type: integer}}]
      responses: {'200': {description: The payments., content: {application/json: {schema: {type: object, properties: {id: {type: string}, note: {type: string}}}}}}}
  /payouts:
    get:
      responses: {'200': {description: The payouts.}}
";

/// What [`ADDED`] adds to.
fn before() -> String {
    let (head, _) = ADDED.split_once("  /payouts:").unwrap();
    head.replace(", note: {type: string}", "")
        .replace("{in: query, name: limit, schema: {type: integer}}", "")
}

/// Rule, level and who breaks, of each change.
fn levels(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).unwrap();
    let changes = report["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |change: &Value| {
        let breaks: Vec<String> = change["breaks"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect();
        format!(
            "{} {} {}",
            text(&change["id"]),
            text(&change["level"]),
            breaks.join(",")
        )
    };
    changes.map(line).collect()
}

const TOLERANT: [&str; 3] = [
    "new-optional-request-parameter info ",
    "response-optional-property-added info ",
    "endpoint-added info ",
];
const STRICT: [&str; 3] = [
    "new-optional-request-parameter warning sdk",
    "response-optional-property-added warning wire,sdk",
    "endpoint-added info ",
];

#[test]
fn strict_clients_are_warned_of_additions_that_break_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "base.yaml", &before());
    write(path, "added.yaml", ADDED);
    let check = |flags: &str, expect: &[&str]| {
        let (_, json, said) = run(
            path,
            &format!("diff base.yaml added.yaml --format json {flags}"),
        );
        assert_eq!(levels(&json), expect, "{flags}: {said}");
    };
    check("", &TOLERANT);
    check("--clients strict", &STRICT);
    assert_eq!(code(path, "diff base.yaml added.yaml --fail-on warning"), 0);
    assert_eq!(
        code(
            path,
            "diff base.yaml added.yaml --fail-on warning --clients strict"
        ),
        1
    );
    assert_eq!(code(path, "diff base.yaml added.yaml --clients polite"), 2);
    assert_eq!(
        code(path, "changelog base.yaml added.yaml --clients strict"),
        0
    );

    write(path, "towpath.toml", "[contract]\nclients = \"strict\"\n");
    check("", &STRICT);
    check("--clients tolerant", &TOLERANT);
    let rule = "[[contract.rule]]\nid = \"response-optional-property-added\"\nlevel = \"none\"\nreason = \"ours decode leniently\"\nowner = \"mara\"\nexpires = 9999-12-31\n";
    write(
        path,
        "towpath.toml",
        &format!("[contract]\nclients = \"strict\"\n{rule}"),
    );
    write(path, "levels.txt", "new-optional-request-parameter info\n");
    check(
        "--severity-levels levels.txt",
        &["new-optional-request-parameter info sdk", TOLERANT[2]],
    );
    write(path, "towpath.toml", "[contract]\nclients = \"polite\"\n");
    assert_eq!(code(path, "diff base.yaml added.yaml"), 2);
}

#[test]
fn a_rule_says_what_strict_clients_change() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text, _) = run(folder.path(), "explain response-optional-property-added");
    assert!(
        text.contains("\nWith strict clients: warning, because decoders that refuse"),
        "{text}"
    );
    let (_, text, _) = run(folder.path(), "explain endpoint-added");
    assert!(!text.contains("strict"), "{text}");
    write(folder.path(), "base.yaml", &before());
    write(folder.path(), "added.yaml", ADDED);
    let diff = "diff base.yaml added.yaml --format sarif";
    let (_, tolerant, _) = run(folder.path(), diff);
    let (_, strict, _) = run(folder.path(), &format!("{diff} --clients strict"));
    let reason = "With strict clients: warning";
    assert!(strict.contains(reason) && !tolerant.contains(reason));
}

#[test]
fn versions_are_judged_when_the_team_says_so() {
    let folder = folder();
    let path = folder.path();
    let check = |flags: &str, expect: &[&str]| {
        let (_, json, _) = run(
            path,
            &format!("diff base.yaml revision.yaml --format json {flags}"),
        );
        let found = ids(&json);
        let found: Vec<_> = found
            .iter()
            .filter(|id| id.starts_with("api-") && id.contains("version"))
            .collect();
        assert_eq!(found, expect, "{flags}");
    };
    check("", &[]);
    check("--version-policy semver", &["api-major-version-not-bumped"]);
    write(
        path,
        "towpath.toml",
        "[contract]\nversion_policy = \"semver\"\n",
    );
    check("", &["api-major-version-not-bumped"]);
    check("--version-policy none", &[]);
    write(path, "levels.txt", &format!("{REMOVED} info\n"));
    check("--severity-levels levels.txt", &[]);

    let (_, _, said) = run(path, "diff base.yaml revision.yaml");
    assert!(
        said.contains(
            "version: the changes need a major bump, and `1.4.0` to `1.5.0` is a minor one"
        ),
        "{said}"
    );
    let (_, text, _) = run(path, "changelog base.yaml revision.yaml");
    assert!(!text.contains("of the same major"), "{text}");
}

/// Schemas one within the other, deeper than a comparison goes.
fn nested(leaf: &str) -> String {
    let depth = 100;
    let (open, close) = ("{properties: {a: ".repeat(depth), "}}".repeat(depth));
    format!(
        "openapi: 3.1.0\ninfo: {{title: a, version: '1'}}\npaths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {{application/json: {{schema: {open}{{type: {leaf}}}{close}}}}}}}}}}}}}}}\n"
    )
}

#[test]
fn a_comparison_that_is_not_whole_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "base.yaml", &nested("string"));
    write(path, "revision.yaml", &nested("integer"));
    let part = "there may be more changes than these\n  = help: ";
    let (_, text, _) = run(path, "diff base.yaml revision.yaml");
    assert!(text.contains(part), "{text}");
    for command in [
        "diff base.yaml revision.yaml --format json",
        "changelog base.yaml revision.yaml",
    ] {
        let (_, text, said) = run(path, command);
        assert!(
            said.contains(part) && !text.contains(part),
            "{command}: {said}"
        );
    }
    let (_, text, said) = run(path, "diff base.yaml base.yaml");
    assert!(!text.contains(part) && !said.contains(part));
}

fn push(towpath: &Towpath, text: &str) -> (i32, String) {
    let file = towpath.folder().join("pushed.yaml");
    fs::write(&file, text).unwrap();
    let output = towpath.run(&[
        "contract",
        "push",
        file.to_str().unwrap(),
        "--surface",
        "api",
    ]);
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

#[test]
fn a_push_is_judged_by_the_policy_of_the_server() {
    let expired = format!(
        "[[contract.rule]]\nid = \"{REMOVED}\"\nlevel = \"info\"\nreason = \"unused\"\nowner = \"mara\"\nexpires = 2020-01-01\n"
    );
    let towpath = Setup::new("http://127.0.0.1:9")
        .contract(BASE)
        .top(&expired)
        .start();
    let (exit, said) = push(&towpath, REVISION);
    assert_eq!(exit, 1, "{said}");
    assert!(
        said.contains("expired on 2020-01-01") && said.contains("ask mara (unused)"),
        "{said}"
    );

    let config = towpath.folder().join("towpath.toml");
    let text = fs::read_to_string(&config).unwrap();
    let held = text.replace("2020-01-01", "9999-12-31").replace(
        "[[contract.rule]]",
        "[contract]\nclients = \"strict\"\n[[contract.rule]]",
    );
    fs::write(&config, held).unwrap();
    let pid = rustix::process::Pid::from_raw(towpath.pid().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
    eventually("the override holds after a reload", || {
        push(&towpath, REVISION).0 == 0
    });

    // Held, not declared: nothing counts as broken.
    push(&towpath, &before());
    let (exit, said) = push(&towpath, ADDED);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("2 changes that may break"), "{said}");
}
