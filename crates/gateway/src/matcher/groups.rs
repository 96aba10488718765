//! Routes by method and segment count, then by shape, the most specific first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::pattern::Pattern;
use super::segments::{BLOCK_POSITIONS, BLOCKS, Block};
use super::shapes::Candidate;
use super::template::Segment;
use super::vocabulary::Word;

/// A route with its template taken apart.
pub(super) struct Route {
    pub(super) method: usize,
    pub(super) segments: Vec<Segment>,
    pub(super) operation: u32,
}

/// A group's position among all: method, then segment count.
pub(super) type Group = (usize, usize);

/// The most specific first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Specificity {
    literals: Reverse<usize>,
    partials: Reverse<usize>,
    pub(super) kinds: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Literal,
    Partial,
    Free,
}

/// The words at the literal positions of a template, 0 elsewhere.
pub(super) type Words = [Block; BLOCKS];

/// Routes of one shape by their literals.
pub(super) type Entries = BTreeMap<Words, Vec<Candidate>>;

pub(super) fn group(
    routes: &[Route],
    literals: &BTreeSet<Vec<u8>>,
) -> BTreeMap<Group, BTreeMap<Specificity, Entries>> {
    let numbered: BTreeMap<&[u8], Word> = literals
        .iter()
        .zip(1..=u16::MAX)
        .map(|(text, number)| (text.as_slice(), Word(number)))
        .collect();
    let mut groups: BTreeMap<Group, BTreeMap<Specificity, Entries>> = BTreeMap::new();
    for route in routes {
        let mut words = Words::default();
        for (position, segment) in route.segments.iter().enumerate() {
            if let Segment::Literal(text) = segment {
                place(&mut words, position, numbered[text.as_slice()].0);
            }
        }
        let group = groups
            .entry((route.method, route.segments.len()))
            .or_default();
        let entries = group.entry(specificity(&route.segments)).or_default();
        entries.entry(words).or_default().push(candidate(route));
    }
    // Stable, so that of equals the one listed first stays first.
    let candidates = groups
        .values_mut()
        .flat_map(BTreeMap::values_mut)
        .flat_map(Entries::values_mut);
    candidates.for_each(|candidates| {
        candidates.sort_by_key(|candidate| Reverse(literal_bytes(candidate)))
    });
    groups
}

pub(super) fn place(words: &mut Words, position: usize, word: u16) {
    words[position / BLOCK_POSITIONS] |= Block::from(word) << (16 * (position % BLOCK_POSITIONS));
}

fn specificity(segments: &[Segment]) -> Specificity {
    let kinds: Vec<Kind> = segments.iter().map(kind).collect();
    let count = |wanted: Kind| Reverse(kinds.iter().filter(|kind| **kind == wanted).count());
    Specificity {
        literals: count(Kind::Literal),
        partials: count(Kind::Partial),
        kinds,
    }
}

fn kind(segment: &Segment) -> Kind {
    match segment {
        Segment::Literal(_) => Kind::Literal,
        Segment::Partial(_) => Kind::Partial,
        Segment::Free => Kind::Free,
    }
}

fn candidate(route: &Route) -> Candidate {
    let patterns =
        route
            .segments
            .iter()
            .enumerate()
            .filter_map(|(position, segment)| match segment {
                Segment::Partial(pattern) => Some((position, pattern.clone())),
                Segment::Literal(_) | Segment::Free => None,
            });
    Candidate {
        operation: route.operation,
        patterns: patterns.collect(),
    }
}

fn literal_bytes(candidate: &Candidate) -> usize {
    candidate
        .patterns
        .iter()
        .map(|(_, pattern)| Pattern::literal_bytes(pattern))
        .sum()
}
