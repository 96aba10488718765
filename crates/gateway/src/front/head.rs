//! A request head read line by line, each line judged once, when it is complete.

use std::ops::Range;

use super::bytes::{clean_line_length, is_control};
use super::fields::{
    FieldKind, check_connection, check_transfer_encoding, field_kind, parse_content_length,
    parse_field,
};
use super::host::{check_host, same_host};
use super::limits::FrontLimits;
use super::request_line::{Version, parse_request_line};
use super::target::Target;
use super::violation::Violation;

/// How the body after a head is delimited (RFC 9112 section 6.3, of which validation leaves these).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
}

/// What a step through the head found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// More bytes are needed.
    Incomplete,
    /// The head is valid and `length` bytes long.
    Complete { length: usize, framing: Framing },
}

/// A head in progress. Places are counted from the head's first byte, which the caller keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Where the line in progress starts.
    line: usize,
    /// Up to where the line in progress is known to have no LF.
    searched: usize,
    stage: Stage,
    fields: usize,
    version: Version,
    host: Option<Range<usize>>,
    /// The host of an absolute-form target, and its scheme's port.
    target_host: Option<(Range<usize>, u16)>,
    length: Option<u64>,
    chunked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    /// One empty line before the request line has been skipped (RFC 9112 section 2.2).
    AfterEmptyLine,
    Fields,
}

impl Head {
    pub const fn new() -> Self {
        Self {
            line: 0,
            searched: 0,
            stage: Stage::Start,
            fields: 0,
            version: Version::Http11,
            host: None,
            target_host: None,
            length: None,
            chunked: false,
        }
    }

    /// Goes on with `bytes`, which start with the head's first byte and have only grown since the last call.
    #[inline]
    pub fn advance(&mut self, bytes: &[u8], limits: &FrontLimits) -> Result<Step, Violation> {
        loop {
            let Some(length) = self.next_line(bytes, limits)? else {
                return Ok(Step::Incomplete);
            };
            let start = self.line;
            let end = start + length + 2;
            self.line = end;
            self.searched = end;
            if end > self.line_end_max(start, limits) {
                return Err(self.too_large());
            }

            let line = &bytes[start..start + length];
            match self.stage {
                Stage::Fields if line.is_empty() => {
                    let framing = self.framing(bytes)?;
                    return Ok(Step::Complete {
                        length: end,
                        framing,
                    });
                }
                Stage::Fields => self.take_field(bytes, line, limits)?,
                Stage::Start if line.is_empty() => self.stage = Stage::AfterEmptyLine,
                Stage::AfterEmptyLine if line.is_empty() => return Err(Violation::EmptyLines),
                Stage::Start | Stage::AfterEmptyLine => {
                    self.take_request_line(bytes, line, limits)?
                }
            }
        }
    }

    /// Whether no byte of a request line has been seen; some clients end a body with an empty line too many.
    pub fn is_untouched(&self) -> bool {
        self.stage != Stage::Fields && self.searched == self.line
    }

    /// The length of the line in progress without its CRLF, once it is complete.
    #[inline]
    fn next_line(
        &mut self,
        bytes: &[u8],
        limits: &FrontLimits,
    ) -> Result<Option<usize>, Violation> {
        // A line that was seen in part is searched for its end first: it may come byte by byte.
        if self.searched == self.line
            && let Some(length) = clean_line_length(&bytes[self.line..])
        {
            return Ok(Some(length));
        }
        self.find_line(bytes, limits)
    }

    #[cold]
    fn find_line(
        &mut self,
        bytes: &[u8],
        limits: &FrontLimits,
    ) -> Result<Option<usize>, Violation> {
        let end_max = self.line_end_max(self.line, limits);
        let Some(at) = memchr::memchr(b'\n', &bytes[self.searched..]) else {
            self.searched = bytes.len();
            return if bytes.len() > end_max {
                Err(self.too_large())
            } else {
                Ok(None)
            };
        };
        let end = self.searched + at + 1;
        if end > end_max {
            return Err(self.too_large());
        }
        clean_line(&bytes[self.line..end]).map(Some)
    }

    /// How far a line that starts at `start` may reach.
    #[inline]
    fn line_end_max(&self, start: usize, limits: &FrontLimits) -> usize {
        match self.stage {
            Stage::Fields => limits.head_bytes_max(),
            Stage::Start | Stage::AfterEmptyLine => limits
                .head_bytes_max()
                .min(start + limits.request_line_bytes_max()),
        }
    }

    fn too_large(&self) -> Violation {
        match self.stage {
            Stage::Fields => Violation::HeadTooLarge,
            Stage::Start | Stage::AfterEmptyLine => Violation::TargetTooLong,
        }
    }

    #[inline]
    fn take_request_line(
        &mut self,
        bytes: &[u8],
        line: &[u8],
        limits: &FrontLimits,
    ) -> Result<(), Violation> {
        let request_line = parse_request_line(line, limits)?;
        self.version = request_line.version;
        if let Target::Absolute { host, default_port } = request_line.target {
            self.target_host = Some((place(bytes, host), default_port));
        }
        self.stage = Stage::Fields;
        Ok(())
    }

    #[inline]
    fn take_field(
        &mut self,
        bytes: &[u8],
        line: &[u8],
        limits: &FrontLimits,
    ) -> Result<(), Violation> {
        let field = parse_field(line)?;
        self.fields += 1;
        if self.fields > limits.fields_max() {
            return Err(Violation::FieldsTooMany);
        }
        match field_kind(field.name)? {
            FieldKind::Other => Ok(()),
            FieldKind::Host => self.take_host(bytes, field.value()),
            FieldKind::Connection => check_connection(field.value()),
            FieldKind::ContentLength => self.take_content_length(field.value()),
            FieldKind::TransferEncoding => self.take_transfer_encoding(field.value()),
        }
    }

    fn take_host(&mut self, bytes: &[u8], value: &[u8]) -> Result<(), Violation> {
        if self.host.is_some() {
            return Err(Violation::HostRepeated);
        }
        check_host(value)?;
        self.host = Some(place(bytes, value));
        Ok(())
    }

    fn take_content_length(&mut self, value: &[u8]) -> Result<(), Violation> {
        if self.length.is_some() {
            return Err(Violation::LengthRepeated);
        }
        if self.chunked {
            return Err(Violation::LengthWithEncoding);
        }
        self.length = Some(parse_content_length(value)?);
        Ok(())
    }

    fn take_transfer_encoding(&mut self, value: &[u8]) -> Result<(), Violation> {
        if self.chunked {
            return Err(Violation::EncodingRepeated);
        }
        if self.length.is_some() {
            return Err(Violation::LengthWithEncoding);
        }
        if self.version == Version::Http10 {
            return Err(Violation::EncodingInHttp10);
        }
        check_transfer_encoding(value)?;
        self.chunked = true;
        Ok(())
    }

    /// What only the whole head can tell.
    #[inline]
    fn framing(&self, bytes: &[u8]) -> Result<Framing, Violation> {
        match (&self.host, &self.target_host) {
            (None, _) if self.version == Version::Http11 => return Err(Violation::HostMissing),
            (Some(host), Some((target_host, port)))
                if !same_host(&bytes[host.clone()], &bytes[target_host.clone()], *port) =>
            {
                return Err(Violation::HostMismatch);
            }
            _ => {}
        }
        Ok(if self.chunked {
            Framing::Chunked
        } else {
            Framing::Length(self.length.unwrap_or(0))
        })
    }
}

/// The length without CRLF of a complete line, `line` ending with LF, or why it is not a clean one.
pub(super) fn clean_line(line: &[u8]) -> Result<usize, Violation> {
    let Some(content) = line.strip_suffix(b"\r\n") else {
        return Err(Violation::BareLf);
    };
    match content
        .iter()
        .find(|byte| is_control(**byte) && **byte != b'\t')
    {
        None => Ok(content.len()),
        Some(b'\r') => Err(Violation::BareCr),
        Some(_) => Err(Violation::ControlCharacter),
    }
}

/// Where `part`, a slice of `bytes`, lies in it.
#[inline]
fn place(bytes: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - bytes.as_ptr().addr();
    start..start + part.len()
}
