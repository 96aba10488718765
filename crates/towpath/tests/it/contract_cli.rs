//! Contracts at the command line: sides from files, stdin and git, every format, levels, exit codes, clear refusals.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::Setup;

mod policy;

const BASE: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.4.0}
paths:
  /payments:
    get:
      operationId: listPayments
      responses: {'200': {description: The payments.}}
  /refunds:
    post:
      operationId: createRefund
      responses: {'201': {description: Created.}}
";
const REVISION: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.5.0}
paths:
  /payments:
    get:
      operationId: listPayments
      responses: {'200': {description: The payments.}}
  /payouts:
    get:
      operationId: listPayouts
      responses: {'200': {description: The payouts.}}
";
const REMOVED: &str = "api-path-removed-without-deprecation";

/// A folder with both contracts.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "base.yaml", BASE);
    write(folder.path(), "revision.yaml", REVISION);
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn towpath(folder: &Path, arguments: &str, stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_towpath"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_remove("TOWPATH_CONFIG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

/// Exit code, stdout and stderr.
fn run(folder: &Path, arguments: &str) -> (i32, String, String) {
    let output = towpath(folder, arguments, "");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn code(folder: &Path, arguments: &str) -> i32 {
    run(folder, arguments).0
}

fn ids(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).unwrap();
    assert_eq!(report["schema_version"], 1);
    let changes = report["changes"].as_array().unwrap();
    let ids = changes.iter().map(|change| change["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[test]
fn the_exit_code_says_what_was_found() {
    let folder = folder();
    let check = |arguments: &str, expect: i32| {
        assert_eq!(code(folder.path(), arguments), expect, "{arguments}");
    };
    check("diff base.yaml base.yaml", 0);
    check("diff base.yaml revision.yaml", 1);
    check("diff base.yaml revision.yaml --fail-on never", 0);
    check("diff revision.yaml base.yaml --fail-on INFO", 1);
    check("diff base.yaml base.yaml --fail-on info", 0);
    check("diff base.yaml revision.yaml --level error", 1);
    check(
        "diff base.yaml revision.yaml --fail-on never --check-version",
        1,
    );
    check("diff base.yaml", 2);
    check("diff base.yaml revision.yaml --format xml", 2);
    check("diff - -", 2);
    check("diff base.yaml absent.yaml", 3);
    check("changelog base.yaml revision.yaml", 0);
    check("explain no-such-rule", 2);
}

#[test]
fn json_has_both_places() {
    let folder = folder();
    let (_, json, _) = run(folder.path(), "diff base.yaml revision.yaml --format json");
    let report: Value = serde_json::from_str(&json).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let removed = changes
        .iter()
        .find(|change| change["id"] == REMOVED)
        .unwrap();
    assert_eq!(removed["level"], "error");
    assert_eq!(removed["operation"]["operation_id"], "createRefund");
    assert_eq!(removed["base"]["file"], "base.yaml");
    assert_eq!(removed["base"]["line"], 9);
    assert_eq!(removed["revision"], Value::Null);
    assert_eq!(report["summary"]["error"], 1);
    assert_eq!(removed["fingerprint"].as_str().unwrap().len(), 16);
}

#[test]
fn every_format_tells_of_the_removal_and_goes_to_a_file() {
    let folder = folder();
    for format in [
        "human", "json", "sarif", "github", "gitlab", "junit", "markdown", "html",
    ] {
        let arguments = format!("diff base.yaml revision.yaml --format {format}");
        let (exit, printed, _) = run(folder.path(), &arguments);
        assert_eq!(exit, 1, "{format}");
        assert!(printed.contains(REMOVED), "{format}: {printed}");
        assert!(
            !printed.contains('\u{1b}'),
            "{format}: colour without a terminal"
        );
        let (exit, nothing, _) = run(folder.path(), &format!("{arguments} --output report"));
        assert_eq!((exit, nothing.as_str()), (1, ""));
        assert_eq!(
            fs::read_to_string(folder.path().join("report")).unwrap(),
            printed
        );
    }
    let (_, sarif, _) = run(folder.path(), "diff base.yaml revision.yaml --format sarif");
    let log: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let removed = rules.iter().find(|rule| rule["id"] == REMOVED).unwrap();
    assert!(
        removed["help"]["text"]
            .as_str()
            .is_some_and(|help| help.len() > 40)
    );
}

#[test]
fn one_side_may_be_stdin() {
    let folder = folder();
    let output = towpath(folder.path(), "diff - revision.yaml --format json", BASE);
    assert_eq!(output.status.code(), Some(1));
    let json = String::from_utf8(output.stdout).unwrap();
    assert!(ids(&json).contains(&REMOVED.to_owned()));
    assert!(json.contains("\"file\": \"stdin\""));
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

#[test]
fn a_side_may_be_a_path_at_a_git_revision() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("api")).unwrap();
    write(path, "api/openapi.yaml", BASE);
    git(path, &["init", "-q"]);
    git(path, &["add", "."]);
    git(path, &["commit", "-q", "-m", "one"]);
    write(path, "api/openapi.yaml", REVISION);

    let (exit, json, _) = run(
        path,
        "diff HEAD:api/openapi.yaml api/openapi.yaml --format json",
    );
    assert_eq!(exit, 1);
    assert!(json.contains("\"file\": \"HEAD:api/openapi.yaml\""));
    let below = path.join("api");
    assert_eq!(code(&below, "diff HEAD:./openapi.yaml openapi.yaml"), 1);
    assert_eq!(
        code(path, "diff HEAD:api/openapi.yaml HEAD:api/openapi.yaml"),
        0
    );

    let (exit, _, said) = run(path, "diff HEAD:openapi.yaml api/openapi.yaml");
    assert_eq!(exit, 3);
    assert!(
        said.contains("git cannot read it") && said.contains("--> HEAD:openapi.yaml"),
        "{said}"
    );
    let (exit, _, said) = run(path, "diff nowhere:api/openapi.yaml api/openapi.yaml");
    assert_eq!(exit, 3);
    assert!(said.contains("`git fetch` the revision"), "{said}");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let folder = folder();
    let check = |text: &str, expect: &str| {
        write(folder.path(), "bad.yaml", text);
        let (exit, printed, said) = run(folder.path(), "diff base.yaml bad.yaml");
        assert_eq!((exit, printed.as_str()), (3, ""), "{text}");
        assert!(said.contains(expect), "{text:?}: {said}");
    };
    check("openapi: 3.1.0\npaths: [\n", "--> bad.yaml:");
    check("swagger: '2.0'\n", "this is a Swagger 2.0 contract");
    check("hello", "bad.yaml");
    check(
        "tools: [{name: find}]",
        "bad.yaml is a list of MCP tools, and base.yaml is not",
    );
    let (_, _, said) = run(folder.path(), "diff base.yaml absent.yaml");
    assert!(
        said.contains("cannot read the file") && said.contains("--> absent.yaml"),
        "{said}"
    );
}

#[test]
fn what_is_not_compared_whole_has_not_passed() {
    let folder = folder();
    let deep = |kind: &str| {
        let open = "{properties: {p: ".repeat(100);
        let close = "}}".repeat(100);
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {open}{{type: {kind}}}{close}}}}}}}}}}}}}\n"
        )
    };
    write(folder.path(), "base.yaml", &deep("string"));
    write(folder.path(), "revision.yaml", &deep("integer"));
    let (code, stdout, stderr) = run(folder.path(), "diff base.yaml revision.yaml");
    assert_eq!(code, 3, "{stderr}");
    assert!(stdout.contains("there may be more changes"), "{stdout}");
    assert!(stderr.contains("not compared whole"), "{stderr}");
    let never = "diff base.yaml revision.yaml --fail-on never";
    assert_eq!(self::code(folder.path(), never), 0);
}

#[test]
fn levels_come_from_files_and_end_with_their_day() {
    let folder = folder();
    let path = folder.path();
    write(path, "levels.txt", &format!("{REMOVED} warn\n"));
    assert_eq!(
        code(
            path,
            "diff base.yaml revision.yaml --severity-levels levels.txt"
        ),
        0
    );
    write(path, "levels.txt", &format!("{REMOVED} none\n"));
    let (_, json, _) = run(
        path,
        "diff base.yaml revision.yaml --severity-levels levels.txt --format json",
    );
    assert!(!ids(&json).contains(&REMOVED.to_owned()));
    write(path, "levels.txt", "\napi-removed fatal\n");
    let (exit, _, said) = run(
        path,
        "diff base.yaml revision.yaml --severity-levels levels.txt",
    );
    assert_eq!(exit, 2);
    assert!(
        said.contains("levels.txt:2:1") && said.contains("`fatal` is no level"),
        "{said}"
    );

    let rule = |day: &str| {
        format!(
            "[[contract.rule]]\nid = \"{REMOVED}\"\nlevel = \"info\"\nreason = \"unused\"\nowner = \"mara\"\nexpires = {day}\n"
        )
    };
    write(path, "towpath.toml", &rule("9999-12-31"));
    assert_eq!(code(path, "diff base.yaml revision.yaml"), 0);
    write(path, "towpath.toml", &rule("2020-01-01"));
    let (exit, _, said) = run(path, "diff base.yaml revision.yaml");
    assert_eq!(exit, 1);
    assert!(
        said.contains("expired on 2020-01-01") && said.contains("ask mara (unused)"),
        "{said}"
    );
}

#[test]
fn changes_are_ignored_included_and_excluded() {
    let folder = folder();
    let path = folder.path();
    write(
        path,
        "accepted.md",
        &format!("- POST /refunds {REMOVED}: nobody calls it\n"),
    );
    let (exit, _, said) = run(
        path,
        "diff base.yaml revision.yaml --err-ignore accepted.md",
    );
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("1 accepted by an ignore file"), "{said}");
    assert_eq!(
        code(
            path,
            "diff base.yaml revision.yaml --warn-ignore accepted.md"
        ),
        1
    );
    assert_eq!(
        code(path, "diff base.yaml revision.yaml --exclude api-path-*"),
        0
    );
    let (_, json, _) = run(
        path,
        "diff base.yaml revision.yaml --include *-removed-* --format json",
    );
    assert_eq!(ids(&json), [REMOVED]);
}

#[test]
fn lists_of_mcp_tools_are_compared_too() {
    let folder = tempfile::tempdir().unwrap();
    let list = |required: &str| {
        format!(
            r#"{{"jsonrpc": "2.0", "id": 1, "result": {{"tools": [{{"name": "find", "inputSchema": {{"type": "object", "properties": {{"q": {{"type": "string"}}}}, "required": [{required}]}}}}]}}}}"#
        )
    };
    write(folder.path(), "a.json", &list(""));
    write(folder.path(), "b.json", &list("\"q\""));
    let (exit, json, _) = run(folder.path(), "diff a.json b.json --format json");
    assert_eq!(exit, 1);
    assert_eq!(ids(&json), ["mcp-tool-argument-became-required"]);
    assert_eq!(code(folder.path(), "diff b.json a.json"), 0);
}

#[test]
fn a_changelog_names_what_breaks() {
    let folder = folder();
    let (_, text, _) = run(folder.path(), "changelog base.yaml revision.yaml");
    assert!(text.starts_with("## Payments 1.5.0\n"), "{text}");
    for line in [
        "### Added",
        "### Removed",
        "- `POST /refunds`: **Breaking:**",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let (_, json, _) = run(
        folder.path(),
        "changelog base.yaml revision.yaml --format json",
    );
    let changelog: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&changelog["from"], &changelog["to"]),
        (&"1.4.0".into(), &"1.5.0".into())
    );
}

#[test]
fn rules_are_explained_listed_and_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let (exit, text, _) = run(folder.path(), &format!("explain {REMOVED}"));
    assert_eq!(exit, 0);
    for part in [
        "Breaks: ",
        "Why: ",
        "Instead: ",
        "Reported:",
        "Not reported:",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (exit, _, said) = run(folder.path(), "explain mcp-tool-remved");
    assert_eq!(exit, 2);
    assert!(said.contains("did you mean `mcp-tool-removed`?"), "{said}");

    let (_, json, _) = run(folder.path(), "explain --list --format json");
    let rules: Vec<Value> = serde_json::from_str(&json).unwrap();
    for kind in ["diff", "mcp-tool", "lint", "score"] {
        let of_kind = rules.iter().filter(|rule| rule["kind"] == kind);
        assert!(of_kind.count() > 30, "{kind}");
    }
    let (_, table, _) = run(folder.path(), "explain --list");
    assert!(table.contains("operation-operationId ") && table.contains("mcp-tool-removed "));

    let (exit, text, _) = run(folder.path(), "explain operation-operationId");
    assert_eq!(exit, 0);
    for part in [
        "operation-operationId (lint, warning)",
        "Why: ",
        "Instead: ",
        "Reported:\n  paths:",
        "Not reported:\n  paths:",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(code(folder.path(), "explain --list --output x"), 2);
}

#[test]
fn lint_finds_and_offers_repairs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(
        path,
        "openapi.yaml",
        &BASE.replace(
            "paths:",
            "servers: [{url: 'https://api.example.com/'}]\npaths:",
        ),
    );
    let (exit, json, _) = run(path, "lint openapi.yaml --fix --format json");
    let report: Value = serde_json::from_str(&json).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let slash = findings
        .iter()
        .find(|one| one["id"] == "oas3-server-trailing-slash")
        .unwrap();
    assert_eq!((slash["line"].as_u64(), exit), (Some(3), 0));
    let overlay: Value =
        serde_json::from_slice(&fs::read(path.join("openapi.overlay.json")).unwrap()).unwrap();
    assert_eq!(overlay["overlay"], "1.0.0");
    assert!(
        overlay["actions"]
            .as_array()
            .is_some_and(|actions| !actions.is_empty())
    );
    assert_eq!(code(path, "lint openapi.yaml --fail-on warning"), 1);

    write(
        path,
        "rules.yaml",
        "rules:\n  has-contact: {given: $.info, severity: error, then: {field: contact, function: truthy}}\n",
    );
    let (exit, text, _) = run(path, "lint openapi.yaml --ruleset rules.yaml");
    assert_eq!(exit, 1, "{text}");
    assert!(
        text.contains("error[has-contact]") && text.contains("--> openapi.yaml:2:"),
        "{text}"
    );
    write(
        path,
        "rules.yaml",
        "rules:\n  x: {given: $.info, then: {function: noSuch}}\n",
    );
    let (exit, _, said) = run(path, "lint openapi.yaml --ruleset rules.yaml");
    assert_eq!(exit, 2);
    assert!(said.contains("--> rules.yaml:2:"), "{said}");
}

#[test]
fn lint_says_what_it_cannot_judge_instead_of_finding_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("folder")).unwrap();
    let check = |name: &str, bytes: &[u8], parts: &[&str]| {
        if !bytes.is_empty() || name == "empty.yaml" {
            fs::write(path.join(name), bytes).unwrap();
        }
        let (exit, text, said) = run(path, &format!("lint {name}"));
        assert_eq!(exit, 3, "{name}: {text}{said}");
        for part in parts.iter().chain([&"  = help: ", &"error: "]) {
            assert!(said.contains(part), "{name}: {part}: {said}");
        }
    };
    check("folder", b"", &["Is a directory", " --> folder"]);
    check("gone.yaml", b"", &["No such file", " --> gone.yaml"]);
    check("empty.yaml", b"", &["is empty", " --> empty.yaml:1:1"]);
    check("latin.yaml", b"a: \xff\n", &["is not UTF-8", ":1:4"]);
    let swagger = b"swagger: '2.0'\ninfo: {title: a, version: '1'}\npaths: {}\n";
    check("swagger.yaml", swagger, &["Swagger 2.0", ":1:1", "convert"]);
    check("events.yaml", b"asyncapi: 2.6.0\n", &["AsyncAPI", ":1:1"]);
    check("list.json", b"[1]", &[" --> list.json:1:1"]);
    check("other.yaml", b"a: b\n", &["`openapi` is missing"]);
    check("later.yaml", b"openapi: 4.0.0\n", &["4.0.0"]);

    // A ruleset of one's own may be about any document.
    write(
        path,
        "rules.yaml",
        "rules:\n  x: {given: $.info, severity: error, then: {field: y, function: truthy}}\n",
    );
    let (exit, text, said) = run(path, "lint swagger.yaml --ruleset rules.yaml");
    assert_eq!(exit, 1, "{text}{said}");
    assert!(
        text.contains("error[x]") && !text.contains("unrecognized"),
        "{text}"
    );
    write(path, ".spectral.yaml", "extends: spectral:oas\n");
    let (exit, text, _) = run(path, "lint swagger.yaml");
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("warning[unrecognized-format]"), "{text}");
    assert_eq!(code(path, "lint swagger.yaml --ruleset gone.yaml"), 3);

    let swagger = String::from_utf8(swagger.to_vec()).unwrap();
    let outcome = towpath(path, "lint - --ruleset rules.yaml", &swagger);
    assert_eq!(outcome.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&outcome.stdout).contains(" --> stdin:2:7"));
}

#[test]
fn repairs_are_written_into_the_contract_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let check = |name: &str, text: &str, expect: &str| {
        write(path, name, text);
        let (exit, json, said) = run(path, &format!("lint {name} --fix --in-place --format json"));
        assert_eq!(exit, 0, "{said}");
        assert!(said.contains("was repaired"), "{said}");
        assert_eq!(fs::read_to_string(path.join(name)).unwrap(), expect);
        assert!(!json.contains("oas3-server-trailing-slash"), "{json}");
        let (_, _, said) = run(path, &format!("lint {name} --fix --in-place"));
        assert!(said.contains("no finding has a repair"), "{said}");
        assert_eq!(fs::read_to_string(path.join(name)).unwrap(), expect);
    };
    let yaml = "\u{feff}# Ours.\nopenapi: 3.1.0\ninfo: {title: Payments,  version: 1.0.0}\nservers: # all\n  - url: 'https://a.test/' # main\npaths: {}\n";
    check("a.yaml", yaml, &yaml.replace("test/'", "test'"));
    let json = "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\"title\": \"Payments\",  \"version\": \"1\"},\n  \"servers\": [ {\"url\": \"https://a.test/\"} ],\n  \"paths\": {}\n}";
    check("a.json", json, &json.replace("test/\"", "test\""));

    let left: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(
        left.len(),
        2,
        "neither an Overlay nor a temporary file: {left:?}"
    );
    assert_eq!(code(path, "lint a.yaml --in-place"), 2);
    assert_eq!(code(path, "lint a.yaml --fix=o.json --in-place"), 0);
    assert_eq!(
        towpath(path, "lint - --fix --in-place", yaml).status.code(),
        Some(2)
    );
}

#[test]
fn repairs_take_what_only_shows_behind_other_repairs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Nothing refers to A; A alone refers to B, and B to C.
    let text = "openapi: 3.1.0
info: {title: a, version: '1'}
tags: [{name: old}]
paths:
  /x: {get: {tags: [old, new], responses: {'200': {description: ok}}}}
components:
  schemas:
    A: {properties: {b: {$ref: '#/components/schemas/B'}}}
    B: {properties: {c: {$ref: '#/components/schemas/C'}}}
    C: {type: string}
";
    write(path, "a.yaml", text);
    let (exit, _, said) = run(path, "lint a.yaml --fix");
    assert_eq!(exit, 0, "{said}");
    let overlay: Value =
        serde_json::from_slice(&fs::read(path.join("a.overlay.json")).unwrap()).unwrap();
    let actions: Vec<String> = overlay["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| {
            format!(
                "{} {}",
                action["target"].as_str().unwrap(),
                action["update"]
            )
        })
        .collect();
    let expect = [
        "$ {\"tags\":[{\"name\":\"new\"}]}",
        "$['components']['schemas']['C'] null",
        "$['components']['schemas']['B'] null",
        "$['components']['schemas']['A'] null",
    ];
    assert_eq!(actions, expect);
    assert!(said.contains("the repairs of 4 findings"), "{said}");

    let (_, json, _) = run(path, "lint a.yaml --fix --in-place --format json");
    for id in ["oas3-unused-component", "operation-tag-defined"] {
        assert!(!json.contains(id), "{id}: {json}");
    }
    let left = fs::read_to_string(path.join("a.yaml")).unwrap();
    assert!(
        left.contains("name: old") && left.contains("name: new"),
        "{left}"
    );
}

#[test]
fn a_contract_that_cannot_be_repaired_safely_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let text = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\nservers:\n  - &main {url: 'https://a.test/'}\n  - *main\npaths: {}\n";
    write(path, "a.yaml", text);
    let (exit, _, said) = run(path, "lint a.yaml --fix --in-place");
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("the file is as it was"), "{said}");
    assert_eq!(fs::read_to_string(path.join("a.yaml")).unwrap(), text);
}

#[test]
fn score_tells_two_numbers_and_judges_them() {
    let folder = folder();
    let path = folder.path();
    let (exit, text, _) = run(path, "score revision.yaml --base base.yaml");
    assert_eq!(exit, 0, "{text}");
    assert!(
        text.starts_with("readability ") && text.contains("safety "),
        "{text}"
    );
    assert!(text.contains("against the base:"), "{text}");
    let (_, json, _) = run(path, "score revision.yaml --base base.yaml --format json");
    let score: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(score["schema_version"], 1);
    assert!(score["readability"].is_f64() && score["delta"]["readability"].is_object());
    let (exit, _, said) = run(path, "score revision.yaml --min-readability 100");
    assert_eq!(exit, 1);
    assert!(said.contains("below 100.0"), "{said}");
    write(path, "tasks.txt", "see the payouts\tGET /payouts\n");
    let (_, text, _) = run(path, "score revision.yaml --tasks tasks.txt");
    assert!(text.contains("tasks: "), "{text}");
}

#[test]
fn a_push_that_breaks_is_refused_with_its_list_until_it_is_declared() {
    let towpath = Setup::new("http://127.0.0.1:9").contract(BASE).start();
    let file = towpath.folder().join("revision.yaml");
    fs::write(&file, REVISION).unwrap();
    let push = [
        "contract",
        "push",
        file.to_str().unwrap(),
        "--surface",
        "api",
    ];

    let refused = towpath.run(&push);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for part in [
        REMOVED,
        "POST /refunds",
        "= breaks: wire",
        "--allow-breaking REASON",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(
        towpath.json(&["contract", "show", "api"])["contract"]["version"],
        "1.4.0"
    );

    let declared = [&push[..], &["--allow-breaking", "nobody calls it"]].concat();
    let told = towpath.cli(&declared);
    assert!(told.contains("1 breaking change"), "{told}");
    assert_eq!(
        towpath.json(&["contract", "show", "api"])["contract"]["version"],
        "1.5.0"
    );
}
