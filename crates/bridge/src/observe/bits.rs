//! A small set of leaf ids.

/// How many leaves one operation may have.
pub const LEAVES_MAX: usize = 4_096;

const WORDS: usize = LEAVES_MAX / 64;

/// Which leaves were seen. Half a kilobyte, on the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: [u64; WORDS],
}

impl Default for Bits {
    fn default() -> Self {
        Self { words: [0; WORDS] }
    }
}

impl Bits {
    /// `leaf` is below [`LEAVES_MAX`]; a higher one is left out.
    #[inline]
    pub fn set(&mut self, leaf: u32) {
        if let Some(word) = self.words.get_mut(leaf as usize / 64) {
            *word |= 1 << (leaf % 64);
        }
    }

    pub fn contains(&self, leaf: u32) -> bool {
        let word = self.words.get(leaf as usize / 64);
        word.is_some_and(|word| word & (1 << (leaf % 64)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// Adds what `other` has.
    pub fn union(&mut self, other: &Self) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own |= other;
        }
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0..).flat_map(|(word, at)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// The words that hold leaves below `leaf_count`, lowest first: what is journalled.
    pub fn words(&self, leaf_count: u32) -> &[u64] {
        &self.words[..(leaf_count as usize).div_ceil(64).min(WORDS)]
    }

    /// The set that [`Bits::words`] gave; words past [`LEAVES_MAX`] are left out.
    pub fn from_words(words: &[u64]) -> Self {
        let mut bits = Self::default();
        for (own, word) in bits.words.iter_mut().zip(words) {
            *own = *word;
        }
        bits
    }
}
