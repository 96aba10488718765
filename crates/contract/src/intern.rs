//! A Merkle hash of each schema over the reference graph, so that equal subtrees of two documents are skipped.
//!
//! Blind to member order, the order of `required`, `enum` and `type`, how numbers are spelled, whether a part is
//! written in place or referred to, and to texts for people only. Members of a reference circle are coloured by
//! rounds until the colours part no more; the colours of the whole circle go into each hash, so that equal hashes mean
//! equal unfoldings.

use rustc_hash::FxHashMap;

use crate::model::document::Document;
use crate::tree::{Node, NodeId};

mod circles;
mod subtree;

pub(crate) use subtree::of_data;
use subtree::{Mode, Subtree, mix};

/// The hashes of one document.
pub(crate) struct Interner {
    /// By node id of a subtree's root; 0 while unknown.
    hashes: Vec<u64>,
    /// YAML aliases could hide references from the graph, so that such a document has none.
    is_blind: bool,
}

/// Visits of nodes that one circle may take: 0.2 s. Contracts of people part theirs within ten rounds.
const CIRCLE_VISITS_MAX: usize = 20_000_000;

impl Interner {
    /// `salt` differs between the two documents that are compared.
    pub(crate) fn new(document: &Document<'_>, salt: u64) -> Self {
        let count = document.source.tree.node_count();
        let is_blind = (0..count as u32).any(|id| {
            let node = document.node(NodeId(id));
            node.target() != node.id()
        });
        let mut interner = Self {
            hashes: vec![0; count],
            is_blind,
        };
        if !is_blind {
            for circle in circles::in_order(document) {
                interner.settle(document, &circle, salt);
            }
        }
        interner
    }

    /// The hash of `node` as a schema; `None` when the document has none.
    pub(crate) fn hash(&mut self, document: &Document<'_>, node: Node<'_>) -> Option<u64> {
        if self.is_blind {
            return None;
        }
        let id = node.id().0 as usize;
        if self.hashes[id] == 0 {
            self.hashes[id] = self.subtree(document, node.id(), &FxHashMap::default());
        }
        Some(self.hashes[id])
    }

    fn subtree(&mut self, document: &Document<'_>, id: NodeId, colours: &Colours) -> u64 {
        let mut subtree = Subtree {
            document,
            known: &mut self.hashes,
            colours,
        };
        subtree.hash(document.node(id), Mode::Fields)
    }

    /// Hashes the members of one circle, all that they refer to being known.
    fn settle(&mut self, document: &Document<'_>, circle: &circles::Circle, salt: u64) {
        if let circles::Circle::Alone(id) = *circle {
            let hash = self.subtree(document, NodeId(id), &FxHashMap::default());
            self.hashes[id as usize] = hash;
            return;
        }
        let circle = circle.members();
        let size = |id: &u32| (document.source.tree.after(NodeId(*id)).0 - id) as usize;
        let size: usize = circle.iter().map(size).sum();
        let rounds_max = (CIRCLE_VISITS_MAX / size.max(1)).max(2) as u64;
        let mut colours: Colours = circle.iter().map(|id| (*id, 1)).collect();
        let mut count = 1;
        let mut rounds = 0u64;
        let mut is_stable = false;
        while !is_stable && rounds < rounds_max {
            let next: Colours = circle
                .iter()
                .map(|id| {
                    let hash = self.subtree(document, NodeId(*id), &colours);
                    // The own colour goes in: a round may only part what was one.
                    (*id, mix(colours[id], hash))
                })
                .collect();
            rounds += 1;
            let mut distinct: Vec<u64> = next.values().copied().collect();
            distinct.sort_unstable();
            distinct.dedup();
            is_stable = distinct.len() == count && rounds > 1;
            count = distinct.len();
            colours = next;
        }
        let whole = colours
            .values()
            .fold(rounds, |sum, colour| sum.wrapping_add(*colour));
        // A circle whose colours might still part equals nothing of the other document: it is compared schema by schema.
        let whole = if is_stable { whole } else { mix(whole, salt) };
        for (id, colour) in colours {
            self.hashes[id as usize] = mix(whole, colour).max(1);
        }
    }
}

type Colours = FxHashMap<u32, u64>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn hash(text: &str, name: &str) -> u64 {
        let source = Source::read(format!("openapi: 3.0.0\n{text}").as_bytes(), "a.yaml").unwrap();
        let document = Document::new(&source);
        let node = source.root().get(name).unwrap();
        Interner::new(&document, 0).hash(&document, node).unwrap()
    }

    fn check(base: &str, revision: &str, is_equal: bool) {
        let equal = hash(base, "s") == hash(revision, "s");
        assert_eq!(equal, is_equal, "{base}\n---\n{revision}");
    }

    #[test]
    fn spelling_and_order_do_not_matter() {
        check(
            "s: {type: object, required: [a, b]}",
            "s: {required: [b, a], type: object}",
            true,
        );
        check("s: {maximum: 1}", "s: {maximum: 1.0}", true);
        check("s: {maximum: 1}", "s: {maximum: 2}", false);
        check("s: {enum: [a, b]}", "s: {enum: [b, a]}", true);
        check(
            "s: {oneOf: [{type: string}, {type: integer}]}",
            "s: {oneOf: [{type: integer}, {type: string}]}",
            false,
        );
        check("s: {description: one}", "s: {description: two}", true);
        check(
            "s: {properties: {description: {type: string}}}",
            "s: {properties: {description: {type: integer}}}",
            false,
        );
    }

    #[test]
    fn a_reference_equals_what_it_names() {
        check(
            "s: {$ref: '#/t'}\nt: {type: string}",
            "s: {type: string}",
            true,
        );
        check(
            "s: {items: {$ref: '#/t'}}\nt: {type: string}",
            "s: {items: {type: integer}}",
            false,
        );
        check(
            "s: {default: {$ref: '#/t'}}\nt: {type: string}",
            "s: {default: {type: string}}",
            false,
        );
    }

    #[test]
    fn circles_differ_where_any_member_does() {
        let circle = |leaf: &str| {
            format!(
                "s: {{$ref: '#/a'}}\na: {{properties: {{b: {{$ref: '#/b'}}}}}}\nb: {{properties: {{a: {{$ref: '#/a'}}, x: {{type: {leaf}}}}}}}"
            )
        };
        check(&circle("string"), &circle("string"), true);
        check(&circle("string"), &circle("integer"), false);
        check("s: {$ref: '#/s'}", "s: {$ref: '#/s'}", true);
    }
}
