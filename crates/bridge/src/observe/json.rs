//! Reads JSON in chunks of any size and sets the leaves that it meets: no tree, no copy, no allocation.
//!
//! Structure is read strictly (RFC 8259): brackets, commas, numbers and literals. What stands inside of strings is not:
//! bytes that are no UTF-8, control characters and escapes that do not exist change no structure and are passed over.

mod gather;
mod grammar;

use gather::Gather;
use grammar::Part;

use super::bits::Bits;
use super::outcome::Outcome;
use super::plan::ValueKind;
use super::scan;
use super::table::{NOWHERE, Table};

/// How deep arrays and objects may nest, the outermost included.
pub const DEPTH_MAX: usize = 256;

const MARK: [u8; 3] = *b"\xef\xbb\xbf";

/// Some 2 KB, of which most is the stack.
#[derive(Debug)]
pub(super) struct Json {
    state: State,
    /// Whether the string at hand names a member.
    is_key: bool,
    /// Whether the contract names values of the scalar at hand.
    is_asked: bool,
    has_gap: bool,
    /// Where the value stands that is read or comes next.
    node: u16,
    depth: u16,
    frames: [Frame; DEPTH_MAX],
    gather: Gather,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// So many bytes of a byte order mark were read.
    Start(u8),
    Value,
    /// A value, or the end of an array.
    FirstElement,
    Key,
    /// A key, or the end of an object.
    FirstKey,
    Colon,
    /// A comma, or the end of what is open.
    Next,
    Skip,
    SkipEscape,
    Gather,
    Number(Part),
    Literal(Literal, u8),
    End,
    Failed(Outcome),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Literal {
    True,
    False,
    Null,
}

impl Literal {
    const fn text(self) -> &'static [u8] {
        match self {
            Self::True => b"true",
            Self::False => b"false",
            Self::Null => b"null",
        }
    }

    const fn kind(self) -> ValueKind {
        match self {
            Self::Null => ValueKind::Null,
            Self::True | Self::False => ValueKind::Boolean,
        }
    }
}

/// An open array or object.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Of an object its node, of an array that of its elements.
    node: u16,
    /// The property that is expected next; [`ARRAY`] for an array.
    next: u16,
}

const ARRAY: u16 = u16::MAX;

impl Json {
    /// `node` is that of the body, or [`NOWHERE`].
    pub(super) const fn new(node: u16) -> Self {
        let frame = Frame {
            node: NOWHERE,
            next: ARRAY,
        };
        Self {
            state: State::Start(0),
            is_key: false,
            is_asked: false,
            has_gap: false,
            node,
            depth: 0,
            frames: [frame; DEPTH_MAX],
            gather: Gather::new(),
        }
    }

    pub(super) fn feed(&mut self, table: &Table, bytes: &[u8], bits: &mut Bits) {
        let mut at = 0;
        while at < bytes.len() {
            at = self.step(table, bytes, at, bits);
        }
    }

    pub(super) fn finish(&mut self, table: &Table, bits: &mut Bits) -> Outcome {
        if let State::Number(part) = self.state
            && part.is_whole()
            && self.depth == 0
        {
            if self.is_asked {
                self.set_number(table, bits);
            }
            self.state = State::End;
        }
        match self.state {
            State::Failed(outcome) => outcome,
            State::Start(0) | State::End if self.has_gap => Outcome::Limit,
            State::Start(0) | State::End => Outcome::Complete,
            _ => Outcome::Truncated,
        }
    }

    #[inline]
    fn step(&mut self, table: &Table, bytes: &[u8], at: usize, bits: &mut Bits) -> usize {
        match self.state {
            State::Value | State::FirstElement => self.value(table, bytes, at, bits),
            State::Key | State::FirstKey => self.key(table, bytes, at),
            State::Next => self.next(bytes, at),
            State::Colon => self.colon(bytes, at),
            State::Skip => self.skip(bytes, at),
            State::SkipEscape => {
                self.state = State::Skip;
                at + 1
            }
            State::Gather => self.gather(table, bytes, at, bits),
            State::Number(part) => self.number(table, bytes, at, part, bits),
            State::Literal(literal, count) => {
                self.literal(table, bytes, at, (literal, count), bits)
            }
            State::Start(count) => self.mark(bytes[at], count, at),
            State::End => match space_end(bytes, at) {
                end if end == bytes.len() => end,
                _ => self.fail(Outcome::NotJson, bytes),
            },
            State::Failed(_) => bytes.len(),
        }
    }

    fn mark(&mut self, byte: u8, count: u8, at: usize) -> usize {
        let is_mark = byte == MARK[usize::from(count)];
        self.state = match (is_mark, count) {
            (true, 2) | (false, 0) => State::Value,
            (true, _) => State::Start(count + 1),
            (false, _) => State::Failed(Outcome::NotJson),
        };
        at + usize::from(is_mark)
    }

    #[inline]
    fn value(&mut self, table: &Table, bytes: &[u8], at: usize, bits: &mut Bits) -> usize {
        let at = space_end(bytes, at);
        let Some(byte) = bytes.get(at) else {
            return at;
        };
        if *byte == b']' && self.state == State::FirstElement {
            return self.close(bytes, at);
        }
        self.is_asked = self.node != NOWHERE && {
            bits.set(u32::from(table.node(self.node).leaf));
            table.has_values(self.node)
        };
        match byte {
            b'"' => {
                self.is_key = false;
                match self.is_asked {
                    true => {
                        self.gather.begin();
                        self.state = State::Gather;
                        self.gather(table, bytes, at + 1, bits)
                    }
                    false => self.skip(bytes, at + 1),
                }
            }
            b'{' | b'[' => {
                if self.is_asked {
                    table.set_other(self.node, bits);
                }
                self.open(table, *byte, bytes, at)
            }
            b't' => self.literal(table, bytes, at, (Literal::True, 0), bits),
            b'f' => self.literal(table, bytes, at, (Literal::False, 0), bits),
            b'n' => self.literal(table, bytes, at, (Literal::Null, 0), bits),
            byte => match Part::first(*byte) {
                Some(part) => {
                    if self.is_asked {
                        self.gather.begin();
                        self.gather.extend(&bytes[at..=at]);
                    }
                    self.number(table, bytes, at + 1, part, bits)
                }
                None => self.fail(Outcome::NotJson, bytes),
            },
        }
    }

    fn open(&mut self, table: &Table, byte: u8, bytes: &[u8], at: usize) -> usize {
        if usize::from(self.depth) == DEPTH_MAX {
            return self.fail(Outcome::TooDeep, bytes);
        }
        let node = (self.node != NOWHERE).then(|| table.node(self.node));
        let frame = match byte {
            b'{' => {
                self.state = State::FirstKey;
                let has_names = node.is_some_and(|node| !node.properties.is_empty());
                Frame {
                    node: if has_names { self.node } else { NOWHERE },
                    next: 0,
                }
            }
            _ => {
                self.state = State::FirstElement;
                self.node = node.map_or(NOWHERE, |node| node.items);
                Frame {
                    node: self.node,
                    next: ARRAY,
                }
            }
        };
        self.frames[usize::from(self.depth)] = frame;
        self.depth += 1;
        at + 1
    }

    #[inline]
    fn key(&mut self, table: &Table, bytes: &[u8], at: usize) -> usize {
        let at = space_end(bytes, at);
        match bytes.get(at) {
            None => at,
            Some(b'"') => {
                let node = self.frame().node;
                self.is_key = true;
                if node == NOWHERE {
                    self.node = NOWHERE;
                    return self.skip(bytes, at + 1);
                }
                let end = scan::text_end(bytes, at + 1);
                match bytes.get(end) {
                    Some(b'"') => {
                        self.named(table, &bytes[at + 1..end]);
                        self.key_done(bytes, end + 1)
                    }
                    _ => {
                        self.gather.begin();
                        self.state = State::Gather;
                        at + 1
                    }
                }
            }
            Some(b'}') if self.state == State::FirstKey => self.close(bytes, at),
            Some(_) => self.fail(Outcome::NotJson, bytes),
        }
    }

    #[inline]
    fn named(&mut self, table: &Table, name: &[u8]) {
        let frame = self.frame();
        self.node = table.property_near(frame.node, name, &mut frame.next);
    }

    /// The innermost of what is open; there is one.
    #[inline]
    fn frame(&mut self) -> &mut Frame {
        &mut self.frames[usize::from(self.depth) - 1]
    }

    /// The colon stands mostly right behind the key.
    #[inline]
    fn key_done(&mut self, bytes: &[u8], at: usize) -> usize {
        let is_colon = bytes.get(at) == Some(&b':');
        self.state = if is_colon { State::Value } else { State::Colon };
        at + usize::from(is_colon)
    }

    fn colon(&mut self, bytes: &[u8], at: usize) -> usize {
        let at = space_end(bytes, at);
        match bytes.get(at) {
            None => at,
            Some(b':') => {
                self.state = State::Value;
                at + 1
            }
            Some(_) => self.fail(Outcome::NotJson, bytes),
        }
    }

    #[inline]
    fn value_done(&mut self, bytes: &[u8], at: usize) -> usize {
        if self.depth == 0 {
            self.state = State::End;
            return at;
        }
        match bytes.get(at) {
            Some(b',') => self.comma(at),
            _ => {
                self.state = State::Next;
                at
            }
        }
    }

    #[inline]
    fn comma(&mut self, at: usize) -> usize {
        let frame = *self.frame();
        self.state = match frame.next {
            ARRAY => {
                self.node = frame.node;
                State::Value
            }
            _ => State::Key,
        };
        at + 1
    }

    #[inline]
    fn next(&mut self, bytes: &[u8], at: usize) -> usize {
        let at = space_end(bytes, at);
        match bytes.get(at) {
            None => at,
            Some(b',') => self.comma(at),
            Some(b'}' | b']') => self.close(bytes, at),
            Some(_) => self.fail(Outcome::NotJson, bytes),
        }
    }

    #[inline]
    fn close(&mut self, bytes: &[u8], at: usize) -> usize {
        let is_array = self.frame().next == ARRAY;
        if is_array != (bytes[at] == b']') {
            return self.fail(Outcome::NotJson, bytes);
        }
        self.depth -= 1;
        self.value_done(bytes, at + 1)
    }

    /// A string that nobody asks for.
    #[inline]
    fn skip(&mut self, bytes: &[u8], mut at: usize) -> usize {
        loop {
            let end = scan::text_end(bytes, at);
            match bytes.get(end) {
                None => {
                    self.state = State::Skip;
                    return end;
                }
                Some(b'"') => {
                    return match self.is_key {
                        true => self.key_done(bytes, end + 1),
                        false => self.value_done(bytes, end + 1),
                    };
                }
                Some(_) if end + 1 == bytes.len() => {
                    self.state = State::SkipEscape;
                    return end + 1;
                }
                // The escaped byte cannot end the string; the digits of `\u` are bytes like any others.
                Some(_) => at = end + 2,
            }
        }
    }

    fn gather(&mut self, table: &Table, bytes: &[u8], at: usize, bits: &mut Bits) -> usize {
        let Some(end) = self.gather.read(bytes, at) else {
            return bytes.len();
        };
        if self.is_key {
            let frame = &mut self.frames[usize::from(self.depth) - 1];
            self.node = match self.gather.text() {
                Some(name) => table.property_near(frame.node, name, &mut frame.next),
                None => NOWHERE,
            };
            return self.key_done(bytes, end);
        }
        match self.gather.text() {
            Some(text) => table.set_string(self.node, text, bits),
            None => table.set_other(self.node, bits),
        }
        self.value_done(bytes, end)
    }

    #[inline]
    fn number(
        &mut self,
        table: &Table,
        bytes: &[u8],
        start: usize,
        mut part: Part,
        bits: &mut Bits,
    ) -> usize {
        let mut at = start;
        loop {
            if part.takes_digits() {
                at = scan::digits_end(bytes, at);
            }
            match bytes.get(at).and_then(|byte| part.then(*byte)) {
                Some(then) => part = then,
                None => break,
            }
            at += 1;
        }
        if self.is_asked {
            self.gather.extend(&bytes[start..at]);
        }
        if at == bytes.len() {
            self.state = State::Number(part);
            return at;
        }
        if !part.is_whole() {
            return self.fail(Outcome::NotJson, bytes);
        }
        if self.is_asked {
            self.set_number(table, bits);
        }
        self.value_done(bytes, at)
    }

    fn set_number(&mut self, table: &Table, bits: &mut Bits) {
        match self.gather.text() {
            Some(text) => table.set_scalar(self.node, ValueKind::Number, text, bits),
            // So many digits may still be a number of the contract.
            None => {
                self.has_gap = true;
                table.set_other(self.node, bits);
            }
        }
    }

    fn literal(
        &mut self,
        table: &Table,
        bytes: &[u8],
        at: usize,
        (literal, count): (Literal, u8),
        bits: &mut Bits,
    ) -> usize {
        let rest = &literal.text()[usize::from(count)..];
        let here = &bytes[at..bytes.len().min(at + rest.len())];
        if !rest.starts_with(here) {
            return self.fail(Outcome::NotJson, bytes);
        }
        if here.len() < rest.len() {
            self.state = State::Literal(literal, count + here.len() as u8);
            return bytes.len();
        }
        if self.is_asked {
            table.set_scalar(self.node, literal.kind(), literal.text(), bits);
        }
        self.value_done(bytes, at + rest.len())
    }

    #[cold]
    fn fail(&mut self, outcome: Outcome, bytes: &[u8]) -> usize {
        self.state = State::Failed(outcome);
        bytes.len()
    }
}

/// The place of the next byte that is no white space of JSON.
#[inline(always)]
fn space_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(byte) if *byte <= b' ' => long_space_end(bytes, at),
        _ => at,
    }
}

/// Indents are runs of blanks.
fn long_space_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
        while bytes[at..].first_chunk() == Some(b"        ") {
            at += 8;
        }
    }
    at
}
