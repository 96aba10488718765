//! A lane's bounded dictionary of what calls repeat: values in, small numbers out.

use rustc_hash::FxHashMap;

/// 12 bits of a number; the rest is the generation.
const PLACE_BITS: u32 = 12;
pub(super) const PLACES_MAX: usize = (1 << PLACE_BITS) - 1;
/// Places that may change hands in one segment: 1,024 entries of 80 bytes are 0.5 % of 16 MiB.
const REPLACED_PER_SEGMENT_MAX: u32 = 1_024;
/// Places looked at for one to replace, for each new value.
const LOOKED_AT_MAX: usize = 8;

pub(super) struct Dictionary<V> {
    /// By hash alone: of two values with one 64-bit hash, the later has no number.
    by_hash: FxHashMap<u64, usize>,
    places: Vec<Place<V>>,
    /// Second chance (clock) replacement: the next place to look at.
    hand: usize,
    replaced: u32,
    /// The segment that `replaced` counts in.
    segment: u32,
}

struct Place<V> {
    hash: u64,
    value: V,
    generation: u32,
    /// Has a call since the hand last passed.
    used: bool,
    /// The last segment that tells its value; 0: none.
    told_in: u32,
}

/// A number on disk, and whether the segment of the next entry tells its value already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) number: u32,
    pub(super) is_told: bool,
}

impl<V> Dictionary<V> {
    pub(super) fn new() -> Self {
        Self {
            by_hash: FxHashMap::default(),
            places: Vec::new(),
            hand: 0,
            replaced: 0,
            segment: 0,
        }
    }

    /// A new stream has begun: its segments count from 1 again.
    pub(super) fn forget_told(&mut self) {
        self.segment = 0;
        for place in &mut self.places {
            place.told_in = 0;
        }
    }

    /// The number of the value with this hash, made where there is none; 0 where there is no place to give.
    pub(super) fn number_of(
        &mut self,
        hash: u64,
        is_same: impl FnOnce(&V) -> bool,
        value: impl FnOnce() -> V,
    ) -> u32 {
        match self.by_hash.get(&hash) {
            Some(index) => {
                let place = &self.places[*index];
                match is_same(&place.value) {
                    true => number(*index, place.generation),
                    false => 0,
                }
            }
            None => self.add(hash, value()),
        }
    }

    /// Marks the value of a call as used, whose entry goes to `segment`; `None` when its number means nothing any more.
    pub(super) fn touch(&mut self, number: u32, segment: u32) -> Option<Known> {
        if self.segment != segment {
            (self.segment, self.replaced) = (segment, 0);
        }
        let index = (number as usize & PLACES_MAX).checked_sub(1)?;
        let place = self
            .places
            .get_mut(index)
            .filter(|place| place.generation == number >> PLACE_BITS)?;
        place.used = true;
        Some(Known {
            number: index as u32 + 1,
            is_told: place.told_in == segment,
        })
    }

    /// The value was written into segment `told_in`, the next entry goes to `segment`.
    pub(super) fn told(&mut self, known: Known, told_in: u32, segment: u32) -> Known {
        self.places[known.number as usize - 1].told_in = told_in;
        Known {
            is_told: told_in == segment,
            ..known
        }
    }

    pub(super) fn value(&self, known: Known) -> &V {
        &self.places[known.number as usize - 1].value
    }

    fn add(&mut self, hash: u64, value: V) -> u32 {
        let index = if self.places.len() < PLACES_MAX {
            self.places.push(Place {
                hash,
                value,
                generation: 0,
                used: false,
                told_in: 0,
            });
            self.places.len() - 1
        } else if let Some(index) = self.replaceable() {
            let place = &mut self.places[index];
            (place.hash, place.value) = (hash, value);
            (place.used, place.told_in) = (false, 0);
            index
        } else {
            return 0;
        };
        self.by_hash.insert(hash, index);
        number(index, self.places[index].generation)
    }

    fn replaceable(&mut self) -> Option<usize> {
        if self.replaced == REPLACED_PER_SEGMENT_MAX {
            return None;
        }
        for _ in 0..LOOKED_AT_MAX {
            let index = self.hand;
            self.hand = (self.hand + 1) % self.places.len();
            let place = &mut self.places[index];
            if std::mem::take(&mut place.used) {
                continue;
            }
            self.replaced += 1;
            self.by_hash.remove(&place.hash);
            place.generation = (place.generation + 1) & (u32::MAX >> PLACE_BITS);
            return Some(index);
        }
        None
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        debug_assert!(self.by_hash.len() <= self.places.len());
        self.places.len()
    }
}

fn number(index: usize, generation: u32) -> u32 {
    (index as u32 + 1) | (generation << PLACE_BITS)
}
