//! Walks a document along a form.

use super::form::{Form, Others, Shape};
use crate::lint::text;
use crate::tree::{Node, NodeId, Value};

/// Lists longer than this are not searched for elements that are alike.
const DISTINCT_MAX: usize = 500;

/// Something that has not the form.
pub(super) struct Wrong {
    pub(super) node: NodeId,
    pub(super) message: String,
}

pub(super) fn check(form: &'static Form, root: Node<'_>) -> Vec<Wrong> {
    let mut checker = Checker { wrong: Vec::new() };
    checker.object(form, root);
    checker.wrong
}

struct Checker {
    wrong: Vec<Wrong>,
}

impl Checker {
    fn tell(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.wrong.push(Wrong {
            node: node.id(),
            message: message.into(),
        });
    }

    fn expect(&mut self, node: Node<'_>, holds: bool, what: &str) {
        if !holds {
            self.tell(
                node,
                format!("expected {what}, found {}", text::print(Some(node))),
            );
        }
    }

    /// Recursion is bounded: it goes down with the document, which nests 512 deep at most.
    fn value(&mut self, shape: Shape, node: Node<'_>) {
        let word = node.as_str();
        match shape {
            Shape::Any => {}
            Shape::Text => self.expect(node, word.is_some(), "a text"),
            Shape::Bool => self.expect(node, node.as_bool().is_some(), "true or false"),
            Shape::Number => self.expect(node, number(node).is_some(), "a number"),
            Shape::Positive => self.expect(
                node,
                number(node).is_some_and(|n| n > 0.0),
                "a number above 0",
            ),
            Shape::Count => {
                let is_count = number(node).is_some_and(|n| n >= 0.0 && n.fract() == 0.0);
                self.expect(node, is_count, "a whole number, 0 or more");
            }
            Shape::Uri => self.expect(node, word.is_some_and(is_uri), "a URI"),
            Shape::UriReference => {
                self.expect(node, word.is_some_and(is_uri_reference), "a URI reference")
            }
            Shape::Email => self.expect(node, word.is_some_and(is_email), "an email address"),
            Shape::Version(start) => {
                let is_version = word.is_some_and(|text| is_version(text, start));
                self.expect(node, is_version, &format!("a version such as {start}0"));
            }
            Shape::Word(words) => {
                let is_known = word.is_some_and(|text| words.contains(&text));
                self.expect(node, is_known, &format!("one of {}", words.join(", ")));
            }
            Shape::Types => self.types(node),
            Shape::List(inner) => self.list(*inner, node),
            Shape::Some(inner) => {
                self.list(*inner, node);
                let is_empty = node.is_array() && node.elements().next().is_none();
                self.expect(node, !is_empty, "at least one element");
            }
            Shape::Distinct(inner) => {
                self.list(*inner, node);
                self.expect(node, !has_twins(node), "elements that differ");
            }
            Shape::Map(inner) => self.map(*inner, node),
            Shape::Single(inner) => {
                self.map(*inner, node);
                let count = node.members().take(2).count();
                self.expect(node, !node.is_object() || count == 1, "exactly one entry");
            }
            Shape::Names(inner) => {
                self.map(*inner, node);
                for member in node
                    .members()
                    .filter(|member| !is_component_name(member.name()))
                {
                    let _ = member;
                    self.tell(
                        node,
                        "the name of a component holds letters, digits, `.`, `-` and `_` alone",
                    );
                }
            }
            Shape::Object(form) => self.object(form, node),
            Shape::OrReference(form) => self.object_or_reference(form, node),
            Shape::OrBool(_) | Shape::Schema(_) if node.as_bool().is_some() => {}
            Shape::OrBool(_) | Shape::Schema(_) if !node.is_object() => {
                self.tell(node, "expected a schema")
            }
            Shape::OrBool(form) => self.object_or_reference(form, node),
            Shape::Schema(form) => self.object(form, node),
        }
    }

    fn object_or_reference(&mut self, form: &'static Form, node: Node<'_>) {
        match node.get("$ref") {
            Some(text) => self.value(Shape::UriReference, text),
            None => self.object(form, node),
        }
    }

    fn list(&mut self, inner: Shape, node: Node<'_>) {
        self.expect(node, node.is_array(), "a list");
        for element in node.elements() {
            self.value(inner, element);
        }
    }

    fn map(&mut self, inner: Shape, node: Node<'_>) {
        self.expect(node, node.is_object(), "an object");
        for member in node.members() {
            self.value(inner, member.value);
        }
    }

    fn object(&mut self, form: &'static Form, node: Node<'_>) {
        if !node.is_object() {
            return self.expect(node, false, "an object");
        }
        for name in form.required {
            if node.get(name).is_none() {
                self.tell(node, format!("there is no `{name}`"));
            }
        }
        for member in node.members() {
            let name = member.name();
            let known = form.fields.iter().find(|(field, _)| *field == name);
            match (known, form.others) {
                (Some((_, shape)), _) => self.value(*shape, member.value),
                (None, Others::Free) => {}
                (None, Others::Extensions | Others::Keyed(..) | Others::Each(_))
                    if name.starts_with("x-") => {}
                (None, Others::Each(shape)) => self.value(shape, member.value),
                (None, Others::Keyed(fits, shape)) if fits(name) => self.value(shape, member.value),
                (None, _) => self.tell(member.value, format!("`{name}` is not expected here")),
            }
        }
        if let Some(extra) = form.extra {
            extra(node, &mut |node, message| self.tell(node, message));
        }
    }

    fn types(&mut self, node: Node<'_>) {
        const TYPES: Shape = Shape::Word(&[
            "array", "boolean", "integer", "null", "number", "object", "string",
        ]);
        match node.is_array() {
            true => self.value(Shape::Some(&TYPES), node),
            false => self.value(TYPES, node),
        }
    }
}

fn number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        Value::Number(text) => Some(crate::lint::path::number(text)),
        _ => None,
    }
}

fn has_twins(list: Node<'_>) -> bool {
    let elements: Vec<Node<'_>> = list.elements().take(DISTINCT_MAX).collect();
    elements.iter().enumerate().any(|(at, element)| {
        elements[..at]
            .iter()
            .any(|other| other.same_value(*element))
    })
}

pub(super) fn is_component_name(name: &str) -> bool {
    let is_known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    !name.is_empty() && name.bytes().all(is_known)
}

fn is_version(text: &str, start: &str) -> bool {
    let Some(patch) = text.strip_prefix(start) else {
        return false;
    };
    let (digits, _) = patch.split_once('-').unwrap_or((patch, ""));
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !patch.ends_with('-')
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    is_scheme && is_uri_reference(text)
}

/// The characters of RFC 3986, percent signs with their digits, one fragment at most.
fn is_uri_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_escape = |at: usize| {
        bytes[at + 1..]
            .iter()
            .take(2)
            .filter(|b| b.is_ascii_hexdigit())
            .count()
            == 2
    };
    let all_known = bytes.iter().enumerate().all(|(at, b)| match b {
        b'%' => is_escape(at),
        b => b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(b),
    });
    all_known && bytes.iter().filter(|b| **b == b'#').count() <= 1
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let is_plain = |c: char| !c.is_whitespace() && c != '@';
        !local.is_empty()
            && local.chars().all(is_plain)
            && domain.chars().all(is_plain)
            && domain.contains('.')
    })
}
