//! An inverted index over the operations, searched with BM25F.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fields::{COUNT, LENGTH_SHARES, WEIGHTS, field_terms};
use crate::score::survey::Operation;

/// How fast more of the same word stops helping.
const SATURATION: f64 = 1.2;

/// The rarity of a term that a tenth of the operations have: ln(1 + 9).
const RARITY_COUNTED_MAX: f64 = std::f64::consts::LN_10;

pub(super) struct Index {
    /// For each term its operations, ascending, with the weighted and length-normalised frequency.
    postings: HashMap<String, Vec<(usize, f64)>>,
    operation_count: usize,
}

impl Index {
    pub(super) fn new(operations: &[Operation<'_>]) -> Self {
        let fields: Vec<_> = operations.iter().map(field_terms).collect();
        let mut lengths = [0; COUNT];
        for operation in &fields {
            for (length, terms) in lengths.iter_mut().zip(operation) {
                *length += terms.len();
            }
        }
        let means = lengths.map(|length| length as f64 / operations.len().max(1) as f64);

        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (at, operation) in fields.into_iter().enumerate() {
            for (term, frequency) in frequencies(operation, &means) {
                postings.entry(term).or_default().push((at, frequency));
            }
        }
        Self {
            postings,
            operation_count: operations.len(),
        }
    }

    /// Every operation that has a term of the query, with its score; the best first, of equals the first by path.
    pub(super) fn search(&self, query: &BTreeSet<String>) -> Vec<(usize, f64)> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for term in query {
            let rarity = self.rarity(term);
            for (operation, frequency) in self.postings(term) {
                let score = rarity * frequency / (SATURATION + frequency);
                *scores.entry(*operation).or_default() += score;
            }
        }
        let mut found: Vec<(usize, f64)> = scores.into_iter().collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    /// How much of the query, by the rarity of its terms, the operation has at all; 0 to 1. A term that no operation has
    /// counts like one that a tenth of them have: people use many words that contracts do not.
    pub(super) fn covered_share(&self, query: &BTreeSet<String>, operation: usize) -> f64 {
        let (mut covered, mut all) = (0.0, 0.0);
        for term in query {
            let rarity = self.rarity(term).min(RARITY_COUNTED_MAX);
            all += rarity;
            let has = self
                .postings(term)
                .binary_search_by_key(&operation, |posting| posting.0);
            if has.is_ok() {
                covered += rarity;
            }
        }
        match all > 0.0 {
            true => covered / all,
            false => 0.0,
        }
    }

    fn postings(&self, term: &str) -> &[(usize, f64)] {
        self.postings.get(term).map_or(&[], Vec::as_slice)
    }

    /// Above 0, also for a term that every operation has.
    fn rarity(&self, term: &str) -> f64 {
        let holders = self.postings(term).len() as f64;
        (1.0 + (self.operation_count as f64 - holders + 0.5) / (holders + 0.5)).ln()
    }
}

fn frequencies(operation: [Vec<String>; COUNT], means: &[f64; COUNT]) -> BTreeMap<String, f64> {
    let mut frequencies = BTreeMap::new();
    for (field, terms) in operation.into_iter().enumerate() {
        let length = terms.len() as f64 / means[field].max(1.0);
        let share = LENGTH_SHARES[field];
        let worth = WEIGHTS[field] / (1.0 - share + share * length);
        for term in terms {
            *frequencies.entry(term).or_default() += worth;
        }
    }
    frequencies
}
