//! Follows references for the score: each text is looked up once, and what leads nowhere is simply absent.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::refs::Refs;
use crate::tree::{Node, NodeId};

/// References that lead from one to the next.
const STEPS_MAX: usize = 64;

/// [`Refs`] with a memory: a contract names the same few components many thousand times.
pub(crate) struct Resolver<'t> {
    refs: Refs<'t>,
    root: Node<'t>,
    known: RefCell<HashMap<&'t str, Option<NodeId>>>,
}

impl<'t> Resolver<'t> {
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self {
            refs: Refs::new(root),
            root,
            known: RefCell::default(),
        }
    }

    /// `node` itself, or what its references name in the end; `None` when they lead out, nowhere or around.
    pub(crate) fn follow(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut node = node;
        for _ in 0..STEPS_MAX {
            match node.get("$ref") {
                // A property may be called `$ref`: only a text is a reference.
                Some(reference) if reference.as_str().is_some() => node = self.target(reference)?,
                _ => return Some(node),
            }
        }
        None
    }

    fn target(&self, reference: Node<'t>) -> Option<Node<'t>> {
        let text = reference.as_str()?;
        if let Some(known) = self.known.borrow().get(text) {
            return known.map(|id| self.root.tree().node(id));
        }
        let target = self.refs.target(reference).ok();
        let id = target.map(Node::id);
        self.known.borrow_mut().insert(text, id);
        target
    }
}
