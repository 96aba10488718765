//! Numbers leaves from the roots of an operation down: what lies shallow comes first and is cut last.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::built::Built;
use super::key;
use super::plan::{LeafNode, LeafValue, LeafValueKind};
use super::shape::{Applying, Property, Shape};
use super::table::{Leaf, LeafCut, LeafCutReason, LeafKind, LeafLimits};
use crate::model::document::Document;
use crate::tree::{Node, NodeId, Value};

/// So many cuts are told, the rest counted.
const CUTS_TOLD_MAX: usize = 100;

/// JSON pointers of a document, each made once.
pub(super) type Pointers = FxHashMap<NodeId, Arc<str>>;

/// Which parts of a value show where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    All,
    /// Elements of a list, and nothing below them.
    Items,
    Properties,
    /// Nothing, not even which value it is.
    Nothing,
    /// Which value it is, and nothing below.
    Value,
}

/// A place whose parts are still to be numbered.
struct Place<'t> {
    node: u32,
    leaf: u32,
    schemas: Vec<Node<'t>>,
    applying: Applying,
    parts: Parts,
    depth: u32,
    /// The places around it.
    around: Option<usize>,
}

/// What is kept of a place that was numbered.
struct Done {
    node: u32,
    leaf: u32,
    identity: Vec<NodeId>,
    around: Option<usize>,
}

pub(super) struct Builder<'d, 't> {
    pub(super) document: &'d Document<'t>,
    pub(super) built: Built,
    limits: LeafLimits,
    pointers: &'d mut Pointers,
    queue: VecDeque<Place<'t>>,
    done: Vec<Done>,
    /// Leaves to whose parts the schema comes back from below.
    circled: FxHashSet<u32>,
}

impl<'d, 't> Builder<'d, 't> {
    pub(super) fn new(
        document: &'d Document<'t>,
        built: Built,
        limits: LeafLimits,
        pointers: &'d mut Pointers,
    ) -> Self {
        Self {
            document,
            built,
            limits,
            pointers,
            queue: VecDeque::new(),
            done: Vec::new(),
            circled: FxHashSet::default(),
        }
    }

    /// `None` when there are as many as may be.
    pub(super) fn leaf(
        &mut self,
        kind: LeafKind,
        key: String,
        parent: Option<u32>,
        written: Node<'t>,
    ) -> Option<u32> {
        let leaf = self.unowned_leaf(kind, key, parent, written)?;
        self.own(written, leaf);
        Some(leaf)
    }

    /// A leaf that is not what a change of `written` is about.
    pub(super) fn unowned_leaf(
        &mut self,
        kind: LeafKind,
        key: String,
        parent: Option<u32>,
        written: Node<'t>,
    ) -> Option<u32> {
        if let Some(known) = self.built.by_key.get(&key) {
            return Some(*known);
        }
        let id = self.built.table.leaves.len() as u32;
        if id >= self.limits.leaves {
            return None;
        }
        let pointer = self.pointers.entry(written.id());
        let pointer = Arc::clone(pointer.or_insert_with(|| written.pointer().into()));
        self.built.by_key.insert(key.clone(), id);
        self.built.table.leaves.push(Leaf {
            id,
            kind,
            key,
            pointer,
            parent,
            is_repeated: kind == LeafKind::Items,
        });
        Some(id)
    }

    /// `written` and what it refers to are there for `leaf`.
    pub(super) fn own(&mut self, written: Node<'t>, leaf: u32) {
        for node in [
            written.id(),
            written.target(),
            self.document.follow(written).target(),
        ] {
            self.own_id(node, leaf);
        }
    }

    fn own_id(&mut self, node: NodeId, leaf: u32) {
        // Leaves come in order, nearly: one that is there twice does no harm, a search among thousands would.
        let owners = self.built.owners.entry(node).or_default();
        if owners.last() != Some(&leaf) {
            owners.push(leaf);
        }
    }

    /// The node of a new place, whose parts are numbered by [`Builder::finish`].
    pub(super) fn place(
        &mut self,
        leaf: u32,
        schemas: Vec<Node<'t>>,
        applying: Applying,
        parts: Parts,
    ) -> u32 {
        self.place_below(leaf, schemas, applying, parts, (0, None))
    }

    fn place_below(
        &mut self,
        leaf: u32,
        schemas: Vec<Node<'t>>,
        applying: Applying,
        parts: Parts,
        (depth, around): (u32, Option<usize>),
    ) -> u32 {
        let nodes = &mut self.built.table.plan.nodes;
        let node = nodes.len() as u32;
        nodes.push(LeafNode {
            leaf,
            ..LeafNode::default()
        });
        self.queue.push_back(Place {
            node,
            leaf,
            schemas,
            applying,
            parts,
            depth,
            around,
        });
        node
    }

    pub(super) fn cut(&mut self, leaf: u32, reason: LeafCutReason) {
        let table = &mut self.built.table;
        table.cut_count += 1;
        if table.cuts.len() < CUTS_TOLD_MAX {
            let key = table.leaves[leaf as usize].key.clone();
            table.cuts.push(LeafCut { key, reason });
        }
    }

    /// These schemas have no leaves of their own; `leaf` is seen instead.
    fn hide(&mut self, leaf: u32, schemas: impl IntoIterator<Item = Node<'t>>) {
        let hidden = schemas.into_iter().map(|schema| (schema.target(), leaf));
        self.built.hidden.extend(hidden);
    }

    /// Numbers everything that was placed.
    pub(super) fn finish(mut self) -> Built {
        while let Some(place) = self.queue.pop_front() {
            self.number(place);
        }
        for at in 0..self.built.table.leaves.len() {
            let Some(parent) = self.built.table.leaves[at].parent else {
                continue;
            };
            let is_repeated = self.built.leaf(parent).is_repeated || self.circled.contains(&parent);
            self.built.table.leaves[at].is_repeated |= is_repeated;
        }
        let table = &mut self.built.table;
        table.plan.leaf_count = table.leaves.len() as u32;
        self.built
    }

    fn number(&mut self, place: Place<'t>) {
        let shape = Shape::read(self.document, &place.schemas, place.applying);
        for schema in &shape.schemas {
            self.own_id(*schema, place.leaf);
        }
        let unsure = shape.sometimes.iter().map(|schema| (*schema, place.leaf));
        self.built.sometimes.extend(unsure);
        if !shape.hidden.is_empty() {
            self.hide(place.leaf, shape.hidden.iter().copied());
            self.cut(place.leaf, LeafCutReason::Hidden);
        }
        if place.parts != Parts::Nothing {
            self.values(&place, &shape);
        }
        if shape.has_parts() {
            self.parts(&place, shape);
        }
    }

    fn parts(&mut self, place: &Place<'t>, shape: Shape<'t>) {
        if let Some(same) = self.circle(place, &shape) {
            return self.close_circle(place, same);
        }
        let is_deep = place.depth >= self.limits.depth;
        let shows = |part: Parts| !is_deep && (place.parts == part || place.parts == Parts::All);
        let reason = match is_deep {
            true => LeafCutReason::Depth,
            false => LeafCutReason::Style,
        };
        let around = Some(self.done.len());
        self.done.push(Done {
            node: place.node,
            leaf: place.leaf,
            identity: shape.identity,
            around: place.around,
        });
        if shows(Parts::Properties) {
            for property in shape.properties {
                self.property(place, property, around);
            }
        } else if !shape.properties.is_empty() {
            self.hide(
                place.leaf,
                shape.properties.into_iter().flat_map(|one| one.schemas),
            );
            self.cut(place.leaf, reason.clone());
        }
        if shape.items.is_empty() {
            return;
        }
        if shows(Parts::Items) {
            self.items(place, shape.items, around);
        } else {
            self.hide(place.leaf, shape.items);
            self.cut(place.leaf, reason);
        }
    }

    /// The place around this one that has the same schemas.
    fn circle(&self, place: &Place<'t>, shape: &Shape<'t>) -> Option<usize> {
        let mut at = place.around;
        while let Some(index) = at {
            let done = &self.done[index];
            if done.identity == shape.identity {
                return Some(index);
            }
            at = done.around;
        }
        None
    }

    fn close_circle(&mut self, place: &Place<'t>, same: usize) {
        let Done { node, leaf, .. } = self.done[same];
        let nodes = &mut self.built.table.plan.nodes;
        let LeafNode {
            properties, items, ..
        } = nodes[node as usize].clone();
        let own = &mut nodes[place.node as usize];
        (own.properties, own.items) = (properties, items);
        self.circled.insert(leaf);
        let back = self.built.leaf(leaf).key.clone();
        self.cut(place.leaf, LeafCutReason::Circle(back));
    }

    fn property(&mut self, place: &Place<'t>, property: Property<'t>, around: Option<usize>) {
        let Property {
            name,
            schemas,
            applying,
            ..
        } = property;
        let key = key::property(&self.built.leaf(place.leaf).key, name);
        let reason = match name.len() > key::TEXT_BYTES_MAX {
            true => LeafCutReason::Text,
            false => LeafCutReason::Full,
        };
        let leaf = (reason != LeafCutReason::Text)
            .then(|| self.leaf(LeafKind::Property, key, Some(place.leaf), schemas[0]));
        let Some(leaf) = leaf.flatten() else {
            self.hide(place.leaf, schemas);
            return self.cut(place.leaf, reason);
        };
        let below = (place.depth + 1, around);
        let node = self.place_below(leaf, schemas, applying, Parts::All, below);
        let own = &mut self.built.table.plan.nodes[place.node as usize];
        own.properties.push((name.to_owned(), node));
    }

    fn items(&mut self, place: &Place<'t>, schemas: Vec<Node<'t>>, around: Option<usize>) {
        let key = key::items(&self.built.leaf(place.leaf).key);
        let Some(leaf) = self.leaf(LeafKind::Items, key, Some(place.leaf), schemas[0]) else {
            self.hide(place.leaf, schemas);
            return self.cut(place.leaf, LeafCutReason::Full);
        };
        // Elements in one value are texts.
        let parts = match place.parts {
            Parts::Items => Parts::Value,
            _ => Parts::All,
        };
        let applying = match schemas.len() {
            0 | 1 => Applying::All,
            _ => Applying::Some,
        };
        let below = (place.depth + 1, around);
        let node = self.place_below(leaf, schemas, applying, parts, below);
        self.built.table.plan.nodes[place.node as usize].items = Some(node);
    }

    /// All values or none: a message may not be told to hold another value because one had no room.
    fn values(&mut self, place: &Place<'t>, shape: &Shape<'t>) {
        let Some(first) = shape.values.first() else {
            return;
        };
        let parent = self.built.leaf(place.leaf).key.clone();
        let mut values = Vec::new();
        for value in &shape.values {
            let Some((kind, text)) = scalar(*value) else {
                self.own(*value, place.leaf);
                self.cut(place.leaf, LeafCutReason::Text);
                continue;
            };
            let key = key::value(&parent, kind, text);
            let Some(leaf) = self.leaf(LeafKind::Value, key, Some(place.leaf), *value) else {
                return self.cut(place.leaf, LeafCutReason::Full);
            };
            if values.iter().all(|known: &LeafValue| known.leaf != leaf) {
                values.push(LeafValue {
                    text: text.to_owned(),
                    kind,
                    leaf,
                });
            }
        }
        let other = self.unowned_leaf(
            LeafKind::OtherValue,
            key::other(&parent),
            Some(place.leaf),
            *first,
        );
        let Some(other) = other else {
            return self.cut(place.leaf, LeafCutReason::Full);
        };
        let node = &mut self.built.table.plan.nodes[place.node as usize];
        (node.values, node.other) = (values, Some(other));
    }
}

/// The kind and the text of a value that can be compared with bytes.
fn scalar(value: Node<'_>) -> Option<(LeafValueKind, &str)> {
    let (kind, text) = match value.value() {
        Value::Null => (LeafValueKind::Null, "null"),
        Value::Bool(true) => (LeafValueKind::Boolean, "true"),
        Value::Bool(false) => (LeafValueKind::Boolean, "false"),
        Value::Number(text) => (LeafValueKind::Number, text),
        Value::String(text) => (LeafValueKind::String, text),
        Value::Array(_) | Value::Object(_) => return None,
    };
    let is_json = kind != LeafValueKind::Number || text.parse::<serde_json::Number>().is_ok();
    (is_json && text.len() <= key::TEXT_BYTES_MAX).then_some((kind, text))
}
