//! Pairs of operations whose words are so much the same that an agent picks the wrong one.
//!
//! TF-IDF cosine over name, summary and parameter names, among operations whose methods promise the same kind of
//! effect. Two vectors that reach the threshold share a term among the rarest of each (prefix filtering), so only the
//! holders of such a term are compared, and of one term's holders each with the next few alone.

use std::collections::{BTreeMap, BTreeSet};

use super::survey::Operation;
use super::words::terms;

/// From here on two operations are alike, in thousandths.
pub(crate) const ALIKE_FROM: u32 = 850;

/// How many later holders of a term each one is compared with: 10,000 operations with the same words cost 640,000
/// comparisons, not 50 million.
const HOLDERS_COMPARED_MAX: usize = 64;
/// How many pairs are kept, the most alike first.
const PAIRS_MAX: usize = 1_000;

/// What one operation is made of: for each term, from the rarest to the commonest, its weight; of length 1.
type Vector = Vec<(u32, f64)>;

/// What is alike in one contract.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    /// Indices with the lower first, and the similarity in thousandths; the most alike first, at most [`PAIRS_MAX`].
    pub(crate) pairs: Vec<(usize, usize, u32)>,
    /// For each operation that is alike to any: the one it is most alike to, and how much.
    pub(crate) closest: BTreeMap<usize, (usize, u32)>,
}

impl Alike {
    fn add(&mut self, a: usize, b: usize, similarity: u32) {
        for (one, other) in [(a, b), (b, a)] {
            let closest = self.closest.entry(one).or_insert((other, similarity));
            if (similarity, std::cmp::Reverse(other)) > (closest.1, std::cmp::Reverse(closest.0)) {
                *closest = (other, similarity);
            }
        }
        self.pairs.push((a.min(b), a.max(b), similarity));
        if self.pairs.len() > 2 * PAIRS_MAX {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.pairs
            .sort_by_key(|(a, b, similarity)| (std::cmp::Reverse(*similarity), *a, *b));
        self.pairs.truncate(PAIRS_MAX);
    }
}

/// Deprecated operations are left out: generators do not offer them, and their successors are like them.
pub(crate) fn alike(operations: &[Operation<'_>]) -> Alike {
    let mut groups: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        if !operation.is_deprecated {
            groups.entry(effect(operation)).or_default().push(index);
        }
    }
    let mut alike = Alike::default();
    for group in groups.values() {
        add_alike(operations, group, &mut alike);
    }
    alike.cut();
    alike
}

fn effect(operation: &Operation<'_>) -> u8 {
    match operation.method.as_str() {
        "DELETE" => 1,
        "POST" => 2,
        "PUT" | "PATCH" => 3,
        _ if operation.is_safe_method() => 0,
        _ => 4,
    }
}

fn add_alike(operations: &[Operation<'_>], group: &[usize], alike: &mut Alike) {
    let vectors = vectors(group.iter().map(|index| &operations[*index]));
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (position, vector) in vectors.iter().enumerate() {
        for (term, _) in &vector[..prefix_len(vector)] {
            holders.entry(*term).or_default().push(position);
        }
    }
    let mut compared = BTreeSet::new();
    for holders in holders.values() {
        for (at, a) in holders.iter().enumerate() {
            for b in holders[at + 1..].iter().take(HOLDERS_COMPARED_MAX) {
                if !compared.insert((*a, *b)) {
                    continue;
                }
                let similarity = (cosine(&vectors[*a], &vectors[*b]) * 1000.0).round() as u32;
                if similarity >= ALIKE_FROM {
                    alike.add(group[*a], group[*b], similarity.min(1000));
                }
            }
        }
    }
}

/// How many of the rarest terms leave a rest that is shorter than the threshold.
fn prefix_len(vector: &Vector) -> usize {
    let threshold = f64::from(ALIKE_FROM - 1) / 1000.0;
    let mut rest = 0.0;
    for (at, (_, weight)) in vector.iter().enumerate().rev() {
        rest += weight * weight;
        if rest >= threshold * threshold {
            return at + 1;
        }
    }
    0
}

fn vectors<'o, 't: 'o>(operations: impl Iterator<Item = &'o Operation<'t>>) -> Vec<Vector> {
    let counts: Vec<BTreeMap<String, u32>> = operations.map(term_counts).collect();
    let mut holders: BTreeMap<&str, u32> = BTreeMap::new();
    for term in counts.iter().flat_map(BTreeMap::keys) {
        *holders.entry(term).or_default() += 1;
    }
    let mut by_rarity: Vec<(u32, &str)> = holders.iter().map(|(term, n)| (*n, *term)).collect();
    by_rarity.sort_unstable();
    let ranks: BTreeMap<&str, usize> = by_rarity
        .iter()
        .enumerate()
        .map(|(rank, (_, term))| (*term, rank))
        .collect();
    let total = counts.len() as f64;
    counts
        .iter()
        .map(|counts| {
            let mut vector: Vector = counts
                .iter()
                .map(|(term, count)| {
                    let rank = ranks[term.as_str()];
                    let rarity = (1.0 + total / f64::from(by_rarity[rank].0)).ln();
                    (rank as u32, f64::from(*count) * rarity)
                })
                .collect();
            vector.sort_unstable_by_key(|(rank, _)| *rank);
            let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|(_, weight)| *weight /= length);
            vector
        })
        .collect()
}

/// The name counts twice.
fn term_counts(operation: &Operation<'_>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let mut add = |text: &str, weight: u32| {
        for term in terms(text) {
            *counts.entry(term).or_default() += weight;
        }
    };
    add(operation.id.unwrap_or(operation.path), 2);
    add(operation.summary, 1);
    for parameter in &operation.parameters {
        add(parameter.name, 1);
    }
    counts
}

/// Of two vectors of length 1.
fn cosine(a: &Vector, b: &Vector) -> f64 {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some((term_a, weight_a)), Some((term_b, weight_b))) = (left.peek(), right.peek()) {
        match term_a.cmp(term_b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                sum += weight_a * weight_b;
                left.next();
                right.next();
            }
        }
    }
    sum
}
