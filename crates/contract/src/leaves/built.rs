//! The leaves of one operation together with the parts of the document that they stand for.

use rustc_hash::{FxHashMap, FxHashSet};

use super::table::{Leaf, LeafTable};
use crate::tree::NodeId;

/// A table, and which leaf stands for which node of the document.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) table: LeafTable,
    /// By a node of the document, the leaves that it is written for.
    pub(super) owners: FxHashMap<NodeId, Vec<u32>>,
    /// Schemas that are not looked into, and the leaf that is seen instead.
    pub(super) hidden: Vec<(NodeId, u32)>,
    /// Schemas that need not apply to what a leaf holds: one of several, or on a condition.
    pub(super) sometimes: FxHashSet<(NodeId, u32)>,
    /// Leaves that no message can show; a change of one concerns every call.
    pub(super) unseen: Vec<u32>,
    /// Parameters that are written as one parameter per property: seen by their parts alone.
    pub(super) scattered: Vec<u32>,
    pub(super) by_key: FxHashMap<String, u32>,
}

impl Built {
    pub(super) fn leaf(&self, id: u32) -> &Leaf {
        &self.table.leaves[id as usize]
    }

    /// The leaf and all that it is a part of, the nearest first.
    pub(super) fn upwards(&self, id: u32) -> impl Iterator<Item = &Leaf> {
        std::iter::successors(Some(self.leaf(id)), |leaf| {
            leaf.parent.map(|parent| self.leaf(parent))
        })
    }

    /// Whether what is written on the way to a place always applies to what the leaf holds.
    pub(super) fn is_sure(&self, way: &[NodeId], leaf: u32) -> bool {
        !way.iter()
            .any(|node| self.sometimes.contains(&(*node, leaf)))
    }
}
