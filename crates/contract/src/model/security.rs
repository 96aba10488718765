//! Security requirements and servers: of the document, or of an operation that replaces them.

use super::document::Document;
use crate::tree::Node;

/// One way to be let in: scheme names with their scopes. No scheme means anyone.
#[derive(Debug, Clone)]
pub(crate) struct Requirement<'t> {
    pub(crate) node: Node<'t>,
    /// Sorted by name.
    pub(crate) schemes: Vec<(&'t str, Vec<&'t str>)>,
}

/// The ways that the `security` of `node` (the root or an operation) lists; `None` where it has none.
pub(crate) fn requirements(node: Node<'_>) -> Option<Vec<Requirement<'_>>> {
    let list = node.get("security")?;
    Some(list.elements().map(requirement).collect())
}

fn requirement(node: Node<'_>) -> Requirement<'_> {
    let mut schemes: Vec<(&str, Vec<&str>)> = node
        .members()
        .map(|member| {
            let mut scopes: Vec<&str> = scopes_of(member.value);
            scopes.sort_unstable();
            (member.name(), scopes)
        })
        .collect();
    schemes.sort_unstable();
    Requirement { node, schemes }
}

fn scopes_of(node: Node<'_>) -> Vec<&str> {
    node.elements().filter_map(Node::as_str).collect()
}

/// The addresses that apply to `node`, the nearest list of the three places.
pub(crate) fn servers<'t>(
    document: &Document<'t>,
    item: Node<'t>,
    operation: Node<'t>,
) -> Vec<Node<'t>> {
    let list = [operation, item, document.root()]
        .into_iter()
        .find_map(|holder| holder.get("servers"));
    list.into_iter().flat_map(Node::elements).collect()
}
