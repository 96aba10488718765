//! From a place of a document to the leaves that are written there.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::built::Built;
use crate::model::document::Document;
use crate::pointer;
use crate::tree::{Node, NodeId};

/// So many places are remembered; then all are forgotten.
const REMEMBERED_MAX: usize = 1_000;

/// The leaves that a place is about.
#[derive(Debug, Default)]
pub(super) struct Owned {
    /// Leaves that are written at the place or nearest around it.
    pub(super) leaves: Vec<u32>,
    /// The way from where they are written to the place.
    pub(super) below: Vec<String>,
    /// The nodes from the root to the place.
    pub(super) way: Vec<NodeId>,
    /// Leaves that are seen in the stead of what is not looked into, from where the place is reached.
    pub(super) hidden: Vec<u32>,
}

/// The ways of a document backwards: what holds a node, what refers to it.
#[derive(Debug)]
pub(super) struct Backwards {
    parents: Vec<u32>,
    referrers: FxHashMap<NodeId, Vec<NodeId>>,
    known: FxHashMap<NodeId, Rc<FxHashSet<NodeId>>>,
}

impl Backwards {
    pub(super) fn new(document: &Document<'_>) -> Self {
        let tree = &document.source.tree;
        let count = tree.node_count() as u32;
        let mut parents = vec![0; count as usize];
        let mut referrers: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        let mut around: Vec<(u32, u32)> = Vec::new();
        for id in 0..count {
            while around.last().is_some_and(|(_, after)| *after <= id) {
                around.pop();
            }
            parents[id as usize] = around.last().map_or(0, |(parent, _)| *parent);
            let after = tree.after(NodeId(id)).0;
            if after > id + 1 {
                around.push((id, after));
            }
            let node = tree.node(NodeId(id));
            // An alias refers to its anchor as a `$ref` to its target.
            if node.target() != node.id() {
                referrers.entry(node.target()).or_default().push(node.id());
            } else if let Some(target) = document.target(node).filter(|_| node.is_object()) {
                referrers
                    .entry(target.target())
                    .or_default()
                    .push(node.id());
            }
        }
        Self {
            parents,
            referrers,
            known: FxHashMap::default(),
        }
    }

    /// Every node from which a way of members and references leads to `to`.
    fn leading(&mut self, to: NodeId) -> Rc<FxHashSet<NodeId>> {
        if let Some(known) = self.known.get(&to) {
            return Rc::clone(known);
        }
        let mut found = FxHashSet::default();
        let mut rest = vec![to];
        while let Some(id) = rest.pop() {
            if !found.insert(id) {
                continue;
            }
            rest.extend(self.referrers.get(&id).into_iter().flatten());
            if id.0 != 0 {
                rest.push(NodeId(self.parents[id.0 as usize]));
            }
        }
        if self.known.len() == REMEMBERED_MAX {
            self.known.clear();
        }
        let found = Rc::new(found);
        self.known.insert(to, Rc::clone(&found));
        found
    }

    /// The leaves among `wanted` that the place `site` is about; `None` for a pointer that names nothing.
    pub(super) fn owned(
        &mut self,
        document: &Document<'_>,
        built: &Built,
        site: &str,
        wanted: &str,
    ) -> Option<Owned> {
        let is_wanted = |leaf: &u32| built.leaf(*leaf).key.starts_with(wanted);
        let chain = chain(document.root(), site)?;
        let mut owned = Owned::default();
        for (depth, (node, _)) in chain.iter().enumerate().rev() {
            let owners = built.owners.get(node).into_iter().flatten().copied();
            owned.leaves = owners.filter(is_wanted).collect();
            if !owned.leaves.is_empty() {
                let below = chain[depth + 1..].iter();
                owned.below = below.map(|(_, token)| token.clone()).collect();
                break;
            }
        }
        owned.way = chain.iter().map(|(node, _)| *node).collect();
        let (last, _) = chain.last()?;
        let leading = self.leading(*last);
        let hidden = built
            .hidden
            .iter()
            .filter(|(start, _)| leading.contains(start));
        owned.hidden = hidden.map(|(_, leaf)| *leaf).filter(is_wanted).collect();
        Some(owned)
    }
}

/// The nodes on the way to `site`, the root first, each with the token that leads to it.
fn chain(root: Node<'_>, site: &str) -> Option<Vec<(NodeId, String)>> {
    let mut chain = vec![(root.target(), String::new())];
    let mut node = root;
    for token in site.split('/').skip(1) {
        node = pointer::resolve(node, &format!("/{token}")).ok()?;
        let token = token.replace("~1", "/").replace("~0", "~");
        chain.push((node.target(), token));
    }
    Some(chain)
}
