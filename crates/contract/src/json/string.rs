//! JSON strings (RFC 8259 section 7): a slice of the source where there is no escape, decoded once where there is.

use super::Scanner;
use crate::span::Span;
use crate::syntax::{Fault, describe};
use crate::tree::{RawKind, TextForm};

/// Every byte 1, every byte 0x80: eight bytes are tested at once.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

impl Scanner<'_> {
    /// A string that starts here with `"`.
    #[inline]
    pub(super) fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at = special(self.bytes, start + 1);
        if self.byte() != Some(b'"') {
            return self.escaped_string(start);
        }
        self.at += 1;
        let span = Span::new(start as u32, self.at as u32);
        self.tree.scalar(RawKind::String, span, TextForm::Quoted);
        Ok(())
    }

    /// The rest of a string that has an escape or a fault.
    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<(), Fault> {
        let (text, bytes) = (self.text, self.bytes);
        let mut at = self.at;
        let mut end = at;
        while let Some(b'\\') = bytes.get(end) {
            end = special(bytes, end + 2);
        }
        match bytes.get(end) {
            Some(b'"') => {}
            Some(_) => {
                self.at = end;
                return Err(self.control_character(start));
            }
            None => {
                let span = Span::new(start as u32, start as u32 + 1);
                return Err(Fault::new(
                    span,
                    "this string has no end",
                    "close it with `\"`",
                ));
            }
        }

        let span = Span::new(start as u32, end as u32 + 1);
        self.tree.decoded(RawKind::String, span, |decoded| {
            decoded.push_str(&text[start + 1..at]);
            while at < end {
                at = push_escape(text, at, decoded)?;
                let next = special(bytes, at);
                decoded.push_str(&text[at..next]);
                at = next;
            }
            Ok(())
        })?;
        self.at = end + 1;
        Ok(())
    }

    fn control_character(&self, start: usize) -> Fault {
        let line_break = matches!(self.byte(), Some(b'\n' | b'\r'));
        if line_break {
            let span = Span::new(start as u32, self.at as u32);
            return Fault::new(
                span,
                "this string has no end on its line",
                "close it with `\"`, or write a line break inside it as `\\n`",
            );
        }
        let code = self.byte().unwrap_or_default();
        self.fault_here(
            format!("the control character U+{code:04X} inside a string"),
            "write it as an escape such as `\\t` or `\\u0000`",
        )
    }
}

/// The first `"`, `\` or control character from `at` on, or the end.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        // A byte that is zero (or below 0x20 in `word`) borrows into its own high bit. A borrow can mark a higher
        // byte by mistake, never a lower one, so the lowest mark is true.
        let marks = (quote.wrapping_sub(ONES) & !quote
            | backslash.wrapping_sub(ONES) & !backslash
            | word.wrapping_sub(ONES * 0x20) & !word)
            & HIGHS;
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..0x20) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Appends what the escape at `at` stands for; returns where it ends.
fn push_escape(text: &str, at: usize, decoded: &mut String) -> Result<usize, Fault> {
    let c = match text.as_bytes().get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return push_unicode(text, at, decoded),
        _ => {
            let c = text[at + 1..].chars().next();
            let end = at + 1 + c.map_or(0, char::len_utf8);
            return Err(Fault::new(
                Span::new(at as u32, end as u32),
                format!(
                    "a backslash before {}, which is no escape of JSON",
                    c.map_or_else(String::new, describe)
                ),
                "write the backslash itself as `\\\\`",
            ));
        }
    };
    decoded.push(c);
    Ok(at + 2)
}

/// `\uXXXX`, or two of them that make a surrogate pair.
fn push_unicode(text: &str, at: usize, decoded: &mut String) -> Result<usize, Fault> {
    let first = hex4(text, at)?;
    let (code, end) = match first {
        0xd800..=0xdbff if text.as_bytes().get(at + 6..at + 8) == Some(b"\\u") => {
            match hex4(text, at + 6)? {
                second @ 0xdc00..=0xdfff => (
                    0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                    at + 12,
                ),
                _ => (first, at + 6),
            }
        }
        _ => (first, at + 6),
    };
    let Some(c) = char::from_u32(code) else {
        return Err(Fault::new(
            Span::new(at as u32, at as u32 + 6),
            format!("`{}` is half of a surrogate pair", &text[at..at + 6]),
            "write both halves, or the character itself",
        ));
    };
    decoded.push(c);
    Ok(end)
}

/// The four digits of the `\uXXXX` at `at`.
fn hex4(text: &str, at: usize) -> Result<u32, Fault> {
    let digits = text
        .get(at + 2..at + 6)
        .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    digits
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .ok_or_else(|| {
            Fault::new(
                Span::new(at as u32, at as u32 + 2),
                "`\\u` without four hexadecimal digits",
                "write the code as `\\u00e9`, or the character itself",
            )
        })
}
