//! Message heads: the request as bytes, the response from bytes.

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Version};

use crate::framing::Framing;

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
    #[error("the response has a header that is not allowed")]
    Header,
    #[error("the response's Content-Length and Transfer-Encoding leave its length open to dispute")]
    Framing,
}

/// A response head and what follows it.
#[derive(Debug)]
pub struct Head {
    pub response: Response<()>,
    pub framing: Framing,
    /// The connection may carry another request after this response.
    pub keep_alive: bool,
}

/// Appends the request head to `out`. `host` replaces the `Host` among `headers` when given; `chunked` says
/// that the body has no announced length.
pub fn write_request(
    out: &mut Vec<u8>,
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    host: Option<&HeaderValue>,
    chunked: bool,
) {
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(target.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\n");
    if let Some(host) = host.or_else(|| headers.get(HOST)) {
        write_field(out, HOST.as_str(), host);
    }
    for (name, value) in headers {
        if name != HOST {
            write_field(out, name.as_str(), value);
        }
    }
    if chunked {
        out.extend_from_slice(b"transfer-encoding: chunked\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// Each field on its line, in the map's order.
pub fn write_fields(out: &mut Vec<u8>, fields: &HeaderMap) {
    fields
        .iter()
        .for_each(|(name, value)| write_field(out, name.as_str(), value));
}

fn write_field(out: &mut Vec<u8>, name: &str, value: &HeaderValue) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Takes one complete head from the start of `buffer`; `None` when more bytes are needed.
pub fn take_response(buffer: &mut BytesMut, method: &Method) -> Result<Option<Head>, HeadError> {
    let mut fields = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut parsed = httparse::Response::new(&mut fields);
    let length = match parsed.parse(buffer)? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial if buffer.len() >= HEAD_BYTES_MAX => {
            return Err(HeadError::TooLarge);
        }
        httparse::Status::Partial => return Ok(None),
    };

    let status = StatusCode::from_u16(parsed.code.unwrap_or(0)).map_err(|_| HeadError::Header)?;
    let version = if parsed.version == Some(0) {
        Version::HTTP_10
    } else {
        Version::HTTP_11
    };
    // Values become slices of the one buffer: only their places are kept until it is split off.
    let start = buffer.as_ptr() as usize;
    let mut places: smallvec::SmallVec<[(HeaderName, usize, usize); 24]> =
        smallvec::SmallVec::new();
    for field in parsed.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| HeadError::Header)?;
        places.push((
            name,
            field.value.as_ptr() as usize - start,
            field.value.len(),
        ));
    }

    let head: Bytes = buffer.split_to(length).freeze();
    let mut headers = HeaderMap::with_capacity(places.len() + 2);
    for (name, at, length) in places {
        let value = HeaderValue::from_maybe_shared(head.slice(at..at + length))
            .map_err(|_| HeadError::Header)?;
        headers.append(name, value);
    }
    let framing = framing(method, status, &headers)?;
    let keep_alive = framing != Framing::UntilClose && keeps_alive(version, &headers);
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.version_mut() = version;
    *response.headers_mut() = headers;
    Ok(Some(Head {
        response,
        framing,
        keep_alive,
    }))
}

/// RFC 9112 section 6.3, stricter: what two readers could understand differently is an error.
fn framing(method: &Method, status: StatusCode, headers: &HeaderMap) -> Result<Framing, HeadError> {
    if method == Method::HEAD || status.is_informational() || matches!(status.as_u16(), 204 | 304) {
        return Ok(Framing::None);
    }
    let length = content_length(headers)?;
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(encoding) = encodings.next() else {
        return Ok(length.map_or(Framing::UntilClose, Framing::of_length));
    };
    if length.is_some()
        || encodings.next().is_some()
        || !encoding.as_bytes().eq_ignore_ascii_case(b"chunked")
    {
        return Err(HeadError::Framing);
    }
    Ok(Framing::chunked())
}

fn content_length(headers: &HeaderMap) -> Result<Option<u64>, HeadError> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let Some(first) = lengths.next() else {
        return Ok(None);
    };
    if lengths.any(|other| other != first) {
        return Err(HeadError::Framing);
    }
    let digits = first.as_bytes();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(HeadError::Framing);
    }
    let length = first.to_str().ok().and_then(|digits| digits.parse().ok());
    length.map(Some).ok_or(HeadError::Framing)
}

fn keeps_alive(version: Version, headers: &HeaderMap) -> bool {
    let names = |option: &[u8]| {
        headers.get_all(CONNECTION).iter().any(|value| {
            value
                .as_bytes()
                .split(|b| *b == b',')
                .any(|o| o.trim_ascii().eq_ignore_ascii_case(option))
        })
    };
    match version {
        Version::HTTP_10 => names(b"keep-alive"),
        _ => !names(b"close"),
    }
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
    fn a_request_head_is_written_in_one_form() {
        let mut headers = HeaderMap::new();
        headers.insert("accept", HeaderValue::from_static("*/*"));
        headers.insert(HOST, HeaderValue::from_static("consumer.example"));
        let mut out = Vec::new();
        let host = HeaderValue::from_static("upstream:9000");
        write_request(
            &mut out,
            &Method::POST,
            "/a?b=c",
            &headers,
            Some(&host),
            true,
        );
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "POST /a?b=c HTTP/1.1\r\nhost: upstream:9000\r\naccept: */*\r\ntransfer-encoding: chunked\r\n\r\n"
        );
    }
}
