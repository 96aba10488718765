//! Names to numbers, many small sets in one array: how a table knows the names of a contract.

/// One set of names in a [`Shelf`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dictionary {
    /// Its first entry.
    start: u32,
    count: u16,
    /// Its first slot; as many as `mask + 1`, a power of two, none for an empty set.
    slots: u32,
    mask: u16,
}

/// All names of a table.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    entries: Vec<Entry>,
    /// The index of an entry in its set, plus one; 0 for none.
    slots: Vec<u16>,
    names: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    name: u32,
    len: u16,
    number: u16,
}

impl Dictionary {
    pub(super) fn is_empty(self) -> bool {
        self.count == 0
    }
}

impl Shelf {
    /// Of equal names the first counts. Names are shorter than 64 KiB and fewer than 32,768.
    pub(super) fn add<'n>(
        &mut self,
        names: impl ExactSizeIterator<Item = (&'n [u8], u16)>,
    ) -> Dictionary {
        if names.len() == 0 {
            return Dictionary::default();
        }
        let width = (names.len() * 2).next_power_of_two().min(1 << 15);
        let mut dictionary = Dictionary {
            start: self.entries.len() as u32,
            count: 0,
            slots: self.slots.len() as u32,
            mask: (width - 1) as u16,
        };
        self.slots.resize(self.slots.len() + width, 0);
        for (name, number) in names {
            let mut at = hash(name) & u64::from(dictionary.mask);
            loop {
                let slot = dictionary.slots as usize + at as usize;
                match self.slots[slot] {
                    0 => {
                        dictionary.count += 1;
                        self.slots[slot] = dictionary.count;
                        self.entries.push(Entry {
                            name: self.names.len() as u32,
                            len: name.len() as u16,
                            number,
                        });
                        self.names.extend_from_slice(name);
                        break;
                    }
                    known if self.is_named(dictionary, known - 1, name) => break,
                    _ => at = (at + 1) & u64::from(dictionary.mask),
                }
            }
        }
        dictionary
    }

    /// The number of `name`. `next` is where the caller expects it, the entry after the last one found: members come
    /// mostly in the order of the contract.
    #[inline]
    pub(super) fn find_near(
        &self,
        dictionary: Dictionary,
        name: &[u8],
        next: &mut u16,
    ) -> Option<u16> {
        if *next < dictionary.count && self.is_named(dictionary, *next, name) {
            *next += 1;
            return Some(self.entry(dictionary, *next - 1).number);
        }
        let found = self.index(dictionary, name)?;
        *next = found + 1;
        Some(self.entry(dictionary, found).number)
    }

    /// The number of `name`.
    pub(super) fn find(&self, dictionary: Dictionary, name: &[u8]) -> Option<u16> {
        let found = self.index(dictionary, name)?;
        Some(self.entry(dictionary, found).number)
    }

    fn index(&self, dictionary: Dictionary, name: &[u8]) -> Option<u16> {
        if dictionary.is_empty() {
            return None;
        }
        let mut at = hash(name) & u64::from(dictionary.mask);
        loop {
            match self.slots[dictionary.slots as usize + at as usize] {
                0 => return None,
                known if self.is_named(dictionary, known - 1, name) => {
                    return Some(known - 1);
                }
                _ => at = (at + 1) & u64::from(dictionary.mask),
            }
        }
    }

    fn entry(&self, dictionary: Dictionary, index: u16) -> Entry {
        self.entries[dictionary.start as usize + usize::from(index)]
    }

    #[inline]
    fn is_named(&self, dictionary: Dictionary, index: u16, name: &[u8]) -> bool {
        let entry = self.entry(dictionary, index);
        let start = entry.name as usize;
        usize::from(entry.len) == name.len()
            && is_same(&self.names[start..start + name.len()], name)
    }
}

/// Whether two texts of one length are the same: most names are short, and a call to compare them costs more than they.
#[inline]
fn is_same(own: &[u8], name: &[u8]) -> bool {
    match name.len() {
        0..4 => own.iter().zip(name).all(|(own, byte)| own == byte),
        4..8 => {
            own.first_chunk::<4>() == name.first_chunk()
                && own.last_chunk::<4>() == name.last_chunk()
        }
        8..=16 => {
            own.first_chunk::<8>() == name.first_chunk()
                && own.last_chunk::<8>() == name.last_chunk()
        }
        _ => own == name,
    }
}

/// Of the length and the bytes at both ends: names of a contract that agree in all of these share a slot and are told
/// apart by comparison. The set is the contract's, so nobody who sends names can make it slow.
#[inline]
fn hash(name: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (short(name), 0),
    };
    let mixed = (first ^ name.len() as u64).wrapping_mul(FACTOR) ^ last;
    mixed.wrapping_mul(FACTOR) >> 40
}

/// Up to seven bytes as a number.
#[inline]
fn short(name: &[u8]) -> u64 {
    match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => {
            let bytes = name.iter().take(7);
            bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
        }
    }
}
