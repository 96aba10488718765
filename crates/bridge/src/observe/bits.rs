//! A small set of leaf ids.

/// How many leaves one operation may have.
pub const LEAVES_MAX: usize = 4_096;

const WORDS: usize = LEAVES_MAX / 64;
/// 256 leaves. What lies past them costs an allocation per set that has one.
const FIRST_WORDS: usize = 4;

/// Which leaves were seen. 40 bytes, so that a call can carry several; on the heap only what lies past leaf 255.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bits {
    first: [u64; FIRST_WORDS],
    /// Some only with a leaf in it.
    rest: Option<Box<[u64; WORDS - FIRST_WORDS]>>,
}

impl Bits {
    /// `leaf` is below [`LEAVES_MAX`]; a higher one is left out.
    #[inline]
    pub fn set(&mut self, leaf: u32) {
        match self.first.get_mut(leaf as usize / 64) {
            Some(word) => *word |= 1 << (leaf % 64),
            None => self.set_rest(leaf),
        }
    }

    #[cold]
    fn set_rest(&mut self, leaf: u32) {
        let at = leaf as usize / 64;
        if at < WORDS {
            let rest = self
                .rest
                .get_or_insert_with(|| Box::new([0; WORDS - FIRST_WORDS]));
            rest[at - FIRST_WORDS] |= 1 << (leaf % 64);
        }
    }

    pub fn contains(&self, leaf: u32) -> bool {
        let word = self.words().nth(leaf as usize / 64);
        word.is_some_and(|word| word & (1 << (leaf % 64)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    pub fn len(&self) -> u32 {
        self.words().map(u64::count_ones).sum()
    }

    /// Adds what `other` has.
    pub fn union(&mut self, other: &Self) {
        for (own, other) in self.first.iter_mut().zip(&other.first) {
            *own |= other;
        }
        match (&mut self.rest, &other.rest) {
            (_, None) => {}
            (None, Some(other)) => self.rest = Some(other.clone()),
            (Some(own), Some(other)) => {
                for (own, other) in own.iter_mut().zip(other.iter()) {
                    *own |= other;
                }
            }
        }
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words().zip(0..).flat_map(|(word, at)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// Calls `read` with the set as bytes, the lowest bit of the first for leaf 0, without zeros at the end: what is
    /// journalled.
    pub fn read_bytes<T>(&self, read: impl FnOnce(&[u8]) -> T) -> T {
        match &self.rest {
            None => read(used(&mut [0; FIRST_WORDS * 8], &self.first)),
            Some(rest) => {
                let mut bytes = [0; WORDS * 8];
                let (first, behind) = bytes.split_at_mut(FIRST_WORDS * 8);
                used(first, &self.first);
                let rest = used(behind, rest).len();
                read(&bytes[..FIRST_WORDS * 8 + rest])
            }
        }
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let rest = self.rest.iter().flat_map(|rest| rest.iter());
        self.first.iter().chain(rest).copied()
    }
}

/// `words` written to `bytes`, of which those up to the last that is not zero come back.
fn used<'a, const N: usize>(bytes: &'a mut [u8], words: &[u64; N]) -> &'a [u8] {
    for (piece, word) in bytes.chunks_exact_mut(8).zip(words) {
        piece.copy_from_slice(&word.to_le_bytes());
    }
    let used = words.iter().rposition(|word| *word != 0).map_or(0, |last| {
        8 * last + 8 - words[last].leading_zeros() as usize / 8
    });
    &bytes[..used]
}
