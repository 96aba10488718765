//! A client and a reader of HTTP/1.1 that change no byte: what is sent is what the test wrote.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than every deadline that a test configures, so that a hang fails instead of blocking for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// One response as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// Status line and headers, without the blank line.
    pub head: String,
    /// Chunked framing removed.
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}\n{}", self.head, self.text()))
    }

    /// Every value of the header, in order.
    pub fn headers(&self, name: &str) -> Vec<String> {
        headers(&self.head, name)
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    /// The `code` of a problem made by the gateway; checks that it is a whole RFC 9457 document.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type").as_deref(),
            Some("application/problem+json"),
            "{self:?}"
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        for member in ["type", "title", "detail", "code", "request_id", "origin"] {
            assert!(
                problem[member]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{member}: {problem}"
            );
        }
        problem["code"].as_str().unwrap().to_owned()
    }
}

pub fn headers(head: &str, name: &str) -> Vec<String> {
    head.lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .filter(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

/// A connection to the gateway, or of the gateway to an upstream.
pub struct Connection {
    pub stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(addr: SocketAddr) -> Self {
        Self::of(
            TcpStream::connect(addr).unwrap_or_else(|error| panic!("connect to {addr}: {error}")),
        )
    }

    pub fn of(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        // A peer that refuses early may close before it has read everything: its answer still counts.
        let _ = self.stream.write_all(bytes.as_ref());
        self
    }

    /// Ends our direction only.
    pub fn finish(&mut self) -> &mut Self {
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    /// The next response; `None` when the peer closed instead.
    pub fn answer(&mut self) -> Option<Answer> {
        let head = self.head()?;
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status in {head:?}"));
        let body = match status {
            100..200 | 204 | 304 => Vec::new(),
            _ => {
                self.body(&head, true)
                    .unwrap_or_else(|error| panic!("{error} in the body after {head}"))
                    .0
            }
        };
        Some(Answer { status, head, body })
    }

    /// The next response of a peer that may die at any byte; `None` when it is not whole.
    pub fn try_answer(&mut self) -> Option<Answer> {
        while find(&self.buffer, b"\r\n\r\n").is_none() {
            self.read_some().ok()?;
        }
        let head = self.head()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let (body, _) = self.body(&head, true).ok()?;
        Some(Answer { status, head, body })
    }

    /// A head up to its blank line; `None` when the peer closed before its first byte.
    pub fn head(&mut self) -> Option<String> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                let head = self.take(end + 4);
                return Some(String::from_utf8_lossy(&head[..end]).into_owned());
            }
            match self.read_more() {
                Ok(0) if self.buffer.is_empty() => return None,
                Err(error)
                    if self.buffer.is_empty() && error.kind() == ErrorKind::ConnectionReset =>
                {
                    return None;
                }
                Ok(0) => panic!(
                    "closed inside a head: {:?}",
                    String::from_utf8_lossy(&self.buffer)
                ),
                Ok(_) => {}
                Err(error) => panic!("{error} while waiting for a head"),
            }
        }
    }

    /// The body that `head` announces, and its trailers. Without framing it is empty, or for a response goes on to the end.
    pub fn body(&mut self, head: &str, is_response: bool) -> io::Result<(Vec<u8>, String)> {
        if headers(head, "transfer-encoding")
            .iter()
            .any(|value| value.eq_ignore_ascii_case("chunked"))
        {
            return self.chunked();
        }
        if let Some(length) = headers(head, "content-length").first() {
            return Ok((
                self.exactly(length.parse().map_err(io::Error::other)?)?,
                String::new(),
            ));
        }
        if !is_response {
            return Ok((Vec::new(), String::new()));
        }
        while self.read_more()? > 0 {}
        Ok((std::mem::take(&mut self.buffer), String::new()))
    }

    /// Content and trailer lines of a chunked body, each with a line feed.
    pub fn chunked(&mut self) -> io::Result<(Vec<u8>, String)> {
        let mut content = Vec::new();
        loop {
            let line = self.line()?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default(), 16);
            let size = size.map_err(|_| io::Error::other(format!("chunk size {line:?}")))?;
            if size == 0 {
                break;
            }
            content.extend(self.exactly(size)?);
            assert_eq!(self.line()?, "", "a chunk ends with CRLF");
        }
        let mut trailers = String::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok((content, trailers));
            }
            trailers += &line;
            trailers.push('\n');
        }
    }

    pub fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n") {
                let line = self.take(end + 2);
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            self.read_some()?;
        }
    }

    pub fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.read_some()?;
        }
        Ok(self.take(length))
    }

    /// Whether the peer ends the connection without another byte.
    pub fn is_closed(&mut self) -> bool {
        self.buffer.is_empty() && !matches!(self.read_more(), Ok(1..))
    }

    fn read_some(&mut self) -> io::Result<()> {
        match self.read_more()? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    fn read_more(&mut self) -> io::Result<usize> {
        let mut part = [0; 64 * 1024];
        let length = self.stream.read(&mut part)?;
        self.buffer.extend_from_slice(&part[..length]);
        Ok(length)
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(length);
        std::mem::replace(&mut self.buffer, rest)
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// One request on a connection of its own.
pub fn send(addr: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    Connection::open(addr)
        .send(request)
        .answer()
        .expect("an answer, and not a closed connection")
}

/// A GET with these extra header lines, each without its CRLF.
pub fn get(addr: SocketAddr, path: &str, headers: &[&str]) -> Answer {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    send(
        addr,
        format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\n{headers}\r\n"),
    )
}
