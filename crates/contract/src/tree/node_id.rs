//! The name of a node within its tree.

/// Names one node of one tree; nodes are numbered in source order, an object's key right before its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);
