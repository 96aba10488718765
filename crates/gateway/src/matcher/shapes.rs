//! Per method and segment count the shapes that templates have, and from shape and literals to the operation.

use std::ops::Range;

use super::pattern::Pattern;
use super::segments::{BLOCKS, Block, Segments};

/// Which positions of a template are literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub literal: u32,
    /// All bits of the words at literal positions.
    pub words: [Block; BLOCKS],
}

/// What a shape with its literals leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The words of the first eight positions, in two halves.
    pub first: [u64; 2],
    pub shape: u32,
    pub leads_to: LeadsTo,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum LeadsTo {
    Operation(u32),
    /// A look at `Shapes::choices`.
    Choice(u32),
}

/// An entry that more than its first words decide, or that leads to more than one operation.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The words behind the eighth position.
    pub more: [Block; BLOCKS - 1],
    /// Tried in this order.
    pub candidates: Vec<Candidate>,
}

/// An operation, and what its partly literal segments are like.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub operation: u32,
    /// Positions that are partly literal.
    pub patterns: Vec<(usize, Pattern)>,
}

/// The look-up tables.
#[derive(Debug, Clone)]
pub(super) struct Shapes {
    pub segments_max: usize,
    /// Shapes of method `m` with `n` segments: `groups[m * segments_max + n - 1]`.
    pub groups: Vec<Range<u32>>,
    /// The most specific first within a group.
    pub shapes: Vec<Shape>,
    /// Indexes of entries, by hash; a power of two of places, at most half of them taken.
    pub places: Vec<u32>,
    pub entries: Vec<Entry>,
    pub choices: Vec<Choice>,
}

/// No entry.
pub(super) const EMPTY: u32 = u32::MAX;

impl Shapes {
    pub fn segments_max(&self) -> usize {
        self.segments_max
    }

    #[inline]
    pub fn find(&self, method: usize, segments: &Segments<'_>) -> Option<u32> {
        let group = self.groups[method * self.segments_max + segments.count - 1].clone();
        let (start, end) = (group.start as usize, group.end as usize);
        for (index, shape) in (group.start..).zip(&self.shapes[start..end]) {
            // Its literals are words of the contract here, and no parameter of it is empty.
            if shape.literal & !segments.known == 0
                && segments.empty & !shape.literal == 0
                && let Some(operation) = self.find_in_shape(index, shape, segments)
            {
                return Some(operation);
            }
        }
        None
    }

    #[inline]
    fn find_in_shape(&self, index: u32, shape: &Shape, segments: &Segments<'_>) -> Option<u32> {
        let first = halves(segments.words[0] & shape.words[0]);
        let mask = self.places.len() - 1;
        let mut at = place_hash(index, first) as usize & mask;
        loop {
            let place = self.places[at];
            if place == EMPTY {
                return None;
            }
            let entry = &self.entries[place as usize];
            if entry.first == first && entry.shape == index {
                match entry.leads_to {
                    LeadsTo::Operation(operation) => return Some(operation),
                    LeadsTo::Choice(choice) => {
                        let choice = &self.choices[choice as usize];
                        if (1..BLOCKS)
                            .all(|i| segments.words[i] & shape.words[i] == choice.more[i - 1])
                        {
                            return choice.choose(segments);
                        }
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }
}

impl Choice {
    /// The first operation whose partly literal segments fit.
    fn choose(&self, segments: &Segments<'_>) -> Option<u32> {
        let fits =
            |(position, pattern): &(usize, Pattern)| pattern.matches(segments.segment(*position));
        let candidate = self
            .candidates
            .iter()
            .find(|candidate| candidate.patterns.iter().all(fits));
        candidate.map(|candidate| candidate.operation)
    }
}

#[inline]
pub(super) fn halves(block: Block) -> [u64; 2] {
    [block as u64, (block >> 64) as u64]
}

/// Of a shape, by its index, and the words at its first literal positions.
#[inline]
pub(super) fn place_hash(shape: u32, first: [u64; 2]) -> u64 {
    // The golden ratio's bits and those of the square root of two: odd numbers without a pattern.
    const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
    const SECOND: u64 = 0x6a09_e667_f3bc_c909;
    let low = (first[0] ^ u64::from(shape) << 40).wrapping_add(FIRST);
    let product = u128::from(low) * u128::from(first[1] ^ SECOND);
    product as u64 ^ (product >> 64) as u64
}
