//! What YAML anchors name, and how much each alias of them stands for.

use crate::tree::NodeId;

/// A complete node that an alias may name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchored {
    pub(super) node: NodeId,
    /// Its nodes, itself and the copies behind its own aliases included.
    pub(super) weight: u64,
    /// Levels of nesting: 0 for a scalar.
    pub(super) height: usize,
}

/// By the parser's anchor number, which counts from 1; 0 is no anchor.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    complete: Vec<Option<Anchored>>,
}

impl Anchors {
    pub(super) fn define(&mut self, anchor: usize, anchored: Anchored) {
        if anchor == 0 {
            return;
        }
        if self.complete.len() <= anchor {
            self.complete.resize(anchor + 1, None);
        }
        self.complete[anchor] = Some(anchored);
    }

    /// `None` while the node is still being read.
    pub(super) fn get(&self, anchor: usize) -> Option<Anchored> {
        self.complete.get(anchor).copied().flatten()
    }
}
