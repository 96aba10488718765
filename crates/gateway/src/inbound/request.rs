//! Request heads from bytes that the strict front has judged: cut at what it has proved, and nothing proved again.

use http::{Method, Version};

use crate::fields::{Fields, Place, lists, lower_names};
use crate::framing::Framing;
use crate::request_head::{RequestHead, Target};

/// A usual head has fewer fields.
const FIELDS_USUAL: usize = 16;

/// A request head, and what it says of the message and the connection.
#[derive(Debug)]
pub struct Arrived {
    pub head: RequestHead,
    pub framing: Framing,
    /// The consumer means to send another request after this one (RFC 9112 section 9.3).
    pub keep_alive: bool,
    /// The body comes once we ask for it (RFC 9110 section 10.1.1).
    pub expects_continue: bool,
    /// Trailers may be sent (RFC 9110 section 10.1.4).
    pub takes_trailers: bool,
}

/// The bytes are not a request head that the strict front would have released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAHead;

/// Reads the head at the start of `bytes` and how long it is; `None` when more bytes are needed.
pub fn parse_request(bytes: &[u8]) -> Result<Option<(Arrived, usize)>, NotAHead> {
    // One empty line before the request line has been let pass (RFC 9112 section 2.2).
    let start = if bytes.starts_with(b"\r\n") { 2 } else { 0 };
    let Some(line) = line_end(bytes, start)? else {
        return Ok(None);
    };
    let Some((places, length)) = parse_fields(bytes, line + 2)? else {
        return Ok(None);
    };

    let request_line = &bytes[start..line];
    let space = memchr::memchr(b' ', request_line).ok_or(NotAHead)?;
    let method = Method::from_bytes(&request_line[..space]).map_err(|_| NotAHead)?;
    let version = match &request_line[request_line.len().saturating_sub(9)..] {
        b" HTTP/1.1" => Version::HTTP_11,
        b" HTTP/1.0" => Version::HTTP_10,
        _ => return Err(NotAHead),
    };
    let (from, to) = (start + space + 1, line - 9);
    if from >= to || !bytes[from..to].is_ascii() {
        return Err(NotAHead);
    }

    // One copy of the head; all its parts are places in it.
    let mut text = Vec::with_capacity(length);
    text.extend_from_slice(&bytes[..length]);
    lower_names(&mut text, &places);
    let target = target(&mut text, from, to)?;
    let fields = Fields::new(text.into(), places);
    let said = Said::of(&fields)?;
    let head = RequestHead::new(method, version, target, fields);
    Ok(Some((said.into_arrived(head), length)))
}

/// Where the line that starts at `start` ends, its CRLF left out.
#[inline]
fn line_end(bytes: &[u8], start: usize) -> Result<Option<usize>, NotAHead> {
    let Some(at) = memchr::memchr(b'\n', &bytes[start..]) else {
        return Ok(None);
    };
    match at.checked_sub(1) {
        Some(end) if bytes[start + end] == b'\r' => Ok(Some(start + end)),
        _ => Err(NotAHead),
    }
}

/// The fields from `at` on, and the length of the head up to the end of the empty line behind them.
fn parse_fields(bytes: &[u8], mut at: usize) -> Result<Option<(Vec<Place>, usize)>, NotAHead> {
    let mut places = Vec::with_capacity(FIELDS_USUAL);
    loop {
        let Some(end) = line_end(bytes, at)? else {
            return Ok(None);
        };
        if end == at {
            return Ok(Some((places, end + 2)));
        }
        let line = &bytes[at..end];
        let colon = memchr::memchr(b':', line).ok_or(NotAHead)?;
        if colon == 0 {
            return Err(NotAHead);
        }
        let (mut value, mut value_end) = (colon + 1, line.len());
        while value < value_end && matches!(line[value], b' ' | b'\t') {
            value += 1;
        }
        while value < value_end && matches!(line[value_end - 1], b' ' | b'\t') {
            value_end -= 1;
        }
        places.push(Place::new(at, at + colon, at + value, at + value_end));
        at = end + 2;
    }
}

/// The parts of the target at `from` to `to`. An absolute-form target without a path gets the `/` that it stands for
/// (RFC 9112 section 3.2.1), behind the head.
fn target(text: &mut Vec<u8>, from: usize, to: usize) -> Result<Target, NotAHead> {
    let given = &text[from..to];
    if given[0] == b'/' || given == b"*" {
        return Ok(origin_form(text, (0, 0), from, to));
    }
    let authority = from + memchr::memmem::find(given, b"://").ok_or(NotAHead)? + 3;
    let length = memchr::memchr2(b'/', b'?', &text[authority..to]);
    let path = length.map_or(to, |length| authority + length);
    if text.get(path) == Some(&b'/') {
        return Ok(origin_form(text, (authority, path), path, to));
    }
    let from = text.len();
    text.push(b'/');
    text.extend_from_within(path..to);
    let to = text.len();
    Ok(origin_form(text, (authority, path), from, to))
}

fn origin_form(text: &[u8], authority: (usize, usize), from: usize, to: usize) -> Target {
    let question = memchr::memchr(b'?', &text[from..to]);
    Target {
        authority,
        path: (from, question.map_or(to, |at| from + at)),
        end: to,
    }
}

/// What the fields say of the message and the connection.
#[derive(Debug, Default)]
struct Said {
    chunked: bool,
    length: u64,
    close: bool,
    keep_alive: bool,
    expects_continue: bool,
    takes_trailers: bool,
}

impl Said {
    fn of(fields: &Fields) -> Result<Self, NotAHead> {
        let mut said = Self::default();
        for (name, value) in fields.iter() {
            match name {
                b"content-length" => {
                    let digits = std::str::from_utf8(value).map_err(|_| NotAHead)?;
                    said.length = digits.parse().map_err(|_| NotAHead)?;
                }
                b"transfer-encoding" => said.chunked = true,
                b"connection" => {
                    said.close |= lists(value, b"close");
                    said.keep_alive |= lists(value, b"keep-alive");
                }
                b"expect" => said.expects_continue = value.eq_ignore_ascii_case(b"100-continue"),
                b"te" => said.takes_trailers |= lists(value, b"trailers"),
                _ => {}
            }
        }
        Ok(said)
    }

    fn into_arrived(self, head: RequestHead) -> Arrived {
        let http10 = head.version == Version::HTTP_10;
        let framing = match self.chunked {
            true => Framing::chunked(),
            false => Framing::of_length(self.length),
        };
        Arrived {
            head,
            framing,
            keep_alive: !self.close && (!http10 || self.keep_alive),
            expects_continue: self.expects_continue && !http10 && !framing.is_ended(),
            takes_trailers: self.takes_trailers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(text: &str) -> Arrived {
        let (arrived, length) = parse_request(text.as_bytes()).unwrap().unwrap();
        assert_eq!(&text[length..], "REST");
        arrived
    }

    #[test]
    fn a_head_says_how_its_message_goes_on() {
        let get = arrived("\r\nGET /a?b=c HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a:2 \t\r\n\r\nREST");
        assert_eq!(get.head.path_and_query(), "/a?b=c");
        assert_eq!(
            get.head.fields.all(b"x-a").collect::<Vec<_>>(),
            [b"1", b"2"]
        );
        assert!(get.keep_alive && get.framing.is_ended() && !get.expects_continue);

        let post = arrived(
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-Continue\r\nConnection: x, Close\r\nTE: trailers\r\n\r\nREST",
        );
        assert_eq!(post.framing, Framing::of_length(5));
        assert!(!post.keep_alive && post.expects_continue && post.takes_trailers);

        let chunked = arrived("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nREST");
        assert_eq!(chunked.framing, Framing::chunked());
        assert!(!arrived("GET / HTTP/1.0\r\n\r\nREST").keep_alive);
        assert!(arrived("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nREST").keep_alive);
    }

    #[test]
    fn a_target_is_cut_into_its_parts() {
        for (target, host, path, query, sent) in [
            ("/a?b=c?d", None, "/a", Some("b=c?d"), "/a?b=c?d"),
            ("/a?", None, "/a", Some(""), "/a?"),
            ("/", None, "/", None, "/"),
            ("*", None, "*", None, "*"),
            ("http://h:1/x?y", Some("h:1"), "/x", Some("y"), "/x?y"),
            ("HTTPS://h", Some("h"), "/", None, "/"),
            ("http://h?y", Some("h"), "/", Some("y"), "/?y"),
        ] {
            let head = arrived(&format!("GET {target} HTTP/1.1\r\nA: b\r\n\r\nREST")).head;
            let found = (head.authority(), head.path(), head.query());
            assert_eq!(found, (host, path, query), "{target}");
            assert_eq!(head.path_and_query(), sent);
            assert_eq!(head.fields.get(b"a"), Some(&b"b"[..]));
        }
    }

    #[test]
    fn an_incomplete_head_waits_and_what_is_none_is_an_error() {
        for part in ["", "\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"] {
            assert!(parse_request(part.as_bytes()).unwrap().is_none());
        }
        for bad in [
            "\x00\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n",
            "GET  HTTP/1.1\r\n\r\n",
            "GET a HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\na\r\n\r\n",
            "GET / HTTP/1.1\r\n: a\r\n\r\n",
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/1.1\r\na: b\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(
                parse_request(bad.as_bytes()).unwrap_err(),
                NotAHead,
                "{bad:?}"
            );
        }
    }
}
