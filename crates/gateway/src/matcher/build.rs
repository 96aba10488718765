//! From a list of routes to the look-up tables.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use http::Method;

use super::pattern::Pattern;
use super::segments::{BLOCK_POSITIONS, BLOCKS, Block};
use super::shapes::{Candidate, Choice, EMPTY, Entry, LeadsTo, Shape, Shapes, halves, place_hash};
use super::template::{Segment, parse_template};
use super::vocabulary::{Vocabulary, Word};
use super::{MatchError, Matcher};

/// A route with its template taken apart.
struct Route {
    method: usize,
    segments: Vec<Segment>,
    operation: u32,
}

/// A group's position among all: method, then segment count.
type Group = (usize, usize);

/// The most specific first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Specificity {
    literals: Reverse<usize>,
    partials: Reverse<usize>,
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Literal,
    Partial,
    Free,
}

/// The words at the literal positions of a template, 0 elsewhere.
type Words = [Block; BLOCKS];
/// Routes of one shape by their literals.
type Entries = BTreeMap<Words, Vec<Candidate>>;

pub(super) fn compile<'a>(
    base_paths: &[String],
    routes: impl IntoIterator<Item = (Method, &'a str, u32)>,
) -> Result<Matcher, MatchError> {
    let mut methods = Vec::new();
    let routes = routes
        .into_iter()
        .map(|(method, template, operation)| {
            let segments = parse_template(template)?;
            Ok(Route {
                method: method_index(&mut methods, method),
                segments,
                operation,
            })
        })
        .collect::<Result<Vec<Route>, MatchError>>()?;

    let segments_max = routes
        .iter()
        .map(|route| route.segments.len())
        .max()
        .unwrap_or(0);
    let literals = literals(&routes);
    let vocabulary = Vocabulary::new(&literals).ok_or(MatchError::Literals {
        literals: literals.len(),
    })?;
    let shapes = lay_out(group(&routes, &literals), methods.len(), segments_max);
    Ok(Matcher {
        base_paths: longest_first(base_paths),
        methods,
        vocabulary,
        shapes,
    })
}

fn longest_first(base_paths: &[String]) -> Vec<String> {
    let mut base_paths = base_paths.to_vec();
    if base_paths.is_empty() {
        base_paths.push(String::new());
    }
    base_paths.sort_by_key(|base_path| Reverse(base_path.len()));
    base_paths.dedup();
    base_paths
}

fn method_index(methods: &mut Vec<Method>, method: Method) -> usize {
    match methods.iter().position(|known| *known == method) {
        Some(index) => index,
        None => {
            methods.push(method);
            methods.len() - 1
        }
    }
}

/// All literal segments, in the order in which the vocabulary numbers them.
fn literals(routes: &[Route]) -> BTreeSet<Vec<u8>> {
    let segments = routes.iter().flat_map(|route| &route.segments);
    let literal = |segment: &Segment| match segment {
        Segment::Literal(text) => Some(text.clone()),
        Segment::Partial(_) | Segment::Free => None,
    };
    segments.filter_map(literal).collect()
}

fn group(
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

fn place(words: &mut Words, position: usize, word: u16) {
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

fn lay_out(
    groups: BTreeMap<Group, BTreeMap<Specificity, Entries>>,
    methods: usize,
    segments_max: usize,
) -> Shapes {
    let entry_count: usize = groups
        .values()
        .flat_map(BTreeMap::values)
        .map(BTreeMap::len)
        .sum();
    let mut shapes = Shapes {
        segments_max,
        groups: vec![0..0; methods * segments_max],
        shapes: Vec::new(),
        places: vec![EMPTY; (2 * entry_count).next_power_of_two().max(2)],
        entries: Vec::with_capacity(entry_count),
        choices: Vec::new(),
    };
    for ((method, segments), group) in groups {
        let start = shapes.shapes.len() as u32;
        for (specificity, entries) in group {
            add_shape(&mut shapes, &specificity, entries);
        }
        shapes.groups[method * segments_max + segments - 1] = start..shapes.shapes.len() as u32;
    }
    shapes
}

fn add_shape(shapes: &mut Shapes, specificity: &Specificity, entries: Entries) {
    let shape = shapes.shapes.len() as u32;
    let mut masks = Shape {
        literal: 0,
        words: Words::default(),
    };
    for (position, kind) in specificity.kinds.iter().enumerate() {
        if *kind == Kind::Literal {
            masks.literal |= 1 << position;
            place(&mut masks.words, position, u16::MAX);
        }
    }
    shapes.shapes.push(masks);
    for (words, candidates) in entries {
        let [first, more @ ..] = words;
        let first = halves(first);
        insert_place(
            &mut shapes.places,
            place_hash(shape, first),
            shapes.entries.len() as u32,
        );
        let leads_to = match candidates.as_slice() {
            [only, ..]
                if only.patterns.is_empty() && specificity.kinds.len() <= BLOCK_POSITIONS =>
            {
                LeadsTo::Operation(only.operation)
            }
            _ => {
                shapes.choices.push(Choice { more, candidates });
                LeadsTo::Choice(shapes.choices.len() as u32 - 1)
            }
        };
        shapes.entries.push(Entry {
            first,
            shape,
            leads_to,
        });
    }
}

fn insert_place(places: &mut [u32], hash: u64, entry: u32) {
    let mask = places.len() - 1;
    let mut at = hash as usize & mask;
    while places[at] != EMPTY {
        at = (at + 1) & mask;
    }
    places[at] = entry;
}
