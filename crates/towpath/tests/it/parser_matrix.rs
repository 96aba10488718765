//! The parser matrix: what two servers could read differently is refused, everything else goes upstream as one canonical request.

use std::time::Duration;

use crate::support::{Answer, Connection, Setup, Towpath, Upstream};

/// Name, bytes as sent, and the status that refuses them.
type Refused = (&'static str, &'static [u8], u16);

#[rustfmt::skip]
const FRAMING: &[Refused] = &[
    (
        "Content-Length with Transfer-Encoding",
        b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    (
        "Transfer-Encoding with Content-Length",
        b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        400,
    ),
    ("two different lengths", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400),
    ("two equal lengths", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400),
    ("a list of lengths", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4, 4\r\n\r\nabcd", 400),
    ("a signed length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\nabcd", 400),
    ("a negative length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\nabcd", 400),
    ("a hexadecimal length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0x4\r\n\r\nabcd", 400),
    ("an empty length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", 400),
    ("a length with words", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4 bytes\r\n\r\nabcd", 400),
    ("a length of 20 digits", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
    (
        "two encodings",
        b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    (
        "two encodings, one hidden",
        b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        400,
    ),
    ("an unknown encoding", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked, identity", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    ("gzip, chunked", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    ("identity", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 400),
    ("chunked behind a vertical tab", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    ("Transfer-Encoding before its colon", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    ("Transfer_Encoding", b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer_Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400),
    ("HTTP/1.0 with Transfer-Encoding", b"POST /a HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
];

#[rustfmt::skip]
const CHUNKS: &[Refused] = &[
    ("chunk extension ended by LF", b"4;a=b\nabcd\r\n0\r\n\r\n", 400),
    ("chunk extension", b"4;a=b\r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk size with 0x", b"0x4\r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk size with a sign", b"+4\r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk size with a space", b"4 \r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk size ended by LF", b"4\nabcd\r\n0\r\n\r\n", 400),
    ("chunk data ended by LF", b"4\r\nabcd\n0\r\n\r\n", 400),
    ("chunk data longer than its size", b"4\r\nabcde\r\n0\r\n\r\n", 400),
    ("chunk data ended by nothing", b"4\r\nabcd0\r\n\r\n", 400),
    ("no chunk size", b"\r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk size of 17 digits", b"00000000000000004\r\nabcd\r\n0\r\n\r\n", 400),
    ("end ended by LF", b"0\n\n", 400),
    ("trailer section ended by LF", b"0\r\n\n", 400),
    ("Content-Length as a trailer", b"0\r\nContent-Length: 3\r\n\r\n", 400),
    ("Host as a trailer", b"0\r\nHost: other\r\n\r\n", 400),
    ("a folded trailer", b"0\r\nX-Sum: 1\r\n 2\r\n\r\n", 400),
];

#[rustfmt::skip]
const LINES: &[Refused] = &[
    ("every line ended by LF", b"GET /a HTTP/1.1\nHost: h\n\n", 400),
    ("one header ended by LF", b"GET /a HTTP/1.1\r\nHost: h\nX-A: 1\r\n\r\n", 400),
    ("head ended by LF", b"GET /a HTTP/1.1\r\nHost: h\r\n\n", 400),
    ("CR inside a value", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A: 1\rX-B: 2\r\n\r\n", 400),
    ("a folded header", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n 2\r\n\r\n", 400),
    ("a folded first header", b"GET /a HTTP/1.1\r\n Host: h\r\nHost: h\r\n\r\n", 400),
    ("NUL in a value", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A: 1\x002\r\n\r\n", 400),
    ("a space before a colon", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A : 1\r\n\r\n", 400),
    ("no colon", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A\r\n\r\n", 400),
    ("an empty name", b"GET /a HTTP/1.1\r\nHost: h\r\n: 1\r\n\r\n", 400),
    ("a name with a bracket", b"GET /a HTTP/1.1\r\nHost: h\r\nX(A): 1\r\n\r\n", 400),
    ("Connection names Host", b"GET /a HTTP/1.1\r\nHost: h\r\nConnection: Host\r\n\r\n", 400),
    ("Connection names Authorization", b"GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\nConnection: authorization\r\n\r\n", 400),
    ("Connection names Content-Length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: content-length\r\n\r\nabcd", 400),
];

#[rustfmt::skip]
const HOSTS: &[Refused] = &[
    ("no Host", b"GET /a HTTP/1.1\r\n\r\n", 400),
    ("two different Hosts", b"GET /a HTTP/1.1\r\nHost: h\r\nHost: g\r\n\r\n", 400),
    ("two equal Hosts", b"GET /a HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400),
    ("an empty Host", b"GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400),
    ("a list of Hosts", b"GET /a HTTP/1.1\r\nHost: h, g\r\n\r\n", 400),
    ("a Host with a user", b"GET /a HTTP/1.1\r\nHost: u@h\r\n\r\n", 400),
    ("a Host with a path", b"GET /a HTTP/1.1\r\nHost: h/x\r\n\r\n", 400),
    ("a target of another host", b"GET http://g/a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a target of another port", b"GET http://h:81/a HTTP/1.1\r\nHost: h:80\r\n\r\n", 400),
];

#[rustfmt::skip]
const TARGETS: &[Refused] = &[
    ("a raw space in the path", b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a raw tab in the path", b"GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a byte beyond ASCII in the path", b"GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a fragment", b"GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("no leading slash", b"GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("/../", b"GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("/./", b"GET /a/./b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("%2e%2e", b"GET /a/%2e%2E/b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("..%2f", b"GET /a/..%2fb HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("%2f", b"GET /a%2fb HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("//", b"GET /a//b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("// at the start", b"GET //a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a backslash", b"GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("%5c", b"GET /a%5cb HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("%00", b"GET /a%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("%0d%0a", b"GET /a%0d%0ab HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a broken escape", b"GET /a%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("an overlong escape", b"GET /%c0%ae%c0%ae/b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("..;", b"GET /a/..;/b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("a method that is no token", b"G@T /a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("two spaces", b"GET  /a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ("no version", b"GET /a\r\nHost: h\r\n\r\n", 400),
    ("a lower-case version", b"GET /a http/1.1\r\nHost: h\r\n\r\n", 400),
    ("HTTP/1.2", b"GET /a HTTP/1.2\r\nHost: h\r\n\r\n", 505),
    ("HTTP/0.9", b"GET /a HTTP/0.9\r\nHost: h\r\n\r\n", 505),
    ("CONNECT", b"CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", 501),
];

#[test]
fn ambiguous_heads_are_refused_and_nothing_reaches_the_upstream() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut wrong = Vec::new();
    let close = [FRAMING, LINES, HOSTS]
        .concat()
        .into_iter()
        .map(|probe| (probe, After::Closed));
    // Where a request ends is clear in these: the connection is still of use.
    let any = TARGETS.iter().map(|probe| (*probe, After::Any));
    let probes: Vec<_> = close.chain(any).collect();
    for ((name, bytes, status), after) in &probes {
        let answer = refusal(&towpath, bytes, *after);
        if answer.as_ref().map(|answer| answer.status) != Some(*status) {
            wrong.push(format!("{name}: {answer:?}, not {status}"));
        }
        if let Some(answer) = answer {
            assert_eq!(
                answer.json()["origin"],
                "consumer",
                "{name}: {}",
                answer.problem()
            );
        }
        for request in upstream.requests() {
            wrong.push(format!(
                "{name}: reached the upstream as {:?}",
                request.head
            ));
        }
        upstream.forget();
    }
    assert!(
        wrong.is_empty(),
        "{} of {} probes:\n{}",
        wrong.len(),
        probes.len(),
        wrong.join("\n")
    );

    // Refusals are counted in one bucket, and the gateway still serves.
    assert_eq!(crate::support::get(towpath.gateway, "/a", &[]).status, 200);
    towpath.expect_calls(probes.len() as u64 + 1);
    assert_eq!(towpath.calls("operation", "(refused)"), probes.len() as u64);
}

#[test]
fn broken_chunk_framing_never_becomes_a_whole_request_upstream() {
    // The head may have gone out when the framing breaks; what counts is that the upstream never sees a complete body,
    // nor anything of what follows.
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut wrong = Vec::new();
    for (name, body, status) in CHUNKS {
        let head = b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        let smuggled = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
        let answer = refusal(&towpath, &[head, *body, smuggled].concat(), After::Closed);
        if answer.as_ref().map(|answer| answer.status) != Some(*status) {
            wrong.push(format!("{name}: {answer:?}, not {status}"));
        }
        for request in upstream.requests() {
            wrong.push(format!("{name}: reached the upstream as {request:?}"));
        }
        upstream.forget();
    }
    assert!(
        wrong.is_empty(),
        "{} of {} probes:\n{}",
        wrong.len(),
        CHUNKS.len(),
        wrong.join("\n")
    );
}

/// What must become of the connection after a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Closed,
    Any,
}

/// The one answer to these bytes.
fn refusal(towpath: &Towpath, bytes: &[u8], after: After) -> Option<Answer> {
    let mut connection = Connection::open(towpath.gateway);
    let answer = connection.send(bytes).answer();
    if let Some(answer) = &answer {
        answer.problem();
        assert!(
            after == After::Any || connection.is_closed(),
            "still open after {}",
            answer.head
        );
    }
    answer
}

#[test]
fn limits_answer_with_their_own_status() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let headers: String = (0..150).map(|i| format!("X-{i}: v\r\n")).collect();
    let value = |bytes: usize| format!("X-Long: {}\r\n", "v".repeat(bytes));
    for (name, head, status) in [
        (
            "150 headers",
            format!("GET /a HTTP/1.1\r\nHost: h\r\n{headers}\r\n"),
            431,
        ),
        (
            "a header of 64 KiB",
            format!("GET /a HTTP/1.1\r\nHost: h\r\n{}\r\n", value(64 << 10)),
            431,
        ),
        (
            "a header of 900 KiB",
            format!("GET /a HTTP/1.1\r\nHost: h\r\n{}\r\n", value(900 << 10)),
            431,
        ),
        (
            "a target of 9 KiB",
            format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(9 << 10)),
            414,
        ),
    ] {
        let answer = refusal(&towpath, head.as_bytes(), After::Closed)
            .unwrap_or_else(|| panic!("{name}: closed without an answer"));
        assert_eq!(answer.status, status, "{name}");
    }
    assert_eq!(upstream.count(), 0);
    let fits = format!("GET /a HTTP/1.1\r\nHost: h\r\n{}\r\n", value(8 << 10));
    assert_eq!(crate::support::send(towpath.gateway, fits).status, 200);
}

/// Name, bytes as sent, request line upstream, headers upstream besides the fixed ones, body upstream.
type Forwarded<'a> = (&'a str, &'a [u8], &'a str, &'a [&'a str], &'a str);

#[test]
fn every_other_probe_is_forwarded_as_one_canonical_request() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let host = upstream.addr;
    #[rustfmt::skip]
    let probes: &[Forwarded<'_>] = &[
        ("plain", b"GET /a?b=c%20d HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a?b=c%20d HTTP/1.1", &[], ""),
        ("names in any case", b"GET /a HTTP/1.1\r\nhOsT: h\r\nX-mIxEd: V\r\n\r\n", "GET /a HTTP/1.1", &["x-mixed: V"], ""),
        ("spaces around a value", b"GET /a HTTP/1.1\r\nHost:h\r\nX-A: \t 1 2 \t \r\n\r\n", "GET /a HTTP/1.1", &["x-a: 1 2"], ""),
        ("an empty value", b"GET /a HTTP/1.1\r\nHost: h\r\nX-A:\r\n\r\n", "GET /a HTTP/1.1", &["x-a: "], ""),
        ("one empty line first", b"\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1", &[], ""),
        ("absolute form", b"GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1", &[], ""),
        ("absolute form with its port", b"GET http://H:80/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1", &[], ""),
        ("OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * HTTP/1.1", &[], ""),
        ("an unusual method", b"M-SEARCH /a HTTP/1.1\r\nHost: h\r\n\r\n", "M-SEARCH /a HTTP/1.1", &[], ""),
        ("a length", b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd", "POST /a HTTP/1.1", &["content-length: 4"], "abcd"),
        (
            "chunks",
            b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n02\r\ncd\r\n0\r\n\r\n",
            "POST /a HTTP/1.1",
            &["transfer-encoding: chunked"],
            "abcd",
        ),
        (
            "a header that Connection names",
            b"GET /a HTTP/1.1\r\nHost: h\r\nX-Key: 1\r\nX-Other: 2\r\nConnection: X-Key\r\n\r\n",
            "GET /a HTTP/1.1",
            &["x-other: 2"],
            "",
        ),
        (
            "headers of this connection",
            b"GET /a HTTP/1.1\r\nHost: h\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: x\r\nConnection: keep-alive\r\n\r\n",
            "GET /a HTTP/1.1",
            &[],
            "",
        ),
        (
            "forged forwarding headers",
            b"GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nX-Consumer-Id: admin\r\nX-Consumer-Name: admin\r\n\r\n",
            "GET /a HTTP/1.1",
            &[],
            "",
        ),
        ("encoded characters stay as they are", b"GET /%e2%82%ac/%41?q=%2f%2e HTTP/1.1\r\nHost: h\r\n\r\n", "GET /%e2%82%ac/%41?q=%2f%2e HTTP/1.1", &[], ""),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, line, headers, body) in probes {
        let mut connection = Connection::open(towpath.gateway);
        let status = connection.send(bytes).answer().map(|answer| answer.status);
        if status != Some(200) || upstream.count() != 1 {
            wrong.push(format!(
                "{name}: status {status:?}, {} requests upstream",
                upstream.count()
            ));
            upstream.forget();
            continue;
        }
        let request = upstream.request();
        upstream.forget();
        let expected = canonical(line, &host.to_string(), headers, &connection);
        let found = sorted(&request.head);
        if found != expected || request.body != body.as_bytes() {
            wrong.push(format!(
                "{name}:\n  expected {expected:?} {body:?}\n  found    {found:?} {:?}",
                String::from_utf8_lossy(&request.body)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} probes:\n{}",
        wrong.len(),
        probes.len(),
        wrong.join("\n")
    );
}

/// The request line, then every header in lower case and alphabetical order.
fn sorted(head: &str) -> Vec<String> {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let mut headers: Vec<String> = lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            format!("{}:{value}", name.to_ascii_lowercase())
        })
        .filter(|line| !line.starts_with("x-request-id:"))
        .collect();
    headers.sort();
    [vec![first], headers].concat()
}

/// What the gateway adds to every request.
fn canonical(line: &str, upstream: &str, headers: &[&str], connection: &Connection) -> Vec<String> {
    let client = connection.stream.local_addr().unwrap().ip();
    let mut lines = vec![
        format!("host: {upstream}"),
        format!("x-forwarded-for: {client}"),
        "x-forwarded-host: h".to_owned(),
        "x-forwarded-proto: http".to_owned(),
    ];
    lines.extend(headers.iter().map(|header| (*header).to_owned()));
    lines.sort();
    [vec![line.to_owned()], lines].concat()
}

#[test]
fn what_follows_an_unaccepted_upgrade_is_a_request_of_its_own() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut connection = Connection::open(towpath.gateway);
    connection.send("GET /first HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(connection.answer().unwrap().status, 200);
    // Either the gateway serves and counts the second one, or it closes: what it must not do is to tunnel it.
    let second = connection.answer();
    let lines: Vec<String> = upstream
        .requests()
        .iter()
        .map(|request| request.line().to_owned())
        .collect();
    let answered = 1 + usize::from(second.is_some_and(|answer| answer.status == 200));
    assert_eq!(
        lines,
        ["GET /first HTTP/1.1", "GET /second HTTP/1.1"][..answered]
    );
    towpath.expect_calls(answered as u64);
}

#[test]
fn requests_cut_at_any_byte_and_joined_by_pipelining_are_read_the_same() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let request =
        b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for cut in (1..request.len()).step_by(7) {
        let mut connection = Connection::open(towpath.gateway);
        connection.send(&request[..cut]);
        std::thread::sleep(Duration::from_millis(1));
        assert_eq!(
            connection.send(&request[cut..]).answer().unwrap().status,
            200,
            "cut at {cut}"
        );
    }
    upstream.forget();
    let mut connection = Connection::open(towpath.gateway);
    connection.send(request.repeat(20));
    for number in 0..20 {
        assert_eq!(
            connection.answer().map(|answer| answer.status),
            Some(200),
            "pipelined request {number}"
        );
    }
    assert!(
        upstream
            .requests()
            .iter()
            .all(|request| request.body == b"abc")
    );
    assert_eq!(upstream.count(), 20);
}
