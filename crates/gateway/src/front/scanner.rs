//! The walk over one connection's bytes: head, body, next head; it says how many bytes may go on.

use super::chunk::{SizeLine, parse_size_line};
use super::fields::{is_forbidden_trailer, parse_field};
use super::head::{Framing, Head, Step, clean_line};
use super::limits::FrontLimits;
use super::violation::Violation;

/// Walks an HTTP/1.x request stream. Bounded, incremental, without allocation; looks at every byte of heads and
/// chunk framing at most three times however finely they arrive, and at no byte of body data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    limits: FrontLimits,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Head(Head),
    /// Bytes left of a body with a length; never 0.
    Body(u64),
    ChunkSize,
    /// Bytes left of a chunk's data; never 0.
    ChunkData(u64),
    ChunkEnd,
    Trailers(Trailers),
    Tunnel,
    Refused(Refusal),
}

/// A trailer section in progress.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Trailers {
    fields: usize,
    /// Bytes of the lines that have been released.
    bytes: usize,
    /// Up to where the line in progress is known to have no LF.
    searched: usize,
}

/// What may be done after a call of `advance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many leading bytes may go on; at most the length of what was given.
    pub released: usize,
    /// Set once the stream is refused: nothing after `released` will ever be released.
    pub refusal: Option<Refusal>,
}

/// Why and where a stream was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub violation: Violation,
    pub head: HeadState,
}

/// Where the head of the violating message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadState {
    /// Not one byte of the message was released: a substitute request can take its place and be answered.
    Held,
    /// The head went on before its body turned out wrong: only the read of that body can fail.
    Released,
}

/// Where in the stream the next byte stands; deadlines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Between two messages, or before the first.
    Idle,
    Head,
    Body,
    Tunnel,
    Refused,
}

impl Scanner {
    pub const fn new(limits: FrontLimits) -> Self {
        Self {
            limits,
            state: State::Head(Head::new()),
        }
    }

    /// Judges what has arrived. `unreleased` starts at the first byte that was not yet released and holds all
    /// bytes read since: what an earlier call did not release is given again, unchanged and with more behind it.
    ///
    /// A refusal counts from the end of the released bytes on: the messages before it are to be served first.
    #[inline]
    pub fn advance(&mut self, unreleased: &[u8]) -> Progress {
        let mut at = 0;
        loop {
            match self.step(&unreleased[at..]) {
                Ok(0) => {
                    return Progress {
                        released: at,
                        refusal: None,
                    };
                }
                Ok(released) => at += released,
                Err(refusal) => {
                    self.state = State::Refused(refusal);
                    return Progress {
                        released: at,
                        refusal: Some(refusal),
                    };
                }
            }
        }
    }

    /// How many of the next bytes belong to a body of known extent and may go on without `advance`, once all
    /// that was given to it is released; `u64::MAX` in a tunnel.
    pub fn unscanned_length(&self) -> u64 {
        match self.state {
            State::Body(left) | State::ChunkData(left) => left,
            State::Tunnel => u64::MAX,
            State::Head(_)
            | State::ChunkSize
            | State::ChunkEnd
            | State::Trailers(_)
            | State::Refused(_) => 0,
        }
    }

    /// Notes that `bytes` of `unscanned_length` went on without `advance`.
    pub fn skip(&mut self, bytes: u64) {
        assert!(
            bytes <= self.unscanned_length(),
            "only body bytes may pass unscanned"
        );
        match self.state {
            State::Body(left) => self.state = after_body(left - bytes),
            State::ChunkData(left) => self.state = after_chunk_data(left - bytes),
            _ => {}
        }
    }

    /// From now on every byte passes: an upgrade was accepted. Call it before the 101 leaves, so that what the
    /// consumer sends in answer to it is not taken for HTTP. A refused stream stays refused.
    pub fn enter_tunnel(&mut self) {
        if !matches!(self.state, State::Refused(_)) {
            self.state = State::Tunnel;
        }
    }

    pub fn phase(&self) -> Phase {
        match &self.state {
            State::Head(head) if head.is_untouched() => Phase::Idle,
            State::Head(_) => Phase::Head,
            State::Body(_)
            | State::ChunkSize
            | State::ChunkData(_)
            | State::ChunkEnd
            | State::Trailers(_) => Phase::Body,
            State::Tunnel => Phase::Tunnel,
            State::Refused(_) => Phase::Refused,
        }
    }

    /// One head, one piece of framing or one run of data: how many bytes of it may go on, 0 if more are needed.
    #[inline]
    fn step(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let in_body = |violation| Refusal {
            violation,
            head: HeadState::Released,
        };
        match &mut self.state {
            State::Head(head) => {
                let step = head.advance(bytes, &self.limits);
                self.leave_head(step)
            }
            State::Body(left) => {
                let (released, left) = take(bytes, *left);
                self.state = after_body(left);
                Ok(released)
            }
            State::ChunkSize => self.read_chunk_size(bytes).map_err(in_body),
            State::ChunkData(left) => {
                let (released, left) = take(bytes, *left);
                self.state = after_chunk_data(left);
                Ok(released)
            }
            State::ChunkEnd => self.read_chunk_end(bytes).map_err(in_body),
            State::Trailers(trailers) => {
                let step = trailers.advance(bytes);
                self.leave_trailer(step).map_err(in_body)
            }
            State::Tunnel => Ok(bytes.len()),
            State::Refused(refusal) => Err(*refusal),
        }
    }

    #[inline]
    fn leave_head(&mut self, step: Result<Step, Violation>) -> Result<usize, Refusal> {
        match step {
            Ok(Step::Incomplete) => Ok(0),
            Ok(Step::Complete { length, framing }) => {
                self.state = match framing {
                    Framing::Length(left) => after_body(left),
                    Framing::Chunked => State::ChunkSize,
                };
                Ok(length)
            }
            Err(violation) => Err(Refusal {
                violation,
                head: HeadState::Held,
            }),
        }
    }

    fn read_chunk_size(&mut self, bytes: &[u8]) -> Result<usize, Violation> {
        match parse_size_line(bytes)? {
            SizeLine::Incomplete => Ok(0),
            SizeLine::Complete { size: 0, length } => {
                self.state = State::Trailers(Trailers::default());
                Ok(length)
            }
            SizeLine::Complete { size, length } => {
                self.state = State::ChunkData(size);
                Ok(length)
            }
        }
    }

    fn read_chunk_end(&mut self, bytes: &[u8]) -> Result<usize, Violation> {
        match bytes {
            [b'\r', b'\n', ..] => {
                self.state = State::ChunkSize;
                Ok(2)
            }
            [b'\r'] => Ok(0),
            [b'\n', ..] => Err(Violation::BareLf),
            _ => Err(Violation::ChunkEnd),
        }
    }

    fn leave_trailer(&mut self, step: Result<TrailerStep, Violation>) -> Result<usize, Violation> {
        match step? {
            TrailerStep::Incomplete => Ok(0),
            TrailerStep::Line { length } => Ok(length),
            TrailerStep::End => {
                self.state = State::Head(Head::new());
                Ok(2)
            }
        }
    }
}

enum TrailerStep {
    Incomplete,
    /// A valid trailer, `length` bytes with its CRLF.
    Line {
        length: usize,
    },
    /// The empty line.
    End,
}

impl Trailers {
    /// Judges the line in progress, with which `bytes` starts.
    fn advance(&mut self, bytes: &[u8]) -> Result<TrailerStep, Violation> {
        let found = memchr::memchr(b'\n', &bytes[self.searched..]);
        let end = found.map_or(bytes.len(), |at| self.searched + at + 1);
        if self.bytes + end > FrontLimits::TRAILER_BYTES_MAX {
            return Err(Violation::TrailersTooLarge);
        }
        if found.is_none() {
            self.searched = end;
            return Ok(TrailerStep::Incomplete);
        }

        let length = clean_line(&bytes[..end])?;
        if length == 0 {
            return Ok(TrailerStep::End);
        }
        let field = parse_field(&bytes[..length])?;
        if is_forbidden_trailer(field.name) {
            return Err(Violation::TrailerForbidden);
        }
        *self = Self {
            fields: self.fields + 1,
            bytes: self.bytes + end,
            searched: 0,
        };
        if self.fields > FrontLimits::TRAILERS_MAX {
            return Err(Violation::TrailersTooLarge);
        }
        Ok(TrailerStep::Line { length: end })
    }
}

/// How many of `bytes` are among the next `left`, and how many of those are still to come.
#[inline]
fn take(bytes: &[u8], left: u64) -> (usize, u64) {
    let taken = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
    (taken, left - taken as u64)
}

const fn after_body(left: u64) -> State {
    if left == 0 {
        State::Head(Head::new())
    } else {
        State::Body(left)
    }
}

const fn after_chunk_data(left: u64) -> State {
    if left == 0 {
        State::ChunkEnd
    } else {
        State::ChunkData(left)
    }
}
