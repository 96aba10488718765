//! Laws: any cut of a body gives the same bits, and they are those of a reader that keeps the whole body.

use std::fmt::Write;

use bridge::observe::{Bits, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reference::{Dom, Operation};

const NAMES: [&str; 12] = [
    "a",
    "aa",
    "b",
    "c",
    "d",
    "e",
    "kids",
    "map",
    "é",
    "a_rather_long_name_of_a_property",
    "z\"\\",
    "",
];
const TEXTS: [&str; 9] = [
    "x", "y\"\\", "é😀", "", "true", "z", "null", "\n\u{1}", "x x",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![5 => prop::sample::select(&NAMES).prop_map(str::to_owned), 1 => any::<String>()]
}

fn dom() -> impl Strategy<Value = Dom> {
    let text = prop_oneof![3 => prop::sample::select(&TEXTS).prop_map(str::to_owned), 1 => any::<String>()];
    let leaf = prop_oneof![
        Just(Dom::Null),
        any::<bool>().prop_map(Dom::Bool),
        Just(Dom::Number),
        text.prop_map(Dom::String),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..5).prop_map(Dom::Array),
            3 => vec((name(), inner), 0..8).prop_map(Dom::Object),
        ]
    })
}

/// How a value is written: a stream of choices, started over when it ends.
struct Writer<'c> {
    text: String,
    choices: std::iter::Cycle<std::slice::Iter<'c, u8>>,
}

impl Writer<'_> {
    fn choice(&mut self) -> u8 {
        self.choices.next().copied().unwrap_or(0)
    }

    fn space(&mut self) {
        let spaces = ["", "", "", " ", "\n        \t", "\r\n"];
        let choice = usize::from(self.choice()) % spaces.len();
        self.text.push_str(spaces[choice]);
    }

    fn value(&mut self, value: &Dom) {
        self.space();
        match value {
            Dom::Null => self.text.push_str("null"),
            Dom::Bool(value) => self.text.push_str(&value.to_string()),
            Dom::Number => {
                let numbers = [
                    "0",
                    "-1",
                    "1.50",
                    "1e5",
                    "123456789012345678901",
                    "-0.0E-7",
                    "1",
                    "2.5",
                ];
                let choice = usize::from(self.choice()) % numbers.len();
                self.text.push_str(numbers[choice]);
            }
            Dom::String(text) => self.string(text),
            Dom::Array(elements) => {
                self.text.push('[');
                for (at, element) in elements.iter().enumerate() {
                    self.text.push_str(if at > 0 { "," } else { "" });
                    self.value(element);
                }
                self.space();
                self.text.push(']');
            }
            Dom::Object(members) => {
                self.text.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    self.text.push_str(if at > 0 { "," } else { "" });
                    self.space();
                    self.string(name);
                    self.space();
                    self.text.push(':');
                    self.value(value);
                }
                self.space();
                self.text.push('}');
            }
        }
        self.space();
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            if c < ' ' || matches!(c, '"' | '\\') || self.choice().is_multiple_of(8) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(self.text, "\\u{unit:04x}");
                }
            } else {
                self.text.push(c);
            }
        }
        self.text.push('"');
    }
}

fn written(value: &Dom, choices: &[u8]) -> String {
    let mut writer = Writer {
        text: String::new(),
        choices: choices.iter().cycle(),
    };
    writer.value(value);
    writer.text
}

/// Without what `doubt` names and without media types, which the reference does not know.
fn sure(operation: &Operation, bits: &Bits, doubt: &Bits) -> Vec<String> {
    let sure = bits.iter().filter(|leaf| !doubt.contains(*leaf));
    let keys = sure.map(|leaf| operation.keys[leaf as usize].clone());
    keys.filter(|key| !key.contains("content")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_in_pieces_is_seen_as_one_that_is_kept(
        value in dom(),
        choices in vec(any::<u8>(), 1..40),
        chunks in vec(1_usize..20, 1..8),
    ) {
        let operation = Operation::read();
        let body = written(&value, &choices);
        prop_assert_eq!(&serde_json::from_str::<Dom>(&body).unwrap(), &value);
        let whole = operation.observe(Some("application/json"), body.as_bytes(), &[usize::MAX]);
        let pieces = operation.observe(Some("application/json"), body.as_bytes(), &chunks);
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(whole.outcome, Outcome::Complete);
        let (expected, doubt) = operation.expected(&value);
        prop_assert_eq!(
            sure(&operation, &whole.bits, &doubt),
            sure(&operation, &expected, &doubt)
        );
    }

    #[test]
    fn a_broken_body_in_pieces_is_seen_as_in_one(
        value in dom(),
        choices in vec(any::<u8>(), 1..40),
        chunks in vec(1_usize..20, 1..8),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_form in any::<bool>(),
    ) {
        let operation = Operation::read();
        let mut body = written(&value, &choices).into_bytes();
        for (at, byte) in edits {
            let at = at.index(body.len());
            match byte % 3 {
                0 => { body.remove(at); }
                1 => body.insert(at, b"\"\\{}[],:&=%+0e-u"[usize::from(byte) % 16]),
                _ => body[at] = byte,
            }
            if body.is_empty() {
                break;
            }
        }
        let content_type = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        let whole = operation.observe(Some(content_type), &body, &[usize::MAX]);
        let pieces = operation.observe(Some(content_type), &body, &chunks);
        let bytes = operation.observe(Some(content_type), &body, &[1]);
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(&whole, &bytes);
    }
}
