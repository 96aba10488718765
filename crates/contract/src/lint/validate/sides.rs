//! Which parts of the document are about requests, and which about responses.

use super::convert::Side;
use crate::tree::Node;

/// The parts with a side, in source order; none lies in another.
#[derive(Debug)]
pub(super) struct Sides {
    parts: Vec<(u32, u32, Side)>,
}

impl Sides {
    pub(super) fn of(root: Node<'_>) -> Self {
        let mut parts = Vec::new();
        let mut add = |node: Option<Node<'_>>, side| {
            if let Some(span) = node.map(Node::span) {
                parts.push((span.start, span.end, side));
            }
        };
        if let Some(components) = root.get("components") {
            add(components.get("requestBodies"), Side::Request);
            add(components.get("responses"), Side::Response);
        }
        let paths = root.get("paths").into_iter().flat_map(Node::members);
        for item in paths.flat_map(|path| path.value.members()) {
            add(item.value.get("requestBody"), Side::Request);
            add(item.value.get("responses"), Side::Response);
        }
        parts.sort_unstable_by_key(|(start, ..)| *start);
        Self { parts }
    }

    /// Of the byte `at`.
    pub(super) fn at(&self, at: u32) -> Side {
        let after = self.parts.partition_point(|(start, ..)| *start <= at);
        match after.checked_sub(1).map(|index| self.parts[index]) {
            Some((_, end, side)) if at < end => side,
            _ => Side::Either,
        }
    }
}
