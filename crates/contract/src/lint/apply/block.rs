//! Edits of YAML blocks: lines that come and go.

use super::extent::{Child, children, end_of, line_break, line_end, line_start, written};
use super::style::{yaml_element, yaml_member};
use crate::span::Span;
use crate::tree::Node;
use serde_json::Value as Json;

/// A range of the text and what is to stand there; else why it cannot be.
type Made = Result<(Span, String), &'static str>;

pub(super) fn add_members(object: Node<'_>, members: &[(&str, &Json)]) -> Made {
    let first = object.members().next().ok_or("the mapping is empty")?;
    let lines = members
        .iter()
        .flat_map(|(name, value)| yaml_member(name, value));
    let indent = column(object, first.key.span().start);
    Ok(behind(object, indent, lines))
}

pub(super) fn add_elements(array: Node<'_>, elements: &[&Json]) -> Made {
    let source = array.tree().source();
    let first = array.elements().next().ok_or("the list is empty")?;
    let before = source[..first.span().start as usize].trim_end();
    let dash = before
        .strip_suffix('-')
        .ok_or("the first entry of the list does not stand right behind its dash")?;
    let indent = column(array, dash.len() as u32);
    let lines = elements.iter().flat_map(|value| yaml_element(value));
    Ok(behind(array, indent, lines))
}

/// How many characters stand before `offset` on its line.
fn column(node: Node<'_>, offset: u32) -> usize {
    let source = node.tree().source();
    let start = line_start(source, offset);
    source[start as usize..offset as usize].chars().count()
}

/// Lines behind the last line of the container.
fn behind(
    container: Node<'_>,
    indent: usize,
    lines: impl Iterator<Item = String>,
) -> (Span, String) {
    let source = container.tree().source();
    let line_break = line_break(source);
    let end = line_end(source, end_of(container));
    let indent = " ".repeat(indent);
    let text = lines.map(|line| format!("{line_break}{indent}{line}"));
    (Span::new(end, end), text.collect())
}

/// What takes the children that `is_removed` names out of the block, at least one of which stays.
pub(super) fn remove(container: Node<'_>, is_removed: &dyn Fn(Node<'_>) -> bool) -> Vec<Span> {
    let source = container.tree().source();
    let children = children(container);
    let dash = if container.is_array() { "-" } else { "" };
    let mut spans = Vec::new();
    let mut at = 0;
    while at < children.len() {
        let run = children[at..]
            .iter()
            .take_while(|child| is_removed(child.value))
            .count();
        if run > 0 {
            let next = children.get(at + run);
            spans.push(lines(
                source,
                dash,
                (children[at], children[at + run - 1]),
                next,
            ));
        }
        at += run + 1;
    }
    spans
}

/// The lines of a run of children, each behind its own `dash`. A first member that shares its line with the dash of an
/// entry is taken up to the `next` one, which moves there.
fn lines(source: &str, dash: &str, run: (Child<'_>, Child<'_>), next: Option<&Child<'_>>) -> Span {
    let (first, last) = run;
    let start = line_start(source, first.span.start);
    let before = source[start as usize..first.span.start as usize].trim();
    if let (false, Some(next)) = (before == dash, next) {
        return Span::new(first.span.start, next.span.start);
    }
    let end = line_end(source, last.span.end);
    match source[..start as usize].strip_suffix('\n') {
        Some(above) => Span::new(above.trim_end_matches('\r').len() as u32, end),
        None => Span::new(
            0,
            next.map_or(end, |next| line_start(source, next.span.start)),
        ),
    }
}

/// Where a block stands that loses all of its children: right behind the colon of its key if nothing else is there.
pub(super) fn whole(container: Node<'_>, key: Option<Node<'_>>) -> (Span, String) {
    let source = container.tree().source();
    let end = end_of(container);
    let empty = match container.is_object() {
        true => "{}",
        false => "[]",
    };
    let span = container.span();
    if let Some(key_end) = key.map(|key| written(key).end) {
        let between = &source[key_end as usize..span.start as usize];
        // The span of a list that is not indented starts behind its first dash.
        if matches!(
            between.split_whitespace().collect::<String>().as_str(),
            ":" | ":-"
        ) {
            let colon = key_end + between.find(':').unwrap_or_default() as u32;
            return (Span::new(colon + 1, end), format!(" {empty}"));
        }
    }
    (Span::new(span.start, end), empty.to_owned())
}
