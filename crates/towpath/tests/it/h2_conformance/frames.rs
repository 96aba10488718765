//! An HTTP/2 client that sends any frame, well-formed or not, and watches what comes back (RFC 9113, RFC 7541).

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Long enough for a loaded machine; only a failing case waits this long.
const PATIENCE: Duration = Duration::from_secs(5);

// Frame types, RFC 9113 section 6.
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const PRIORITY: u8 = 2;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PUSH_PROMISE: u8 = 5;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

// Flags.
pub const ACK: u8 = 0x1;
pub const END_STREAM: u8 = 0x1;
pub const END_HEADERS: u8 = 0x4;
pub const PADDED: u8 = 0x8;
pub const WITH_PRIORITY: u8 = 0x20;

// Error codes, section 7.
pub const PROTOCOL_ERROR: u32 = 0x1;
pub const FLOW_CONTROL_ERROR: u32 = 0x3;
pub const STREAM_CLOSED: u32 = 0x5;
pub const FRAME_SIZE_ERROR: u32 = 0x6;
pub const REFUSED_STREAM: u32 = 0x7;
pub const CANCEL: u32 = 0x8;
pub const COMPRESSION_ERROR: u32 = 0x9;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    pub fn error_code(&self) -> Option<u32> {
        let at = match self.kind {
            RST_STREAM => 0,
            GOAWAY => 4,
            _ => return None,
        };
        self.payload
            .get(at..at + 4)
            .map(|bytes| u32::from_be_bytes(bytes.try_into().unwrap()))
    }

    /// The status, where the block starts with it as every server's does.
    pub fn status(&self) -> Option<u16> {
        if self.kind != HEADERS {
            return None;
        }
        // A dynamic table size update may come first: 001xxxxx.
        let first = self.payload.iter().position(|byte| byte & 0xe0 != 0x20)?;
        let block = &self.payload[first..];
        match block {
            // Indexed field, static entries 8 to 14 (RFC 7541 appendix A).
            [byte @ 0x88..=0x8e, ..] => {
                Some([200, 204, 206, 304, 400, 404, 500][usize::from(byte - 0x88)])
            }
            // Literal with the name of entry 8, plain or Huffman-coded digits: `5` to `9` are 6 bits of 011011 to 011111.
            [0x08 | 0x18 | 0x48, 3, digits @ ..] => {
                std::str::from_utf8(digits.get(..3)?).ok()?.parse().ok()
            }
            [0x08 | 0x18 | 0x48, length, coded @ ..] if length & 0x80 != 0 => {
                huffman_digits(coded.get(..usize::from(length & 0x7f))?)
            }
            _ => None,
        }
    }
}

/// Three decimal digits in the code of RFC 7541 appendix B: 0 to 2 have five bits, 3 to 9 six.
fn huffman_digits(coded: &[u8]) -> Option<u16> {
    let mut bits = coded
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let mut number = 0;
    for _ in 0..3 {
        let five = (0..5).try_fold(0, |code, _| {
            bits.next().map(|bit| code << 1 | u16::from(bit))
        })?;
        let digit = if five <= 2 {
            five
        } else {
            (five << 1 | u16::from(bits.next()?)) - 0x19 + 3
        };
        number = number * 10 + digit;
    }
    Some(number)
}

/// What came back, up to the end of patience or of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Frame(Frame),
    Closed,
    Silence,
}

pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Limit of concurrent streams that the server announced.
    pub streams_max: Option<u32>,
}

impl Client {
    /// Connects without a word.
    pub fn bare(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::new(),
            streams_max: None,
        }
    }

    /// Connects, exchanges settings with these of ours, and acknowledges the server's.
    pub fn open(addr: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let mut client = Self::bare(addr);
        client.send(PREFACE);
        client.frame(SETTINGS, 0, 0, &settings_payload(settings));
        let mut is_acknowledged = false;
        while !is_acknowledged || client.streams_max.is_none() {
            let Event::Frame(frame) = client.next() else {
                panic!("no settings from the server")
            };
            match (frame.kind, frame.flags & ACK) {
                (SETTINGS, ACK) => is_acknowledged = true,
                (SETTINGS, _) => {
                    let mut entries = frame.payload.chunks_exact(6);
                    let limit = entries.rfind(|entry| entry[..2] == [0, 3]);
                    let limit =
                        limit.map(|entry| u32::from_be_bytes(entry[2..].try_into().unwrap()));
                    client.streams_max = Some(limit.unwrap_or(u32::MAX));
                    client.frame(SETTINGS, ACK, 0, &[]);
                }
                _ => {}
            }
        }
        client
    }

    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        // The server may have closed already: what it sent before is still to be read.
        let _ = self.stream.write_all(bytes);
        self
    }

    pub fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> &mut Self {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        self.send(&[&head, payload].concat())
    }

    /// A whole header block in one frame.
    pub fn headers(&mut self, stream: u32, flags: u8, block: &[u8]) -> &mut Self {
        self.frame(HEADERS, flags | END_HEADERS, stream, block)
    }

    pub fn get(&mut self, stream: u32) -> &mut Self {
        self.headers(stream, END_STREAM, &request("GET"))
    }

    /// A POST whose body is still to come.
    pub fn post(&mut self, stream: u32) -> &mut Self {
        self.headers(stream, 0, &request("POST"))
    }

    pub fn next(&mut self) -> Event {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(frame) = self.parse() {
                return Event::Frame(frame);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Event::Silence;
            }
            self.stream.set_read_timeout(Some(left)).unwrap();
            let mut part = [0; 16 * 1024];
            match self.stream.read(&mut part) {
                Ok(0) => return Event::Closed,
                Ok(length) => self.buffer.extend_from_slice(&part[..length]),
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return Event::Closed,
            }
        }
    }

    fn parse(&mut self) -> Option<Frame> {
        let head = self.buffer.get(..9)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let stream = u32::from_be_bytes(head[5..9].try_into().unwrap()) & 0x7fff_ffff;
        let (kind, flags) = (head[3], head[4]);
        let payload = self.buffer.get(9..9 + length)?.to_vec();
        self.buffer.drain(..9 + length);
        Some(Frame {
            kind,
            flags,
            stream,
            payload,
        })
    }
}

pub fn settings_payload(settings: &[(u16, u32)]) -> Vec<u8> {
    settings
        .iter()
        .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
        .collect()
}

/// A literal field without indexing, name and value as they are (RFC 7541 section 6.2.2).
pub fn field(name: &str, value: &str) -> Vec<u8> {
    [&[0x00][..], &text(name), &text(value)].concat()
}

/// A string of at most 126 bytes without Huffman coding (section 5.2), or with the length continued.
pub fn text(text: &str) -> Vec<u8> {
    [&integer(7, 0, text.len())[..], text.as_bytes()].concat()
}

/// An integer with a prefix of `bits` (section 5.1).
pub fn integer(bits: u32, pattern: u8, value: usize) -> Vec<u8> {
    let limit = (1_usize << bits) - 1;
    if value < limit {
        return vec![pattern | value as u8];
    }
    let mut bytes = vec![pattern | limit as u8];
    let mut rest = value - limit;
    while rest >= 128 {
        bytes.push((rest % 128) as u8 | 0x80);
        rest /= 128;
    }
    bytes.push(rest as u8);
    bytes
}

/// The four pseudo-header fields of a request for `/`.
pub fn request(method: &str) -> Vec<u8> {
    [
        field(":method", method),
        field(":scheme", "http"),
        field(":path", "/"),
        field(":authority", "api.example"),
    ]
    .concat()
}
