//! A strict JSON scanner (RFC 8259) into the spanned tree.

use crate::pointer;
use crate::span::Span;
use crate::syntax::{Fault, SyntaxError, decode_utf8, describe, readable};
use crate::tree::{Builder, DEPTH_LIMIT, Format, NodeId, RawKind, TextForm, Tree};

mod number;
mod string;

/// Reads one JSON document, all of RFC 8259 and no more: no comments, no trailing commas, no lone surrogates. A byte
/// order mark in front is skipped. A duplicate key is kept and told by [`Tree::irregularities`].
///
/// Errors: the first place that is not JSON; more than [`DEPTH_LIMIT`] levels; more than
/// [`crate::SOURCE_BYTES_LIMIT`] bytes. Never panics, never recurses.
pub fn scan(source: &str) -> Result<Tree, SyntaxError> {
    let text = readable(source)?;
    let mut scanner = Scanner::new(text);
    match scanner.document() {
        Ok(()) => Ok(scanner
            .tree
            .finish(text.to_owned(), Format::Json, Vec::new())),
        Err(fault) => {
            let pointer = scanner.pointer();
            Err(fault.locate(text, pointer))
        }
    }
}

/// [`scan`] of a text that the tree keeps, without a copy. Gives back a text that is refused.
pub(crate) fn scan_owned(source: String) -> Result<Tree, String> {
    match readable(&source) {
        Ok(text) if text.len() == source.len() => {}
        _ => return Err(source),
    }
    let mut scanner = Scanner::new(&source);
    if scanner.document().is_err() {
        return Err(source);
    }
    let tree = scanner.tree;
    Ok(tree.finish(source, Format::Json, Vec::new()))
}

/// [`scan`] of bytes; what is not UTF-8 is an error too.
pub fn scan_bytes(source: &[u8]) -> Result<Tree, SyntaxError> {
    scan(decode_utf8(source)?)
}

struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    tree: Builder,
    open: Vec<Open>,
}

/// A container not yet closed.
struct Open {
    container: NodeId,
    is_object: bool,
    /// The key of an object's member, or the count of elements before this one.
    child: u32,
}

impl<'s> Scanner<'s> {
    fn new(text: &'s str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            tree: Builder::new(text),
            open: Vec::with_capacity(64),
        }
    }

    fn document(&mut self) -> Result<(), Fault> {
        self.skip_space();
        loop {
            let opened = self.value()?;
            if opened {
                continue;
            }
            if !self.next_value()? {
                break;
            }
        }
        match self.byte() {
            None => Ok(()),
            Some(_) => Err(self.fault_here(
                format!("the document is over, yet {} follows", self.found()),
                "remove what follows the outermost value",
            )),
        }
    }

    /// Reads a scalar or an empty container, or opens one and stops before its first value; `true` for the latter.
    #[inline]
    fn value(&mut self) -> Result<bool, Fault> {
        match self.byte() {
            Some(b'"') => self.string()?,
            Some(b'{') => return self.open_object(),
            Some(b'[') => return self.open_array(),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true", RawKind::True)?,
            Some(b'f') => self.literal("false", RawKind::False)?,
            Some(b'n') => self.literal("null", RawKind::Null)?,
            _ => return Err(self.no_value()),
        }
        Ok(false)
    }

    /// After a value: closes what ends here and stops before the next value; `false` at the end of the document.
    #[inline]
    fn next_value(&mut self) -> Result<bool, Fault> {
        loop {
            self.skip_space();
            let Some(open) = self.open.last_mut() else {
                return Ok(false);
            };
            let is_object = open.is_object;
            match self.bytes.get(self.at) {
                Some(b',') => {
                    self.at += 1;
                    if is_object {
                        self.skip_space();
                        self.key()?;
                    } else {
                        open.child += 1;
                        self.skip_space();
                    }
                    return Ok(true);
                }
                Some(b'}') if is_object => self.close(),
                Some(b']') if !is_object => self.close(),
                _ => return Err(self.no_separator()),
            }
        }
    }

    fn open_object(&mut self) -> Result<bool, Fault> {
        self.open(RawKind::Object)?;
        if self.byte() == Some(b'}') {
            self.close();
            return Ok(false);
        }
        self.key()?;
        Ok(true)
    }

    fn open_array(&mut self) -> Result<bool, Fault> {
        self.open(RawKind::Array)?;
        if self.byte() == Some(b']') {
            self.close();
            return Ok(false);
        }
        Ok(true)
    }

    fn open(&mut self, kind: RawKind) -> Result<(), Fault> {
        if self.open.len() == DEPTH_LIMIT {
            return Err(self.fault_here(
                format!("arrays and objects nest deeper than {DEPTH_LIMIT} levels"),
                "flatten the value, or move its parts to `components` and refer to them",
            ));
        }
        let container = self.tree.open(kind, self.at as u32);
        self.open.push(Open {
            container,
            is_object: kind == RawKind::Object,
            child: 0,
        });
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn close(&mut self) {
        self.at += 1;
        if let Some(open) = self.open.pop() {
            self.tree.close(open.container, self.at as u32);
        }
    }

    /// A member's key and its colon; stops before the value.
    #[inline]
    fn key(&mut self) -> Result<(), Fault> {
        if self.byte() != Some(b'"') {
            return Err(self.no_key());
        }
        let key = self.tree.node_count() as u32;
        self.string()?;
        if let Some(open) = self.open.last_mut() {
            open.child = key;
        }
        self.skip_space();
        if self.byte() != Some(b':') {
            return Err(self.fault_here(
                format!("expected `:` after this key, found {}", self.found()),
                "put `:` between the key and its value",
            ));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn literal(&mut self, word: &'static str, kind: RawKind) -> Result<(), Fault> {
        let end = self.at + word.len();
        let found = self.bytes.get(self.at..end);
        if found != Some(word.as_bytes()) || self.word_end() != end {
            return Err(self.no_value());
        }
        let span = Span::new(self.at as u32, end as u32);
        self.tree.scalar(kind, span, TextForm::Bare);
        self.at = end;
        Ok(())
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_space(&mut self) {
        // Compact documents have none here, pretty ones a line break and some indentation.
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
            while self.bytes.get(self.at..self.at + 8) == Some(b"        ") {
                self.at += 8;
            }
        }
    }

    /// Where the letters and digits that start here end.
    fn word_end(&self) -> usize {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|b| !b.is_ascii_alphanumeric() && *b != b'_')
            .unwrap_or(rest.len());
        self.at + length
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        match self.text[self.at..].chars().next() {
            None => "the end of the document".to_owned(),
            Some(c) => describe(c),
        }
    }

    fn fault_here(&self, message: impl Into<String>, next_step: &'static str) -> Fault {
        let width = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        let span = Span::new(self.at as u32, (self.at + width) as u32);
        Fault::new(span, message.into(), next_step)
    }

    #[cold]
    fn no_value(&self) -> Fault {
        let end = self.word_end();
        let word = &self.text[self.at..end];
        let fault = |message: String, next_step| {
            Fault::new(Span::new(self.at as u32, end as u32), message, next_step)
        };
        match (self.byte(), word) {
            (None, _) => self.cut_off(),
            (Some(b']' | b'}'), _) if self.after_comma() => self.fault_here(
                format!("{} follows a comma", self.found()),
                "remove the comma after the last value: JSON has no trailing commas",
            ),
            (Some(b'\''), _) => self.fault_here(
                "a string in single quotes",
                "use double quotes: JSON has no others",
            ),
            (Some(b'/' | b'#'), _) => {
                self.fault_here("a comment", "remove it: JSON has no comments")
            }
            (_, "True" | "TRUE") => fault(format!("`{word}` is not JSON"), "write `true`"),
            (_, "False" | "FALSE") => fault(format!("`{word}` is not JSON"), "write `false`"),
            (_, "None" | "Null" | "NULL" | "nil" | "undefined" | "NaN" | "Infinity") => {
                fault(format!("`{word}` is not JSON"), "write `null`, or a number")
            }
            (_, "") => self.fault_here(
                format!("expected a value, found {}", self.found()),
                "put a string, number, object, array, `true`, `false` or `null` here",
            ),
            _ => fault(
                format!("expected a value, found `{}`", shortened(word)),
                "put the text in double quotes",
            ),
        }
    }

    #[cold]
    fn no_key(&self) -> Fault {
        match self.byte() {
            None => self.cut_off(),
            Some(b'}') => self.fault_here(
                "`}` follows a comma",
                "remove the comma after the last member: JSON has no trailing commas",
            ),
            Some(b'/' | b'#') => self.fault_here("a comment", "remove it: JSON has no comments"),
            Some(_) => self.fault_here(
                format!("expected a key in double quotes, found {}", self.found()),
                "put the key in double quotes",
            ),
        }
    }

    #[cold]
    fn no_separator(&self) -> Fault {
        let in_object = self.open.last().is_some_and(|open| open.is_object);
        let (close, one, next_step) = match in_object {
            true => ('}', "member", "put a comma between two members"),
            false => (']', "element", "put a comma between two elements"),
        };
        match self.byte() {
            None => self.cut_off(),
            Some(b'/' | b'#') => self.fault_here("a comment", "remove it: JSON has no comments"),
            Some(_) => self.fault_here(
                format!(
                    "expected `,` or `{close}` after this {one}, found {}",
                    self.found()
                ),
                next_step,
            ),
        }
    }

    #[cold]
    fn cut_off(&self) -> Fault {
        let Some(open) = self.open.last() else {
            return self.fault_here("the document is empty", "write a JSON object");
        };
        let name = if open.is_object { "object" } else { "array" };
        let start = self.tree.span(open.container).start;
        let line = 1 + memchr::memchr_iter(b'\n', &self.bytes[..start as usize]).count();
        self.fault_here(
            format!("the document ends inside the {name} that opens at line {line}"),
            "close it; if the file was cut off, fetch it again",
        )
    }

    /// Whether the last thing before this place is a comma.
    fn after_comma(&self) -> bool {
        self.text[..self.at].trim_end().ends_with(',')
    }

    /// The pointer of the value being read.
    fn pointer(&self) -> String {
        let mut text = String::new();
        for open in &self.open {
            match open.is_object {
                // An object without a key so far.
                true if open.child == 0 => {}
                true => {
                    pointer::push_token(&mut text, self.tree.text(self.text, NodeId(open.child)))
                }
                false => pointer::push_token(&mut text, &open.child.to_string()),
            }
        }
        text
    }
}

/// At most 30 characters.
fn shortened(word: &str) -> String {
    match word.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests;
