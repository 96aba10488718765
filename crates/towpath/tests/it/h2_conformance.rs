//! What an HTTP/2 server must answer to frames in and out of order (RFC 9113) and to header blocks (RFC 7541).

mod frames;

use frames::*;

use crate::support::{Setup, Upstream};

/// What must come back. A closed connection stands for any connection error (RFC 9113 section 5.4.1), and
/// PROTOCOL_ERROR, the unspecific code, for any other: the HTTP/2 library sends it for most sizes and header blocks.
enum Expect {
    /// This status on the stream, up to the end of the stream.
    Answer(u32, u16),
    /// The request is answered, and the connection is still of use for a PING.
    Alive(u32),
    /// GOAWAY with one of these codes, and always the end of the connection.
    Connection(&'static [u32]),
    /// RST_STREAM with one of these codes, or a connection error with one of them.
    Stream(&'static [u32]),
    /// A malformed request: like `Stream(PROTOCOL_ERROR)`, or refused with status 400 (section 8.1.1).
    Malformed,
    /// An acknowledged PING with this payload.
    Pong([u8; 8]),
    /// An acknowledgement of one more SETTINGS.
    Settled,
    /// An acknowledged PING, or a connection that ends without an error.
    Tolerated,
}

struct Case {
    name: &'static str,
    send: fn(&mut Client),
    expect: Expect,
}

const fn case(name: &'static str, send: fn(&mut Client), expect: Expect) -> Case {
    Case { name, send, expect }
}

use Expect::{Alive, Answer, Malformed, Pong, Settled, Tolerated};

const CONNECTION_PROTOCOL: Expect = Expect::Connection(&[PROTOCOL_ERROR]);
const CONNECTION_SIZE: Expect = Expect::Connection(&[FRAME_SIZE_ERROR]);
const CONNECTION_COMPRESSION: Expect = Expect::Connection(&[COMPRESSION_ERROR]);
const STREAM_IS_CLOSED: Expect = Expect::Stream(&[STREAM_CLOSED]);

/// Well-formed traffic in every shape.
#[rustfmt::skip]
const ACCEPTED: &[Case] = &[
    case("GET", |c| { c.get(1); }, Answer(1, 200)),
    case("HEAD", |c| { c.headers(1, END_STREAM, &request("HEAD")); }, Answer(1, 200)),
    case("POST", |c| { c.post(1).frame(DATA, END_STREAM, 1, b"test"); }, Answer(1, 200)),
    case("POST with several DATA", |c| { c.post(1).frame(DATA, 0, 1, b"te").frame(DATA, 0, 1, b"").frame(DATA, END_STREAM, 1, b"st"); }, Answer(1, 200)),
    case("POST with trailers", |c| { c.post(1).frame(DATA, 0, 1, b"test").headers(1, END_STREAM, &field("x-sum", "1")); }, Answer(1, 200)),
    case("padded DATA", |c| { c.post(1).frame(DATA, PADDED | END_STREAM, 1, b"\x03test\0\0\0"); }, Answer(1, 200)),
    case("DATA of 2^14 octets", |c| { c.post(1).frame(DATA, END_STREAM, 1, &[0; 1 << 14]); }, Answer(1, 200)),
    case("padded HEADERS", |c| { c.headers(1, PADDED | END_STREAM, &[&[4][..], &request("GET"), &[0; 4]].concat()); }, Answer(1, 200)),
    case("HEADERS with priority", |c| { c.headers(1, WITH_PRIORITY | END_STREAM, &[&[0, 0, 0, 0, 255][..], &request("GET")].concat()); }, Answer(1, 200)),
    case("one CONTINUATION", |c| { c.frame(HEADERS, END_STREAM, 1, &request("GET")).frame(CONTINUATION, END_HEADERS, 1, &field("x-a", "1")); }, Answer(1, 200)),
    case("several CONTINUATION", |c| {
        c.frame(HEADERS, END_STREAM, 1, &request("GET")).frame(CONTINUATION, 0, 1, &field("x-a", "1")).frame(CONTINUATION, END_HEADERS, 1, &field("x-b", "2"));
    }, Answer(1, 200)),
    case("PRIORITY on an idle stream", |c| { c.frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 255]).get(1); }, Answer(1, 200)),
    case("PRIORITY of weight 1", |c| { c.frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 0]).get(1); }, Answer(1, 200)),
    case("PRIORITY with a dependency", |c| { c.frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 255]).frame(PRIORITY, 0, 3, &[0, 0, 0, 1, 255]).get(5); }, Answer(5, 200)),
    case("exclusive PRIORITY", |c| { c.frame(PRIORITY, 0, 1, &[0x80, 0, 0, 0, 255]).get(1); }, Answer(1, 200)),
    case("PRIORITY on a higher stream first", |c| { c.frame(PRIORITY, 0, 5, &[0, 0, 0, 0, 255]).get(3); }, Answer(3, 200)),
    case("PRIORITY on a half-closed stream", |c| { c.get(1).frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 255]); }, Alive(1)),
    case("WINDOW_UPDATE on a half-closed stream", |c| { c.get(1).frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]); }, Alive(1)),
    case("RST_STREAM on a half-closed stream", |c| { c.get(1).frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()).get(3); }, Alive(3)),
    case("PRIORITY on a closed stream", |c| { c.get(1); closed(c, 1); c.frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 255]).get(3); }, Alive(3)),
    case("RST_STREAM on an open stream", |c| { c.post(1).frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()).get(3); }, Alive(3)),
    case("SETTINGS", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(3, 100)])); }, Settled),
    case("SETTINGS with an unknown identifier", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(0xff, 1)])); }, Settled),
    case("PING", |c| { c.frame(PING, 0, 0, b"towpath!"); }, Pong(*b"towpath!")),
    case("PING acknowledgement that answers nothing", |c| { c.frame(PING, ACK, 0, b"unasked!").frame(PING, 0, 0, b"towpath!"); }, Pong(*b"towpath!")),
    case("WINDOW_UPDATE on the connection", |c| { c.frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]).get(1); }, Answer(1, 200)),
    case("WINDOW_UPDATE on a stream", |c| { c.post(1).frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]).frame(DATA, END_STREAM, 1, b"x"); }, Answer(1, 200)),
    case("frame of unknown type", |c| { c.frame(0x16, 0, 0, &[0; 8]).frame(PING, 0, 0, b"towpath!"); }, Pong(*b"towpath!")),
    case("undefined flags", |c| { c.frame(PING, 0x16, 0, b"towpath!"); }, Pong(*b"towpath!")),
    case("reserved bit of the stream identifier", |c| { c.frame(PING, 0, 1 << 31, b"towpath!"); }, Pong(*b"towpath!")),
    case("GOAWAY with an unknown code", |c| { c.frame(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 0xff]).frame(PING, 0, 0, b"towpath!"); }, Tolerated),
    case("RST_STREAM with an unknown code", |c| { c.post(1).frame(RST_STREAM, 0, 1, &[0, 0, 0, 0xff]).frame(PING, 0, 0, b"towpath!"); }, Pong(*b"towpath!")),
    case("streams in turn", |c| { c.post(1).get(3); closed(c, 3); c.frame(DATA, END_STREAM, 1, b"late"); }, Answer(1, 200)),
];

/// Flow control, section 6.9.
#[rustfmt::skip]
const FLOW: &[Case] = &[
    case("increment of 0 on the connection", |c| { c.frame(WINDOW_UPDATE, 0, 0, &[0; 4]); }, CONNECTION_PROTOCOL),
    case("increment of 0 on a stream", |c| { c.post(1).frame(WINDOW_UPDATE, 0, 1, &[0; 4]); }, Expect::Stream(&[PROTOCOL_ERROR])),
    case("WINDOW_UPDATE of three octets", |c| { c.frame(WINDOW_UPDATE, 0, 0, &[0, 0, 1]); }, CONNECTION_SIZE),
    case("window of the connection above 2^31-1", |c| { c.frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]).frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]); }, Expect::Connection(&[FLOW_CONTROL_ERROR])),
    case("window of a stream above 2^31-1", |c| { c.post(1).frame(WINDOW_UPDATE, 0, 1, &[0x7f, 0xff, 0xff, 0xff]).frame(WINDOW_UPDATE, 0, 1, &[0x7f, 0xff, 0xff, 0xff]); }, Expect::Stream(&[FLOW_CONTROL_ERROR])),
    case("initial window above 2^31-1", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(4, 1 << 31)])); }, Expect::Connection(&[FLOW_CONTROL_ERROR])),
];

/// Frames of the wrong size or form, sections 4 and 6.
#[rustfmt::skip]
const FORMS: &[Case] = &[
    case("DATA above the frame size", |c| { c.post(1).frame(DATA, END_STREAM, 1, &[0; (1 << 14) + 1]); }, Expect::Stream(&[FRAME_SIZE_ERROR])),
    case("HEADERS above the frame size", |c| { c.headers(1, END_STREAM, &[request("GET"), vec![0; 1 << 14]].concat()); }, CONNECTION_SIZE),
    case("DATA on stream 0", |c| { c.frame(DATA, END_STREAM, 0, b"test"); }, CONNECTION_PROTOCOL),
    case("DATA padded beyond its end", |c| { c.post(1).frame(DATA, PADDED | END_STREAM, 1, b"\x05test"); }, CONNECTION_PROTOCOL),
    case("HEADERS on stream 0", |c| { c.get(0); }, CONNECTION_PROTOCOL),
    case("HEADERS padded beyond its end", |c| { let block = request("GET"); c.headers(1, PADDED | END_STREAM, &[&[block.len() as u8 + 1][..], &block].concat()); }, CONNECTION_PROTOCOL),
    case("HEADERS that depends on itself", |c| { c.headers(1, WITH_PRIORITY | END_STREAM, &[&[0, 0, 0, 1, 255][..], &request("GET")].concat()); }, Expect::Stream(&[PROTOCOL_ERROR])),
    case("PRIORITY that depends on itself", |c| { c.frame(PRIORITY, 0, 2, &[0, 0, 0, 2, 255]); }, Expect::Stream(&[PROTOCOL_ERROR])),
    case("PRIORITY on stream 0", |c| { c.frame(PRIORITY, 0, 0, &[0, 0, 0, 1, 255]); }, CONNECTION_PROTOCOL),
    case("PRIORITY of four octets", |c| { c.post(1).frame(PRIORITY, 0, 1, &[0, 0, 0, 1]); }, Expect::Stream(&[FRAME_SIZE_ERROR])),
    case("RST_STREAM on stream 0", |c| { c.frame(RST_STREAM, 0, 0, &CANCEL.to_be_bytes()); }, CONNECTION_PROTOCOL),
    case("RST_STREAM of three octets", |c| { c.post(1).frame(RST_STREAM, 0, 1, &[0, 0, 8]); }, CONNECTION_SIZE),
    case("SETTINGS acknowledgement with a payload", |c| { c.frame(SETTINGS, ACK, 0, &settings_payload(&[(3, 1)])); }, CONNECTION_SIZE),
    case("SETTINGS on a stream", |c| { c.frame(SETTINGS, 0, 1, &settings_payload(&[(3, 1)])); }, CONNECTION_PROTOCOL),
    case("SETTINGS of three octets", |c| { c.frame(SETTINGS, 0, 0, &[0, 3, 0]); }, CONNECTION_SIZE),
    case("ENABLE_PUSH of 2", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(2, 2)])); }, CONNECTION_PROTOCOL),
    case("MAX_FRAME_SIZE below 2^14", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(5, (1 << 14) - 1)])); }, CONNECTION_PROTOCOL),
    case("MAX_FRAME_SIZE above 2^24-1", |c| { c.frame(SETTINGS, 0, 0, &settings_payload(&[(5, 1 << 24)])); }, CONNECTION_PROTOCOL),
    case("PUSH_PROMISE of a client", |c| { c.get(1).frame(PUSH_PROMISE, END_HEADERS, 1, &[&[0, 0, 0, 2][..], &request("GET")].concat()); }, CONNECTION_PROTOCOL),
    case("PING on a stream", |c| { c.frame(PING, 0, 1, &[0; 8]); }, CONNECTION_PROTOCOL),
    case("PING of six octets", |c| { c.frame(PING, 0, 0, &[0; 6]); }, CONNECTION_SIZE),
    case("GOAWAY on a stream", |c| { c.frame(GOAWAY, 0, 1, &[0; 8]); }, CONNECTION_PROTOCOL),
];

/// Frames that the state of their stream does not allow, section 5.
#[rustfmt::skip]
const STATES: &[Case] = &[
    case("idle: DATA", |c| { c.frame(DATA, END_STREAM, 1, b"test"); }, Expect::Stream(&[PROTOCOL_ERROR, STREAM_CLOSED])),
    case("idle: RST_STREAM", |c| { c.frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()); }, CONNECTION_PROTOCOL),
    case("idle: WINDOW_UPDATE", |c| { c.frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 100]); }, CONNECTION_PROTOCOL),
    case("idle: CONTINUATION", |c| { c.frame(CONTINUATION, END_HEADERS, 1, &request("GET")); }, CONNECTION_PROTOCOL),
    case("half-closed: DATA", |c| { c.get(1).frame(DATA, END_STREAM, 1, b"test"); }, STREAM_IS_CLOSED),
    case("half-closed: HEADERS", |c| { c.get(1).get(1); }, STREAM_IS_CLOSED),
    case("half-closed: CONTINUATION", |c| { c.get(1).frame(CONTINUATION, END_HEADERS, 1, &request("GET")); }, Expect::Stream(&[STREAM_CLOSED, PROTOCOL_ERROR])),
    case("reset: DATA", |c| { c.post(1).frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()).frame(DATA, END_STREAM, 1, b"test"); }, STREAM_IS_CLOSED),
    case("reset: HEADERS", |c| { c.post(1).frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()).get(1); }, STREAM_IS_CLOSED),
    case("reset: CONTINUATION", |c| { c.post(1).frame(RST_STREAM, 0, 1, &CANCEL.to_be_bytes()).frame(CONTINUATION, END_HEADERS, 1, &[]); }, Expect::Stream(&[STREAM_CLOSED, PROTOCOL_ERROR])),
    case("closed: DATA", |c| { c.get(1); closed(c, 1); c.frame(DATA, END_STREAM, 1, b"test"); }, STREAM_IS_CLOSED),
    case("closed: HEADERS", |c| { c.get(1); closed(c, 1); c.get(1); }, Expect::Connection(&[STREAM_CLOSED, PROTOCOL_ERROR])),
    case("closed: CONTINUATION", |c| { c.get(1); closed(c, 1); c.frame(CONTINUATION, END_HEADERS, 1, &[]); }, Expect::Stream(&[STREAM_CLOSED, PROTOCOL_ERROR])),
    case("even stream identifier", |c| { c.get(2); }, CONNECTION_PROTOCOL),
    case("stream identifier lower than before", |c| { c.get(5).get(3); }, CONNECTION_PROTOCOL),
    case("more streams than allowed", |c| {
        let limit = c.streams_max.filter(|limit| *limit <= 1_000).expect("the server bounds its streams");
        for stream in 0..=limit { c.post(1 + 2 * stream); }
    }, Expect::Stream(&[REFUSED_STREAM, PROTOCOL_ERROR])),
    case("PRIORITY inside a header block", |c| { c.frame(HEADERS, END_STREAM, 1, &request("GET")).frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 255]); }, CONNECTION_PROTOCOL),
    case("HEADERS of another stream inside a header block", |c| { c.frame(HEADERS, END_STREAM, 1, &request("GET")).get(3); }, CONNECTION_PROTOCOL),
    case("DATA inside a header block", |c| { c.frame(HEADERS, 0, 1, &request("POST")).frame(DATA, END_STREAM, 1, b"test"); }, CONNECTION_PROTOCOL),
    case("unknown frame inside a header block", |c| { c.frame(HEADERS, END_STREAM, 1, &request("GET")).frame(0x16, 0, 0, &[0; 8]); }, CONNECTION_PROTOCOL),
    case("CONTINUATION on stream 0", |c| { c.frame(HEADERS, END_STREAM, 1, &request("GET")).frame(CONTINUATION, END_HEADERS, 0, &field("x-a", "1")); }, CONNECTION_PROTOCOL),
    case("CONTINUATION after the end of a block", |c| { c.post(1).frame(CONTINUATION, END_HEADERS, 1, &field("x-a", "1")); }, CONNECTION_PROTOCOL),
    case("CONTINUATION after a CONTINUATION that ended the block", |c| {
        c.frame(HEADERS, 0, 1, &request("POST")).frame(CONTINUATION, END_HEADERS, 1, &field("x-a", "1")).frame(CONTINUATION, END_HEADERS, 1, &field("x-b", "2"));
    }, CONNECTION_PROTOCOL),
    case("CONTINUATION after DATA", |c| { c.post(1).frame(DATA, 0, 1, b"test").frame(CONTINUATION, END_HEADERS, 1, &field("x-a", "1")); }, CONNECTION_PROTOCOL),
    case("a second HEADERS that does not end the stream", |c| { c.post(1).headers(1, 0, &field("x-a", "1")); }, Expect::Stream(&[PROTOCOL_ERROR])),
];

/// Requests that are malformed, section 8.
#[rustfmt::skip]
const MALFORMED: &[Case] = &[
    case("name in upper case", |c| { extra(c, &field("X-TEST", "1")); }, Malformed),
    case("unknown pseudo-header", |c| { extra(c, &field(":test", "1")); }, Malformed),
    case("pseudo-header of a response", |c| { extra(c, &field(":status", "200")); }, Malformed),
    case("pseudo-header in trailers that do not end the stream", |c| { c.post(1).headers(1, 0, &field(":method", "GET")); }, Malformed),
    case("pseudo-header after a field", |c| { c.headers(1, END_STREAM, &[field("x-test", "1"), request("GET")].concat()); }, Malformed),
    case("Connection", |c| { extra(c, &field("connection", "keep-alive")); }, Malformed),
    case("Keep-Alive", |c| { extra(c, &field("keep-alive", "timeout=5")); }, Malformed),
    case("Proxy-Connection", |c| { extra(c, &field("proxy-connection", "keep-alive")); }, Malformed),
    case("Transfer-Encoding", |c| { extra(c, &field("transfer-encoding", "chunked")); }, Malformed),
    case("Upgrade", |c| { extra(c, &field("upgrade", "foo")); }, Malformed),
    case("TE other than trailers", |c| { extra(c, &field("te", "trailers, deflate")); }, Malformed),
    case("empty :path", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":path", ""), (":authority", "a")]); }, Malformed),
    case("no :method", |c| { pseudo(c, &[(":scheme", "http"), (":path", "/"), (":authority", "a")]); }, Malformed),
    case("no :scheme", |c| { pseudo(c, &[(":method", "GET"), (":path", "/"), (":authority", "a")]); }, Malformed),
    case("no :path", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":authority", "a")]); }, Malformed),
    case("no :authority and no Host", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":path", "/")]); }, Malformed),
    case("two :method", |c| { pseudo(c, &[(":method", "GET"), (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")]); }, Malformed),
    case("two :scheme", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":scheme", "http"), (":path", "/"), (":authority", "a")]); }, Malformed),
    case("two :path", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":path", "/"), (":path", "/"), (":authority", "a")]); }, Malformed),
    case("two :authority", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a"), (":authority", "a")]); }, Malformed),
    case("Host that differs from :authority", |c| { extra(c, &field("host", "other.example")); }, Malformed),
    case("dot segments in :path", |c| { pseudo(c, &[(":method", "GET"), (":scheme", "http"), (":path", "/a/../b"), (":authority", "a")]); }, Malformed),
    case("LF in a value", |c| { extra(c, &field("x-test", "1\n2")); }, Malformed),
    case("NUL in a value", |c| { extra(c, &field("x-test", "1\0")); }, Malformed),
    case("space in a name", |c| { extra(c, &field("x test", "1")); }, Malformed),
    case("body shorter than Content-Length", |c| { c.headers(1, 0, &[request("POST"), field("content-length", "8")].concat()).frame(DATA, END_STREAM, 1, b"test"); }, Malformed),
    case("body longer than Content-Length", |c| { c.headers(1, 0, &[request("POST"), field("content-length", "1")].concat()).frame(DATA, END_STREAM, 1, b"test"); }, Malformed),
    case("several DATA longer than Content-Length", |c| {
        c.headers(1, 0, &[request("POST"), field("content-length", "1")].concat()).frame(DATA, 0, 1, b"te").frame(DATA, END_STREAM, 1, b"st");
    }, Malformed),
];

/// Header compression. `www.example.com` and `no-cache` in the Huffman code are the examples of RFC 7541 appendix C.
#[rustfmt::skip]
const COMPRESSION: &[Case] = &[
    case("indexed fields", |c| { block(c, &[0x82, 0x86, 0x84, 0x01, 1, b'a']); }, Answer(1, 200)),
    case("literal with indexing, indexed name", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x41][..], &text("www.example.com")].concat()); }, Answer(1, 200)),
    case("the same, Huffman", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x41][..], WWW].concat()); }, Answer(1, 200)),
    case("literal with indexing, new name", |c| { extra(c, &[&[0x40][..], &text("x-test"), &text("1")].concat()); }, Answer(1, 200)),
    case("the same, Huffman", |c| { extra(c, &[&[0x40][..], CUSTOM_KEY, CUSTOM_VALUE].concat()); }, Answer(1, 200)),
    case("literal without indexing, indexed name", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x01][..], &text("a")].concat()); }, Answer(1, 200)),
    case("the same, Huffman", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x01][..], WWW].concat()); }, Answer(1, 200)),
    case("literal without indexing, new name, Huffman", |c| { extra(c, &[&[0x00][..], CUSTOM_KEY, CUSTOM_VALUE].concat()); }, Answer(1, 200)),
    case("literal never indexed, indexed name", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x11][..], &text("a")].concat()); }, Answer(1, 200)),
    case("the same, Huffman", |c| { block(c, &[&[0x82, 0x86, 0x84, 0x11][..], WWW].concat()); }, Answer(1, 200)),
    case("literal never indexed, new name", |c| { extra(c, &[&[0x10][..], &text("x-test"), &text("1")].concat()); }, Answer(1, 200)),
    case("the same, Huffman", |c| { extra(c, &[&[0x10][..], CUSTOM_KEY, CUSTOM_VALUE].concat()); }, Answer(1, 200)),
    case("an indexed field is found in the next block", |c| {
        block(c, &[&[0x82, 0x86, 0x84, 0x41][..], &text("a")].concat());
        c.headers(3, END_STREAM, &[0x82, 0x86, 0x84, 0xbe]);
    }, Answer(3, 200)),
    case("table size update", |c| { block(c, &[&[0x20][..], &request("GET")].concat()); }, Answer(1, 200)),
    case("two table size updates", |c| { block(c, &[&[0x20][..], &integer(5, 0x20, 4096), &request("GET")].concat()); }, Answer(1, 200)),
    case("index beyond the table", |c| { extra(c, &integer(7, 0x80, 70)); }, CONNECTION_COMPRESSION),
    case("literal whose name is beyond the table", |c| { extra(c, &[integer(6, 0x40, 70), text("1")].concat()); }, CONNECTION_COMPRESSION),
    case("index 0", |c| { extra(c, &[0x80]); }, CONNECTION_COMPRESSION),
    case("table size update at the end of a block", |c| { extra(c, &[0x21]); }, CONNECTION_COMPRESSION),
    case("table size update above the limit", |c| { block(c, &[integer(5, 0x20, 1 << 20), request("GET")].concat()); }, CONNECTION_COMPRESSION),
    case("Huffman padding longer than 7 bits", |c| { extra(c, &[&[0x00][..], &text("x-test"), &[0x82, 0x1f, 0xff]].concat()); }, CONNECTION_COMPRESSION),
    case("Huffman padding of zeros", |c| { extra(c, &[&[0x00][..], &text("x-test"), &[0x81, 0x18]].concat()); }, CONNECTION_COMPRESSION),
    case("Huffman code of the end of string", |c| { extra(c, &[&[0x00][..], &text("x-test"), &[0x84, 0xff, 0xff, 0xff, 0xff]].concat()); }, CONNECTION_COMPRESSION),
    case("string longer than its block", |c| { extra(c, &[0x00, 0x7e, b'x']); }, CONNECTION_COMPRESSION),
    case("a name's length that never ends", |c| { extra(c, &[&[0x00, 0x7f][..], &[0xff; 12]].concat()); }, CONNECTION_COMPRESSION),
];

const WWW: &[u8] = &[
    0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff,
];
const CUSTOM_KEY: &[u8] = &[0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f];
const CUSTOM_VALUE: &[u8] = &[0x89, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xb8, 0xe8, 0xb4, 0xbf];

fn block(client: &mut Client, block: &[u8]) {
    client.headers(1, END_STREAM, block);
}

/// A GET with this after its pseudo-header fields.
fn extra(client: &mut Client, more: &[u8]) {
    block(client, &[&request("GET")[..], more].concat());
}

fn pseudo(client: &mut Client, fields: &[(&str, &str)]) {
    block(
        client,
        &fields
            .iter()
            .flat_map(|(name, value)| field(name, value))
            .collect::<Vec<u8>>(),
    );
}

/// Reads until the server has ended this stream.
fn closed(client: &mut Client, stream: u32) {
    loop {
        match client.next() {
            Event::Frame(frame) if frame.stream == stream && ends_stream(&frame) => return,
            Event::Frame(_) => {}
            other => panic!("{other:?} instead of the end of stream {stream}"),
        }
    }
}

fn ends_stream(frame: &Frame) -> bool {
    matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM != 0
}

#[test]
fn every_case_is_answered_as_the_standard_says() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let groups = [ACCEPTED, FLOW, FORMS, STATES, MALFORMED, COMPRESSION];
    let all: Vec<&Case> = groups.into_iter().flatten().collect();
    let mut wrong = Vec::new();
    for case in &all {
        let mut client = Client::open(towpath.gateway, &[]);
        (case.send)(&mut client);
        if let Err(found) = observe(&mut client, &case.expect) {
            wrong.push(format!("{}: {found}", case.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
    assert!(all.len() >= 130, "{} cases", all.len());
}

fn observe(client: &mut Client, expect: &Expect) -> Result<(), String> {
    let mut seen = Vec::new();
    let mut answered = false;
    loop {
        let frame = match client.next() {
            Event::Frame(frame) => frame,
            Event::Closed
                if matches!(
                    expect,
                    Expect::Connection(_) | Expect::Stream(_) | Malformed | Tolerated
                ) =>
            {
                return Ok(());
            }
            other => return Err(format!("{other:?} after {seen:?}")),
        };
        seen.push((
            frame.kind,
            frame.flags,
            frame.stream,
            frame.status(),
            frame.error_code(),
        ));
        let code = frame.error_code();
        let is_unspecific = frame.kind == GOAWAY && code == Some(PROTOCOL_ERROR);
        let is_expected =
            |codes: &[u32]| is_unspecific || code.is_some_and(|code| codes.contains(&code));
        let failed = || Err(format!("{seen:?}"));
        match expect {
            Answer(stream, status) if frame.stream == *stream => {
                answered |= frame.status() == Some(*status);
                if ends_stream(&frame) {
                    return if answered { Ok(()) } else { failed() };
                }
            }
            // The answer first, or the PING first: both must come.
            Alive(stream) if frame.stream == *stream && ends_stream(&frame) => {
                client.frame(PING, 0, 0, b"alive???");
            }
            Alive(_) if frame.kind == PING && frame.flags & ACK != 0 => return Ok(()),
            Pong(payload) if frame.kind == PING && frame.flags & ACK != 0 => {
                return if frame.payload == *payload {
                    Ok(())
                } else {
                    failed()
                };
            }
            Tolerated if frame.kind == PING && frame.flags & ACK != 0 => return Ok(()),
            Settled if frame.kind == SETTINGS && frame.flags & ACK != 0 => return Ok(()),
            // A GOAWAY must be followed by the end of the connection: see `Closed` above.
            Expect::Connection(codes) if frame.kind == GOAWAY && !is_expected(codes) => {
                return failed();
            }
            Expect::Stream(codes) if code.is_some() => {
                return if is_expected(codes) { Ok(()) } else { failed() };
            }
            Malformed if frame.status() == Some(400) => return Ok(()),
            Malformed if frame.status().is_some() => return failed(),
            Malformed if code.is_some() => {
                return if is_expected(&[PROTOCOL_ERROR]) {
                    Ok(())
                } else {
                    failed()
                };
            }
            Answer(..) | Alive(_) | Pong(_) | Settled | Tolerated
                if code.is_some_and(|code| code != 0) =>
            {
                return failed();
            }
            _ => {}
        }
    }
}

/// The HTTP/2 library drops such a field instead of resetting the stream (RFC 9113 section 8.1): nothing of it may go on.
#[test]
fn pseudo_headers_in_trailers_never_reach_the_upstream() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut client = Client::open(towpath.gateway, &[]);
    client.post(1).headers(
        1,
        END_STREAM,
        &[field(":method", "DELETE"), field("x-sum", "1")].concat(),
    );
    assert_eq!(observe(&mut client, &Answer(1, 200)), Ok(()));
    assert_eq!(upstream.request().trailers, "x-sum: 1\n");
}

#[test]
fn a_broken_preface_ends_the_connection() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut client = Client::bare(towpath.gateway);
    client
        .send(b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")
        .frame(SETTINGS, 0, 0, &[]);
    // Whatever bytes come first, the connection must not live on.
    while client.next() != Event::Closed {}
    assert_eq!(upstream.count(), 0);
}

#[test]
fn a_response_never_exceeds_the_clients_window() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    for (window, grown) in [(1, 1), (0, 3)] {
        let mut client = Client::open(towpath.gateway, &[(4, window)]);
        client.get(1);
        let mut body = Vec::new();
        if window > 0 {
            body.extend(data(&mut client));
            assert_eq!(body.len(), window as usize);
        }
        // Room for one more octet by a WINDOW_UPDATE, then for all by new settings.
        client.frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, grown as u8]);
        body.extend(data(&mut client));
        assert_eq!(body.len(), window as usize + grown);
        client
            .frame(SETTINGS, 0, 0, &settings_payload(&[(4, 2)]))
            .frame(SETTINGS, 0, 0, &settings_payload(&[(4, 100)]));
        while body.len() < 11 {
            body.extend(data(&mut client));
        }
        assert_eq!(body, b"{\"ok\":true}");
    }
}

/// The payload of the next DATA frame.
fn data(client: &mut Client) -> Vec<u8> {
    loop {
        match client.next() {
            Event::Frame(frame) if frame.kind == DATA => return frame.payload,
            Event::Frame(frame) => assert!(frame.error_code().is_none(), "{frame:?}"),
            other => panic!("{other:?} instead of DATA"),
        }
    }
}

#[test]
fn a_window_below_zero_holds_the_response_back() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut client = Client::open(towpath.gateway, &[(4, 3)]);
    client.get(1);
    assert_eq!(data(&mut client).len(), 3);
    // 3 were used of 3; a new initial window of 2 leaves -1, so that 2 more make room for one octet.
    client
        .frame(SETTINGS, 0, 0, &settings_payload(&[(4, 2)]))
        .frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 2]);
    assert_eq!(data(&mut client).len(), 1);
}

/// Resets at will cost the attacker a connection and the gateway nothing (CVE-2023-44487).
#[test]
fn rapid_resets_end_the_connection_and_not_the_service() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut client = Client::open(towpath.gateway, &[]);
    for stream in 0..20_000_u32 {
        client
            .get(1 + 2 * stream)
            .frame(RST_STREAM, 0, 1 + 2 * stream, &CANCEL.to_be_bytes());
    }
    while client.next() != Event::Closed {}
    assert_eq!(
        crate::support::get(towpath.gateway, "/after", &[]).status,
        200
    );
    assert!(
        upstream.count() < 20_000,
        "{} requests reached the upstream",
        upstream.count()
    );
}

/// A header block that never ends is cut off (CONTINUATION flood, CVE-2024-27316 and its kin).
#[test]
fn an_endless_header_block_ends_the_connection() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let mut client = Client::open(towpath.gateway, &[]);
    client.frame(HEADERS, END_STREAM, 1, &request("GET"));
    for number in 0..10_000 {
        client.frame(
            CONTINUATION,
            0,
            1,
            &field(&format!("x-{number}"), &"v".repeat(100)),
        );
    }
    while client.next() != Event::Closed {}
    assert!(towpath.resident_kib() < 150 << 10);
    assert_eq!(
        crate::support::get(towpath.gateway, "/after", &[]).status,
        200
    );
}
