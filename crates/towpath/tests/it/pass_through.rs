//! What a gateway must leave as it is: event streams, trailers, interim responses, WebSocket, bodiless answers.

use std::io::{Read as _, Write as _};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::upstream::{OK, Then};
use crate::support::{Connection, Setup, Upstream, eventually, get, send};

#[test]
fn events_arrive_one_by_one_while_the_stream_goes_on() {
    let (next, event) = mpsc::channel::<()>();
    let event = std::sync::Mutex::new(event);
    let upstream = Upstream::with(move |_, connection| {
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for number in 0..5 {
            // The next event leaves only after the test has seen the one before.
            if event
                .lock()
                .unwrap()
                .recv_timeout(Duration::from_secs(20))
                .is_err()
            {
                return Then::Close;
            }
            connection.send(format!("9\r\ndata: {number}\n\n\r\n"));
        }
        connection.send("0\r\n\r\n");
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("GET /events HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n");
    next.send(()).unwrap();
    let head = connection.head().unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    for number in 0..5 {
        assert_eq!(connection.line().unwrap(), "9");
        assert_eq!(
            connection.exactly(11).unwrap(),
            format!("data: {number}\n\n\r\n").as_bytes()
        );
        if number == 1 {
            // A stream counts from its head, not from its end.
            towpath.expect_calls(1);
        }
        let _ = next.send(());
    }
    assert_eq!(connection.line().unwrap(), "0");
    towpath.expect_calls(1);
}

#[test]
fn trailers_pass_in_both_directions() {
    let upstream = Upstream::with(|_, connection| {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n");
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nTrailer: X-In\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nin\r\n0\r\nX-In: 7\r\n\r\n");
    let head = connection.head().unwrap();
    let (body, trailers) = connection
        .chunked()
        .unwrap_or_else(|error| panic!("{error} after {head}"));
    assert_eq!(
        (body, trailers.to_ascii_lowercase()),
        (b"body".to_vec(), "x-sum: 42\n".to_owned())
    );
    let request = upstream.request();
    assert_eq!(
        (request.body, request.trailers.to_ascii_lowercase()),
        (b"in".to_vec(), "x-in: 7\n".to_owned())
    );
}

#[test]
fn a_body_announced_with_expect_is_sent_after_100_continue() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection
        .send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    let interim = connection.answer().unwrap();
    assert_eq!(interim.status, 100);
    assert_eq!(connection.send("body").answer().unwrap().status, 200);
    assert_eq!(upstream.request().body, b"body");
}

#[test]
fn an_answer_that_needs_no_body_does_not_wait_for_one() {
    let towpath = Setup::new("http://127.0.0.1:9")
        .surface("anonymous = \"401\"")
        .start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n",
    );
    let answer = connection.answer().unwrap();
    assert_eq!(
        (answer.status, answer.problem()),
        (401, "key_missing".to_owned())
    );
}

#[test]
fn answers_without_a_body_keep_the_connection_in_step() {
    let upstream = Upstream::with(|request, connection| {
        connection.send(match request.line().split(' ').nth(1).unwrap() {
            "/204" => "HTTP/1.1 204 No Content\r\n\r\n",
            "/304" => "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 500\r\n\r\n",
            "/head" => "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
            "/early" => "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            _ => OK,
        });
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    for (method, path, status) in [
        ("GET", "/204", 204),
        ("GET", "/304", 304),
        ("GET", "/a", 200),
    ] {
        connection.send(format!("{method} {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert_eq!(connection.answer().unwrap().status, status, "{path}");
    }
    connection.send("HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n");
    let head = connection.head().unwrap();
    assert!(
        head.to_ascii_lowercase().contains("content-length: 500"),
        "{head}"
    );
    connection.send("GET /early HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut answer = connection.answer().unwrap();
    if answer.status == 103 {
        answer = connection.answer().unwrap();
    }
    assert_eq!((answer.status, answer.text()), (200, "ok".to_owned()));
    assert_eq!(
        upstream.connections(),
        1,
        "the upstream connection was used again"
    );
    towpath.expect_calls(5);
}

#[test]
fn an_answer_that_ends_with_the_connection_is_passed_on_whole() {
    let upstream = Upstream::with(|_, connection| {
        connection.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end");
        Then::Close
    });
    let towpath = Setup::new(&upstream.url()).start();
    assert_eq!(get(towpath.gateway, "/a", &[]).text(), "until the end");
    let old = send(towpath.gateway, "GET /a HTTP/1.0\r\nHost: h\r\n\r\n");
    assert_eq!((old.status, old.text()), (200, "until the end".to_owned()));
}

#[test]
fn headers_of_the_answer_come_back_as_they_were() {
    let upstream = Upstream::with(|_, connection| {
        connection.send(
            "HTTP/1.1 418 I'm a teapot\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Empty:\r\nETag: W/\"x\"\r\n\
             Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\nok",
        );
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    let answer = get(towpath.gateway, "/a", &[]);
    assert_eq!(answer.status, 418);
    assert_eq!(answer.headers("set-cookie"), ["a=1", "b=2"]);
    assert_eq!(answer.header("etag").as_deref(), Some("W/\"x\""));
    assert_eq!(answer.header("x-empty").as_deref(), Some(""));
    assert_eq!(answer.header("x-hop"), None);
    assert_eq!(answer.header("keep-alive"), None);
}

/// The bytes of a WebSocket are nobody's business but the two ends': anything goes both ways after 101.
#[test]
fn a_websocket_is_tunnelled_after_101() {
    let upstream = Upstream::raw(|stream| {
        let mut connection = Connection::of(stream);
        let Some(head) = connection.head() else {
            return;
        };
        let head = head.to_ascii_lowercase();
        assert!(
            head.contains("upgrade: websocket") && head.contains("connection: upgrade"),
            "{head}"
        );
        assert!(
            head.contains("sec-websocket-key: dghlihnhbxbszsbub25jzq=="),
            "{head}"
        );
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        connection.send("first");
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = connection.stream.read(&mut part) {
            let echo: Vec<u8> = part[..length].iter().map(u8::to_ascii_uppercase).collect();
            connection.send(echo);
        }
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    let answer = connection.answer().unwrap();
    assert_eq!(answer.status, 101, "{}", answer.text());
    assert_eq!(
        answer.header("sec-websocket-accept").as_deref(),
        Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    );
    assert_eq!(connection.exactly(5).unwrap(), b"first");
    for text in ["hello", "\u{0}\u{1}binary", "GET / HTTP/1.1\r\n\r\n"] {
        assert_eq!(
            connection.send(text).exactly(text.len()).unwrap(),
            text.to_ascii_uppercase().as_bytes()
        );
    }
    let large = "x".repeat(1 << 20);
    let mut writer = connection.stream.try_clone().unwrap();
    let sent = large.clone();
    let writing = std::thread::spawn(move || writer.write_all(sent.as_bytes()));
    assert_eq!(
        connection.exactly(large.len()).unwrap(),
        large.to_ascii_uppercase().as_bytes()
    );
    writing.join().unwrap().unwrap();
    // Counted while it lasts, once.
    towpath.expect_calls(1);
    drop(connection);
    eventually("the gateway still serves", || {
        get(towpath.web, "/healthz", &[]).status == 200
    });
    towpath.expect_calls(1);
}

#[test]
fn bytes_before_101_are_not_tunnelled() {
    let upstream = Upstream::with(|_, connection| {
        connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        Then::KeepOpen
    });
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nSMUGGLED / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(connection.answer().unwrap().status, 403);
    let second = connection.answer();
    let served = usize::from(second.is_some());
    let requests = upstream.requests();
    assert!(requests[0].body.is_empty(), "{requests:?}");
    assert!(requests.len() <= 1 + served, "{requests:?}");
}

/// A pooled connection that the upstream has closed must not cost anyone an answer, where sending again is safe.
/// (A POST that was written to it may have been executed: that one is answered with 502.)
#[test]
fn a_stale_upstream_connection_is_replaced_unseen() {
    let upstream = Upstream::with(|_, connection| {
        connection.send(OK);
        Then::Close
    });
    let towpath = Setup::new(&upstream.url()).start();
    for number in 0..100 {
        let request = format!("PUT /{number} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok");
        assert_eq!(
            send(towpath.gateway, request).status,
            200,
            "request {number}"
        );
    }
    let mut lines: Vec<String> = upstream
        .requests()
        .iter()
        .map(|request| request.line().to_owned())
        .collect();
    lines.sort();
    lines.dedup();
    assert_eq!(
        (lines.len(), upstream.count()),
        (100, 100),
        "no request was sent twice"
    );
    towpath.expect_calls(100);
}
