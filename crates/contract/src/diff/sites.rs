//! Places of nodes with their pointers, each made once, without a walk over siblings.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::pointer::push_token;
use crate::site::Site;
use crate::source::Source;
use crate::tree::{Node, NodeId};

/// The places of one document.
pub(super) struct Sites<'t> {
    source: &'t Source,
    known: FxHashMap<NodeId, Arc<Site>>,
    /// By node id: the container, and the index of the element in it; made on first use.
    parents: Vec<(u32, u32)>,
}

impl<'t> Sites<'t> {
    pub(super) fn new(source: &'t Source) -> Self {
        Self {
            source,
            known: FxHashMap::default(),
            parents: Vec::new(),
        }
    }

    pub(super) fn site(&mut self, node: Node<'t>) -> Arc<Site> {
        if let Some(site) = self.known.get(&node.id()) {
            return Arc::clone(site);
        }
        if self.parents.is_empty() {
            self.parents = parents(self.source);
        }
        let position = node.position();
        let site = Arc::new(Site {
            file: Arc::clone(&self.source.file),
            line: position.line,
            column: position.column,
            pointer: self.pointer(node.id()),
            span: node.span(),
        });
        self.known.insert(node.id(), Arc::clone(&site));
        site
    }

    /// A key has its value's pointer.
    fn pointer(&self, id: NodeId) -> String {
        let tree = &self.source.tree;
        let mut steps = Vec::new();
        let mut at = id.0;
        while at != 0 {
            let (parent, index) = self.parents[at as usize];
            steps.push((at, parent, index));
            at = parent;
        }
        let mut pointer = String::new();
        for (at, parent, index) in steps.into_iter().rev() {
            match tree.node(NodeId(parent)).is_object() {
                // Keys have even indices, values the odd one behind.
                true => push_token(&mut pointer, tree.node(NodeId(at - (index & 1))).text()),
                false => push_token(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }
}

/// Keys and values of an object are counted alike.
fn parents(source: &Source) -> Vec<(u32, u32)> {
    let tree = &source.tree;
    let count = tree.node_count() as u32;
    let mut parents = Vec::with_capacity(count as usize);
    // The containers around the node at hand: id, the first id after it, how many children came.
    let mut around: Vec<(u32, u32, u32)> = Vec::new();
    for id in 0..count {
        while around.last().is_some_and(|(_, after, _)| *after <= id) {
            around.pop();
        }
        parents.push(match around.last_mut() {
            Some((parent, _, children)) => {
                *children += 1;
                (*parent, *children - 1)
            }
            None => (0, 0),
        });
        let after = tree.after(NodeId(id)).0;
        if after > id + 1 {
            around.push((id, after, 0));
        }
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_those_of_the_tree() {
        let text = "a/b: [[], {'': [1, {c~: 2}]}]\nd: {}\ne: *x\n".replace("*x", "5");
        let source = Source::read(text.as_bytes(), "a.yaml").unwrap();
        let mut sites = Sites::new(&source);
        for id in 0..source.tree.node_count() as u32 {
            let node = source.tree.node(NodeId(id));
            assert_eq!(*sites.site(node), source.site(node.id()));
        }
    }
}
