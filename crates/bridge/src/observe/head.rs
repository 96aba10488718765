//! Observes what stands in the head of a message: query string, headers, cookies, values of the path.

use super::bits::Bits;
use super::form::{self, Form, Root};
use super::outcome::Outcome;
use super::plan::Place;
use super::scratch::Scratch;
use super::table::{NOWHERE, Table};

impl Table {
    /// Reads a query string, without its `?`.
    pub fn query(&self, query: &[u8], bits: &mut Bits) -> Outcome {
        let mut form = Form::new(Root::Query);
        form.feed(self, query, bits);
        form.finish(self, bits)
    }

    /// Reads one header of a request, its name in any case; a `Cookie` header by its cookies too.
    pub fn header(&self, name: &[u8], value: &[u8], bits: &mut Bits) {
        if name.eq_ignore_ascii_case(b"cookie") {
            self.cookies(value, bits);
        }
        let node = lower_case(name, |name| self.parameter(Place::Header, name));
        self.set_values(node, value, bits);
    }

    /// Reads one header of a response of this status, its name in any case.
    pub fn response_header(&self, status: u16, name: &[u8], value: &[u8], bits: &mut Bits) {
        if let Some(response) = self.response(status) {
            let node = lower_case(name, |name| self.named(response.headers, name));
            self.set_values(node, value, bits);
        }
    }

    /// Reads the value that a request has for the path parameter `name` of the contract, percent-encoded as it came.
    pub fn path_value(&self, name: &[u8], value: &[u8], bits: &mut Bits) {
        let node = self.parameter(Place::Path, name);
        let mut text = Scratch::new();
        let mut rest = value;
        while let Some((byte, behind)) = rest.split_first() {
            let escaped = (*byte == b'%').then(|| escaped(behind)).flatten();
            text.push(escaped.unwrap_or(*byte));
            rest = &behind[if escaped.is_some() { 2 } else { 0 }..];
        }
        match text.text() {
            Some(text) => self.set_values(node, text, bits),
            None => self.set_values(node, value, bits),
        }
    }

    fn cookies(&self, value: &[u8], bits: &mut Bits) {
        for cookie in value.split(|byte| *byte == b';') {
            let mut parts = cookie.splitn(2, |byte| *byte == b'=');
            let name = parts.next().unwrap_or(b"").trim_ascii();
            let node = self.parameter(Place::Cookie, name);
            self.set_values(node, parts.next().unwrap_or(b""), bits);
        }
    }

    fn set_values(&self, node: u16, value: &[u8], bits: &mut Bits) {
        if node == NOWHERE {
            return;
        }
        let node_data = self.node(node);
        bits.set(u32::from(node_data.leaf));
        let separator = node_data.separator;
        for piece in value.split(|byte| Some(*byte) == separator) {
            form::set_value(self, node, Some(piece.trim_ascii()), bits);
        }
    }
}

/// The two digits at the start.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    Some((digit(0)? * 16 + digit(1)?) as u8)
}

/// Names of headers are compared in lower case; a longer name than any in a contract is none.
fn lower_case(name: &[u8], find: impl FnOnce(&[u8]) -> u16) -> u16 {
    let mut lower = Scratch::new();
    name.iter()
        .for_each(|byte| lower.push(byte.to_ascii_lowercase()));
    lower.text().map_or(NOWHERE, find)
}
