//! A key from its making to its end: how it is sent, that it goes no further than here, rotation, expiry, revocation.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{Answer, Setup, Towpath, Upstream, eventually, get};

const REVOKED_WITHIN: Duration = Duration::from_secs(1);

fn closed_to_strangers(upstream: &Upstream) -> Towpath {
    Setup::new(&upstream.url())
        .surface("anonymous = \"401\"")
        .start()
}

fn with_key(towpath: &Towpath, key: &str) -> Answer {
    get(
        towpath.gateway,
        "/a",
        &[&format!("Authorization: Bearer {key}")],
    )
}

fn becomes_known(towpath: &Towpath, key: &str) {
    eventually("the new key is known", || {
        with_key(towpath, key).status == 200
    });
}

#[test]
fn a_key_identifies_its_consumer_and_stays_here() {
    let upstream = Upstream::ok();
    let towpath = closed_to_strangers(&upstream);
    let (_, key) = towpath.key("acme");
    assert!(key.starts_with("twp_live_"), "{key}");
    becomes_known(&towpath, &key);
    upstream.forget();
    let before = towpath.calls("consumer", "acme");
    for header in [
        format!("Authorization: Bearer {key}"),
        format!("authorization: bearer {key}"),
        format!("X-Api-Key: {key}"),
    ] {
        assert_eq!(
            get(towpath.gateway, "/a", &[&header]).status,
            200,
            "{}",
            &header[..20]
        );
    }
    for request in upstream.requests() {
        assert!(!request.head.contains("twp_live_"), "the key went upstream");
        assert!(
            request.headers("authorization").is_empty() && request.headers("x-api-key").is_empty()
        );
    }
    eventually("three calls more", || {
        towpath.calls("consumer", "acme") >= before + 3
    });

    assert_eq!(get(towpath.gateway, "/a", &[]).problem(), "key_missing");
    let mut mistyped = key.clone();
    mistyped.replace_range(20..21, if &key[20..21] == "x" { "y" } else { "x" });
    for wrong in [mistyped.as_str(), "twp_live_short", "garbage"] {
        let answer = with_key(&towpath, wrong);
        assert_eq!(answer.status, 401, "{}", answer.text());
        assert!(
            answer.header("www-authenticate").is_some(),
            "{}",
            answer.head
        );
        assert!(!answer.text().contains(wrong), "the credential is repeated");
    }
}

#[test]
fn nothing_that_the_data_folder_or_the_log_holds_is_a_key() {
    let upstream = Upstream::ok();
    let mut towpath = closed_to_strangers(&upstream);
    let (_, key) = towpath.key("acme");
    becomes_known(&towpath, &key);
    towpath.terminate();
    let secret = &key[15..];
    for path in files_below(&towpath.data()) {
        let bytes = fs::read(&path).unwrap();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes()),
            "{}",
            path.display()
        );
    }
    assert!(!towpath.log().contains(secret));
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path))
        } else {
            files.push(path)
        }
    }
    files
}

#[test]
fn revocation_is_effective_in_under_a_second() {
    let upstream = Upstream::ok();
    let towpath = closed_to_strangers(&upstream);
    let (_, kept) = towpath.key("kept");
    becomes_known(&towpath, &kept);
    for round in 0..5 {
        let (id, key) = towpath.key("leaver");
        becomes_known(&towpath, &key);
        let start = Instant::now();
        towpath.cli(&["key", "revoke", &id]);
        eventually("the key is refused", || {
            with_key(&towpath, &key).status == 401
        });
        let within = start.elapsed();
        assert!(within < REVOKED_WITHIN, "round {round}: {within:?}");
        assert_eq!(with_key(&towpath, &key).problem(), "key_unknown");
        assert_eq!(with_key(&towpath, &kept).status, 200);
    }
}

#[test]
fn a_revoked_key_stays_revoked_over_a_restart() {
    let upstream = Upstream::ok();
    let mut towpath = closed_to_strangers(&upstream);
    let (id, key) = towpath.key("leaver");
    let (_, kept) = towpath.key("kept");
    becomes_known(&towpath, &key);
    becomes_known(&towpath, &kept);
    towpath.cli(&["key", "revoke", &id]);
    eventually("the key is refused", || {
        with_key(&towpath, &key).status == 401
    });
    towpath.restart();
    assert_eq!(with_key(&towpath, &key).status, 401);
    assert_eq!(with_key(&towpath, &kept).status, 200);
}

#[test]
fn rotation_leaves_both_keys_valid_for_the_overlap() {
    let upstream = Upstream::ok();
    let towpath = closed_to_strangers(&upstream);
    let (id, old) = towpath.key("acme");
    becomes_known(&towpath, &old);
    let start = Instant::now();
    let rotation = towpath.json(&["key", "rotate", &id, "--overlap", "3s"]);
    let new = rotation["issued"]["secret"].as_str().unwrap();
    becomes_known(&towpath, new);
    if start.elapsed() < Duration::from_secs(2) {
        assert_eq!(
            with_key(&towpath, &old).status,
            200,
            "the old key within the overlap"
        );
    }
    eventually("the old key ends", || {
        with_key(&towpath, &old).status == 401
    });
    assert!(
        start.elapsed() >= Duration::from_secs(3) - Duration::from_millis(100),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(with_key(&towpath, &old).problem(), "key_expired");
    assert_eq!(with_key(&towpath, new).status, 200);
    assert!(towpath.calls("consumer", "acme") > 0);
}

#[test]
fn a_key_expires_when_it_says() {
    let upstream = Upstream::ok();
    let towpath = closed_to_strangers(&upstream);
    towpath.cli(&["consumer", "create", "guest"]);
    let issued = towpath.json(&[
        "key",
        "create",
        "--consumer",
        "guest",
        "--surface",
        "api",
        "--expires",
        "2s",
    ]);
    let key = issued["secret"].as_str().unwrap().to_owned();
    let start = Instant::now();
    becomes_known(&towpath, &key);
    eventually("the key expires", || with_key(&towpath, &key).status == 401);
    assert_eq!(with_key(&towpath, &key).problem(), "key_expired");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_existing_apis_own_credentials_are_known_by_digest_and_forwarded_untouched() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url())
        .surface("identity = [{ kind = \"header\", header = \"authorization\", scheme = \"token\" }, { kind = \"basic_user\" }, { kind = \"query\", parameter = \"api_key\" }]")
        .start();
    for consumer in ["by token", "by user", "by query"] {
        towpath.cli(&["consumer", "create", consumer]);
    }
    fs::write(
        towpath.folder().join("keys.csv"),
        "consumer,surface,value\nby token,api,s3cr3t\nby user,api,carol\nby query,api,q1\n",
    )
    .unwrap();
    towpath.cli(&["key", "import", "keys.csv"]);
    // carol:pw in base 64.
    let calls = [
        ("by token", "/a", "Authorization: token s3cr3t"),
        ("by user", "/a", "Authorization: Basic Y2Fyb2w6cHc="),
        ("by query", "/a?x=1&api_key=q1", "X-Nothing: 1"),
    ];
    for (consumer, path, header) in calls {
        eventually(&format!("{consumer} is known"), || {
            get(towpath.gateway, path, &[header]);
            towpath.calls("consumer", consumer) > 0
        });
    }
    for request in upstream.requests() {
        let has_credential = request.head.contains("token s3cr3t")
            || request.head.contains("Basic Y2Fyb2w6cHc=")
            || request.line().contains("?x=1&api_key=q1");
        assert!(has_credential, "{}", request.head);
    }
    let strangers = towpath.calls("consumer", "(unknown key)");
    assert_eq!(
        get(towpath.gateway, "/a", &["Authorization: token stranger"]).status,
        200
    );
    eventually("strangers share one bucket", || {
        towpath.calls("consumer", "(unknown key)") == strangers + 1
    });
}
