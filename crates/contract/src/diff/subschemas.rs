//! Pairs the members of two `oneOf`, `anyOf`, `allOf` or `prefixItems` lists.

use rustc_hash::FxHashMap;

use crate::intern::Interner;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::tree::Node;

/// What one list gained and lost; pairs that changed are walked as children.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListChange<'t> {
    pub(crate) added: Vec<Node<'t>>,
    pub(crate) removed: Vec<Node<'t>>,
    /// Index in the base, base member, revision member.
    pub(crate) pairs: Vec<(usize, Node<'t>, Node<'t>)>,
}

pub(super) struct Side<'a, 't> {
    document: &'a Document<'t>,
    interner: &'a mut Interner,
    /// The reference by which a schema that is taken for a member is known.
    name: Option<&'t str>,
}

/// References to the same name first, then equal members, then the same title; one that is left on each side, both
/// written in place and without title, are one that changed.
pub(super) fn paired<'t>(
    base: &mut Side<'_, 't>,
    revision: &mut Side<'_, 't>,
    old: Vec<Node<'t>>,
    new: Vec<Node<'t>>,
) -> ListChange<'t> {
    let mut matching = Matching {
        old: old.into_iter().map(|node| base.item(node)).collect(),
        new: new.into_iter().map(|node| revision.item(node)).collect(),
        pairs: Vec::new(),
    };
    matching.pair(|item| item.reference.map(Key::Reference));
    matching.pair(|item| item.hash.map(|hash| Key::Hash(hash, item.is_inline())));
    matching.pair(|item| item.title.filter(|_| item.is_inline()).map(Key::Title));
    matching.pair(|item| item.hash.map(|hash| Key::Hash(hash, true)));
    matching.pair_last();
    matching.finish()
}

impl<'a, 't> Side<'a, 't> {
    pub(super) fn new(document: &'a Document<'t>, interner: &'a mut Interner) -> Self {
        Self {
            document,
            interner,
            name: None,
        }
    }

    /// A schema that became a member of an `allOf`, or was all that is left of one, is compared as such a member: it
    /// has the same name as one of the other side, or is like one that is written in place.
    pub(super) fn take_for_member(
        &mut self,
        list: &mut Vec<Node<'t>>,
        schema: &Schema<'t>,
        other: &mut Side<'_, 't>,
        others: &[Node<'t>],
    ) {
        if !list.is_empty() || others.is_empty() {
            return;
        }
        let own = self.item(schema.node);
        let pointer = schema.node.pointer();
        for member in others {
            let item = other.item(*member);
            let is_own = match item.reference {
                Some(_) => Schema::read(other.document, *member).node.pointer() == pointer,
                None => item.is_like(&own),
            };
            if is_own {
                self.name = item.reference;
                list.push(schema.node);
                return;
            }
        }
    }

    fn item(&mut self, node: Node<'t>) -> Item<'t> {
        let schema = Schema::read(self.document, node);
        Item {
            node,
            reference: schema.reference.or(self.name),
            title: schema.text(Keyword::Title),
            hash: self.interner.hash(self.document, node),
            is_paired: false,
        }
    }
}

struct Item<'t> {
    node: Node<'t>,
    reference: Option<&'t str>,
    title: Option<&'t str>,
    hash: Option<u64>,
    is_paired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'t> {
    Reference(&'t str),
    Hash(u64, bool),
    Title(&'t str),
}

impl Item<'_> {
    fn is_inline(&self) -> bool {
        self.reference.is_none()
    }

    /// By content or by title.
    fn is_like(&self, other: &Self) -> bool {
        let is_same = self.hash.is_some() && self.hash == other.hash;
        is_same || (self.title.is_some() && self.title == other.title)
    }
}

struct Matching<'t> {
    old: Vec<Item<'t>>,
    new: Vec<Item<'t>>,
    pairs: Vec<(usize, usize)>,
}

impl<'t> Matching<'t> {
    /// Pairs the first that is left on each side with the first of the same key.
    fn pair(&mut self, key: impl Fn(&Item<'t>) -> Option<Key<'t>>) {
        let mut known: FxHashMap<Key<'t>, Vec<usize>> = FxHashMap::default();
        for (at, new) in self.new.iter().enumerate().rev() {
            if let Some(key) = key(new).filter(|_| !new.is_paired) {
                known.entry(key).or_default().push(at);
            }
        }
        for (at, old) in self.old.iter_mut().enumerate() {
            let key = key(old).filter(|_| !old.is_paired);
            let other = key.and_then(|key| known.get_mut(&key)?.pop());
            if let Some(other) = other {
                old.is_paired = true;
                self.new[other].is_paired = true;
                self.pairs.push((at, other));
            }
        }
    }

    fn pair_last(&mut self) {
        let inline = |items: &[Item<'_>]| -> Vec<usize> {
            let rest = items
                .iter()
                .enumerate()
                .filter(|(_, item)| !item.is_paired && item.is_inline());
            rest.map(|(at, _)| at).collect()
        };
        let (old, new) = (inline(&self.old), inline(&self.new));
        if let ([old], [new]) = (old.as_slice(), new.as_slice())
            && self.old[*old].title.is_none()
            && self.new[*new].title.is_none()
        {
            self.old[*old].is_paired = true;
            self.new[*new].is_paired = true;
            self.pairs.push((*old, *new));
        }
    }

    fn finish(mut self) -> ListChange<'t> {
        self.pairs.sort_unstable();
        let rest = |items: &[Item<'t>]| {
            let rest = items.iter().filter(|item| !item.is_paired);
            rest.map(|item| item.node).collect()
        };
        ListChange {
            added: rest(&self.new),
            removed: rest(&self.old),
            pairs: self
                .pairs
                .iter()
                .map(|(old, new)| (*old, self.old[*old].node, self.new[*new].node))
                .collect(),
        }
    }
}
