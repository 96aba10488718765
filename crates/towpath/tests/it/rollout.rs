//! A rollout from live traffic: who is concerned is told from what each consumer sent and was given, and the bar judges.

use std::fs;

use serde_json::Value;

use crate::support::upstream::Then;
use crate::support::{Setup, Towpath, Upstream, eventually, get, send};

pub const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Payments, version: 1.0.0}
paths:
  /payments:
    post:
      parameters: [{in: query, name: limit, schema: {type: integer, maximum: 100}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount]
              properties:
                amount: {type: integer}
                method: {type: string, enum: [card, transfer, cheque]}
                reference: {type: string}
      responses:
        '201':
          description: Created.
          content:
            application/json:
              schema:
                type: object
                required: [id, fee]
                properties: {id: {type: string}, fee: {type: integer}}
  /reports:
    get:
      responses: {'200': {description: Fine.}}
";

/// A body with a name that is written with an escape, and one that no contract has.
pub const OLD: &str =
    r#"{"amount": 5, "m\u0065thod": "cheque", "secret_of_theirs": {"amount": 1}}"#;
pub const MODERN: &str = r#"{"amount": 5, "method": "card", "reference": "r-1"}"#;

/// The contract to come: a value less, a property more that must be there, and one less in answers.
pub fn revision() -> String {
    CONTRACT
        .replace("version: 1.0.0", "version: 2.0.0")
        .replace("[card, transfer, cheque]", "[card, transfer]")
        .replace("required: [amount]", "required: [amount, reference]")
        .replace("required: [id, fee]", "required: [id]")
        .replace(", fee: {type: integer}}", "}")
}

pub fn upstream() -> Upstream {
    Upstream::with(|_, connection| {
        let body = r#"{"id": "p1", "fee": 3}"#;
        connection.send(format!(
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        Then::KeepOpen
    })
}

pub fn pay(towpath: &Towpath, key: &str, body: &str) {
    let length = body.len();
    let answer = send(
        towpath.gateway,
        format!(
            "POST /payments HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    );
    assert_eq!(answer.status, 201);
}

/// The counts of verdicts of the change that has `word` in its summary: affected, likely, possible, proven.
fn verdicts(rollout: &Value, word: &str) -> [u64; 4] {
    let changes = rollout["changes"].as_array().unwrap();
    let has = |change: &&Value| change["summary"].as_str().unwrap().contains(word);
    let change = changes
        .iter()
        .find(has)
        .unwrap_or_else(|| panic!("{word}: {changes:?}"));
    ["affected", "likely", "possible", "unaffected_proven"]
        .map(|name| change[name].as_u64().unwrap())
}

#[test]
fn a_proposal_names_who_breaks_and_a_plan_that_follows_its_fixes_passes() {
    let upstream = upstream();
    let towpath = Setup::new(&upstream.url()).contract(CONTRACT).start();
    let (_, old) = towpath.key("Old Shop");
    let (_, modern) = towpath.key("Modern Shop");
    for key in [&old, &modern] {
        eventually("the key is known", || {
            let authorization = format!("Authorization: Bearer {key}");
            get(towpath.gateway, "/reports", &[&authorization]).status == 201
        });
    }
    for _ in 0..3 {
        pay(&towpath, &old, OLD);
    }
    pay(&towpath, &modern, MODERN);

    let file = towpath.folder().join("v2.yaml");
    fs::write(&file, revision()).unwrap();
    let plan = towpath.folder().join("plan.toml");
    let (file, plan_name) = (file.to_str().unwrap(), plan.to_str().unwrap());
    let propose = [
        "rollout",
        "propose",
        "--surface",
        "api",
        "--revision",
        file,
        "--evidence-days",
        "100",
        "--plan",
        plan_name,
    ];
    let rollout = towpath.json(&propose);

    assert!(rollout["volume_calls"].as_u64() >= Some(6));
    // Both shops are too new to have a rhythm, so nobody is proven to be safe.
    assert_eq!(verdicts(&rollout, "`cheque`"), [1, 0, 1, 0]);
    assert_eq!(verdicts(&rollout, "`reference`"), [1, 0, 1, 0]);
    // Delivered is not read.
    assert_eq!(verdicts(&rollout, "`fee`"), [0, 0, 2, 0]);
    let heaviest = &rollout["consumers"][0];
    assert_eq!(
        (&heaviest["name"], &heaviest["verdict"], &heaviest["grade"]),
        (&"Old Shop".into(), &"affected".into(), &"E0".into())
    );
    assert!(!rollout.to_string().contains("secret_of_theirs"));
    assert_eq!(rollout["summary"]["passes"], false);

    let id = rollout["summary"]["id"].as_str().unwrap();
    let refused = towpath.run(&["rollout", "check", id]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stdout).unwrap();
    assert!(
        said.contains("no bridge, and no reason why none is feasible"),
        "{said}"
    );

    let text = fs::read_to_string(&plan).unwrap();
    assert!(text.contains("kind = \"missing\""), "{text}");
    fs::write(
        &plan,
        text.replace("kind = \"missing\"", "kind = \"parallel\""),
    )
    .unwrap();
    let edited = towpath.json(&["rollout", "edit", id, "--plan", plan_name]);
    assert_eq!(edited["summary"]["passes"], true, "{}", edited["bar"]);
    assert_eq!(edited["edition"], 2);
    assert_eq!(
        towpath.run(&["rollout", "check", "api"]).status.code(),
        Some(0)
    );
    let listed = towpath.cli(&["rollout", "list"]);
    assert!(listed.contains("passes"), "{listed}");
}

#[test]
fn what_cannot_be_proposed_says_why() {
    let towpath = Setup::new("http://127.0.0.1:9").contract(CONTRACT).start();
    let check = |text: &str, exit: i32, part: &str| {
        let file = towpath.folder().join("next.yaml");
        fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let done = towpath.run(&["rollout", "propose", "--surface", "api", "--revision", file]);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(exit), "{said}");
        assert!(said.contains(part), "{said}");
    };
    check(CONTRACT, 4, "no change breaks a consumer");
    check("openapi: 3.1.0\npaths: {/a: [}\n", 3, "next.yaml:2:");
    let missing = towpath.run(&["rollout", "show", "api"]);
    assert_eq!(missing.status.code(), Some(4));
}

#[test]
fn a_plan_that_is_none_is_refused_with_its_place() {
    let towpath = Setup::new("http://127.0.0.1:9").contract(CONTRACT).start();
    let file = towpath.folder().join("v2.yaml");
    fs::write(&file, revision()).unwrap();
    let rollout = towpath.json(&[
        "rollout",
        "propose",
        "--surface",
        "api",
        "--revision",
        file.to_str().unwrap(),
    ]);
    let id = rollout["summary"]["id"].as_str().unwrap();
    let plan = towpath.folder().join("plan.toml");
    fs::write(&plan, "name = \"x\"\nsurface = 7\n").unwrap();
    let refused = towpath.run(&["rollout", "edit", id, "--plan", plan.to_str().unwrap()]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_ne!(refused.status.code(), Some(0));
    assert!(said.contains("line 2, column"), "{said}");
    assert_eq!(towpath.json(&["rollout", "show", id])["edition"], 1);
}
