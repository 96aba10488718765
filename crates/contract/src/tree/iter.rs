//! Walks over the elements of an array and the members of an object, in source order.

use super::{Node, NodeId, Tree};

/// The elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'t> {
    tree: &'t Tree,
    next: NodeId,
    end: NodeId,
}

impl<'t> Elements<'t> {
    /// Of no array at all.
    pub(super) fn of(tree: &'t Tree, array: Option<NodeId>) -> Self {
        let (next, end) = inside(tree, array);
        Self { tree, next, end }
    }
}

impl<'t> Iterator for Elements<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let element = self.next;
        self.next = self.tree.after(element);
        Some(Node::new(self.tree, element))
    }
}

/// One key with its value.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t> {
    pub key: Node<'t>,
    pub value: Node<'t>,
}

impl<'t> Member<'t> {
    /// The one that `key` names.
    pub(super) fn of(tree: &'t Tree, key: NodeId) -> Self {
        Self {
            key: Node::new(tree, key),
            value: Node::new(tree, NodeId(key.0 + 1)),
        }
    }

    /// The key's text.
    pub fn name(&self) -> &'t str {
        self.key.text()
    }
}

/// The members of an object, without those that a later member of the same key replaces.
#[derive(Debug, Clone)]
pub struct Members<'t> {
    tree: &'t Tree,
    next: NodeId,
    end: NodeId,
}

impl<'t> Members<'t> {
    pub(super) fn of(tree: &'t Tree, object: Option<NodeId>) -> Self {
        let (next, end) = inside(tree, object);
        Self { tree, next, end }
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    fn next(&mut self) -> Option<Member<'t>> {
        while self.next < self.end {
            let key = self.next;
            let value = NodeId(key.0 + 1);
            self.next = self.tree.after(value);
            if !self.tree.raw(key).shadowed {
                return Some(Member::of(self.tree, key));
            }
        }
        None
    }
}

fn inside(tree: &Tree, container: Option<NodeId>) -> (NodeId, NodeId) {
    match container {
        Some(id) => (NodeId(id.0 + 1), tree.after(id)),
        None => (NodeId(0), NodeId(0)),
    }
}
