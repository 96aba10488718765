//! The ways from a root down to the schemas that differ.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::schema_table::SchemaTable;
use super::sense::Sense;
use super::step::Step;
use crate::fingerprint;

/// How many ways that lead to a schema already reached are told before only the shortest to each is.
const MORE_WAYS_MAX: usize = 256;

/// How deep below a root is reported.
const DEPTH_MAX: u16 = 64;

/// A schema that differs, and the step that leads to it; the root has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'t> {
    pub(super) pair: u32,
    /// The way to the parent by its index, and the step by its index among the children of the parent.
    pub(super) parent: Option<(u32, u32)>,
    pub(super) step: Option<Step<'t>>,
    /// Of the steps from the root: the part of the pointer that goes into fingerprints.
    pub(super) hash: u64,
    pub(super) sense: Sense,
    depth: u16,
}

/// Every way that does not come twice to the same schema; where those are too many, the shortest to each schema. The
/// shortest come first, those of the same length in the order of their steps.
pub(super) fn all<'t>(table: &mut SchemaTable<'_, 't>, root: u32) -> Vec<Way<'t>> {
    let mut search = Search {
        ways: Vec::new(),
        seen: FxHashSet::default(),
        more_max: MORE_WAYS_MAX,
    };
    if !search.run(table, root) {
        search.ways.clear();
        search.seen.clear();
        search.more_max = 0;
        search.run(table, root);
    }
    search.ways
}

struct Search<'t> {
    ways: Vec<Way<'t>>,
    seen: FxHashSet<(u32, Sense)>,
    /// 0 for the shortest ways alone.
    more_max: usize,
}

impl<'t> Search<'t> {
    /// `false` when there are too many.
    fn run(&mut self, table: &mut SchemaTable<'_, 't>, root: u32) -> bool {
        let mut more = 0;
        let mut queue = VecDeque::from([Way {
            pair: root,
            parent: None,
            step: None,
            hash: 0,
            sense: Sense::Straight,
            depth: 0,
        }]);
        self.seen.insert((root, Sense::Straight));
        while let Some(way) = queue.pop_front() {
            let at = self.ways.len() as u32;
            self.ways.push(way);
            let data = table.data(way.pair);
            if way.depth == DEPTH_MAX {
                let mut below = data.children.iter();
                table.is_full |= below.any(|(step, pair)| {
                    let sense = way.sense.below(*step);
                    !self.seen.contains(&(*pair, sense))
                });
                continue;
            }
            for (index, (step, pair)) in data.children.iter().enumerate() {
                let sense = way.sense.below(*step);
                let is_new = self.seen.insert((*pair, sense));
                if !is_new && (self.more_max == 0 || self.is_round(at, (*pair, sense))) {
                    continue;
                }
                more += usize::from(!is_new);
                if more > self.more_max {
                    return false;
                }
                queue.push_back(Way {
                    pair: *pair,
                    parent: Some((at, index as u32)),
                    step: Some(*step),
                    hash: hash(way.hash, *step),
                    sense,
                    depth: way.depth + 1,
                });
            }
        }
        true
    }

    fn is_round(&self, from: u32, to: (u32, Sense)) -> bool {
        let mut at = Some(from);
        while let Some(index) = at {
            let way = &self.ways[index as usize];
            if (way.pair, way.sense) == to {
                return true;
            }
            at = way.parent.map(|(parent, _)| parent);
        }
        false
    }
}

/// The way for people, from the root: `card/items/number`.
pub(super) fn text(ways: &[Way<'_>], at: usize) -> String {
    let mut steps = Vec::new();
    let mut way = &ways[at];
    while let (Some(step), Some((parent, _))) = (way.step, way.parent) {
        steps.push(step);
        way = &ways[parent as usize];
    }
    let mut path = String::new();
    for step in steps.into_iter().rev() {
        push(&mut path, step);
    }
    path
}

fn push(path: &mut String, step: Step<'_>) {
    if !path.is_empty() {
        path.push('/');
    }
    match step {
        Step::Keyword(keyword) => path.push_str(keyword),
        Step::Property(name) => path.push_str(shortened(name)),
        Step::Named(keyword, name) => {
            path.push_str(keyword);
            path.push('[');
            path.push_str(shortened(name));
            path.push(']');
        }
        Step::Element(keyword, index) => {
            path.push_str(keyword);
            path.push('[');
            path.push_str(&index.to_string());
            path.push(']');
        }
    }
}

/// At most 200 bytes of a name: sentences are for people.
fn shortened(name: &str) -> &str {
    &name[..name.floor_char_boundary(200)]
}

fn hash(parent: u64, step: Step<'_>) -> u64 {
    let parent = parent.to_le_bytes();
    let part = |a: &str, b: &str| fingerprint::number([&parent[..], a.as_bytes(), b.as_bytes()]);
    match step {
        Step::Keyword(keyword) => part(keyword, ""),
        Step::Property(name) => part("properties", name),
        Step::Named(keyword, name) => part(keyword, name),
        Step::Element(keyword, index) => part(keyword, &index.to_string()),
    }
}
