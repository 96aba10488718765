//! The lane's dictionary of shapes: which sets of leaves its calls repeat.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::dictionary::{Dictionary, Known};
use crate::entry::{ShapeNumber, ShapePart};
use crate::format::{SHAPE_PART_BYTES, SHAPE_PARTS_MAX};

/// 4,095 of them; with 384 leaves or fewer each is about 100 bytes, 400 kB together.
pub(super) struct Shapes(pub(super) Dictionary<Shape>);

pub(super) struct Shape {
    table: u32,
    /// Without zeros at the end.
    bits: Box<[u8]>,
}

impl Shapes {
    pub(super) fn new() -> Self {
        Self(Dictionary::new())
    }

    /// `bits` may have zeros at the end; more than an entry's parts hold has no number.
    pub(super) fn number_of(&mut self, table: u32, bits: &[u8]) -> ShapeNumber {
        let used = bits
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |at| at + 1);
        let bits = &bits[..used];
        if bits.len() > SHAPE_PART_BYTES * SHAPE_PARTS_MAX {
            return ShapeNumber::UNOBSERVED;
        }
        let mut hasher = FxHasher::default();
        hasher.write_u32(table);
        hasher.write(bits);
        hasher.write_usize(bits.len());
        let is_same = |shape: &Shape| shape.table == table && *shape.bits == *bits;
        let shape = || Shape {
            table,
            bits: bits.into(),
        };
        ShapeNumber(self.0.number_of(hasher.finish(), is_same, shape))
    }

    /// How many entries tell it.
    pub(super) fn entries(&self, shape: Known) -> u64 {
        let bytes = self.0.value(shape).bits.len();
        bytes.div_ceil(SHAPE_PART_BYTES).max(1) as u64
    }

    /// What those entries say, in order; at least one.
    pub(super) fn parts(&self, shape: Known) -> Vec<ShapePart> {
        let Shape { table, bits } = self.0.value(shape);
        let count = self.entries(shape) as u8;
        let piece = |index: u8| {
            let from = usize::from(index) * SHAPE_PART_BYTES;
            let to = bits.len().min(from + SHAPE_PART_BYTES);
            bits[from..to].to_vec()
        };
        (0..count)
            .map(|index| ShapePart {
                index,
                count,
                table: *table,
                bits: piece(index),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_for_one_set_of_one_table() {
        let mut shapes = Shapes::new();
        let one = shapes.number_of(7, &[1, 2, 0, 0]);
        assert_eq!(shapes.number_of(7, &[1, 2]), one);
        assert_ne!(shapes.number_of(8, &[1, 2]), one);
        assert_ne!(shapes.number_of(7, &[1, 2, 1]), one);
        let none = shapes.number_of(7, &[0, 0]);
        assert_eq!(shapes.number_of(7, &[]), none);
        assert_ne!(
            none,
            ShapeNumber::UNOBSERVED,
            "nothing sent is something seen"
        );
        let too_long = [1; SHAPE_PART_BYTES * SHAPE_PARTS_MAX + 1];
        assert_eq!(shapes.number_of(7, &too_long), ShapeNumber::UNOBSERVED);
    }

    #[test]
    fn parts_hold_every_bit_once() {
        let mut shapes = Shapes::new();
        for length in [0, 1, 48, 49, 96, 500] {
            let bits: Vec<u8> = (0..length).map(|at| (at % 250 + 1) as u8).collect();
            let number = shapes.number_of(3, &bits);
            let known = shapes.0.touch(number.0, 1).unwrap();
            let parts = shapes.parts(known);
            assert_eq!(parts.len() as u64, shapes.entries(known), "{length}");
            let joined: Vec<u8> = parts.iter().flat_map(|part| part.bits.clone()).collect();
            assert_eq!(joined, bits, "{length}");
            assert!(
                parts
                    .iter()
                    .all(|part| usize::from(part.count) == parts.len())
            );
        }
    }
}
