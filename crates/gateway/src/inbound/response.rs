//! Response heads as bytes: what the answer says, and what its framing and this connection add.

use http::{StatusCode, Version};

use crate::response_head::{HeadSource, ResponseHead};

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

/// Appends `head`, whose body has `length` bytes where that is known, to `out`; how its body is delimited.
/// `asked.keep_alive` says whether another request will be read.
pub fn write_response(
    out: &mut Vec<u8>,
    head: &ResponseHead,
    length: Option<u64>,
    asked: Asked,
    date: &[u8],
) -> Delimited {
    let status = head.status;
    // Room for all that is added, so that nearly every head is written without growing.
    out.reserve(head.fields.text().len() + 256);
    write_status_line(out, status);
    let delimited = delimited(status, length, asked);
    // What a GET would have brought (RFC 9110 section 8.6).
    let shows_length =
        delimited == Delimited::Bodyless && (asked.head_only || status == StatusCode::NOT_MODIFIED);
    let mut dated = status == StatusCode::SWITCHING_PROTOCOLS;
    head.for_each(|name, value| {
        match name {
            b"content-length" if !shows_length => return,
            b"date" => dated = true,
            _ => {}
        }
        write_field(out, name, value);
    });
    match delimited {
        Delimited::Length(length) => write_length(out, length),
        Delimited::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
        Delimited::Bodyless | Delimited::ByClose => {}
    }
    if head.source != HeadSource::Switched {
        if !asked.keep_alive || delimited == Delimited::ByClose {
            out.extend_from_slice(b"connection: close\r\n");
        } else if asked.version == Version::HTTP_10 {
            out.extend_from_slice(b"connection: keep-alive\r\n");
        }
    }
    if !dated {
        write_field(out, b"date", date);
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
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;

    fn written(
        status: u16,
        headers: &[(&'static str, &'static str)],
        length: Option<u64>,
        asked: Asked,
    ) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        let source = match status {
            StatusCode::SWITCHING_PROTOCOLS => HeadSource::Switched,
            _ => HeadSource::Upstream,
        };
        let fields = headers
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let head = ResponseHead::new(status, Fields::of(fields), source);
        let mut out = Vec::new();
        write_response(&mut out, &head, length, asked, b"D");
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
