//! The document as a rule sees it: as written, or with every reference replaced by what it names, without a copy.

use super::links::Links;
use crate::tree::{Node, NodeId, Tree, Value};

/// A document, resolved or as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a, 't> {
    pub(super) root: Node<'t>,
    start: Slot,
    /// `None` for the document as written.
    links: Option<&'a Links<'t>>,
}

/// A place in the document at which a value stands: the value itself may be elsewhere, behind a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) node: NodeId,
    /// Whether the way there led through a reference.
    pub(super) by_ref: bool,
}

/// A slot, or the nearest one to a member that is not there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) slot: Slot,
    /// The names that lead on from the slot to what is missing.
    pub(super) missing: Vec<String>,
}

impl From<Slot> for Place {
    fn from(slot: Slot) -> Self {
        Self {
            slot,
            missing: Vec::new(),
        }
    }
}

impl<'a, 't> View<'a, 't> {
    pub(super) fn resolved(root: Node<'t>, links: &'a Links<'t>) -> Self {
        Self {
            root,
            start: start(root),
            links: Some(links),
        }
    }

    pub(super) fn written(root: Node<'t>) -> Self {
        Self {
            root,
            start: start(root),
            links: None,
        }
    }

    pub(super) fn tree(&self) -> &'t Tree {
        self.root.tree()
    }

    /// The same document, with paths that start at `slot`.
    pub(super) fn at(self, slot: Slot) -> Self {
        Self {
            start: slot,
            ..self
        }
    }

    /// Where paths start.
    pub(super) fn start(&self) -> Slot {
        self.start
    }

    fn target(&self, slot: NodeId) -> Option<NodeId> {
        self.links.and_then(|links| links.target(slot))
    }

    /// The value that stands at `slot`.
    pub(super) fn value(&self, slot: NodeId) -> Node<'t> {
        self.tree().node(self.target(slot).unwrap_or(slot))
    }

    /// The value of `node`, a value or a member of this document.
    pub(super) fn follow(&self, node: Node<'t>) -> Node<'t> {
        self.value(node.id())
    }

    /// The resolved value of a member.
    pub(super) fn get(&self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        node.get(key).map(|value| self.follow(value))
    }

    /// What is inside of `slot`, seen from there.
    pub(super) fn inside(&self, slot: Slot, child: NodeId) -> Slot {
        Slot {
            node: child,
            by_ref: slot.by_ref || self.target(slot.node).is_some(),
        }
    }

    /// The member or element that `name` names.
    pub(super) fn child(&self, slot: Slot, name: &str) -> Option<Slot> {
        let found = step(self.value(slot.node), name)?;
        Some(self.inside(slot, found.id()))
    }

    /// The slot at the end of `names`, or the nearest one with the names that are missing.
    pub(super) fn place<'n>(&self, from: Slot, names: impl IntoIterator<Item = &'n str>) -> Place {
        let mut place = Place::from(from);
        for name in names {
            let next = match place.missing.is_empty() {
                true => self.child(place.slot, name),
                false => None,
            };
            match next {
                Some(next) => place.slot = next,
                None => place.missing.push(name.to_owned()),
            }
        }
        place
    }

    /// Where a finding about `slot` is told: at the end of its reference, but at the slot itself where something else
    /// stands beside the `$ref`.
    pub(super) fn located(&self, slot: Slot) -> NodeId {
        match self.target(slot.node) {
            Some(target) if slot.by_ref || self.is_bare(slot.node) => target,
            _ => slot.node,
        }
    }

    fn is_bare(&self, slot: NodeId) -> bool {
        self.tree().node(slot).members().nth(1).is_none()
    }
}

fn start(root: Node<'_>) -> Slot {
    Slot {
        node: root.id(),
        by_ref: false,
    }
}

/// The element or member of `node` that `name` names.
fn step<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    match node.value() {
        Value::Object(_) => node.get(name),
        Value::Array(mut elements) => elements.nth(name.parse().ok()?),
        _ => None,
    }
}
