//! The parser matrix: every way in which parsers are known to disagree, and what is said to each.

use super::limits::FrontLimits;
use super::path::{PathRules, check_path};
use super::scanner::{Phase, Progress, Refusal, Scanner};
use super::violation::Violation;

/// What became of a stream: the bytes that would have been released, and the refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub released: Vec<u8>,
    pub refusal: Option<Refusal>,
    pub phase: Phase,
}

/// Feeds `stream` in pieces of the given lengths, the last one taking what is left.
pub(super) fn feed(stream: &[u8], pieces: &[usize]) -> Outcome {
    let mut scanner = Scanner::new(FrontLimits::default());
    let mut held: Vec<u8> = Vec::new();
    let mut outcome = Outcome {
        released: Vec::new(),
        refusal: None,
        phase: Phase::Idle,
    };
    let mut rest = stream;
    for piece in pieces.iter().copied().chain([usize::MAX]) {
        let (piece, later) = rest.split_at(piece.min(rest.len()));
        rest = later;
        held.extend_from_slice(piece);
        let Progress { released, refusal } = scanner.advance(&held);
        outcome.released.extend(held.drain(..released));
        outcome.refusal = refusal;
    }
    outcome.phase = scanner.phase();
    outcome
}

/// The violation that the whole front, scanner and path rules, finds in a stream that starts with one request.
fn judge(stream: &[u8]) -> Result<(), Violation> {
    let outcome = feed(stream, &[]);
    if let Some(refusal) = outcome.refusal {
        return Err(refusal.violation);
    }
    assert_eq!(
        outcome.released.len(),
        stream.len(),
        "nothing is held back of {:?}",
        stream.escape_ascii().to_string()
    );
    let target = stream.split(|byte| *byte == b' ').nth(1).unwrap();
    let path = target.split(|byte| *byte == b'?').next().unwrap();
    check_path(path, PathRules::default())
}

pub(super) fn request(line: &str, fields: &[&str], body: &str) -> Vec<u8> {
    let mut text = format!("{line}\r\n");
    for field in fields {
        text.push_str(field);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

pub(super) fn post(fields: &[&str], body: &str) -> Vec<u8> {
    request("POST /a HTTP/1.1", &[&["Host: a"], fields].concat(), body)
}

pub(super) fn get(line: &str) -> Vec<u8> {
    request(line, &["Host: a"], "")
}

pub(super) fn chunked(body: &str) -> Vec<u8> {
    post(&["Transfer-Encoding: chunked"], body)
}

/// Requests that must be refused, and how.
pub(crate) fn refused() -> Vec<(Vec<u8>, Violation)> {
    use Violation as V;
    let raw = |text: &str| text.as_bytes().to_vec();
    let many_fields: Vec<String> = (0..101).map(|i| format!("X-{i}: y")).collect();
    let many_fields: Vec<&str> = many_fields.iter().map(String::as_str).collect();
    let many_trailers: String = (0..33).map(|i| format!("x-{i}: y\r\n")).collect();
    let long = |bytes: usize| "a".repeat(bytes);
    vec![
        // Two lengths, or a length and an encoding.
        (
            post(
                &["Content-Length: 4", "Transfer-Encoding: chunked"],
                "0\r\n\r\n",
            ),
            V::LengthWithEncoding,
        ),
        (
            post(
                &["Transfer-Encoding: chunked", "Content-Length: 4"],
                "0\r\n\r\n",
            ),
            V::LengthWithEncoding,
        ),
        (
            post(&["Content-Length: 4", "Content-Length: 5"], "abcd"),
            V::LengthRepeated,
        ),
        (
            post(&["Content-Length: 4", "content-length: 4"], "abcd"),
            V::LengthRepeated,
        ),
        (post(&["Content-Length: 4, 4"], "abcd"), V::LengthInvalid),
        (post(&["Content-Length: +4"], "abcd"), V::LengthInvalid),
        (post(&["Content-Length: -4"], "abcd"), V::LengthInvalid),
        (post(&["Content-Length: 0x4"], "abcd"), V::LengthInvalid),
        (post(&["Content-Length: 04"], "abcd"), V::LengthInvalid),
        (post(&["Content-Length:"], ""), V::LengthInvalid),
        (post(&["Content-Length: 4 4"], ""), V::LengthInvalid),
        (
            post(&["Content-Length: 99999999999999999999"], ""),
            V::LengthInvalid,
        ),
        (post(&["Content_Length: 4"], "abcd"), V::FieldLookalike),
        // Encodings.
        (
            post(
                &["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
                "0\r\n\r\n",
            ),
            V::EncodingRepeated,
        ),
        (
            post(
                &["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
                "0\r\n\r\n",
            ),
            V::EncodingRepeated,
        ),
        (
            post(&["Transfer-Encoding: xchunked"], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding: identity, chunked"], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding: \"chunked\""], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding:"], "0\r\n\r\n"),
            V::EncodingUnsupported,
        ),
        (
            post(&["Transfer-Encoding : chunked"], "0\r\n\r\n"),
            V::FieldNameSpace,
        ),
        (
            post(&["Transfer_Encoding: chunked"], "0\r\n\r\n"),
            V::FieldLookalike,
        ),
        (
            post(&["Transfer-Encoding:\x0bchunked"], "0\r\n\r\n"),
            V::ControlCharacter,
        ),
        (
            request(
                "POST /a HTTP/1.0",
                &["Host: a", "Transfer-Encoding: chunked"],
                "0\r\n\r\n",
            ),
            V::EncodingInHttp10,
        ),
        // Lines.
        (raw("GET / HTTP/1.1\nHost: a\n\n"), V::BareLf),
        (raw("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"), V::BareLf),
        (raw("GET / HTTP/1.1\r\nHost: a\r\n\n"), V::BareLf),
        (raw("GET / HTTP/1.1\r\nHost: a\r\nX: b\n\r\n"), V::BareLf),
        (
            raw("GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n"),
            V::BareCr,
        ),
        (
            raw("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n"),
            V::BareCr,
        ),
        (raw("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"), V::BareCr),
        (raw("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), V::BareLf),
        (
            raw("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            V::EmptyLines,
        ),
        (post(&["X: a", " b"], ""), V::FieldFolded),
        (post(&["X: a", "\tb: c"], ""), V::FieldFolded),
        (request("GET / HTTP/1.1", &[" Host: a"], ""), V::FieldFolded),
        (post(&["X: a\0b"], ""), V::ControlCharacter),
        (post(&["X: a\x7fb"], ""), V::ControlCharacter),
        (post(&["X\0: a"], ""), V::ControlCharacter),
        (post(&[": a"], ""), V::FieldNameInvalid),
        (post(&["X Y: a"], ""), V::FieldNameInvalid),
        (post(&["X[]: a"], ""), V::FieldNameInvalid),
        (post(&["X"], ""), V::FieldColonMissing),
        (post(&["X\t: a"], ""), V::FieldNameSpace),
        // The request line.
        (get("GET /a b HTTP/1.1"), V::TargetCharacter),
        (get("GET  /a HTTP/1.1"), V::TargetCharacter),
        (get("GET /a  HTTP/1.1"), V::TargetCharacter),
        (get("GET /a#b HTTP/1.1"), V::TargetCharacter),
        (get("GET /a\"b HTTP/1.1"), V::TargetCharacter),
        (get("GET /{a} HTTP/1.1"), V::TargetCharacter),
        (get("GET /\u{e9} HTTP/1.1"), V::TargetCharacter),
        (get("GET /a?\u{e9} HTTP/1.1"), V::TargetCharacter),
        (get("GET\t/ HTTP/1.1"), V::MethodInvalid),
        (get("G@T / HTTP/1.1"), V::MethodInvalid),
        (get(" GET / HTTP/1.1"), V::MethodInvalid),
        (get("GET a HTTP/1.1"), V::TargetForm),
        (get("GET a:80 HTTP/1.1"), V::TargetForm),
        (get("GET * HTTP/1.1"), V::TargetForm),
        (get("GET ftp://a/ HTTP/1.1"), V::TargetForm),
        (get("CONNECT a:80 HTTP/1.1"), V::ConnectUnsupported),
        (get("GET /"), V::VersionMissing),
        (get("GET / HTTP/1.1 "), V::VersionInvalid),
        (get("GET / http/1.1"), V::VersionInvalid),
        (get("GET / HTTP/1.2"), V::VersionUnsupported),
        (get("GET / HTTP/2.0"), V::VersionUnsupported),
        (get("PRI * HTTP/2.0"), V::VersionUnsupported),
        // Host.
        (request("GET / HTTP/1.1", &[], ""), V::HostMissing),
        (
            request("GET / HTTP/1.1", &["Host: a", "Host: a"], ""),
            V::HostRepeated,
        ),
        (
            request("GET / HTTP/1.1", &["Host: a", "Host: b"], ""),
            V::HostRepeated,
        ),
        (request("GET / HTTP/1.1", &["Host:"], ""), V::HostInvalid),
        (
            request("GET / HTTP/1.1", &["Host: a, b"], ""),
            V::HostInvalid,
        ),
        (
            request("GET / HTTP/1.1", &["Host: u@a"], ""),
            V::HostInvalid,
        ),
        (
            request("GET / HTTP/1.1", &["Host: a:b"], ""),
            V::HostInvalid,
        ),
        (
            request("GET / HTTP/1.1", &["Host: a b"], ""),
            V::HostInvalid,
        ),
        (get("GET http://b/ HTTP/1.1"), V::HostMismatch),
        (get("GET http://u@a/ HTTP/1.1"), V::HostInvalid),
        (get("GET http:/// HTTP/1.1"), V::HostInvalid),
        // What Connection may not name.
        (post(&["Connection: Host"], ""), V::ConnectionOption),
        (
            post(&["Connection: close, X-API-Key"], ""),
            V::ConnectionOption,
        ),
        (
            post(&["Connection: authorization"], ""),
            V::ConnectionOption,
        ),
        (
            post(&["Connection: content-length"], ""),
            V::ConnectionOption,
        ),
        // Chunk framing.
        (chunked("4;a=b\nabcd\r\n0\r\n\r\n"), V::ChunkExtension),
        (chunked("4;a=b\r\nabcd\r\n0\r\n\r\n"), V::ChunkExtension),
        (chunked("0x4\r\nabcd\r\n0\r\n\r\n"), V::ChunkSizeInvalid),
        (chunked(" 4\r\nabcd\r\n0\r\n\r\n"), V::ChunkSizeInvalid),
        (chunked("4 \r\nabcd\r\n0\r\n\r\n"), V::ChunkSizeInvalid),
        (chunked("+4\r\nabcd\r\n0\r\n\r\n"), V::ChunkSizeInvalid),
        (chunked("\r\nabcd\r\n0\r\n\r\n"), V::ChunkSizeInvalid),
        (
            chunked("00000000000000004\r\nabcd\r\n"),
            V::ChunkSizeInvalid,
        ),
        (chunked("4\nabcd\n0\n\n"), V::BareLf),
        (chunked("4\r\nabcd\n0\r\n\r\n"), V::BareLf),
        (chunked("4\r\nabcde\r\n0\r\n\r\n"), V::ChunkEnd),
        (chunked("4\r\nabcd\rX"), V::ChunkEnd),
        (chunked("4\rabcd"), V::BareCr),
        (chunked("0\r\n\n"), V::BareLf),
        (chunked("0\r\nX: a\nY: b\r\n\r\n"), V::BareLf),
        (chunked("0\r\nX: a\rb\r\n\r\n"), V::BareCr),
        (chunked("0\r\nX: a\0\r\n\r\n"), V::ControlCharacter),
        (chunked("0\r\n X: a\r\n\r\n"), V::FieldFolded),
        (chunked("0\r\nX : a\r\n\r\n"), V::FieldNameSpace),
        (chunked("0\r\nGET / HTTP/1.1\r\n\r\n"), V::FieldColonMissing),
        (
            chunked("0\r\nContent-Length: 4\r\n\r\n"),
            V::TrailerForbidden,
        ),
        (chunked("0\r\nHost: b\r\n\r\n"), V::TrailerForbidden),
        (
            chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            V::TrailerForbidden,
        ),
        (
            chunked("0\r\nAuthorization: x\r\n\r\n"),
            V::TrailerForbidden,
        ),
        (
            chunked(&format!("0\r\nX: {}\r\n\r\n", long(4096))),
            V::TrailersTooLarge,
        ),
        (
            chunked(&format!("0\r\nX: {}", long(5000))),
            V::TrailersTooLarge,
        ),
        (
            chunked(&format!("0\r\n{many_trailers}\r\n")),
            V::TrailersTooLarge,
        ),
        // Sizes.
        (
            request("GET / HTTP/1.1", &many_fields, ""),
            V::FieldsTooMany,
        ),
        (
            post(&[&format!("X: {}", long(16 * 1024))], ""),
            V::HeadTooLarge,
        ),
        (
            raw(&format!(
                "GET / HTTP/1.1\r\nHost: a\r\nX: {}",
                long(17 * 1024)
            )),
            V::HeadTooLarge,
        ),
        (
            get(&format!("GET /{} HTTP/1.1", long(8192))),
            V::TargetTooLong,
        ),
        (
            get(&format!("GET /{} HTTP/1.1", long(20_000))),
            V::TargetTooLong,
        ),
        (raw(&format!("GET /{}", long(9000))), V::TargetTooLong),
        (raw(&long(9000)), V::TargetTooLong),
        // Paths.
        (get("GET /a/../b HTTP/1.1"), V::PathDotSegment),
        (get("GET /a/..%2fb HTTP/1.1"), V::PathEncodedSlash),
        (get("GET /a/%2e%2e/b HTTP/1.1"), V::PathDotSegment),
        (get("GET /./a HTTP/1.1"), V::PathDotSegment),
        (get("GET /a%2fb HTTP/1.1"), V::PathEncodedSlash),
        (get("GET /a//b HTTP/1.1"), V::PathEmptySegment),
        (get("GET /a\\b HTTP/1.1"), V::PathBackslash),
        (get("GET /a%5cb HTTP/1.1"), V::PathBackslash),
        (get("GET /a%00 HTTP/1.1"), V::PathEncodedControl),
        (get("GET /a%zz HTTP/1.1"), V::PathPercentInvalid),
    ]
}

/// Streams of whole requests that must pass as they are.
pub(crate) fn accepted() -> Vec<Vec<u8>> {
    let fields: Vec<String> = (0..99).map(|i| format!("X-{i}: y")).collect();
    let mut hundred = vec!["Host: a"];
    hundred.extend(fields.iter().map(String::as_str));
    let pipelined = [
        get("GET /1 HTTP/1.1"),
        chunked("2\r\nab\r\n0\r\n\r\n"),
        post(&["Content-Length: 3"], "\r\n\n"),
    ]
    .concat();
    vec![
        get("GET / HTTP/1.1"),
        get("GET /a?q={x|y}&z=[1] HTTP/1.1"),
        get("OPTIONS * HTTP/1.1"),
        get("GET http://A:80/x HTTP/1.1"),
        request("GET / HTTP/1.0", &[], ""),
        [b"\r\n".to_vec(), get("GET / HTTP/1.1")].concat(),
        post(&["Content-Length: 4"], "abcd"),
        post(&["Content-Length: 0"], ""),
        post(&["X:", "X: \u{e9}\tb ", "x!#$%&'*+-.^_`|~: 1"], ""),
        post(&["Connection: keep-alive, X-Hop", "X-Hop: 1"], ""),
        post(&["Upgrade: websocket", "Connection: Upgrade"], ""),
        chunked("0\r\n\r\n"),
        chunked("4\r\nabcd\r\n00A\r\n0123456789\r\n0\r\n\r\n"),
        chunked("1\r\n\n\r\n1\r\n\r\r\n0\r\nX-Sum: 1\r\ngrpc-status: 0\r\n\r\n"),
        request("GET / HTTP/1.1", &hundred, ""),
        get(&format!("GET /{} HTTP/1.1", "a".repeat(8191))),
        pipelined,
    ]
}

#[test]
fn every_ambiguous_row_is_refused_for_its_reason() {
    for (stream, violation) in refused() {
        assert_eq!(judge(&stream), Err(violation), "{}", stream.escape_ascii());
    }
}

#[test]
fn every_clear_request_passes_unchanged() {
    for stream in accepted() {
        let outcome = feed(&stream, &[]);
        assert_eq!(outcome.refusal, None, "{}", stream.escape_ascii());
        assert_eq!(outcome.phase, Phase::Idle, "{}", stream.escape_ascii());
        assert_eq!(outcome.released, stream);
    }
}
