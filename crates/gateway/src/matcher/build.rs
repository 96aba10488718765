//! From a list of routes to the look-up tables.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use http::Method;

use super::Matcher;
use super::error::MatchError;
use super::groups::{Entries, Group, Kind, Route, Specificity, Words, group, place};
use super::segments::BLOCK_POSITIONS;
use super::shapes::{Choice, EMPTY, Entry, LeadsTo, Shape, Shapes, halves, place_hash};
use super::template::{Segment, parse_template};
use super::vocabulary::Vocabulary;

impl Matcher {
    /// Compiles `routes` of method, path template and number, every template also behind each of `base_paths`
    /// (`""` or `/prefix`, without trailing slash; empty means `""` alone).
    pub fn compile<'a>(
        base_paths: &[String],
        routes: impl IntoIterator<Item = (Method, &'a str, u32)>,
    ) -> Result<Self, MatchError> {
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
        Ok(Self {
            base_paths: longest_first(base_paths),
            methods,
            vocabulary,
            shapes,
        })
    }
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
