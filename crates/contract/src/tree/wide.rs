//! The index of a container that has so many children that a walk over them would take long.

use rustc_hash::FxHashMap;

use super::node_id::NodeId;

/// The wide containers of a tree.
pub(super) type WideContainers = FxHashMap<NodeId, Wide>;

/// The children of one container.
pub(super) struct Wide {
    /// The keys of an object, those that a later one replaces included; the elements of an array. In source order.
    children: Box<[NodeId]>,
    /// The keys of an object that count, in the order of their texts.
    by_name: Box<[NodeId]>,
}

impl Wide {
    pub(super) fn new(children: Vec<NodeId>, by_name: Vec<NodeId>) -> Self {
        Self {
            children: children.into(),
            by_name: by_name.into(),
        }
    }

    /// The key named `name`; `text_of` says what a key's text is.
    pub(super) fn key<'t>(
        &self,
        name: &str,
        text_of: impl Fn(NodeId) -> &'t str,
    ) -> Option<NodeId> {
        let at = self.by_name.binary_search_by(|key| text_of(*key).cmp(name));
        at.ok().map(|at| self.by_name[at])
    }

    /// The child by its place among the others.
    pub(super) fn nth(&self, index: usize) -> Option<NodeId> {
        self.children.get(index).copied()
    }

    /// The place of the child that `id` is, or is below.
    pub(super) fn place_of(&self, id: NodeId) -> usize {
        self.children.partition_point(|child| *child <= id) - 1
    }
}
