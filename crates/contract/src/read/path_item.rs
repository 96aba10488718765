//! A path item as its operations see it.

use crate::tree::Node;

/// A path item with its references followed: a field of an earlier layer replaces that of a later one.
pub(super) struct PathItem<'t> {
    pub(super) path: &'t str,
    /// The names between braces.
    pub(super) names: Vec<&'t str>,
    pub(super) layers: Vec<Node<'t>>,
}

impl<'t> PathItem<'t> {
    pub(super) fn get(&self, field: &str) -> Option<Node<'t>> {
        self.layers.iter().find_map(|layer| layer.get(field))
    }
}
