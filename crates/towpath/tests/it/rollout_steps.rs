//! The steps of a rollout from the command line: a beta that only its keys reach, refusals that say what is missing, and holds.

use std::fs;

use serde_json::Value;

use crate::rollout::{CONTRACT, MODERN, OLD, pay, revision, upstream};
use crate::support::upstream::Then;
use crate::support::{Setup, Towpath, Upstream, eventually, get, send};

fn new_upstream() -> Upstream {
    Upstream::with(|_, connection| {
        let body = r#"{"id": "p2"}"#;
        connection.send(format!(
            "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        Then::KeepOpen
    })
}

/// A draft whose plan the bar lets pass; its id.
fn strong_draft(towpath: &Towpath) -> String {
    let file = towpath.folder().join("v2.yaml");
    fs::write(&file, revision()).unwrap();
    let plan = towpath.folder().join("plan.toml");
    let (file, plan_name) = (file.to_str().unwrap(), plan.to_str().unwrap());
    let rollout = towpath.json(&[
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
    ]);
    let text = fs::read_to_string(&plan).unwrap();
    let strong = text.replace("kind = \"missing\"", "kind = \"parallel\"");
    fs::write(&plan, strong).unwrap();
    let id = rollout["summary"]["id"].as_str().unwrap().to_owned();
    let edited = towpath.json(&["rollout", "edit", &id, "--plan", plan_name]);
    assert_eq!(edited["summary"]["passes"], true, "{}", edited["bar"]);
    id
}

/// What a refused step says, with its exit code.
fn refused(towpath: &Towpath, args: &[&str]) -> String {
    let done = towpath.run(args);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(4), "{args:?}: {said}");
    said
}

fn reports(towpath: &Towpath, key: &str, version: Option<&str>) -> (u16, String) {
    let authorization = format!("Authorization: Bearer {key}");
    let asked = version.map(|version| format!("Towpath-Version: {version}"));
    let mut headers = vec![authorization.as_str()];
    headers.extend(asked.as_deref());
    let answer = get(towpath.gateway, "/reports", &headers);
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    (answer.status, text)
}

#[test]
fn a_beta_is_reached_by_its_keys_only_and_the_public_waits_for_its_day() {
    let (old_upstream, new_upstream) = (upstream(), new_upstream());
    let towpath = Setup::new(&old_upstream.url()).contract(CONTRACT).start();
    let (_, old) = towpath.key("Old Shop");
    let (modern_key, modern) = towpath.key("Modern Shop");
    for key in [&old, &modern] {
        eventually("the key is known", || reports(&towpath, key, None).0 == 201);
    }
    for _ in 0..3 {
        pay(&towpath, &old, OLD);
    }
    pay(&towpath, &modern, MODERN);
    let id = strong_draft(&towpath);

    let said = refused(&towpath, &["rollout", "advance", &id]);
    assert!(said.contains("towpath rollout start"), "{said}");

    let url = new_upstream.url();
    let start = ["rollout", "start", &id, "--by", "Ada", "--upstream", &url];
    let started = towpath.json(&start);
    assert_eq!(started["summary"]["phase"], "beta");
    assert_eq!(started["course"]["steps"][0]["by"], "Ada");

    eventually("the version is known", || {
        reports(&towpath, &old, Some("2.0.0")).0 == 403
    });
    let (_, problem) = reports(&towpath, &old, Some("2.0.0"));
    assert!(problem.contains("version_not_open"), "{problem}");
    assert_eq!(reports(&towpath, &old, Some("3")).0, 400);
    assert_eq!(reports(&towpath, &old, None).0, 201);

    let opted = towpath.json(&["rollout", "opt-in", &id, "--key", &modern_key]);
    assert_eq!(opted["course"]["keys_opted_in"][0], modern_key.as_str());
    eventually("the key is on the new version", || {
        reports(&towpath, &modern, None).0 == 202
    });
    assert_eq!(reports(&towpath, &modern, Some("1.0.0")).0, 201);

    let friction = towpath.json(&[
        "rollout",
        "friction",
        "add",
        &id,
        "--consumer",
        "Modern Shop",
        "--text",
        "what is a reference?",
    ]);
    let entry = friction[0]["id"].as_str().unwrap().to_owned();
    let said = refused(&towpath, &["rollout", "advance", &id]);
    assert!(said.contains("announced is planned for"), "{said}");
    let closed = towpath.json(&[
        "rollout",
        "friction",
        "close",
        &id,
        "--entry",
        &entry,
        "--resolution",
        "the guide says it",
    ]);
    assert_eq!(closed[0]["resolution"], "the guide says it");

    eventually("the cohort is invited", || {
        let listed: Value = towpath.json(&["notice", "list", &id]);
        listed.to_string().contains("beta_invited")
    });
}

#[test]
fn what_is_held_takes_nothing_and_what_is_aborted_ends() {
    let (old_upstream, new_upstream) = (upstream(), new_upstream());
    let towpath = Setup::new(&old_upstream.url()).contract(CONTRACT).start();
    let (_, old) = towpath.key("Old Shop");
    eventually("the key is known", || {
        reports(&towpath, &old, None).0 == 201
    });
    pay(&towpath, &old, OLD);
    let id = strong_draft(&towpath);
    let url = new_upstream.url();
    let start = ["rollout", "start", &id, "--upstream", &url, "--path", "/v2"];
    assert_eq!(towpath.json(&start)["summary"]["phase"], "beta");

    let again = strong_draft(&towpath);
    let said = refused(&towpath, &["rollout", "start", &again]);
    assert!(said.contains("finish or abort it first"), "{said}");

    let why = "an incident";
    let paused = towpath.json(&["rollout", "pause", &id, "--by", "Ada", "--reason", why]);
    assert_eq!(paused["course"]["held"], "paused by Ada: an incident");
    let said = refused(&towpath, &["rollout", "advance", &id]);
    assert!(said.contains("resume it first"), "{said}");
    let resumed = towpath.json(&["rollout", "resume", &id]);
    assert_eq!(resumed["summary"]["phase"], "beta");

    let aborted = towpath.json(&["rollout", "abort", &id, "--reason", "no longer wanted"]);
    assert_eq!(aborted["summary"]["phase"], "aborted");
    let said = refused(&towpath, &["rollout", "resume", &id]);
    assert!(said.contains("it has ended"), "{said}");
    // What was given up makes room.
    let started = towpath.json(&["rollout", "start", &again, "--upstream", &url]);
    assert_eq!(started["summary"]["phase"], "beta");
    let (status, _) = reports(&towpath, &old, None);
    assert_eq!(status, 201);
}

#[test]
fn a_step_that_arrives_twice_is_one_step() {
    let (old_upstream, new_upstream) = (upstream(), new_upstream());
    let towpath = Setup::new(&old_upstream.url()).contract(CONTRACT).start();
    let (_, old) = towpath.key("Old Shop");
    eventually("the key is known", || {
        reports(&towpath, &old, None).0 == 201
    });
    pay(&towpath, &old, OLD);
    let id = strong_draft(&towpath);
    let url = new_upstream.url();
    towpath.json(&["rollout", "start", &id, "--upstream", &url]);
    let token = fs::read_to_string(towpath.data().join("admin.token")).unwrap();
    let post = |extra: &str| {
        let body = r#"{"reason": "an incident"}"#;
        let length = body.len();
        let token = token.trim();
        send(
            towpath.web,
            format!(
                "POST /api/v1/rollouts/{id}/pause HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{extra}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            ),
        )
    };
    assert_eq!(post("If-Match: \"1\"\r\n").status, 409);
    let once = post("Idempotency-Key: 7c9e\r\n");
    assert_eq!(
        once.status,
        200,
        "{:?}",
        String::from_utf8_lossy(&once.body)
    );
    towpath.json(&["rollout", "resume", &id]);
    assert_eq!(post("Idempotency-Key: 7c9e\r\n").status, 200);
    let shown = towpath.json(&["rollout", "show", &id]);
    assert_eq!(shown["summary"]["phase"], "beta");
}
