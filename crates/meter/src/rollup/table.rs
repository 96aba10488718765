//! Rows found by key and numbered in order of arrival: whoever knows a row's number need not look it up again.

use std::hash::{BuildHasher, Hash};

use rustc_hash::FxBuildHasher;

/// The number of no row.
const NONE: u32 = u32::MAX;
const SLOTS_FIRST: usize = 64;

/// Holds fewer than 2^32 - 1 rows; its users bound it far below. A map of the standard library would cost two more
/// misses of the cache for each call, or hold every key twice: here a slot has eight bytes, and its neighbours are
/// looked at next.
pub(super) struct Table<K, V, S = FxBuildHasher> {
    rows: Vec<Row<K, V>>,
    /// A power of two of them, less than half in use: a row is in the first free slot from its hash on.
    slots: Vec<Slot>,
    hasher: S,
}

struct Row<K, V> {
    key: K,
    value: V,
}

#[derive(Clone, Copy)]
struct Slot {
    row: u32,
    /// The high half of its hash, so that the row is looked at only when it is probably the one.
    tag: u32,
}

impl Slot {
    const FREE: Self = Self { row: NONE, tag: 0 };

    fn new(row: usize, hash: u64) -> Self {
        Self {
            row: row as u32,
            tag: (hash >> 32) as u32,
        }
    }
}

impl<K, V, S: Default> Default for Table<K, V, S> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            slots: Vec::new(),
            hasher: S::default(),
        }
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Table<K, V, S> {
    /// The row of `key`, made with the default value where there is none: its number and value.
    pub(super) fn row(&mut self, key: K) -> (u32, &mut V)
    where
        V: Default,
    {
        if self.slots.len() <= 2 * self.rows.len() {
            self.grow();
        }
        let hash = self.hasher.hash_one(&key);
        let wanted = Slot::new(self.rows.len(), hash);
        let mut place = self.first_place(hash);
        let number = loop {
            let slot = &mut self.slots[place];
            if slot.row == NONE {
                *slot = wanted;
                let value = V::default();
                self.rows.push(Row { key, value });
                break wanted.row;
            }
            if slot.tag == wanted.tag && self.rows[slot.row as usize].key == key {
                break slot.row;
            }
            place = self.next_place(place);
        };
        (number, &mut self.rows[number as usize].value)
    }

    /// As [`Table::row`], where `guess` may be the row's number, or anything else.
    pub(super) fn guessed_row(&mut self, guess: u32, key: K) -> (u32, &mut V)
    where
        V: Default,
    {
        let hit = self
            .rows
            .get(guess as usize)
            .is_some_and(|row| row.key == key);
        if hit {
            return (guess, &mut self.rows[guess as usize].value);
        }
        self.row(key)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The value of a row by the number that this table gave it since it was last cleared.
    pub(super) fn at_mut(&mut self, number: u32) -> &mut V {
        &mut self.rows[number as usize].value
    }

    /// In order of arrival.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter().map(|row| (&row.key, &row.value))
    }

    /// Forgets every row and keeps the memory for the next ones.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.slots.fill(Slot::FREE);
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(SLOTS_FIRST);
        self.slots.clear();
        self.slots.resize(slots, Slot::FREE);
        for number in 0..self.rows.len() {
            let hash = self.hasher.hash_one(&self.rows[number].key);
            let mut place = self.first_place(hash);
            while self.slots[place].row != NONE {
                place = self.next_place(place);
            }
            self.slots[place] = Slot::new(number, hash);
        }
    }

    fn first_place(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn next_place(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasherDefault, Hasher};

    use super::*;

    /// Every key has the same hash.
    #[derive(Default)]
    struct One;

    impl Hasher for One {
        fn finish(&self) -> u64 {
            1
        }

        fn write(&mut self, _bytes: &[u8]) {}
    }

    fn check<S: BuildHasher + Default>() {
        let mut table: Table<u32, u32, S> = Table::default();
        for round in 0..3 {
            for key in 0..500 {
                let (number, value) = table.row(key);
                *value += key;
                assert_eq!((number, *value), (key, (round + 1) * key));
                let (guessed, _) = table.guessed_row(key / 2, key);
                assert_eq!(guessed, key);
            }
        }
        assert_eq!(table.len(), 500);
        assert_eq!(table.at_mut(7), &21);
        assert!(table.iter().map(|(key, _)| *key).eq(0..500));
        table.clear();
        assert_eq!(table.guessed_row(7, 7), (0, &mut 0));
    }

    #[test]
    fn rows_are_found_by_key_number_and_guess() {
        check::<FxBuildHasher>();
    }

    #[test]
    fn keys_of_one_hash_stay_apart() {
        check::<BuildHasherDefault<One>>();
    }
}
