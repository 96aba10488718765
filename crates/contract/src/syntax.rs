//! Why a text is not a document: the one syntax error that stopped the reading.

use std::borrow::Cow;

use crate::span::{LineIndex, Position, Span};
use crate::tree::SOURCE_BYTES_LIMIT;

/// The first place where a text stops being JSON or YAML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {} column {}", position.line, position.column)]
pub struct SyntaxError {
    /// In the text without its byte order mark; for bytes that are not UTF-8, in the valid part before them.
    pub span: Span,
    pub position: Position,
    /// JSON pointer of the innermost value being read; empty for the document.
    pub pointer: String,
    pub message: String,
    pub next_step: String,
}

/// A syntax error before its line and pointer are worked out.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) message: Cow<'static, str>,
    pub(crate) next_step: Cow<'static, str>,
}

impl Fault {
    pub(crate) fn new(
        span: Span,
        message: impl Into<Cow<'static, str>>,
        next_step: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            span,
            message: message.into(),
            next_step: next_step.into(),
        }
    }

    pub(crate) fn locate(self, source: &str, pointer: String) -> SyntaxError {
        SyntaxError {
            span: self.span,
            position: LineIndex::new(source).position(source, self.span.start),
            pointer,
            message: self.message.into_owned(),
            next_step: self.next_step.into_owned(),
        }
    }
}

/// The text without a byte order mark, if it is not too long.
pub(crate) fn readable(source: &str) -> Result<&str, SyntaxError> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    if text.len() <= SOURCE_BYTES_LIMIT {
        return Ok(text);
    }
    let fault = Fault::new(
        Span::default(),
        format!(
            "the document has {} bytes, the limit is {SOURCE_BYTES_LIMIT} (15 MiB)",
            text.len()
        ),
        "split the contract into one per product area, or leave out examples and unused schemas",
    );
    // The position is the document's start: no need to index a text that is not read.
    Err(fault.locate("", String::new()))
}

/// The text of `bytes`, or where they stop being UTF-8.
pub(crate) fn decode_utf8(bytes: &[u8]) -> Result<&str, SyntaxError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let valid = std::str::from_utf8(&bytes[..offset]).unwrap_or_default();
        let text = valid.strip_prefix('\u{feff}').unwrap_or(valid);
        let utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        let next_step = match utf16 {
            true => "the file is UTF-16: save it as UTF-8",
            false => "save the file as UTF-8",
        };
        let message = format!(
            "byte {offset} (0x{:02x}) is not UTF-8",
            bytes.get(offset).copied().unwrap_or_default()
        );
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Fault::new(Span::new(end, end), message, next_step).locate(text, String::new())
    })
}

/// A character for a message: itself, or its code where it would not be seen.
pub(crate) fn describe(c: char) -> String {
    match c {
        '\n' | '\r' => "the end of the line".to_owned(),
        '\t' => "a tab".to_owned(),
        ' ' => "a space".to_owned(),
        '`' => "a backtick".to_owned(),
        c if c.is_control() || c.is_whitespace() => format!("the character U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}
