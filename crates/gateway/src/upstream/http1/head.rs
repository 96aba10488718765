//! Message heads: the request as bytes, the response from bytes.

use std::mem::MaybeUninit;

use bytes::BytesMut;
use http::{HeaderMap, Method, StatusCode};

use crate::fields::{Fields, Place, lists, lower_names, options, pairs};
use crate::framing::Framing;
use crate::front::canonical::Canonical;

/// An upstream's head may be this large; beyond it is an error, not a reason to hold more.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
const HEADERS_MAX: usize = 128;

/// Why bytes are not a response head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    #[error("the response head is not HTTP/1.x: {0}")]
    Syntax(#[from] httparse::Error),
    #[error("the response head is larger than {HEAD_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the response has no status that exists")]
    Status,
    #[error("the response's Content-Length and Transfer-Encoding leave its length open to dispute")]
    Framing,
}

/// A response head and what follows it.
#[derive(Debug)]
pub struct Head {
    pub status: StatusCode,
    pub fields: Fields,
    pub framing: Framing,
    /// The connection may carry another request after this response.
    pub keep_alive: bool,
    /// Seconds of `Keep-Alive: timeout=N`.
    pub keep_alive_timeout_s: Option<u64>,
}

/// Appends the request head to `out`. `chunked` says that the body has no announced length.
pub fn write_request(
    out: &mut Vec<u8>,
    method: &Method,
    target: &str,
    host: &[u8],
    canonical: &Canonical<'_>,
    chunked: bool,
) {
    // Room for all that is added, so that nearly every head is written without growing.
    out.reserve(target.len() + canonical.fields.text().len() + 512);
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(target.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\n");
    write_field(out, b"host", host);
    canonical.for_each(|name, value| write_field(out, name, value));
    if chunked {
        out.extend_from_slice(b"transfer-encoding: chunked\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// Each trailer on its line, in the map's order.
pub fn write_trailers(out: &mut Vec<u8>, trailers: &HeaderMap) {
    pairs(trailers).for_each(|(name, value)| write_field(out, name, value));
}

fn write_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Takes one complete head from the start of `buffer`; `None` when more bytes are needed.
pub fn take_response(buffer: &mut BytesMut, method: &Method) -> Result<Option<Head>, HeadError> {
    let mut fields = [const { MaybeUninit::uninit() }; HEADERS_MAX];
    let mut parsed = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    let length =
        match config.parse_response_with_uninit_headers(&mut parsed, buffer, &mut fields)? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial if buffer.len() >= HEAD_BYTES_MAX => {
                return Err(HeadError::TooLarge);
            }
            httparse::Status::Partial => return Ok(None),
        };

    let status = StatusCode::from_u16(parsed.code.unwrap_or(0)).map_err(|_| HeadError::Status)?;
    let http10 = parsed.version == Some(0);
    let places = places(buffer, parsed.headers);
    let mut text = buffer.split_to(length);
    lower_names(&mut text, &places);
    let fields = Fields::new(text.freeze(), places);

    let said = Said::of(&fields);
    let bodyless =
        method == Method::HEAD || status.is_informational() || matches!(status.as_u16(), 204 | 304);
    let framing = if bodyless {
        Framing::None
    } else {
        said.framing()?
    };
    let stays = if http10 { said.keep_alive } else { !said.close };
    let keep_alive_timeout_s = said.timeout_s;
    Ok(Some(Head {
        status,
        fields,
        framing,
        keep_alive: framing != Framing::UntilClose && stays,
        keep_alive_timeout_s,
    }))
}

/// Where the fields that httparse has found lie in `buffer`.
fn places(buffer: &[u8], fields: &[httparse::Header<'_>]) -> Vec<Place> {
    let start = buffer.as_ptr().addr();
    let place = |field: &httparse::Header<'_>| {
        let name = field.name.as_ptr().addr() - start;
        // An empty value need not lie in the buffer, and may lie anywhere.
        let value = match field.value {
            [] => name,
            value => value.as_ptr().addr() - start,
        };
        Place::new(
            name,
            name + field.name.len(),
            value,
            value + field.value.len(),
        )
    };
    fields.iter().map(place).collect()
}

/// What the fields say of the message and the connection.
#[derive(Debug, Default)]
struct Said<'a> {
    length: Option<&'a [u8]>,
    lengths_differ: bool,
    encoding: Option<&'a [u8]>,
    encoding_repeated: bool,
    close: bool,
    keep_alive: bool,
    timeout_s: Option<u64>,
}

impl<'a> Said<'a> {
    fn of(fields: &'a Fields) -> Self {
        let mut said = Self::default();
        for (name, value) in fields.iter() {
            match name {
                b"content-length" => {
                    said.lengths_differ |= said.length.is_some_and(|length| length != value);
                    said.length = Some(value);
                }
                b"transfer-encoding" => {
                    said.encoding_repeated |= said.encoding.is_some();
                    said.encoding = Some(value);
                }
                b"connection" => {
                    said.close |= lists(value, b"close");
                    said.keep_alive |= lists(value, b"keep-alive");
                }
                b"keep-alive" => said.timeout_s = said.timeout_s.or_else(|| timeout_s(value)),
                _ => {}
            }
        }
        said
    }

    /// RFC 9112 section 6.3, stricter: what two readers could understand differently is an error.
    fn framing(&self) -> Result<Framing, HeadError> {
        match (self.length, self.encoding) {
            (None, None) => Ok(Framing::UntilClose),
            (Some(digits), None) if !self.lengths_differ => {
                let length = plain_number(digits).ok_or(HeadError::Framing)?;
                Ok(Framing::of_length(length))
            }
            (None, Some(coding))
                if !self.encoding_repeated && coding.eq_ignore_ascii_case(b"chunked") =>
            {
                Ok(Framing::chunked())
            }
            _ => Err(HeadError::Framing),
        }
    }
}

fn plain_number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

fn timeout_s(keep_alive: &[u8]) -> Option<u64> {
    options(keep_alive).find_map(|option| plain_number(option.strip_prefix(b"timeout=")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(head: &str) -> Result<Option<Head>, HeadError> {
        take_response(&mut BytesMut::from(head), &Method::GET)
    }

    #[test]
    fn framing_follows_the_head() {
        let framing = |head: &str| take(head).unwrap().unwrap().framing;
        assert_eq!(
            framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
            Framing::of_length(5)
        );
        assert_eq!(
            framing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            Framing::None
        );
        assert_eq!(
            framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"),
            Framing::chunked()
        );
        assert_eq!(framing("HTTP/1.1 200 OK\r\n\r\n"), Framing::UntilClose);
        assert_eq!(framing("HTTP/1.1 204 No Content\r\n\r\n"), Framing::None);
        assert_eq!(
            framing("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
            Framing::None
        );
    }

    #[test]
    fn disputable_framing_is_refused() {
        for head in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert_eq!(take(head).unwrap_err(), HeadError::Framing, "{head}");
        }
    }

    #[test]
    fn an_incomplete_head_waits_and_garbage_is_an_error() {
        assert!(take("HTTP/1.1 200 OK\r\nA: b\r\n").unwrap().is_none());
        assert!(matches!(
            take("SSH-2.0-x\r\n\r\n"),
            Err(HeadError::Syntax(_))
        ));
    }

    #[test]
    fn connection_options_decide_reuse() {
        let keep = |head: &str| take(head).unwrap().unwrap().keep_alive;
        assert!(keep("HTTP/1.1 204 x\r\n\r\n"));
        assert!(!keep("HTTP/1.1 204 x\r\nConnection: x, Close\r\n\r\n"));
        assert!(!keep("HTTP/1.0 204 x\r\n\r\n"));
        assert!(keep("HTTP/1.0 204 x\r\nConnection: keep-alive\r\n\r\n"));
        assert!(!keep("HTTP/1.1 200 x\r\n\r\n"));
    }

    #[test]
    fn fields_are_cut_and_the_rest_stays() {
        let mut buffer = BytesMut::from(
            "HTTP/1.1 200 OK\r\nX-A:  b\t\r\nEmpty:\r\nKeep-Alive: max=9, timeout=5\r\nContent-Length: 4\r\n\r\nbody",
        );
        let head = take_response(&mut buffer, &Method::GET).unwrap().unwrap();
        assert_eq!(head.fields.get(b"x-a"), Some(&b"b"[..]));
        assert_eq!(head.fields.get(b"empty"), Some(&b""[..]));
        assert_eq!(head.keep_alive_timeout_s, Some(5));
        assert_eq!(&buffer[..], b"body");
    }

    #[test]
    fn a_request_head_is_written_in_one_form() {
        let fields = Fields::of([
            (&b"accept"[..], &b"*/*"[..]),
            (b"host", b"consumer.example"),
            (b"connection", b"close"),
        ]);
        let canonical = Canonical {
            fields: &fields,
            trusted: false,
            tls: false,
            peer: "192.0.2.1",
            host: None,
            key: None,
            consumer: None,
            version: None,
            request_id: *b"req_0000000000000",
            trailers: false,
            upgrade: None,
        };
        let mut out = Vec::new();
        let host = b"upstream:9000";
        write_request(&mut out, &Method::POST, "/a?b=c", host, &canonical, true);
        assert_eq!(
            String::from_utf8(out).unwrap().replace("\r\n", "|"),
            "POST /a?b=c HTTP/1.1|host: upstream:9000|accept: */*|x-forwarded-for: 192.0.2.1|x-forwarded-proto: http|x-request-id: req_0000000000000|transfer-encoding: chunked||"
        );
    }
}
