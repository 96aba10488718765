//! Finds the tools of a document: their names, schemas and annotations, with their places.

use crate::source::Source;
use crate::tree::Node;

/// One tool of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool<'t> {
    pub(super) name: &'t str,
    pub(super) node: Node<'t>,
    pub(super) name_node: Node<'t>,
}

impl<'t> Tool<'t> {
    pub(super) fn get(&self, key: &str) -> Option<Node<'t>> {
        self.node.get(key).filter(|node| !node.is_null())
    }

    pub(super) fn input(&self) -> Option<Node<'t>> {
        self.get("inputSchema")
    }
}

/// Whether the document is an answer to `tools/list`, in any of the forms that [`super::diff`] reads.
pub fn is_tool_list(source: &Source) -> bool {
    let root = source.root();
    if ["openapi", "swagger", "asyncapi"]
        .iter()
        .any(|key| root.get(key).is_some())
    {
        return false;
    }
    // An empty list is one only where it is called `tools`.
    match array(root) {
        Some(array) if array.elements().next().is_some() => {
            array.elements().all(|tool| named(tool).is_some())
        }
        Some(_) => root.is_object(),
        None => false,
    }
}

/// In source order; an element without a name is left out, and of two with one name the later.
pub(super) fn tools(source: &Source) -> Vec<Tool<'_>> {
    let mut seen = std::collections::HashSet::new();
    let elements = array(source.root()).map(Node::elements);
    elements
        .into_iter()
        .flatten()
        .filter_map(named)
        .filter(|tool| seen.insert(tool.name))
        .collect()
}

fn named(node: Node<'_>) -> Option<Tool<'_>> {
    let name_node = node.get("name")?;
    let name = name_node.as_str()?;
    Some(Tool {
        name,
        node,
        name_node,
    })
}

fn array(root: Node<'_>) -> Option<Node<'_>> {
    if root.is_array() {
        return Some(root);
    }
    let holder = root.get("result").unwrap_or(root);
    holder.get("tools").filter(|tools| tools.is_array())
}
