//! What consumers of a deprecated operation are told, byte for byte, and that nobody else is told anything.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Answer, Setup, Upstream, eventually, get};

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /old:
    get:
      deprecated: true
      x-deprecated-at: '2026-01-01'
      x-sunset: '2027-06-30'
      x-replaced-by: https://api.example/v2/orders
      x-deprecation-link: https://dev.example/changes/42
      x-sunset-link: https://dev.example/sunset
      responses: {'200': {description: ok}}
    post:
      responses: {'200': {description: ok}}
  /instant:
    get:
      deprecated: true
      x-deprecated-at: '2026-03-01T12:30:00+02:00'
      responses: {'200': {description: ok}}
  /soon:
    get:
      x-deprecated-at: '2099-01-01'
      x-sunset: '2099-12-31T00:00:00Z'
      responses: {'200': {description: ok}}
  /current/{id}:
    get:
      responses: {'200': {description: ok}}
";

fn told(answer: &Answer) -> Vec<String> {
    ["deprecation", "sunset", "link"]
        .iter()
        .flat_map(|name| {
            answer
                .headers(name)
                .into_iter()
                .map(move |value| format!("{name}: {value}"))
        })
        .collect()
}

#[test]
fn headers_are_exact_and_on_the_affected_operations_only() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).contract(CONTRACT).start();
    let expected: &[(&str, &[&str])] = &[
        (
            "/old",
            &[
                // RFC 9745 section 2: 2026-01-01T00:00:00Z.
                "deprecation: @1767225600",
                // RFC 8594 section 3, an IMF-fixdate: the operation works through the day that is named.
                "sunset: Wed, 30 Jun 2027 23:59:59 GMT",
                "link: <https://dev.example/changes/42>; rel=\"deprecation\"; type=\"text/html\", \
                 <https://dev.example/sunset>; rel=\"sunset\"; type=\"text/html\", \
                 <https://api.example/v2/orders>; rel=\"successor-version\"",
            ],
        ),
        ("/instant", &["deprecation: @1772361000"]),
        (
            "/soon",
            &[
                "deprecation: @4070908800",
                "sunset: Thu, 31 Dec 2099 00:00:00 GMT",
            ],
        ),
        ("/current/1", &[]),
        ("/unknown", &[]),
    ];
    for (path, expected) in expected {
        let answer = get(towpath.gateway, path, &[]);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(told(&answer), *expected, "{path}");
    }
    let post = crate::support::send(
        towpath.gateway,
        "POST /old HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(told(&post), [""; 0]);
}

#[test]
fn the_apis_own_links_stay_beside_ours() {
    let upstream = Upstream::with(|_, connection| {
        connection
            .send("HTTP/1.1 200 OK\r\nLink: </next>; rel=\"next\"\r\nContent-Length: 0\r\n\r\n");
        crate::support::upstream::Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).contract(CONTRACT).start();
    let links = get(towpath.gateway, "/old", &[]).headers("link");
    assert_eq!(links[0], "</next>; rel=\"next\"");
    assert_eq!(links.len(), 2, "{links:?}");
}

#[test]
fn a_pushed_contract_is_announced_without_a_restart_or_a_lost_request() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).contract(CONTRACT).start();
    assert_eq!(told(&get(towpath.gateway, "/current/1", &[])), [""; 0]);
    let next = CONTRACT.replace("version: '1'", "version: '2'").replace(
        "/current/{id}:\n    get:",
        "/current/{id}:\n    get:\n      deprecated: true\n      x-deprecated-at: '2026-01-01'",
    );
    fs::write(towpath.folder().join("next.yaml"), next).unwrap();

    let gateway = towpath.gateway;
    let stop = AtomicBool::new(false);
    let sent = std::thread::scope(|scope| {
        let traffic = scope.spawn(|| {
            let start = Instant::now();
            let mut sent = 0;
            // The bound is for the case that the test fails before it can stop us.
            while !stop.load(Ordering::Relaxed) && start.elapsed() < Duration::from_secs(60) {
                assert_eq!(get(gateway, "/current/1", &[]).status, 200);
                sent += 1;
            }
            sent
        });
        towpath.cli(&["contract", "push", "next.yaml", "--surface", "api"]);
        eventually("the new contract is announced", || {
            told(&get(gateway, "/old", &[])).len() == 3
                && told(&get(gateway, "/current/1", &[])) == ["deprecation: @1767225600"]
        });
        stop.store(true, Ordering::Relaxed);
        traffic.join().unwrap()
    });
    assert!(sent > 0);
    eventually("both versions are counted", || {
        towpath.calls("version", "2") > 0 && towpath.calls("version", "1") > 0
    });
}
