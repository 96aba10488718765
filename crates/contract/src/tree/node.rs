//! The read view of one node: what it is, where it is written, where it stands.

use super::{NodeId, RawKind, Tree};
use crate::pointer::push_token;
use crate::span::{Position, Span};

/// A node of a tree. YAML aliases are looked through: the span is the alias's own, the value is its target's.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree, id: NodeId) -> Self {
        Self { tree, id }
    }

    pub fn id(self) -> NodeId {
        self.id
    }

    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Where the node is written. Containers include their brackets; a YAML block ends with its last child.
    pub fn span(self) -> Span {
        self.tree.raw(self.id).span
    }

    /// The start of the span.
    pub fn position(self) -> Position {
        self.tree.position(self.span().start)
    }

    /// The line of the start of the span, from 1.
    pub fn line(self) -> u32 {
        self.tree.lines().line(self.span().start)
    }

    pub fn is_object(self) -> bool {
        self.kind() == RawKind::Object
    }

    pub fn is_array(self) -> bool {
        self.kind() == RawKind::Array
    }

    pub fn is_null(self) -> bool {
        self.kind() == RawKind::Null
    }

    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == RawKind::String).then(|| self.text())
    }

    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            RawKind::False => Some(false),
            RawKind::True => Some(true),
            _ => None,
        }
    }

    /// A scalar's text: a string's value, anything else as written. `None` for arrays and objects.
    pub fn scalar_text(self) -> Option<&'t str> {
        match self.kind() {
            RawKind::Array | RawKind::Object => None,
            _ => Some(self.text()),
        }
    }

    /// The node's JSON pointer (RFC 6901), empty for the root; a key has its value's pointer.
    pub fn pointer(self) -> String {
        let mut text = String::new();
        self.visit_ancestors(|token| push_token(&mut text, token));
        text
    }

    pub(crate) fn text(self) -> &'t str {
        self.tree.text(self.target())
    }

    pub(super) fn kind(self) -> RawKind {
        self.tree.raw(self.target()).kind
    }

    /// The node itself, or the one that it is an alias of.
    pub(crate) fn target(self) -> NodeId {
        let raw = self.tree.raw(self.id);
        match raw.kind {
            RawKind::Alias => NodeId(raw.data),
            _ => self.id,
        }
    }

    /// From the root down to this node: a member's name, or an element's index.
    fn visit_ancestors(self, mut visit: impl FnMut(&str)) {
        let tree = self.tree;
        let mut at = NodeId(0);
        while at != self.id {
            let is_object = tree.raw(at).kind == RawKind::Object;
            let mut child = NodeId(at.0 + 1);
            let mut index = 0;
            if let Some(wide) = tree.wide(at) {
                index = wide.place_of(self.id);
                child = wide.nth(index).expect("the place is one of a child");
            }
            loop {
                let value = NodeId(child.0 + u32::from(is_object));
                if self.id < tree.after(value) {
                    match is_object {
                        true => visit(tree.text(child)),
                        false => visit(&index.to_string()),
                    }
                    // The node itself may be the key.
                    at = if self.id == child { child } else { value };
                    break;
                }
                child = tree.after(value);
                index += 1;
            }
        }
    }
}
