//! Edits between brackets: JSON, and YAML's flow style.

use serde_json::Value as Json;

use super::extent::{children, line_start};
use super::style::{self, JsonLayout};
use crate::span::Span;
use crate::tree::{Format, Node};

pub(super) fn add_members(object: Node<'_>, members: &[(&str, &Json)]) -> (Span, String) {
    let place = Place::of(object);
    let written = members.iter().map(|(name, value)| match &place.layout {
        None => format!("{}: {}", style::yaml_text(name), style::yaml_inline(value)),
        Some(layout) => {
            let colon = if matches!(layout, JsonLayout::Tight) {
                ":"
            } else {
                ": "
            };
            format!("{}{colon}{}", Json::from(*name), style::json(value, layout))
        }
    });
    place.insert(&written.collect::<Vec<_>>())
}

pub(super) fn add_elements(array: Node<'_>, elements: &[&Json]) -> (Span, String) {
    let place = Place::of(array);
    let written = elements.iter().map(|value| match &place.layout {
        None => style::yaml_inline(value),
        Some(layout) => style::json(value, layout),
    });
    place.insert(&written.collect::<Vec<_>>())
}

/// Where something is added, and how it is separated.
struct Place {
    offset: u32,
    is_first: bool,
    separator: String,
    /// `None` in YAML.
    layout: Option<JsonLayout>,
}

impl Place {
    fn of(container: Node<'_>) -> Self {
        let source = container.tree().source();
        let is_json = container.tree().format() == Format::Json;
        let is_tight = is_json && !source.trim_end().contains('\n') && !source.contains(", ");
        let space = if is_tight { "," } else { ", " };
        let line = match is_tight {
            true => JsonLayout::Tight,
            false => JsonLayout::Line,
        };
        let children = children(container);
        let Some(last) = children.last() else {
            return Self {
                offset: container.span().start + 1,
                is_first: true,
                separator: space.to_owned(),
                layout: is_json.then_some(line),
            };
        };
        let before = match children.len() {
            1 => container.span().start + 1,
            count => children[count - 2].span.end,
        };
        let gap = &source[before as usize..last.span.start as usize];
        let indent = gap.rsplit_once('\n').map(|(_, indent)| indent);
        let lines = indent.filter(|indent| indent.trim().is_empty());
        let (separator, layout) = match lines {
            None => (space.to_owned(), line),
            Some(indent) => (
                format!(",{}{indent}", super::extent::line_break(source)),
                JsonLayout::Lines {
                    indent: indent.to_owned(),
                    unit: unit(container, indent),
                },
            ),
        };
        Self {
            offset: last.span.end,
            is_first: false,
            separator,
            layout: is_json.then_some(layout),
        }
    }

    fn insert(&self, written: &[String]) -> (Span, String) {
        let mut text = written.join(&self.separator);
        if !self.is_first {
            text.insert_str(0, &self.separator);
        }
        (Span::new(self.offset, self.offset), text)
    }
}

/// What one level adds to the indent: that of the children without that of the line where the container opens.
fn unit(container: Node<'_>, indent: &str) -> String {
    let source = container.tree().source();
    let start = container.span().start;
    let line = &source[line_start(source, start) as usize..start as usize];
    let outer = line.len() - line.trim_start_matches([' ', '\t']).len();
    indent.get(outer..).unwrap_or(indent).to_owned()
}

/// What takes the children that `is_removed` names out of the brackets, with the commas.
pub(super) fn remove(container: Node<'_>, is_removed: &dyn Fn(Node<'_>) -> bool) -> Vec<Span> {
    let children = children(container);
    let mut spans = Vec::new();
    let mut at = 0;
    while at < children.len() {
        let run = children[at..]
            .iter()
            .take_while(|child| is_removed(child.value))
            .count();
        if run > 0 {
            let last = children[at + run - 1].span.end;
            spans.push(match (at.checked_sub(1), children.get(at + run)) {
                (Some(before), _) => Span::new(children[before].span.end, last),
                (None, Some(next)) => Span::new(children[at].span.start, next.span.start),
                (None, None) => inside(container.span()),
            });
        }
        at += run + 1;
    }
    spans
}

fn inside(span: Span) -> Span {
    Span::new(span.start + 1, span.end - 1)
}
