//! A document whose references are resolved once each, and followed by node id.

use rustc_hash::FxHashMap;

use super::anchors::{self, Anchors};
use crate::pointer;
use crate::refs::Refs;
use crate::source::Source;
use crate::tree::{Node, NodeId};

/// References that lead from one to the next.
const STEPS_MAX: usize = 64;

const NO_TARGET: u32 = u32::MAX;

/// A source with its references resolved.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(crate) source: &'t Source,
    /// The number after `3.` of the `openapi` field; 0 when it cannot be read.
    pub(crate) minor: u8,
    /// By node id of the value of a `$ref`: the node that it names.
    targets: Vec<u32>,
    has_anchors: bool,
}

impl<'t> Document<'t> {
    pub(crate) fn new(source: &'t Source) -> Self {
        Self {
            source,
            minor: minor(source.root()),
            targets: targets(source),
            has_anchors: anchors::are_used(source),
        }
    }

    pub(crate) fn root(&self) -> Node<'t> {
        self.source.root()
    }

    pub(crate) fn node(&self, id: NodeId) -> Node<'t> {
        self.source.tree.node(id)
    }

    /// What the `$ref` of `node`, or else its `$dynamicRef`, names, one step; `None` without one or for one that names
    /// nothing here.
    pub(crate) fn target(&self, node: Node<'t>) -> Option<Node<'t>> {
        let reference = node.get("$ref").or_else(|| match self.has_anchors {
            true => node.get("$dynamicRef"),
            false => None,
        })?;
        match self.targets[reference.id().0 as usize] {
            NO_TARGET => None,
            target => Some(self.node(NodeId(target))),
        }
    }

    /// `node`, or what it refers to at the end of the way; where the way ends early, the last node that it reaches.
    pub(crate) fn follow(&self, node: Node<'t>) -> Node<'t> {
        let mut at = node;
        for _ in 0..STEPS_MAX {
            match self.target(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Every node that a reference names, with repetitions.
    pub(crate) fn targets(&self) -> impl Iterator<Item = u32> {
        self.targets.iter().copied().filter(|id| *id != NO_TARGET)
    }

    /// The targets of the references within the subtree of `node`, YAML aliases not looked through.
    pub(crate) fn targets_inside(&self, node: NodeId) -> impl Iterator<Item = u32> {
        let end = self.source.tree.after(node).0 as usize;
        let inside = self.targets[node.0 as usize..end].iter().copied();
        inside.filter(|id| *id != NO_TARGET)
    }

    /// The member `key` of `node`, references of both followed.
    pub(crate) fn get(&self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        self.follow(node).get(key).map(|value| self.follow(value))
    }
}

fn minor(root: Node<'_>) -> u8 {
    let text = root
        .get("openapi")
        .and_then(Node::scalar_text)
        .unwrap_or("");
    let minor = text.split('.').nth(1).and_then(|minor| minor.parse().ok());
    minor.unwrap_or(0)
}

/// Each distinct reference is resolved once. A value that happens to be the text `$ref` is taken for a key; nobody
/// asks for its target.
fn targets(source: &Source) -> Vec<u32> {
    let count = source.tree.node_count() as u32;
    let mut targets = vec![NO_TARGET; count as usize];
    let mut resolver = Resolver::new(source);
    let anchors = anchors::are_used(source).then(|| Anchors::of(source));
    for id in 1..count {
        let key = source.tree.node(NodeId(id - 1)).as_str();
        if !matches!(key, Some("$ref" | "$dynamicRef")) {
            continue;
        }
        let reference = source.tree.node(NodeId(id));
        let Some(text) = reference.as_str() else {
            continue;
        };
        let anchor = anchors.as_ref().zip(anchors::name(text));
        let target = match anchor {
            Some((anchors, name)) => anchors.target(name, id),
            None => resolver.target(reference, text),
        };
        targets[id as usize] = target.map_or(NO_TARGET, |id| id.0);
    }
    targets
}

/// Resolves pointers by maps, so that a document of as many references as components takes no square.
struct Resolver<'t> {
    refs: Refs<'t>,
    root: Node<'t>,
    known: FxHashMap<&'t str, Option<NodeId>>,
    /// The members of what stands before the last token, by that text.
    parents: FxHashMap<&'t str, FxHashMap<&'t str, NodeId>>,
}

impl<'t> Resolver<'t> {
    fn new(source: &'t Source) -> Self {
        Self {
            refs: Refs::new(source.root()),
            root: source.root(),
            known: FxHashMap::default(),
            parents: FxHashMap::default(),
        }
    }

    fn target(&mut self, reference: Node<'t>, text: &'t str) -> Option<NodeId> {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let simple = text.strip_prefix('#').and_then(|pointer| {
            let (parent, name) = pointer.rsplit_once('/')?;
            (!text.contains(['%', '~'])).then_some((parent, name))
        });
        let by_map = simple.and_then(|(parent, name)| self.member(parent, name));
        let target = by_map.or_else(|| self.refs.target(reference).ok().map(Node::target));
        self.known.insert(text, target);
        target
    }

    fn member(&mut self, parent: &'t str, name: &str) -> Option<NodeId> {
        let root = self.root;
        let members = self.parents.entry(parent).or_insert_with(|| {
            let parent = pointer::resolve(root, parent).ok();
            let members = parent.into_iter().flat_map(Node::members);
            members
                .map(|member| (member.name(), member.value.target()))
                .collect()
        });
        members.get(name).copied()
    }
}
