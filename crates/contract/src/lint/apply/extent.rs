//! How far things reach in a text: nodes without what the parser counts in, and lines.

use crate::span::Span;
use crate::tree::{Format, Node};

/// What stands in a container: a member from its key on, or an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child<'t> {
    pub(super) value: Node<'t>,
    pub(super) span: Span,
}

pub(super) fn children(container: Node<'_>) -> Vec<Child<'_>> {
    let members = container.members().map(|member| Child {
        value: member.value,
        span: Span::new(member.key.span().start, end(member.value, Some(member.key))),
    });
    let elements = container.elements().map(|value| Child {
        value,
        span: Span::new(value.span().start, end(value, None)),
    });
    members.chain(elements).collect()
}

/// Whether the container is written with brackets.
pub(super) fn has_brackets(container: Node<'_>) -> bool {
    let source = container.tree().source().as_bytes();
    let first = source.get(container.span().start as usize);
    container.tree().format() == Format::Json || matches!(first, Some(b'{' | b'['))
}

/// The end of what is written of a container.
pub(super) fn end_of(container: Node<'_>) -> u32 {
    end(container, None)
}

/// A block ends with its last descendant; a value that is left out ends with its key.
fn end(node: Node<'_>, key: Option<Node<'_>>) -> u32 {
    let (mut node, mut key) = (node, key);
    while node.target() == node.id() && !has_brackets(node) {
        if let Some(member) = node.members().last() {
            (node, key) = (member.value, Some(member.key));
        } else if let Some(element) = node.elements().last() {
            (node, key) = (element, None);
        } else {
            break;
        }
    }
    match (node.span().start == node.span().end, key) {
        (true, Some(key)) => written(key).end,
        _ => written(node).end,
    }
}

/// What is written of a key, a scalar or a container in brackets. A parser's span of a quoted text may reach over the
/// blanks and the comment behind it.
pub(super) fn written(node: Node<'_>) -> Span {
    let span = node.span();
    let text = &node.tree().source()[span.bytes()];
    let len = match text.as_bytes().first() {
        Some(b'"') => quoted_len(text, |rest| match rest {
            [b'\\', _, ..] => 2,
            [b'"', ..] => 0,
            _ => 1,
        }),
        Some(b'\'') => quoted_len(text, |rest| match rest {
            [b'\'', b'\'', ..] => 2,
            [b'\'', ..] => 0,
            _ => 1,
        }),
        _ => text.trim_end().len(),
    };
    Span::new(span.start, span.start + len as u32)
}

/// The length up to and with the closing quote, at which `step` says 0.
fn quoted_len(text: &str, step: impl Fn(&[u8]) -> usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match step(&bytes[at..]) {
            0 => return at + 1,
            bytes => at += bytes,
        }
    }
    bytes.len()
}

/// The start of the line that holds `offset`.
pub(super) fn line_start(source: &str, offset: u32) -> u32 {
    source[..offset as usize].rfind('\n').map_or(0, |at| at + 1) as u32
}

/// The end of that line, before its break.
pub(super) fn line_end(source: &str, offset: u32) -> u32 {
    let rest = &source[offset as usize..];
    let line = rest.split('\n').next().unwrap_or_default();
    offset + line.trim_end_matches('\r').len() as u32
}

pub(super) fn line_break(source: &str) -> &'static str {
    match source.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}
