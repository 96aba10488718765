//! Bad contracts, bad clients, bad upstreams: a clear answer each, and the next request is served.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::upstream::{OK, Then};
use crate::support::{Connection, Setup, Towpath, Upstream, eventually, get, send};

/// Deadlines short enough to wait for.
const IMPATIENT: &str = "[gateway.timeouts]\nhead = \"1s\"\nbody_idle = \"1s\"\n";
const CONTRACT: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get: {responses: {'200': {description: ok}}}\n";
/// The indentation of line 4 closes a mapping that line 5 goes on with.
const BROKEN: &str =
    "openapi: 3.1.0\ninfo: {title: T, version: '2'}\npaths:\n  /a: [\n    get: {}\n";

fn is_served(towpath: &Towpath) {
    assert_eq!(
        get(towpath.gateway, "/next", &[]).status,
        200,
        "the next request"
    );
}

#[test]
fn a_broken_contract_is_refused_at_the_start_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("openapi.yaml"), BROKEN).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_towpath"))
        .args([
            "up",
            "--contract",
            "openapi.yaml",
            "--upstream",
            "http://127.0.0.1:9",
            "--data",
            "data",
        ])
        .args(["--gateway", "127.0.0.1:0", "--web", "127.0.0.1:0"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{message}");
    assert!(message.contains("openapi.yaml:"), "no place in: {message}");
}

#[test]
fn a_broken_contract_is_refused_and_the_running_one_stays() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url())
        .contract(CONTRACT)
        .surface("unknown_path = \"404\"")
        .start();
    let broken = towpath.folder().join("broken.yaml");
    for text in [
        BROKEN,
        "",
        "[]",
        "{\"openapi\": \"3.1.0\"",
        "swagger: '2.0'",
        "\u{0}\u{1}",
        "openapi: 3.1.0\npaths: 7\n",
    ] {
        fs::write(&broken, text).unwrap();
        let output = towpath.run(&["contract", "push", "broken.yaml", "--surface", "api"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{text:?} was taken");
        assert!(message.contains("broken.yaml"), "no file in: {message}");
        assert_eq!(
            get(towpath.gateway, "/a", &[]).status,
            200,
            "after {text:?}"
        );
        assert_eq!(
            get(towpath.gateway, "/b", &[]).problem(),
            "operation_unknown"
        );
    }
}

#[test]
fn an_upstream_that_is_down_is_named_and_found_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let towpath = Setup::new(&format!("http://{addr}")).start();
    let answer = get(towpath.gateway, "/a", &[]);
    assert_eq!(
        (answer.status, answer.problem()),
        (502, "upstream_unreachable".to_owned())
    );
    assert_eq!(answer.json()["origin"], "upstream");

    let listener = TcpListener::bind(addr).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut connection = Connection::of(stream.unwrap());
            if connection.head().is_some() {
                connection.send(OK);
            }
        }
    });
    eventually("the upstream is used again", || {
        get(towpath.gateway, "/a", &[]).status == 200
    });
}

#[test]
fn an_upstream_that_breaks_off_is_passed_on_as_a_break() {
    let upstream = Upstream::with(|request, connection| {
        match request.line() {
            "GET /length HTTP/1.1" => {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            }
            "GET /chunks HTTP/1.1" => connection
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
            "GET /head HTTP/1.1" => connection.send("HTTP/1.1 200 OK\r\nContent-"),
            "GET /nothing HTTP/1.1" => connection,
            "GET /garbage HTTP/1.1" => connection.send("what is this\r\n\r\n"),
            _ => {
                connection.send(OK);
                return Then::KeepOpen;
            }
        };
        // Time for the gateway to pass on what has come.
        std::thread::sleep(Duration::from_millis(100));
        Then::Close
    });
    let towpath = Setup::new(&upstream.url()).start();
    for path in ["/length", "/chunks"] {
        let mut connection = Connection::open(towpath.gateway);
        connection.send(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        let head = connection.head().unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let body = connection.body(&head, true);
        assert!(
            body.is_err(),
            "{path}: a body cut short looks whole: {body:?}"
        );
        is_served(&towpath);
    }
    for path in ["/head", "/nothing", "/garbage"] {
        let answer = get(towpath.gateway, path, &[]);
        assert_eq!(answer.status, 502, "{path}");
        assert!(
            ["upstream_reset", "upstream_invalid"].contains(&answer.problem().as_str()),
            "{path}: {}",
            answer.problem()
        );
        is_served(&towpath);
    }
    towpath.expect_calls(10);
}

#[test]
fn an_upstream_that_resets_is_answered_for() {
    let upstream = Upstream::raw(|stream| {
        let mut connection = Connection::of(stream);
        if connection.head().is_some_and(|head| head.contains("/next")) {
            connection.send(OK);
        } else {
            // Closing with unread bytes in our buffer sends a reset.
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        }
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send(format!(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n{}",
        "x".repeat(1_000_000)
    ));
    if let Some(head) = connection.head() {
        let is_failure = head.starts_with("HTTP/1.1 502");
        assert!(
            is_failure || connection.body(&head, true).is_err(),
            "{head}"
        );
    }
    is_served(&towpath);
}

#[test]
fn a_head_that_drips_is_cut_off() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).top(IMPATIENT).start();
    let mut connection = Connection::open(towpath.gateway);
    let start = Instant::now();
    connection.send("GET /a HTTP/1.1\r\nHost: h\r\n");
    // One header every 50 ms: each is progress, the whole is not.
    while start.elapsed() < Duration::from_secs(5) {
        if connection.stream.write_all(b"X-Drip: 1\r\n").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        connection.stream.set_nonblocking(true).unwrap();
        let closed = connection.stream.peek(&mut [0; 1]).is_ok();
        connection.stream.set_nonblocking(false).unwrap();
        if closed {
            break;
        }
    }
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "still open after {:?}",
        start.elapsed()
    );
    if let Some(answer) = connection.answer() {
        assert_eq!(
            (answer.status, answer.problem()),
            (408, "request_timeout".to_owned())
        );
    }
    assert_eq!(upstream.count(), 0);
    is_served(&towpath);
}

#[test]
fn a_body_that_stops_is_cut_off() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).top(IMPATIENT).start();
    let start = Instant::now();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
    let answer = connection.answer();
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    if let Some(answer) = answer {
        assert_eq!(
            (answer.status, answer.problem()),
            (408, "request_timeout".to_owned())
        );
    }
    assert!(connection.is_closed());
    assert_eq!(
        upstream.count(),
        0,
        "a body cut short became a whole request"
    );
    is_served(&towpath);
}

#[test]
fn a_body_that_drips_below_the_minimum_rate_is_cut_off() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).top(IMPATIENT).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
    let start = Instant::now();
    // 20 bytes a second, never idle for long; the least is 1 KiB/s after the first second.
    while start.elapsed() < Duration::from_secs(15) && connection.stream.write_all(b"x").is_ok() {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "the drip went on for ever"
    );
    assert_eq!(upstream.count(), 0);
    is_served(&towpath);
}

#[test]
fn many_idle_and_half_open_clients_do_not_stop_the_others() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let idle: Vec<Connection> = (0..500)
        .map(|number| {
            let mut connection = Connection::open(towpath.gateway);
            connection.send(&b"GET /a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n"[..number % 34]);
            connection
        })
        .collect();
    for _ in 0..20 {
        is_served(&towpath);
    }
    drop(idle);
    is_served(&towpath);
}

#[test]
fn a_slow_upstream_is_waited_for_only_so_long() {
    let upstream = Upstream::with(|request, connection| {
        if request.line().contains("/slow") {
            std::thread::sleep(Duration::from_secs(3));
        }
        connection.send(OK);
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url())
        .surface("timeouts = { response_head = \"500ms\" }")
        .start();
    let start = Instant::now();
    let answer = get(towpath.gateway, "/slow", &[]);
    assert_eq!(
        (answer.status, answer.problem()),
        (504, "upstream_timeout".to_owned())
    );
    assert!(
        start.elapsed() < Duration::from_millis(2_500),
        "{:?}",
        start.elapsed()
    );
    is_served(&towpath);
    towpath.expect_calls(2);
}

#[test]
fn a_client_that_goes_away_leaves_nothing_behind() {
    let upstream = Upstream::with(|_, connection| {
        std::thread::sleep(Duration::from_millis(50));
        connection.send(OK);
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    for _ in 0..50 {
        let mut connection = Connection::open(towpath.gateway);
        connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        connection.stream.shutdown(Shutdown::Both).unwrap();
    }
    is_served(&towpath);
    eventually("connections are let go", || sockets(towpath.pid()) < 30);
}

/// Open sockets of a process, from the kernel.
fn sockets(pid: u32) -> usize {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let links = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    links
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

#[test]
fn a_hundred_thousand_headers_are_refused_without_being_kept() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let before = towpath.resident_kib();
    let headers: String = (0..100_000)
        .map(|number| format!("X-{number}: {number}\r\n"))
        .collect();
    let mut connection = Connection::open(towpath.gateway);
    let answer = connection
        .send(format!("GET /a HTTP/1.1\r\nHost: h\r\n{headers}\r\n"))
        .answer()
        .expect("an answer");
    assert_eq!(answer.status, 431, "{}", answer.problem());
    assert!(
        towpath.resident_kib() < before + 20_000,
        "{before} KiB became {} KiB",
        towpath.resident_kib()
    );
    assert_eq!(upstream.count(), 0);
    is_served(&towpath);
}

#[test]
fn garbage_of_every_kind_is_answered_or_dropped() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut random = testkit::Random::new(7);
    for length in [1, 5, 24, 100, 5_000, 100_000] {
        let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        let mut connection = Connection::open(towpath.gateway);
        connection.send(&bytes).finish();
        let mut rest = Vec::new();
        let _ = connection.stream.read_to_end(&mut rest);
    }
    // A TLS client hello sent to a plain port.
    let mut connection = Connection::open(towpath.gateway);
    connection
        .send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        .finish();
    let mut rest = Vec::new();
    let _ = connection.stream.read_to_end(&mut rest);
    assert_eq!(upstream.count(), 0);
    is_served(&towpath);
}

#[test]
fn a_body_above_the_surfaces_limit_is_refused() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url())
        .surface("body_limit = \"1KiB\"")
        .start();
    let answer = send(
        towpath.gateway,
        format!(
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n{}",
            "x".repeat(2_000)
        ),
    );
    assert_eq!(
        (answer.status, answer.problem()),
        (413, "body_too_large".to_owned())
    );
    let chunks = format!("3e8\r\n{0}\r\n3e8\r\n{0}\r\n0\r\n\r\n", "x".repeat(1_000));
    let mut connection = Connection::open(towpath.gateway);
    connection.send(format!(
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
    ));
    if let Some(answer) = connection.answer() {
        assert_eq!(
            (answer.status, answer.problem()),
            (413, "body_too_large".to_owned())
        );
    }
    assert_eq!(upstream.count(), 0);
    let fits = format!(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{}",
        "x".repeat(1_000)
    );
    assert_eq!(send(towpath.gateway, fits).status, 200);
}
