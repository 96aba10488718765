//! One reference of a document.

use crate::tree::NodeId;

/// One object with a `$ref` that is a text.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Reference<'t> {
    /// The object.
    pub(in crate::lint) slot: NodeId,
    pub(in crate::lint) text: &'t str,
    /// What the text names in this document: one step.
    pub(in crate::lint) target: Option<NodeId>,
}
