//! Where each `$ref` of a document leads, which references would turn in circles, and which names nothing uses.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::pointer;
use crate::refs::Refs;
use crate::tree::{Node, NodeId, Value};

mod circles;
mod reference;

use reference::Reference;

/// References that lead from one to the next.
const CHAIN_MAX: usize = 64;

/// The references of one document. A reference inside a circle stays a reference, as in the resolver that rulesets are
/// written for; every other one stands for what it names.
#[derive(Debug, Default)]
pub(super) struct Links<'t> {
    pub(super) all: Vec<Reference<'t>>,
    /// Slot to the value at the end of the chain.
    resolved: FxHashMap<NodeId, NodeId>,
    /// What a reference names, those from inside of itself left out.
    used: FxHashSet<NodeId>,
}

impl<'t> Links<'t> {
    pub(super) fn of(root: Node<'t>) -> Self {
        let mut all = references(root);
        let self_uri = root.get("$self").and_then(Node::as_str);
        let mut known: FxHashMap<&str, Option<NodeId>> = FxHashMap::default();
        for reference in &mut all {
            let text = reference.text;
            reference.target = *known
                .entry(text)
                .or_insert_with(|| named(root, text, self_uri));
        }
        let used = all
            .iter()
            .filter_map(|reference| reference.target.map(|target| (reference, target)))
            .filter(|(reference, target)| !contains(root, *target, reference.slot))
            .map(|(_, target)| target)
            .collect();
        let direct = circles::straight(root, &all);
        let ends = direct
            .keys()
            .map(|slot| (*slot, end_of_chain(&direct, *slot)));
        Self {
            resolved: ends.collect(),
            used,
            all,
        }
    }

    /// What stands in place of `slot`; `None` where it is no reference, or one that stays.
    pub(super) fn target(&self, slot: NodeId) -> Option<NodeId> {
        self.resolved.get(&slot).copied()
    }

    /// Whether some reference names exactly this node.
    pub(super) fn is_used(&self, node: NodeId) -> bool {
        self.used.contains(&node)
    }
}

/// Whether `inner` is written inside of `outer`, or is it.
fn contains(root: Node<'_>, outer: NodeId, inner: NodeId) -> bool {
    let tree = root.tree();
    let (outer, inner) = (tree.node(outer).span(), tree.node(inner).span());
    outer.start <= inner.start && inner.end <= outer.end
}

fn named(root: Node<'_>, text: &str, self_uri: Option<&str>) -> Option<NodeId> {
    let (uri, fragment) = text.split_once('#')?;
    if !uri.is_empty() && Some(uri) != self_uri {
        return None;
    }
    let found = pointer::resolve_fragment(root, fragment)
        .ok()
        .or_else(|| through_references(root, fragment))?;
    Some(found.id())
}

/// A pointer whose way leads through another reference.
fn through_references<'t>(root: Node<'t>, fragment: &str) -> Option<Node<'t>> {
    let refs = Refs::new(root);
    let mut node = root;
    for token in fragment.strip_prefix('/')?.split('/').take(CHAIN_MAX) {
        let followed = refs.follow(node).ok()?;
        node = pointer::resolve_fragment(followed, &format!("/{token}")).ok()?;
    }
    Some(node)
}

fn references(root: Node<'_>) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match node.value() {
            Value::Object(members) => {
                let at = open.len();
                let mut text = None;
                for member in members {
                    if member.name() == "$ref" {
                        text = member.value.as_str();
                    }
                    if member.value.is_object() || member.value.is_array() {
                        open.push(member.value);
                    }
                }
                if let Some(text) = text {
                    // What stands beside a `$ref` is not looked at.
                    open.truncate(at);
                    found.push(Reference {
                        slot: node.id(),
                        text,
                        target: None,
                    });
                }
            }
            Value::Array(elements) => {
                open.extend(elements.filter(|node| node.is_object() || node.is_array()));
            }
            _ => {}
        }
    }
    found.sort_unstable_by_key(|reference| reference.slot);
    found
}

fn end_of_chain(direct: &FxHashMap<NodeId, NodeId>, slot: NodeId) -> NodeId {
    let mut end = slot;
    for _ in 0..CHAIN_MAX {
        match direct.get(&end) {
            Some(next) => end = *next,
            None => break,
        }
    }
    end
}
