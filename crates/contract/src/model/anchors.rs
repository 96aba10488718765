//! Schemas named by `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, core 8.2.2).

use rustc_hash::FxHashMap;

use crate::source::Source;
use crate::tree::{Node, NodeId};

/// Whether any schema may have one: most contracts do not, and are not walked for them.
pub(super) fn are_used(source: &Source) -> bool {
    let text = source.tree.source();
    text.contains("$anchor") || text.contains("$dynamicAnchor")
}

/// The name in a reference such as `#node`; `None` for a pointer or another document.
pub(super) fn name(reference: &str) -> Option<&str> {
    let name = reference.strip_prefix('#')?;
    (!name.is_empty() && !name.starts_with(['/', '%'])).then_some(name)
}

/// By name, the schemas that have it, in document order.
pub(super) struct Anchors<'t> {
    source: &'t Source,
    by_name: FxHashMap<&'t str, Vec<NodeId>>,
}

impl<'t> Anchors<'t> {
    pub(super) fn of(source: &'t Source) -> Self {
        let mut by_name: FxHashMap<&str, Vec<NodeId>> = FxHashMap::default();
        for id in 0..source.tree.node_count() as u32 {
            let node = source.tree.node(NodeId(id));
            if !node.is_object() || node.target() != node.id() {
                continue;
            }
            let keys = ["$dynamicAnchor", "$anchor"];
            if let Some(name) = keys.iter().find_map(|key| text(node, key)) {
                by_name.entry(name).or_default().push(node.id());
            }
        }
        Self { source, by_name }
    }

    /// The innermost schema of this name around the reference, else the first: which is what a validator comes to that
    /// starts at that schema, the way in which contracts use dynamic references for generic lists and trees.
    pub(super) fn target(&self, name: &str, reference: u32) -> Option<NodeId> {
        let named = self.by_name.get(name)?;
        let is_around = |id: &NodeId| id.0 < reference && reference < self.source.tree.after(*id).0;
        let before = named.partition_point(|id| id.0 < reference);
        // Nesting is bounded, so the innermost around it is among the last few before it.
        let near = named[..before].iter().rev().take(NEAR_MAX);
        near.copied().find(is_around).or(named.first().copied())
    }
}

/// How many schemas of one name before a reference are asked whether they hold it.
const NEAR_MAX: usize = 64;

fn text<'t>(node: Node<'t>, key: &str) -> Option<&'t str> {
    node.get(key).and_then(Node::as_str)
}
