//! Reads `name=value&…` in chunks of any size: query strings and form bodies (WHATWG URL, 5.1).

use super::bits::Bits;
use super::outcome::Outcome;
use super::plan::Place;
use super::scratch::Scratch;
use super::table::{NOWHERE, Table};

/// What the names are names of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Root {
    Query,
    /// The properties of this node; [`NOWHERE`] has none.
    Body(u16),
}

#[derive(Debug)]
pub(super) struct Form {
    root: Root,
    within: Within,
    percent: Percent,
    name: Scratch,
    value: Scratch,
    /// Where the value stands that is read.
    node: u16,
    has_name: bool,
    has_gap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Name,
    Value,
    /// A value that nobody asks for.
    Skip,
}

/// What of `%XX` was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Percent {
    None,
    Sign,
    /// The first digit, as written.
    Digit(u8),
}

impl Form {
    pub(super) const fn new(root: Root) -> Self {
        Self {
            root,
            within: Within::Name,
            percent: Percent::None,
            name: Scratch::new(),
            value: Scratch::new(),
            node: NOWHERE,
            has_name: false,
            has_gap: false,
        }
    }

    pub(super) fn feed(&mut self, table: &Table, bytes: &[u8], bits: &mut Bits) {
        let mut at = 0;
        while at < bytes.len() {
            if self.within == Within::Skip {
                match memchr::memchr(b'&', &bytes[at..]) {
                    Some(end) => at += end,
                    None => return,
                }
            }
            self.byte(table, bytes[at], bits);
            at += 1;
        }
    }

    /// A form cannot be cut short so that it shows: the caller knows whether the body ended as announced.
    pub(super) fn finish(&mut self, table: &Table, bits: &mut Bits) -> Outcome {
        self.pair_done(table, bits);
        match self.has_gap {
            true => Outcome::Limit,
            false => Outcome::Complete,
        }
    }

    fn byte(&mut self, table: &Table, byte: u8, bits: &mut Bits) {
        match (byte, self.within) {
            (b'&', _) => self.pair_done(table, bits),
            (b'=', Within::Name) => self.name_done(table, bits),
            _ => self.decode(table, byte, bits),
        }
    }

    fn pair_done(&mut self, table: &Table, bits: &mut Bits) {
        if self.within == Within::Name && self.has_name {
            self.name_done(table, bits);
        }
        if self.within == Within::Value {
            self.percent_done(table, bits);
            self.piece_done(table, bits);
        }
        self.within = Within::Name;
        self.percent = Percent::None;
        self.has_name = false;
        self.name.clear();
    }

    fn name_done(&mut self, table: &Table, bits: &mut Bits) {
        self.percent_done(table, bits);
        self.node = match self.name.text() {
            Some(name) => self.root.resolve(table, name, bits),
            // A long name in brackets starts with a short one, which is not told apart.
            None => {
                self.has_gap = true;
                NOWHERE
            }
        };
        self.has_gap |= holds_more(table, self.node);
        let is_asked = self.node != NOWHERE
            && (table.has_values(self.node) || table.node(self.node).items != NOWHERE);
        self.within = if is_asked {
            Within::Value
        } else {
            Within::Skip
        };
        self.value.clear();
    }

    /// What is left of an escape that was none stands for itself.
    fn percent_done(&mut self, table: &Table, bits: &mut Bits) {
        match std::mem::replace(&mut self.percent, Percent::None) {
            Percent::None => {}
            Percent::Sign => self.push(table, b'%', bits),
            Percent::Digit(digit) => {
                self.push(table, b'%', bits);
                self.push(table, digit, bits);
            }
        }
    }

    fn decode(&mut self, table: &Table, byte: u8, bits: &mut Bits) {
        let digit = char::from(byte).to_digit(16);
        match (self.percent, digit) {
            (Percent::Sign, Some(_)) => self.percent = Percent::Digit(byte),
            (Percent::Digit(first), Some(second)) => {
                let first = char::from(first).to_digit(16).unwrap_or(0);
                self.percent = Percent::None;
                self.push(table, (first * 16 + second) as u8, bits);
            }
            _ => {
                self.percent_done(table, bits);
                match byte {
                    b'%' => self.percent = Percent::Sign,
                    b'+' => self.push(table, b' ', bits),
                    _ => self.push(table, byte, bits),
                }
            }
        }
    }

    fn push(&mut self, table: &Table, byte: u8, bits: &mut Bits) {
        match self.within {
            Within::Name => {
                self.has_name = true;
                self.name.push(byte);
            }
            Within::Value if table.node(self.node).separator == Some(byte) => {
                self.piece_done(table, bits);
            }
            Within::Value => self.value.push(byte),
            Within::Skip => {}
        }
    }

    fn piece_done(&mut self, table: &Table, bits: &mut Bits) {
        self.has_gap |= !set_value(table, self.node, self.value.text(), bits);
        self.value.clear();
    }
}

impl Root {
    /// The node that a name leads to, by itself or in brackets (`items[0][price]`), the nodes on the way set.
    fn resolve(self, table: &Table, name: &[u8], bits: &mut Bits) -> u16 {
        if let Self::Body(node) = self
            && node != NOWHERE
        {
            bits.set(u32::from(table.node(node).leaf));
        }
        let whole = self.named(table, name, bits);
        if whole != NOWHERE {
            return whole;
        }
        let Some(end) = name.iter().position(|byte| *byte == b'[') else {
            return NOWHERE;
        };
        let mut node = self.named(table, &name[..end], bits);
        let mut rest = &name[end..];
        while node != NOWHERE && !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b']');
            let (Some(b'['), Some(end)) = (rest.first(), end) else {
                return NOWHERE;
            };
            let step = &rest[1..end];
            let items = table.node(node).items;
            node = match step.iter().all(u8::is_ascii_digit) && items != NOWHERE {
                true => items,
                false => table.property(node, step),
            };
            set_leaf(table, node, bits);
            rest = &rest[end + 1..];
        }
        node
    }

    fn named(self, table: &Table, name: &[u8], bits: &mut Bits) -> u16 {
        let node = match self {
            Self::Query => table.parameter(Place::Query, name),
            Self::Body(NOWHERE) => NOWHERE,
            Self::Body(node) => table.property(node, name),
        };
        set_leaf(table, node, bits);
        node
    }
}

/// Whether one value at `node` would have parts inside, as JSON or in some other way: they are not looked at.
fn holds_more(table: &Table, node: u16) -> bool {
    let has_names = |node: u16| node != NOWHERE && !table.node(node).properties.is_empty();
    has_names(node) || node != NOWHERE && has_names(table.node(node).items)
}

fn set_leaf(table: &Table, node: u16, bits: &mut Bits) {
    if node != NOWHERE {
        bits.set(u32::from(table.node(node).leaf));
    }
}

/// Sets what a value of no told kind is at `node`, and as an element of it; `None` for a text longer than any of a
/// contract. `false` when that leaves in doubt what it is.
pub(super) fn set_value(table: &Table, node: u16, text: Option<&[u8]>, bits: &mut Bits) -> bool {
    let items = table.node(node).items;
    set_leaf(table, items, bits);
    let mut is_sure = true;
    for node in [node, items] {
        if node == NOWHERE || !table.has_values(node) {
            continue;
        }
        match text {
            Some(text) => table.set_text(node, text, bits),
            None => {
                table.set_other(node, bits);
                is_sure &= !table.has_scalars(node);
            }
        }
    }
    is_sure
}
