//! Every pair of schemas that was compared, each once.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::schema_pair::SchemaData;
use super::step::Step;
use super::subschemas::{self, ListChange, Side};
use super::transition::Sides;
use crate::intern::Interner;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::schema::{Schema, is_bare, only_member};
use crate::tree::{Member, Node, NodeId};

const LISTS: [(&str, Keyword); 4] = [
    ("oneOf", Keyword::OneOf),
    ("anyOf", Keyword::AnyOf),
    ("allOf", Keyword::AllOf),
    ("prefixItems", Keyword::PrefixItems),
];

const SINGLES: [(&str, Keyword); 11] = [
    ("items", Keyword::Items),
    ("additionalProperties", Keyword::AdditionalProperties),
    ("contains", Keyword::Contains),
    ("propertyNames", Keyword::PropertyNames),
    ("unevaluatedItems", Keyword::UnevaluatedItems),
    ("unevaluatedProperties", Keyword::UnevaluatedProperties),
    ("if", Keyword::If),
    ("then", Keyword::Then),
    ("else", Keyword::Else),
    ("not", Keyword::Not),
    ("contentSchema", Keyword::ContentSchema),
];

const MAPS: [(&str, Keyword); 2] = [
    ("patternProperties", Keyword::PatternProperties),
    ("dependentSchemas", Keyword::DependentSchemas),
];

/// Pairs that are compared, of about 1 KiB each. Circles of different lengths on the two sides can make one pair of
/// each schema with each; the largest contracts we know have 20,000.
const PAIRS_MAX: usize = 100_000;

/// Compared on first use; equal subtrees never get in.
pub(crate) struct SchemaTable<'a, 't> {
    base: &'a Document<'t>,
    revision: &'a Document<'t>,
    base_interner: Interner,
    revision_interner: Interner,
    ids: FxHashMap<(NodeId, NodeId), u32>,
    nodes: Vec<(Node<'t>, Node<'t>)>,
    data: Vec<Option<Rc<SchemaData<'t>>>>,
    /// Whether a pair was left out, or what is too deep in a schema.
    pub(crate) is_full: bool,
}

impl<'a, 't> SchemaTable<'a, 't> {
    pub(crate) fn new(base: &'a Document<'t>, revision: &'a Document<'t>) -> Self {
        Self {
            base,
            revision,
            base_interner: Interner::new(base, 1),
            revision_interner: Interner::new(revision, 2),
            ids: FxHashMap::default(),
            nodes: Vec::new(),
            data: Vec::new(),
            is_full: false,
        }
    }

    /// The pair of two schemas; `None` when they are equal.
    pub(crate) fn pair(&mut self, base: Node<'t>, revision: Node<'t>) -> Option<u32> {
        let base = entry(self.base, base);
        let revision = entry(self.revision, revision);
        let old = self.base_interner.hash(self.base, base);
        let new = self.revision_interner.hash(self.revision, revision);
        // The two versions read the same keywords differently in few places; the same text is the same schema.
        if old.is_some() && old == new {
            return None;
        }
        let next = self.nodes.len() as u32;
        let key = (base.id(), revision.id());
        if self.nodes.len() >= PAIRS_MAX && !self.ids.contains_key(&key) {
            self.is_full = true;
            return None;
        }
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.nodes.push((base, revision));
            self.data.push(None);
        }
        Some(id)
    }

    /// How many pairs got in.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn data(&mut self, id: u32) -> Rc<SchemaData<'t>> {
        if let Some(data) = &self.data[id as usize] {
            return Rc::clone(data);
        }
        let (base, revision) = self.nodes[id as usize];
        let data = Rc::new(self.compare(base, revision));
        self.data[id as usize] = Some(Rc::clone(&data));
        data
    }

    fn compare(&mut self, base: Node<'t>, revision: Node<'t>) -> SchemaData<'t> {
        let base = Schema::read_whole(self.base, base);
        let revision = Schema::read_whole(self.revision, revision);
        // A way of references that is longer than a schema is followed.
        self.is_full |=
            self.base.target(base.node).is_some() || self.revision.target(revision.node).is_some();
        let mut transition = Sides {
            base_document: self.base,
            revision_document: self.revision,
            base_interner: &mut self.base_interner,
            revision_interner: &mut self.revision_interner,
        }
        .transition(&base, &revision);
        let mut children = Vec::new();
        let lists = LISTS.map(|list| self.list(list, &base, &revision, &mut children));
        let member = lists[2]
            .pairs
            .iter()
            .find(|(_, old, new)| old.id() == base.node.id() || new.id() == revision.node.id());
        if let Some((_, old, _)) = member {
            let around = match old.id() == base.node.id() {
                true => &revision,
                false => &base,
            };
            transition.is_member = around.types().is_empty();
            transition.is_bare_member = is_bare(around.node);
        }
        let sides = |keyword| (base.get(keyword), revision.get(keyword));
        for (name, keyword) in SINGLES {
            if let (Some(old), Some(new)) = sides(keyword)
                && old.is_object()
                && new.is_object()
                && let Some(id) = self.pair(old, new)
            {
                children.push((Step::Keyword(name), id));
            }
        }
        for (name, keyword) in MAPS {
            let matched = self.map(sides(keyword));
            children.extend(
                matched
                    .pairs
                    .iter()
                    .map(|(key, id)| (Step::Named(name, key), *id)),
            );
        }
        let mut properties = self.map(sides(Keyword::Properties));
        self.move_within_all_of(&base, &revision, member, &mut properties);
        let steps = properties.pairs.iter();
        children.extend(steps.map(|(name, id)| (Step::Property(name), *id)));
        // The order of keys means nothing, so it decides nothing.
        children.sort_unstable();
        SchemaData {
            base,
            revision,
            children,
            properties_added: properties.added,
            properties_removed: properties.removed,
            lists,
            transition,
        }
    }

    /// A property that moved to or from a member of `allOf` is neither gone nor new. `member` is the one that is all of
    /// the other side.
    fn move_within_all_of(
        &mut self,
        base: &Schema<'t>,
        revision: &Schema<'t>,
        member: Option<&(usize, Node<'t>, Node<'t>)>,
        properties: &mut Matched<'t>,
    ) {
        if !base.is_composed() && !revision.is_composed() {
            return;
        }
        let mut moved = Vec::new();
        properties.removed.retain(|old| {
            let new = revision.inherited_property(old.name());
            moved.extend(new.map(|new| (*old, new)));
            new.is_none()
        });
        properties.added.retain(|new| {
            let old = base.inherited_property(new.name());
            moved.extend(old.map(|old| (old, *new)));
            old.is_none()
        });
        let properties_of = |document, node| Schema::read(document, node).get(Keyword::Properties);
        let compared = member.and_then(|(_, old, new)| {
            properties_of(self.base, *old).zip(properties_of(self.revision, *new))
        });
        for (old, new) in moved {
            // What is a member of `allOf` on the other side tells of its own.
            let is_in_member = compared.is_some_and(|(from, to)| {
                let has = |all: Node<'t>, one: Member<'t>| {
                    all.get(one.name()).map(Node::id) == Some(one.value.id())
                };
                has(from, old) && has(to, new)
            });
            if is_in_member {
                continue;
            }
            if let Some(id) = self.pair(old.value, new.value) {
                properties.pairs.push((old.name(), id));
            }
        }
    }

    fn list(
        &mut self,
        (name, keyword): (&'static str, Keyword),
        base: &Schema<'t>,
        revision: &Schema<'t>,
        children: &mut Vec<(Step<'t>, u32)>,
    ) -> ListChange<'t> {
        let (mut old, mut new) = (base.list(keyword), revision.list(keyword));
        if old.is_empty() && new.is_empty() {
            return ListChange::default();
        }
        let mut base_side = Side::new(self.base, &mut self.base_interner);
        let mut revision_side = Side::new(self.revision, &mut self.revision_interner);
        if keyword == Keyword::AllOf {
            base_side.take_for_member(&mut old, base, &mut revision_side, &new);
            revision_side.take_for_member(&mut new, revision, &mut base_side, &old);
        }
        let change = subschemas::paired(&mut base_side, &mut revision_side, old, new);
        for (index, old, new) in &change.pairs {
            if let Some(id) = self.pair(*old, *new) {
                children.push((Step::Element(name, *index), id));
            }
        }
        change
    }

    fn map(&mut self, (base, revision): (Option<Node<'t>>, Option<Node<'t>>)) -> Matched<'t> {
        let mut matched = Matched::default();
        let old = base.into_iter().flat_map(Node::members);
        let new: FxHashMap<&str, Member<'t>> = revision
            .into_iter()
            .flat_map(Node::members)
            .map(|member| (member.name(), member))
            .collect();
        let mut known = rustc_hash::FxHashSet::default();
        for member in old {
            known.insert(member.name());
            match new.get(member.name()) {
                Some(other) => {
                    if let Some(id) = self.pair(member.value, other.value) {
                        matched.pairs.push((member.name(), id));
                    }
                }
                None => matched.removed.push(member),
            }
        }
        let members = revision.into_iter().flat_map(Node::members);
        matched.added = members
            .filter(|member| !known.contains(member.name()))
            .collect();
        matched
    }
}

#[derive(Default)]
struct Matched<'t> {
    pairs: Vec<(&'t str, u32)>,
    added: Vec<Member<'t>>,
    removed: Vec<Member<'t>>,
}

/// Through references and `allOf`s of one member that have nothing beside them, so that all ways to a schema meet in
/// one pair.
fn entry<'t>(document: &Document<'t>, node: Node<'t>) -> Node<'t> {
    let mut at = node;
    for _ in 0..64 {
        let is_alone = || at.members().count() == 1;
        let next = match document.target(at) {
            Some(next) => Some(next).filter(|_| document.minor == 0 || is_alone()),
            None => only_member(at).filter(|_| is_alone()),
        };
        let Some(next) = next else { break };
        at = next;
    }
    at
}
