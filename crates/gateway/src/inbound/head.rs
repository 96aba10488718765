//! Request heads from bytes that the strict front has judged, and response heads as bytes.

use std::mem::MaybeUninit;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, EXPECT, TE, TRANSFER_ENCODING};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version,
};

use crate::framing::Framing;

/// The strict front lets no more fields pass (`FrontLimits`).
const FIELDS_MAX: usize = 100;

/// A request head, and what it says of the message and the connection.
#[derive(Debug)]
pub struct RequestHead {
    pub request: Request<()>,
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
pub fn parse_request(bytes: &[u8]) -> Result<Option<(RequestHead, usize)>, NotAHead> {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let mut parsed = httparse::Request::new(&mut []);
    let length = match parsed.parse_with_uninit_headers(bytes, &mut fields) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(NotAHead),
    };

    // One copy of the head; values and target are slices of it.
    let head = Bytes::copy_from_slice(&bytes[..length]);
    let mut request = Request::new(());
    *request.method_mut() =
        Method::from_bytes(parsed.method.unwrap_or_default().as_bytes()).map_err(|_| NotAHead)?;
    let target = head.slice_ref(parsed_in(
        &head,
        bytes,
        parsed.path.unwrap_or_default().as_bytes(),
    ));
    *request.uri_mut() = Uri::from_maybe_shared(target).map_err(|_| NotAHead)?;
    let http10 = parsed.version == Some(0);
    *request.version_mut() = match http10 {
        true => Version::HTTP_10,
        false => Version::HTTP_11,
    };

    let mut said = Said::default();
    let mut headers = HeaderMap::with_capacity(parsed.headers.len() + 1);
    for field in parsed.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| NotAHead)?;
        let value = head.slice_ref(parsed_in(&head, bytes, field.value));
        let value = HeaderValue::from_maybe_shared(value).map_err(|_| NotAHead)?;
        said.note(&name, &value)?;
        headers.append(name, value);
    }
    *request.headers_mut() = headers;
    Ok(Some((said.into_head(request, http10), length)))
}

/// The place in `head` of `part`, a slice of `bytes` of which `head` is a copy.
fn parsed_in<'h>(head: &'h [u8], bytes: &[u8], part: &[u8]) -> &'h [u8] {
    let start = part.as_ptr() as usize - bytes.as_ptr() as usize;
    &head[start..start + part.len()]
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
    #[inline]
    fn note(&mut self, name: &HeaderName, value: &HeaderValue) -> Result<(), NotAHead> {
        let lists = |option: &[u8]| lists(value.as_bytes(), option);
        if *name == CONTENT_LENGTH {
            let digits = value.to_str().map_err(|_| NotAHead)?;
            self.length = digits.parse().map_err(|_| NotAHead)?;
        } else if *name == TRANSFER_ENCODING {
            self.chunked = true;
        } else if *name == CONNECTION {
            self.close |= lists(b"close");
            self.keep_alive |= lists(b"keep-alive");
        } else if *name == EXPECT {
            self.expects_continue = value.as_bytes().eq_ignore_ascii_case(b"100-continue");
        } else if *name == TE {
            self.takes_trailers |= lists(b"trailers");
        }
        Ok(())
    }

    fn into_head(self, request: Request<()>, http10: bool) -> RequestHead {
        let framing = match self.chunked {
            true => Framing::chunked(),
            false => Framing::of_length(self.length),
        };
        RequestHead {
            request,
            framing,
            keep_alive: !self.close && (!http10 || self.keep_alive),
            expects_continue: self.expects_continue && !http10 && !framing.is_ended(),
            takes_trailers: self.takes_trailers,
        }
    }
}

/// Whether the comma-separated `list` has `option`, in any case.
fn lists(list: &[u8], option: &[u8]) -> bool {
    list.split(|byte| *byte == b',')
        .any(|one| one.trim_ascii().eq_ignore_ascii_case(option))
}

/// How the body of a response is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimited {
    /// The message has none, whatever its header says.
    Bodyless,
    Length(u64),
    Chunked,
    ByClose,
}

/// What the request was decides about the response to it.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub version: Version,
    pub head_only: bool,
    pub keep_alive: bool,
}

/// Whether `response` itself ends the connection.
pub fn says_close(response: &HeaderMap) -> bool {
    response
        .get(CONNECTION)
        .is_some_and(|value| lists(value.as_bytes(), b"close"))
}

/// Appends the head of `response`, whose body has `length` bytes where that is known, to `out`; how its body is delimited.
/// `asked.keep_alive` says whether another request will be read.
pub fn write_response<B>(
    out: &mut Vec<u8>,
    response: &Response<B>,
    length: Option<u64>,
    asked: Asked,
    date: &[u8],
) -> Delimited {
    let (status, headers) = (response.status(), response.headers());
    write_status_line(out, status);
    let delimited = delimited(status, length, asked);
    for (name, value) in headers {
        if belongs(name, status, delimited, asked) {
            write_field(out, name.as_str().as_bytes(), value.as_bytes());
        }
    }
    match delimited {
        Delimited::Length(length) => write_length(out, length),
        Delimited::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
        Delimited::Bodyless | Delimited::ByClose => {}
    }
    if status != StatusCode::SWITCHING_PROTOCOLS {
        if !asked.keep_alive || delimited == Delimited::ByClose {
            out.extend_from_slice(b"connection: close\r\n");
        } else if asked.version == Version::HTTP_10 {
            out.extend_from_slice(b"connection: keep-alive\r\n");
        }
        if !headers.contains_key(DATE) {
            write_field(out, b"date", date);
        }
    }
    out.extend_from_slice(b"\r\n");
    delimited
}

fn delimited(status: StatusCode, length: Option<u64>, asked: Asked) -> Delimited {
    // RFC 9112 section 6.3.
    if asked.head_only || status.is_informational() || matches!(status.as_u16(), 204 | 304) {
        return Delimited::Bodyless;
    }
    match length {
        Some(length) => Delimited::Length(length),
        None if asked.version == Version::HTTP_10 => Delimited::ByClose,
        None => Delimited::Chunked,
    }
}

/// Whether a field goes out as it is: what concerns this connection and this framing is said anew.
#[inline]
fn belongs(name: &HeaderName, status: StatusCode, delimited: Delimited, asked: Asked) -> bool {
    if *name == CONTENT_LENGTH {
        // What a GET would have brought (RFC 9110 section 8.6).
        return delimited == Delimited::Bodyless
            && (asked.head_only || status == StatusCode::NOT_MODIFIED);
    }
    if *name == CONNECTION || *name == TRANSFER_ENCODING {
        return status == StatusCode::SWITCHING_PROTOCOLS;
    }
    true
}

fn write_status_line(out: &mut Vec<u8>, status: StatusCode) {
    if status == StatusCode::OK {
        return out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
    }
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn write_length(out: &mut Vec<u8>, length: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut left = length;
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    write_field(out, b"content-length", &digits[at..]);
}

/// One field on its line.
pub fn write_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> RequestHead {
        let (head, length) = parse_request(text.as_bytes()).unwrap().unwrap();
        assert_eq!(&text[length..], "REST");
        head
    }

    #[test]
    fn a_head_says_how_its_message_goes_on() {
        let get = head("\r\nGET /a?b=c HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-A: 2\r\n\r\nREST");
        assert_eq!(get.request.uri(), "/a?b=c");
        assert_eq!(get.request.headers().get_all("x-a").iter().count(), 2);
        assert!(get.keep_alive && get.framing.is_ended() && !get.expects_continue);

        let post = head(
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-Continue\r\nConnection: x, Close\r\nTE: trailers\r\n\r\nREST",
        );
        assert_eq!(post.framing, Framing::of_length(5));
        assert!(!post.keep_alive && post.expects_continue && post.takes_trailers);

        let chunked = head("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nREST");
        assert_eq!(chunked.framing, Framing::chunked());
        assert!(!head("GET / HTTP/1.0\r\n\r\nREST").keep_alive);
        assert!(head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nREST").keep_alive);
    }

    #[test]
    fn an_incomplete_head_waits() {
        assert!(
            parse_request(b"GET / HTTP/1.1\r\nHost: a\r\n")
                .unwrap()
                .is_none()
        );
        assert_eq!(parse_request(b"\x00\r\n\r\n").unwrap_err(), NotAHead);
    }

    fn written(
        status: u16,
        headers: &[(&'static str, &'static str)],
        length: Option<u64>,
        asked: Asked,
    ) -> String {
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response
                .headers_mut()
                .append(*name, HeaderValue::from_static(value));
        }
        let mut out = Vec::new();
        write_response(&mut out, &response, length, asked, b"D");
        String::from_utf8(out).unwrap().replace("\r\n", "|")
    }

    #[test]
    fn a_response_says_how_its_message_goes_on() {
        let asked = Asked {
            version: Version::HTTP_11,
            head_only: false,
            keep_alive: true,
        };
        let head = Asked {
            head_only: true,
            ..asked
        };
        let old = Asked {
            version: Version::HTTP_10,
            ..asked
        };
        let last = Asked {
            keep_alive: false,
            ..asked
        };
        let five = [("content-length", "5")];
        for (status, headers, length, asked, expect) in [
            (
                200,
                &five[..],
                Some(5),
                asked,
                "HTTP/1.1 200 OK|content-length: 5|date: D||",
            ),
            (
                200,
                &[("date", "E")][..],
                None,
                asked,
                "HTTP/1.1 200 OK|date: E|transfer-encoding: chunked||",
            ),
            (
                200,
                &five[..],
                Some(0),
                head,
                "HTTP/1.1 200 OK|content-length: 5|date: D||",
            ),
            (
                304,
                &five[..],
                Some(0),
                asked,
                "HTTP/1.1 304 Not Modified|content-length: 5|date: D||",
            ),
            (
                204,
                &five[..],
                Some(0),
                asked,
                "HTTP/1.1 204 No Content|date: D||",
            ),
            (
                200,
                &[][..],
                None,
                old,
                "HTTP/1.1 200 OK|connection: close|date: D||",
            ),
            (
                200,
                &[][..],
                Some(7),
                old,
                "HTTP/1.1 200 OK|content-length: 7|connection: keep-alive|date: D||",
            ),
            (
                299,
                &[("connection", "x")][..],
                Some(7),
                last,
                "HTTP/1.1 299 |content-length: 7|connection: close|date: D||",
            ),
            (
                101,
                &[("connection", "upgrade")][..],
                Some(0),
                asked,
                "HTTP/1.1 101 Switching Protocols|connection: upgrade||",
            ),
        ] {
            assert_eq!(written(status, headers, length, asked), expect);
        }
    }
}
