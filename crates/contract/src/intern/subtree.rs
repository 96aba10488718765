//! The hash of one subtree, references taken by the hash of what they name.

use rustc_hash::FxHashMap;

use crate::model::document::Document;
use crate::tree::{Node, Value};

/// What the members of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Keywords and fields of OpenAPI.
    Fields,
    /// Names given by the author, each with an object of fields.
    Names,
    /// An array of texts whose order means nothing.
    Set,
    /// Plain data, in which `$ref` is a key like any other.
    Data,
}

pub(super) struct Subtree<'a, 't> {
    pub(super) document: &'a Document<'t>,
    /// By node id; 0 while unknown. Objects of fields on the way are added, unless a circle is in work.
    pub(super) known: &'a mut [u64],
    /// Of the members of the circle in work.
    pub(super) colours: &'a FxHashMap<u32, u64>,
}

/// The hash of plain data: member order and the spelling of numbers aside. Never 0. The recursion is as deep as the
/// document nests, which its parser bounds.
pub(crate) fn of_data(node: Node<'_>) -> u64 {
    let hash = match node.value() {
        Value::Null => 3,
        Value::Bool(value) => 5 + u64::from(value),
        Value::Number(text) => mix(7, number(text)),
        Value::String(text) => mix(11, of_text(text)),
        Value::Array(elements) => elements.fold(19, |hash, element| mix(hash, of_data(element))),
        Value::Object(members) => members.fold(29, |sum: u64, member| {
            sum.wrapping_add(mix(of_text(member.name()), of_data(member.value)))
        }),
    };
    hash.max(1)
}

impl<'t> Subtree<'_, 't> {
    /// Never 0. The recursion is as deep as the document nests, which its parser bounds.
    pub(super) fn hash(&mut self, node: Node<'t>, mode: Mode) -> u64 {
        let hash = match node.value() {
            _ if mode == Mode::Data => of_data(node),
            Value::Array(elements) => match mode {
                Mode::Set => elements.fold(13, |sum: u64, element| {
                    sum.wrapping_add(mix(17, of_data(element)))
                }),
                mode => elements.fold(19, |hash, element| mix(hash, self.hash(element, mode))),
            },
            Value::Object(_) if mode == Mode::Fields => self.of_fields(node),
            Value::Object(_) => self.of_object(node, mode),
            _ => of_data(node),
        };
        hash.max(1)
    }

    /// Each is hashed once, however often something around it is asked for.
    fn of_fields(&mut self, node: Node<'t>) -> u64 {
        let at = node.target().0 as usize;
        if self.known[at] != 0 {
            return self.known[at];
        }
        let hash = self.of_object(node, Mode::Fields).max(1);
        if self.colours.is_empty() {
            self.known[at] = hash;
        }
        hash
    }

    fn of_object(&mut self, node: Node<'t>, mode: Mode) -> u64 {
        let mut reference = None;
        let mut only_member = None;
        let mut sum = 0u64;
        let mut count = 0u64;
        for member in node.members() {
            let name = member.name();
            let child = match mode {
                Mode::Fields if name == "$ref" || name == "$dynamicRef" => {
                    reference = Some(self.of_reference(node, member.value));
                    continue;
                }
                Mode::Fields if is_annotation(name, member.value) => continue,
                Mode::Fields if name == "allOf" => match only_element(member.value) {
                    Some(element) => {
                        let hash = self.hash(element, Mode::Fields);
                        only_member = Some(hash);
                        mix(19, hash)
                    }
                    None => self.hash(member.value, Mode::Fields),
                },
                Mode::Fields => self.hash(member.value, below(name)),
                Mode::Names => self.hash(member.value, Mode::Fields),
                Mode::Set | Mode::Data => of_data(member.value),
            };
            sum = sum.wrapping_add(mix(of_text(name), child));
            count += 1;
        }
        match reference {
            Some(hash) if count == 0 || self.document.minor == 0 => hash,
            Some(hash) => mix(mix(23, hash), sum),
            // An `allOf` of one member and nothing beside it is that member.
            None if count == 1 && only_member.is_some() => only_member.unwrap_or_default(),
            None => mix(29, sum.wrapping_add(count)),
        }
    }

    fn of_reference(&self, holder: Node<'t>, reference: Node<'t>) -> u64 {
        let Some(target) = self.document.target(holder) else {
            return mix(31, reference.as_str().map_or(0, of_text));
        };
        let id = target.id().0;
        match (self.colours.get(&id), self.known[id as usize]) {
            (Some(colour), _) => *colour,
            (None, known) => known,
        }
    }
}

fn only_element(list: Node<'_>) -> Option<Node<'_>> {
    let mut elements = list.elements();
    match (elements.next(), elements.next()) {
        (Some(element), None) => Some(element),
        _ => None,
    }
}

fn below(name: &str) -> Mode {
    match name {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "headers" | "responses" | "callbacks" | "content" | "encoding" | "mapping"
        | "variables" | "schemas" => Mode::Names,
        "required" | "enum" | "type" => Mode::Set,
        "default" | "const" | "scopes" => Mode::Data,
        name if name.starts_with("x-") => Mode::Data,
        _ => Mode::Fields,
    }
}

fn is_annotation(name: &str, value: Node<'_>) -> bool {
    match name {
        "description" | "title" | "summary" | "$comment" => value.as_str().is_some(),
        "example" | "examples" | "externalDocs" => true,
        _ => false,
    }
}

fn number(text: &str) -> u64 {
    match (text.parse::<i128>(), text.parse::<f64>()) {
        (Ok(whole), _) => mix(37, whole as u64 ^ (whole >> 64) as u64),
        (_, Ok(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
            let whole = value as i128;
            mix(37, whole as u64 ^ (whole >> 64) as u64)
        }
        (_, Ok(value)) => mix(41, value.to_bits()),
        _ => mix(43, of_text(text)),
    }
}

/// FNV-1a over eight bytes at a time.
fn of_text(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ text.len() as u64;
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(
            hash,
            u64::from_le_bytes(chunk.try_into().expect("chunks are of eight bytes")),
        );
    }
    for byte in chunks.remainder() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash, 47)
}

/// Two words to one, by a folded 128-bit product.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xc2b2_ae3d_27d4_eb4f);
    (product as u64) ^ (product >> 64) as u64 ^ a.rotate_left(23)
}
