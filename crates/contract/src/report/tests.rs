//! One small diff and one small lint, in every format.

use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::change::{Change, ChangedOperation};
use crate::finding::{Finding, OverlayAction, OverlayEffect};
use crate::level::{Breaks, Level};
use crate::pointer;
use crate::site::Site;
use crate::source::Source;

const BASE: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.0.0}
paths:
  /payments:
    get:
      operationId: listPayments
      parameters:
        - {name: limit, in: query}
        - {name: cursor, in: query}
";
const REVISION: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.1.0}
paths:
  /payments:
    get:
      operationId: listPayments
      parameters:
        - {name: limit, in: query, required: true}
";

fn at(source: &Source, pointer: &str) -> Option<Arc<Site>> {
    let node = pointer::resolve(source.root(), pointer).unwrap();
    Some(Arc::new(source.site(node.id())))
}

fn changes(base: &Source, revision: &Source) -> Vec<Change> {
    let operation = Arc::new(ChangedOperation {
        method: "GET".into(),
        path: "/payments".into(),
        operation_id: Some("listPayments".into()),
    });
    vec![
        Change {
            id: "api-version-increased",
            level: Level::Info,
            breaks: vec![],
            operation: None,
            base: at(base, "/info/version"),
            revision: at(revision, "/info/version"),
            message: "the version went from `1.0.0` to `1.1.0`".into(),
            fingerprint: "00000000000000aa".into(),
            cause: 0,
        },
        Change {
            id: "request-parameter-removed",
            level: Level::Warning,
            breaks: vec![Breaks::Agent],
            operation: Some(operation.clone()),
            base: at(base, "/paths/~1payments/get/parameters/1/name"),
            revision: None,
            message: "the query parameter `cursor` was removed".into(),
            fingerprint: "00000000000000bb".into(),
            cause: 0,
        },
        Change {
            id: "request-parameter-became-required",
            level: Level::Error,
            breaks: vec![Breaks::Wire, Breaks::Sdk],
            operation: Some(operation),
            base: at(base, "/paths/~1payments/get/parameters/0"),
            revision: at(revision, "/paths/~1payments/get/parameters/0/required"),
            message: "the query parameter `limit` became required: 100% <of> \"calls\"\nsplit"
                .into(),
            fingerprint: "00000000000000cc".into(),
            cause: 0,
        },
    ]
}

fn help(id: &str) -> Option<Help> {
    (id == "request-parameter-became-required").then(|| Help {
        purpose: "A parameter that was optional must be sent.".into(),
        why: "Calls without it are refused.".into(),
        safely: "Keep it optional, with a default.".into(),
    })
}

fn rendered(format: Format, colour: Colour) -> String {
    let base = Source::read(BASE.as_bytes(), "HEAD:api.yaml").unwrap();
    let revision = Source::read(REVISION.as_bytes(), "api.yaml").unwrap();
    let changes = changes(&base, &revision);
    render(
        &Report::of_changes(&changes, &base, &revision, &help),
        format,
        colour,
    )
}

fn rendered_findings(format: Format) -> String {
    let source = Source::read(REVISION.as_bytes(), "api.yaml").unwrap();
    let finding = |pointer, level, fix| Finding {
        id: "operation-description".into(),
        level,
        message: "the operation has no `description`".into(),
        site: Site::clone(&at(&source, pointer).unwrap()),
        fix,
    };
    let fix = OverlayAction {
        target: "$.paths['/payments'].get".into(),
        description: Some("write one".into()),
        effect: OverlayEffect::Update(serde_json::json!({"description": "…"})),
    };
    let findings = [
        finding("/paths/~1payments/get", Level::Warning, Some(fix)),
        finding("/info", Level::Hint, None),
    ];
    render(
        &Report::of_findings(&findings, &source, &help),
        format,
        Colour::Off,
    )
}

#[test]
fn people_see_both_lines() {
    insta::assert_snapshot!(rendered(Format::Human, Colour::Off), @r#"
    The whole contract

    info[api-version-increased]: the version went from `1.0.0` to `1.1.0`
     --> api.yaml:2:34 (revision)
      |
    2 | info: {title: Payments, version: 1.1.0}
      |                                  ^^^^^
     ::: HEAD:api.yaml:2:34 (base)
      |
    2 | info: {title: Payments, version: 1.0.0}
      |                                  -----
      = at: /info/version

    GET /payments (listPayments)

    error[request-parameter-became-required]: the query parameter `limit` became required: 100% <of> "calls" split
     --> api.yaml:8:46 (revision)
      |
    8 |         - {name: limit, in: query, required: true}
      |                                              ^^^^
     ::: HEAD:api.yaml:8:11 (base)
      |
    8 |         - {name: limit, in: query}
      |           ------------------------
      = breaks: wire, sdk
      = at: /paths/~1payments/get/parameters/0/required

    warning[request-parameter-removed]: the query parameter `cursor` was removed
     --> HEAD:api.yaml:9:18 (base)
      |
    9 |         - {name: cursor, in: query}
      |                  ------
      = breaks: agent
      = at: /paths/~1payments/get/parameters/1/name

    1 error, 1 warning, 1 info in 1 operation
    "#);
}

#[test]
fn colour_changes_nothing_but_colour() {
    let coloured = rendered(Format::Human, Colour::On);
    assert!(coloured.contains("\u{1b}[1;31merror[request-parameter-became-required]\u{1b}[0m"));
    let mut plain = String::new();
    for (index, part) in coloured.split('\u{1b}').enumerate() {
        plain.push_str(match index {
            0 => part,
            _ => part.split_once('m').unwrap().1,
        });
    }
    assert_eq!(plain, rendered(Format::Human, Colour::Off));
}

#[test]
fn findings_have_one_place_and_a_fix() {
    insta::assert_snapshot!(rendered_findings(Format::Human), @r"
    warning[operation-description]: the operation has no `description`
     --> api.yaml:6:7
      |
    6 |       operationId: listPayments
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^
      = at: /paths/~1payments/get
      = fix: write one

    hint[operation-description]: the operation has no `description`
     --> api.yaml:2:7
      |
    2 | info: {title: Payments, version: 1.1.0}
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = at: /info

    0 errors, 1 warning, 0 info, 1 hint
    ");
}

#[test]
fn json_has_the_documented_shape() {
    insta::assert_snapshot!(rendered(Format::Json, Colour::Off), @r#"
    {
      "schema_version": 1,
      "changes": [
        {
          "id": "api-version-increased",
          "level": "info",
          "breaks": [],
          "operation": null,
          "base": {
            "file": "HEAD:api.yaml",
            "line": 2,
            "column": 34,
            "pointer": "/info/version"
          },
          "revision": {
            "file": "api.yaml",
            "line": 2,
            "column": 34,
            "pointer": "/info/version"
          },
          "message": "the version went from `1.0.0` to `1.1.0`",
          "fingerprint": "00000000000000aa"
        },
        {
          "id": "request-parameter-removed",
          "level": "warning",
          "breaks": [
            "agent"
          ],
          "operation": {
            "method": "GET",
            "path": "/payments",
            "operation_id": "listPayments"
          },
          "base": {
            "file": "HEAD:api.yaml",
            "line": 9,
            "column": 18,
            "pointer": "/paths/~1payments/get/parameters/1/name"
          },
          "revision": null,
          "message": "the query parameter `cursor` was removed",
          "fingerprint": "00000000000000bb"
        },
        {
          "id": "request-parameter-became-required",
          "level": "error",
          "breaks": [
            "wire",
            "sdk"
          ],
          "operation": {
            "method": "GET",
            "path": "/payments",
            "operation_id": "listPayments"
          },
          "base": {
            "file": "HEAD:api.yaml",
            "line": 8,
            "column": 11,
            "pointer": "/paths/~1payments/get/parameters/0"
          },
          "revision": {
            "file": "api.yaml",
            "line": 8,
            "column": 46,
            "pointer": "/paths/~1payments/get/parameters/0/required"
          },
          "message": "the query parameter `limit` became required: 100% <of> \"calls\"\nsplit",
          "fingerprint": "00000000000000cc"
        }
      ],
      "summary": {
        "error": 1,
        "warning": 1,
        "info": 1
      }
    }
    "#);
    insta::assert_snapshot!(rendered_findings(Format::Json), @r#"
    {
      "schema_version": 1,
      "findings": [
        {
          "id": "operation-description",
          "level": "warning",
          "message": "the operation has no `description`",
          "file": "api.yaml",
          "line": 6,
          "column": 7,
          "pointer": "/paths/~1payments/get",
          "fingerprint": "226d9886a0fc1859",
          "fix": {
            "target": "$.paths['/payments'].get",
            "description": "write one",
            "update": {
              "description": "…"
            }
          }
        },
        {
          "id": "operation-description",
          "level": "hint",
          "message": "the operation has no `description`",
          "file": "api.yaml",
          "line": 2,
          "column": 7,
          "pointer": "/info",
          "fingerprint": "326de5d2a1668e2d",
          "fix": null
        }
      ],
      "summary": {
        "error": 0,
        "warning": 1,
        "info": 0,
        "hint": 1
      }
    }
    "#);
}

#[test]
fn sarif_has_rules_places_and_fingerprints() {
    let log: Value = serde_json::from_str(&rendered(Format::Sarif, Colour::Off)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (3, 3));
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "api.yaml");
        let related = &result["relatedLocations"][0]["physicalLocation"];
        assert_eq!(related["artifactLocation"]["uri"], "HEAD%3Aapi.yaml");
    }
    insta::assert_snapshot!(serde_json::to_string(&results[2]["locations"]).unwrap(), @r#"[{"logicalLocations":[{"fullyQualifiedName":"/paths/~1payments/get/parameters/0/required","kind":"member"}],"physicalLocation":{"artifactLocation":{"uri":"api.yaml"},"region":{"endColumn":50,"startColumn":46,"startLine":8}}}]"#);
    assert_eq!(
        results[2]["partialFingerprints"]["towpath/v1"],
        "00000000000000cc"
    );
    assert_eq!(results[2]["level"], "error");
    // What is gone is shown where it was taken from.
    assert_eq!(
        results[1]["locations"][0]["physicalLocation"]["region"]["startLine"],
        8
    );
    let rule = &rules[2];
    assert!(
        rule["help"]["text"]
            .as_str()
            .unwrap()
            .contains("Keep it optional")
    );
}

#[test]
fn annotations_are_escaped() {
    insta::assert_snapshot!(rendered(Format::Github, Colour::Off), @r#"
    ::notice file=api.yaml,line=2,col=34,title=api-version-increased::the version went from `1.0.0` to `1.1.0`
    ::warning file=api.yaml,line=8,col=9,title=request-parameter-removed::GET /payments: the query parameter `cursor` was removed (breaks: agent)
    ::error file=api.yaml,line=8,col=46,title=request-parameter-became-required::GET /payments: the query parameter `limit` became required: 100%25 <of> "calls"%0Asplit (breaks: wire, sdk)
    1 error, 1 warning, 1 info in 1 operation
    "#);
}

#[test]
fn gitlab_gets_issues() {
    insta::assert_snapshot!(rendered(Format::Gitlab, Colour::Off), @r#"
    [
      {
        "check_name": "api-version-increased",
        "description": "the version went from `1.0.0` to `1.1.0`",
        "fingerprint": "00000000000000aa",
        "location": {
          "lines": {
            "begin": 2
          },
          "path": "api.yaml"
        },
        "severity": "info"
      },
      {
        "check_name": "request-parameter-removed",
        "description": "GET /payments: the query parameter `cursor` was removed",
        "fingerprint": "00000000000000bb",
        "location": {
          "lines": {
            "begin": 8
          },
          "path": "api.yaml"
        },
        "severity": "major"
      },
      {
        "check_name": "request-parameter-became-required",
        "description": "GET /payments: the query parameter `limit` became required: 100% <of> \"calls\"\nsplit",
        "fingerprint": "00000000000000cc",
        "location": {
          "lines": {
            "begin": 8
          },
          "path": "api.yaml"
        },
        "severity": "critical"
      }
    ]
    "#);
}

#[test]
fn junit_fails_what_fails() {
    insta::assert_snapshot!(rendered(Format::Junit, Colour::Off), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" name="The whole contract" tests="1" failures="0" package="towpath" hostname="localhost" timestamp="1970-01-01T00:00:00" errors="0" skipped="0" time="0">
        <properties/>
        <testcase name="api-version-increased /info/version" classname="The whole contract" time="0"/>
        <system-out>
    info: the version went from `1.0.0` to `1.1.0` [revision api.yaml:2:34] [base HEAD:api.yaml:2:34]</system-out>
        <system-err/>
      </testsuite>
      <testsuite id="1" name="GET /payments (listPayments)" tests="2" failures="1" package="towpath" hostname="localhost" timestamp="1970-01-01T00:00:00" errors="0" skipped="0" time="0">
        <properties/>
        <testcase name="request-parameter-became-required /paths/~1payments/get/parameters/0/required" classname="GET /payments (listPayments)" time="0">
          <failure type="error" message="the query parameter `limit` became required: 100% &lt;of&gt; &quot;calls&quot; split">api.yaml:8:46 (breaks: wire, sdk) [revision api.yaml:8:46] [base HEAD:api.yaml:8:11]</failure>
        </testcase>
        <testcase name="request-parameter-removed /paths/~1payments/get/parameters/1/name" classname="GET /payments (listPayments)" time="0"/>
        <system-out>
    warning: the query parameter `cursor` was removed (breaks: agent) [base HEAD:api.yaml:9:18]</system-out>
        <system-err/>
      </testsuite>
    </testsuites>
    "#);
    insta::assert_snapshot!(rendered_findings(Format::Junit), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" name="towpath" tests="2" failures="0" package="towpath" hostname="localhost" timestamp="1970-01-01T00:00:00" errors="0" skipped="0" time="0">
        <properties/>
        <testcase name="operation-description /paths/~1payments/get" classname="towpath" time="0"/>
        <testcase name="operation-description /info" classname="towpath" time="0"/>
        <system-out>
    warning: the operation has no `description` [at api.yaml:6:7]
    hint: the operation has no `description` [at api.yaml:2:7]</system-out>
        <system-err/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn markdown_folds_what_breaks_nobody() {
    insta::assert_snapshot!(rendered(Format::Markdown, Colour::Off), @r#"
    ### Contract changes

    1 error, 1 warning, 1 info in 1 operation

    | | Where | What | Breaks |
    |---|---|---|---|
    | 🔴 error | `GET /payments (listPayments)`<br>revision `api.yaml:8:46`<br>base `HEAD:api.yaml:8:11` | the query parameter `limit` became required: 100% &lt;of&gt; "calls" split<br>`request-parameter-became-required` | wire, sdk |
    | 🟡 warning | `GET /payments (listPayments)`<br>base `HEAD:api.yaml:9:18` | the query parameter `cursor` was removed<br>`request-parameter-removed` | agent |

    <details><summary>1 more, compatible or for information</summary>

    | | Where | What | Breaks |
    |---|---|---|---|
    | 🔵 info | revision `api.yaml:2:34`<br>base `HEAD:api.yaml:2:34` | the version went from `1.0.0` to `1.1.0`<br>`api-version-increased` |  |

    </details>
    "#);
}

#[test]
fn html_is_one_page_without_script() {
    let page = rendered(Format::Html, Colour::Off);
    for absent in [
        "<script", "http:", "https:", "src=", "<link", "<of>", "onload",
    ] {
        assert!(!page.contains(absent), "{absent}");
    }
    for present in [
        "prefers-color-scheme: dark",
        "@media print",
        "100% &lt;of&gt; &quot;calls&quot;",
        "<pre>- {name: limit, in: query, required: <mark>true</mark>}</pre>",
        "<h2><span class=\"method\">GET</span>/payments <small>listPayments</small></h2>",
        "<dt id=\"rule-request-parameter-became-required\">",
        "<dd><b>Instead:</b> Keep it optional, with a default.</dd>",
    ] {
        assert!(page.contains(present), "{present}");
    }
    assert_closed(&page);
    let page = rendered_findings(Format::Html);
    assert!(page.contains("<h2><code>operation-description</code></h2>"));
    assert_closed(&page);
}

/// Every element that is opened is closed in its turn, and no two have the same id.
fn assert_closed(page: &str) {
    let body = page.split_once("</style>").unwrap().1;
    let mut open = vec!["html", "head"];
    let mut ids = std::collections::HashSet::new();
    for tag in body
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
    {
        if let Some((_, rest)) = tag.split_once(" id=\"") {
            let id = rest.split('"').next().unwrap();
            assert!(ids.insert(id), "{id} stands twice");
        }
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{tag}"),
            None if name == "input" => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// The same change of a shared part, told of so many operations.
fn shared(operations: usize) -> (Source, Vec<Change>) {
    let source = Source::read(REVISION.as_bytes(), "api.yaml").unwrap();
    let site = at(&source, "/info/version");
    let change = |index: usize| Change {
        id: "response-property-removed",
        level: Level::Warning,
        breaks: vec![Breaks::Wire],
        operation: Some(Arc::new(ChangedOperation {
            method: "GET".into(),
            path: format!("/p{index}"),
            operation_id: None,
        })),
        base: site.clone(),
        revision: None,
        message: match index {
            1 => "`a` was removed".into(),
            _ => format!("`way/{index}/a` was removed").into(),
        },
        fingerprint: format!("{index:016}"),
        cause: 7,
    };
    let changes = (0..operations).map(change).collect();
    (source, changes)
}

#[test]
fn people_are_told_once_what_operations_share() {
    let (source, changes) = shared(5);
    let report = Report::of_changes(&changes, &source, &source, &help);
    let told = |format| render(&report, format, Colour::Off);
    insta::assert_snapshot!(told(Format::Human), @r"
    Shared by several operations

    warning[response-property-removed]: `a` was removed
     --> api.yaml:2:34 (base)
      |
    2 | info: {title: Payments, version: 1.1.0}
      |                                  -----
      = breaks: wire
      = in: 5 operations, such as GET /p0, GET /p1, GET /p2
      = at: /info/version

    0 errors, 5 warnings, 0 info in 5 operations
    1 distinct change: what operations share is told once and counts for each
    ");
    insta::assert_snapshot!(told(Format::Github), @r"
    ::warning file=api.yaml,line=2,col=7,title=response-property-removed::5 operations, such as GET /p0: `a` was removed (breaks: wire)
    0 errors, 5 warnings, 0 info in 5 operations
    ");
    assert!(told(Format::Markdown).contains("| `GET /p0` and 4 other operations<br>"));
    assert_eq!(told(Format::Html).matches("<article").count(), 1);
    assert_closed(&told(Format::Html));

    // Machines get every row.
    let rows = |format, mark: &str| told(format).matches(mark).count();
    assert_eq!(rows(Format::Json, "\"fingerprint\""), 5);
    assert_eq!(rows(Format::Sarif, "\"partialFingerprints\""), 5);
    assert_eq!(rows(Format::Gitlab, "\"check_name\""), 5);
    assert_eq!(rows(Format::Junit, "<testcase "), 5);
}

#[test]
fn json_is_what_a_serialiser_would_write() {
    let (source, mut all) = shared(3);
    all.extend(changes(
        &Source::read(BASE.as_bytes(), "HEAD:\"api\".yaml").unwrap(),
        &source,
    ));
    all[0].message = "a\u{1}\u{7f}\"\\\u{2028}é".into();
    for changes in [&all[..], &all[..1], &[]] {
        let report = Report::of_changes(changes, &source, &source, &help);
        let document: Value =
            serde_json::from_str(&render(&report, Format::Json, Colour::Off)).unwrap();
        let expect = serde_json::json!({
            "schema_version": 1,
            "changes": changes,
            "summary": report.summary(),
        });
        assert_eq!(document, expect);
        let indented = serde_json::to_string_pretty(changes).unwrap();
        let indented = indented.replace('\n', "\n  ");
        let text = render(&report, Format::Json, Colour::Off);
        assert!(text.contains(&format!("\"changes\": {indented},\n")));
    }
}

#[test]
fn a_terminal_is_shown_the_gravest() {
    let base = Source::read(BASE.as_bytes(), "HEAD:api.yaml").unwrap();
    let revision = Source::read(REVISION.as_bytes(), "api.yaml").unwrap();
    let changes = changes(&base, &revision);
    let report = Report::of_changes(&changes, &base, &revision, &help).columns(20);
    let bounded = report.clone().bounded(1, "`--output FILE` has all");
    let text = render(&bounded, Format::Human, Colour::Off);
    insta::assert_snapshot!(text, @r#"
    GET /payments (listPayments)

    error[request-parameter-became-required]: the query parameter `limit` became required: 100% <of> "calls" split
     --> api.yaml:8:46 (revision)
      |
    8 | …n: query, required: true}
      |                      ^^^^
     ::: HEAD:api.yaml:8:11 (base)
      |
    8 |         - {name: limit, in: query}
      |           ------------------------
      = breaks: wire, sdk
      = at: /paths/~1payments/get/parameters/0/required

    1 error, 1 warning, 1 info in 1 operation
    the gravest 1 of 3 are shown: `--output FILE` has all
    "#);
    let whole = report.clone().bounded(3, "never said");
    let text = render(&whole, Format::Human, Colour::Off);
    assert_eq!(text, render(&report, Format::Human, Colour::Off));
}

#[test]
fn what_is_not_told_counts_all_the_same() {
    let base = Source::read(BASE.as_bytes(), "a").unwrap();
    let changes = changes(&base, &Source::read(REVISION.as_bytes(), "b").unwrap());
    let report = Report::of_changes(&changes, &base, &base, &help)
        .from_level(Level::Error)
        .fail_on(Some(Level::Info));
    assert_eq!((report.summary().info, report.total().info), (0, 1));
    assert!(render(&report, Format::Json, Colour::Off).contains("\"warning\": 0"));
    let hidden = Report::of_changes(&changes[..1], &base, &base, &help)
        .from_level(Level::Error)
        .fail_on(Some(Level::Info));
    assert!(hidden.fails());
    assert_eq!(render(&hidden, Format::Human, Colour::Off), "no changes\n");
}

#[test]
fn numbers_of_a_score_stand_above() {
    let source = Source::read(REVISION.as_bytes(), "api.yaml").unwrap();
    let preface = Preface {
        title: "Agent readiness".into(),
        facts: vec![("safety <of> 100".into(), "60.0".into())],
        table: vec![
            vec!["family".into(), "safety".into()],
            vec!["auth".into(), "33.3".into()],
        ],
    };
    let report = Report::of_findings(&[], &source, &help).preface(preface);
    insta::assert_snapshot!(render(&report, Format::Markdown, Colour::Off), @r"
    ### Agent readiness

    - safety &lt;of&gt; 100: **60.0**

    | family | safety |
    |---|---:|
    | auth | 33.3 |

    no findings
    ");
    let page = render(&report, Format::Html, Colour::Off);
    assert!(page.contains("<li><strong>60.0</strong>safety &lt;of&gt; 100</li>"));
    assert!(page.contains("<tr><th scope=\"row\">auth</th><td>33.3</td></tr>"));
    assert_closed(&page);
}

#[test]
fn nothing_to_tell_is_told() {
    let source = Source::read(BASE.as_bytes(), "api.yaml").unwrap();
    let report = Report::of_changes(&[], &source, &source, &help);
    let told = |format| render(&report, format, Colour::Off);
    assert_eq!(told(Format::Human), "no changes\n");
    assert_eq!(told(Format::Gitlab), "[]\n");
    assert!(told(Format::Junit).contains("tests=\"1\" failures=\"0\""));
    assert!(told(Format::Markdown).contains("no changes"));
    assert!(!report.fails());
}

#[test]
fn a_failure_is_what_the_caller_calls_one() {
    let base = Source::read(BASE.as_bytes(), "a").unwrap();
    let changes = changes(&base, &Source::read(REVISION.as_bytes(), "b").unwrap());
    let fails = |changes: &[Change], level| {
        Report::of_changes(changes, &base, &base, &help)
            .fail_on(level)
            .fails()
    };
    assert!(fails(&changes, Some(Level::Error)));
    assert!(!fails(&changes[..2], Some(Level::Error)));
    assert!(fails(&changes[..2], Some(Level::Warning)));
    assert!(!fails(&changes[..1], Some(Level::Warning)));
    assert!(fails(&changes[..1], Some(Level::Info)));
    assert!(!fails(&changes, None));
}
