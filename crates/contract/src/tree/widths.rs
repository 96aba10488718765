//! Which containers of a tree are wide, found on first use.

use super::wide::{Wide, WideContainers};
use super::{NodeId, RawKind, Tree};

/// A container with no more nodes below it than these is walked: at most 64 members.
const WALKED_NODES_MAX: u32 = 128;

/// A container with fewer children is walked, however much is below them.
const CHILDREN_MIN: usize = 32;

impl Tree {
    /// The children of a container that is wide; `None` for any other node.
    pub(super) fn wide(&self, id: NodeId) -> Option<&Wide> {
        match is_large(self, id) {
            true => self.wide.get_or_init(|| all(self)).get(&id),
            false => None,
        }
    }
}

fn all(tree: &Tree) -> WideContainers {
    let ids = (0..tree.nodes.len() as u32).map(NodeId);
    let large = ids.filter(|id| is_large(tree, *id));
    large
        .filter_map(|id| Some((id, children_of(tree, id)?)))
        .collect()
}

fn is_large(tree: &Tree, id: NodeId) -> bool {
    let raw = tree.raw(id);
    matches!(raw.kind, RawKind::Array | RawKind::Object) && raw.data - id.0 > WALKED_NODES_MAX
}

/// `None` when they are few.
fn children_of(tree: &Tree, container: NodeId) -> Option<Wide> {
    let is_object = tree.raw(container).kind == RawKind::Object;
    let end = tree.after(container);
    let mut children = Vec::new();
    let mut child = NodeId(container.0 + 1);
    while child < end {
        children.push(child);
        child = tree.after(NodeId(child.0 + u32::from(is_object)));
    }
    if children.len() < CHILDREN_MIN {
        return None;
    }
    let mut by_name = Vec::new();
    if is_object {
        by_name.extend(children.iter().filter(|key| !tree.raw(**key).shadowed));
        by_name.sort_unstable_by_key(|key| tree.text(*key));
    }
    Some(Wide::new(children, by_name))
}

#[cfg(test)]
mod tests {
    use crate::tree::{Node, NodeId};
    use crate::{json, pointer, yaml};

    /// Every member and element of a wide document is found by its name, its index and its pointer.
    fn check(text: &str, expect: &[(&str, Option<&str>)]) {
        for tree in [json::scan(text).unwrap(), yaml::scan(text).unwrap()] {
            for (pointer, value) in expect {
                let found = pointer::resolve(tree.root(), pointer).ok();
                assert_eq!(found.and_then(Node::scalar_text), *value, "{pointer}");
            }
            for id in 1..tree.node_count() as u32 {
                let node = tree.node(NodeId(id));
                let found = pointer::resolve(tree.root(), &node.pointer()).unwrap();
                assert!(found.id().0 >= id || found.pointer() == node.pointer());
            }
        }
    }

    #[test]
    fn wide_objects_have_their_members() {
        let members: Vec<String> = (0..200).rev().map(|n| format!("\"k{n}\": {n}")).collect();
        let text = format!("{{{}, \"k7\": \"last\"}}", members.join(", "));
        let expect = [
            ("/k0", Some("0")),
            ("/k199", Some("199")),
            ("/k7", Some("last")),
            ("/k200", None),
            ("/", None),
        ];
        check(&text, &expect);
    }

    #[test]
    fn wide_arrays_have_their_elements() {
        let elements: Vec<String> = (0..200).map(|n| format!("[{n}, {{\"a\": {n}}}]")).collect();
        let expect = [
            ("/0/0", Some("0")),
            ("/199/1/a", Some("199")),
            ("/200/0", None),
        ];
        check(&format!("[{}]", elements.join(", ")), &expect);
    }
}
