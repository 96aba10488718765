//! All literal segments of a contract, each once, found by their percent-decoded text.

use std::collections::BTreeSet;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::decode::percent_decode;

/// A literal segment. Equal words are equal texts; 0 is no literal of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word(pub u16);

impl Word {
    pub const NONE: Self = Self(0);
}

/// With a fifth of the places empty at the end, even the last word needs only some five tries.
const MULTIPLIERS_MAX: usize = 10_000;
/// One is enough unless somebody computed words that collide.
const SEEDS_MAX: usize = 8;
/// The longest text that is compared as one number.
const SHORT: usize = size_of::<u128>();

/// A perfect hash table: every word has a place of its own, so that a look-up is one probe without a branch.
/// Which of a path's segments are literal is what a processor cannot guess.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    /// Of the hashes; another one is taken when words collide under the first.
    seed: u64,
    /// A multiplier for each bucket of hashes, chosen so that no two words meet. A power of two of them.
    multipliers: Vec<u64>,
    places: Vec<Place>,
    /// Words longer than `SHORT`, by `Place::long`.
    long: Vec<Vec<u8>>,
}

/// 24 bytes: as many places as possible are to stay in the cache.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The first bytes of the text.
    start: [u64; 2],
    /// Of a text of more than 65,535 bytes, which no request path has, not the length.
    length: u16,
    word: Word,
    long: u16,
}

const EMPTY: Place = Place {
    start: [0; 2],
    length: u16::MAX,
    word: Word::NONE,
    long: 0,
};

/// A segment in the form in which it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    start: [u64; 2],
    length: u16,
    hash: u64,
}

impl Key {
    /// Of a text of at most `SHORT` bytes, given as a little-endian number.
    #[inline]
    fn short(start: u128, length: usize, seed: u64) -> Self {
        let start = [start as u64, (start >> 64) as u64];
        Self {
            start,
            length: length as u16,
            hash: mix(start, length as u64, seed),
        }
    }

    fn of(text: &[u8], seed: u64) -> Self {
        let mut start = [0; SHORT];
        let length = text.len().min(SHORT);
        start[..length].copy_from_slice(&text[..length]);
        let short = Self::short(u128::from_le_bytes(start), length, seed);
        let rest = &text[length..];
        if rest.is_empty() {
            return short;
        }
        let mut hasher = FxHasher::default();
        hasher.write(rest);
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        Self {
            length,
            hash: mix(short.start, hasher.finish(), seed),
            ..short
        }
    }
}

#[inline]
fn mix(start: [u64; 2], more: u64, seed: u64) -> u64 {
    // Digits of pi; any odd numbers without a pattern would do.
    const FIRST: u64 = 0x243f_6a88_85a3_08d3;
    const SECOND: u64 = 0x1319_8a2e_0370_7345;
    let low = start[0] ^ FIRST ^ seed;
    let high = start[1] ^ SECOND ^ more.rotate_left(48);
    let product = u128::from(low) * u128::from(high);
    product as u64 ^ (product >> 64) as u64
}

impl Vocabulary {
    /// Numbers `literals` from 1 on in their order. `None` if there are more than 65,535, or if some were made to
    /// collide under every seed.
    pub fn new(literals: &BTreeSet<Vec<u8>>) -> Option<Self> {
        u16::try_from(literals.len()).ok()?;
        odd_numbers()
            .take(SEEDS_MAX)
            .find_map(|seed| lay_out(literals, seed))
    }

    /// The word that `segment`, as sent, is.
    pub fn word(&self, segment: &[u8]) -> Word {
        let text = percent_decode(segment);
        let key = Key::of(&text, self.seed);
        let place = self.place(key);
        let same_start = place.start == key.start && place.length == key.length;
        let same_rest = || {
            self.long
                .get(usize::from(place.long))
                .is_some_and(|long| *long == *text)
        };
        if same_start && (text.len() <= SHORT || same_rest()) {
            place.word
        } else {
            Word::NONE
        }
    }

    /// The word of a text of at most `SHORT` bytes, given as a little-endian number.
    #[inline]
    pub fn short_word(&self, start: u128, length: usize) -> Word {
        let key = Key::short(start, length, self.seed);
        let place = self.place(key);
        let same = (place.start == key.start) & (place.length == key.length);
        Word(place.word.0 & u16::from(same).wrapping_neg())
    }

    #[inline]
    fn place(&self, key: Key) -> &Place {
        let bucket = key.hash as usize & (self.multipliers.len() - 1);
        &self.places[place_of(key.hash, self.multipliers[bucket], self.places.len())]
    }
}

/// A number below `places`.
#[inline]
fn place_of(hash: u64, multiplier: u64, places: usize) -> usize {
    (((hash.wrapping_mul(multiplier) >> 32) * places as u64) >> 32) as usize
}

/// Hash and displace: the fullest buckets choose first, each the first multiplier under which its words find
/// empty places. `None` if a bucket finds none.
fn lay_out(literals: &BTreeSet<Vec<u8>>, seed: u64) -> Option<Vocabulary> {
    let bucket_count = (literals.len() / 2).next_power_of_two();
    // A quarter more places than words: few enough for the cache, enough to find a multiplier soon.
    let place_count = literals.len() + literals.len() / 4 + 1;
    let mut vocabulary = Vocabulary {
        seed,
        multipliers: vec![1; bucket_count],
        places: vec![EMPTY; place_count],
        long: Vec::new(),
    };
    let mut buckets: Vec<Vec<(u64, Place)>> = vec![Vec::new(); bucket_count];
    for (text, word) in literals.iter().zip(1..=u16::MAX) {
        let Key {
            start,
            length,
            hash,
        } = Key::of(text, seed);
        let long = vocabulary.long.len() as u16;
        buckets[hash as usize & (bucket_count - 1)].push((
            hash,
            Place {
                start,
                length,
                word: Word(word),
                long,
            },
        ));
        if text.len() > SHORT {
            vocabulary.long.push(text.clone());
        }
    }

    let mut order: Vec<usize> = (0..bucket_count).collect();
    order.sort_by_key(|bucket| std::cmp::Reverse(buckets[*bucket].len()));
    for bucket in order {
        let fits = |multiplier: &u64| fits(&buckets[bucket], *multiplier, &vocabulary.places);
        let multiplier = odd_numbers().take(MULTIPLIERS_MAX).find(fits)?;
        vocabulary.multipliers[bucket] = multiplier;
        for (hash, place) in &buckets[bucket] {
            vocabulary.places[place_of(*hash, multiplier, place_count)] = *place;
        }
    }
    Some(vocabulary)
}

/// Whether `multiplier` sends all words of a bucket to empty places, each to another.
fn fits(bucket: &[(u64, Place)], multiplier: u64, places: &[Place]) -> bool {
    let place = |(hash, _): &(u64, Place)| place_of(*hash, multiplier, places.len());
    let mut taken: Vec<usize> = bucket.iter().map(place).collect();
    taken.sort_unstable();
    taken.windows(2).all(|two| two[0] != two[1])
        && taken.iter().all(|place| places[*place].word == Word::NONE)
}

/// Odd numbers in an order without pattern (the golden ratio's bits, times every odd number).
fn odd_numbers() -> impl Iterator<Item = u64> {
    (1u64..)
        .step_by(2)
        .map(|odd| odd.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_and_nothing_else() {
        let literals: BTreeSet<Vec<u8>> = (0..5_000u32)
            .map(|i| {
                format!(
                    "{}{i}",
                    ["", "word-", "a-longer-word-than-sixteen-", "sixteen-bytes-"][i as usize % 4]
                )
                .into_bytes()
            })
            .chain([
                Vec::new(),
                vec![0],
                vec![0, 0],
                vec![b'x'; 16],
                vec![b'x'; 17],
                vec![b'x'; 40],
            ])
            .collect();
        let vocabulary = Vocabulary::new(&literals).unwrap();
        let mut words: Vec<Word> = literals
            .iter()
            .map(|literal| vocabulary.word(literal))
            .collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), literals.len());
        assert!(!words.contains(&Word::NONE));
        for other in [
            &b"word"[..],
            b"word-1-",
            b"xx",
            b"a-longer-word-than-sixteen-x",
            &[0; 3],
            &[b'x'; 18],
            &[b'x'; 15],
        ] {
            assert_eq!(vocabulary.word(other), Word::NONE, "{other:?}");
        }
    }

    /// Texts whose hashes are equal under the first seed: the product is 0 if one factor is.
    #[test]
    fn words_that_collide_under_one_seed_are_told_apart_under_the_next() {
        let seed = odd_numbers().next().unwrap();
        let zero = (0x243f_6a88_85a3_08d3 ^ seed).to_le_bytes();
        let literals: BTreeSet<Vec<u8>> = (0..9).map(|i: u8| [&zero[..], &[i]].concat()).collect();
        assert!(lay_out(&literals, seed).is_none());
        let vocabulary = Vocabulary::new(&literals).unwrap();
        let words: BTreeSet<Word> = literals
            .iter()
            .map(|literal| vocabulary.word(literal))
            .collect();
        assert!(words.len() == 9 && !words.contains(&Word::NONE));
    }

    #[test]
    fn an_empty_vocabulary_holds_nothing_and_one_too_many_is_refused() {
        let vocabulary = Vocabulary::new(&BTreeSet::new()).unwrap();
        assert_eq!(vocabulary.word(b"a"), Word::NONE);
        assert_eq!(vocabulary.word(b""), Word::NONE);
        let many = |count: u32| {
            (0..count)
                .map(|i| i.to_le_bytes().to_vec())
                .collect::<BTreeSet<_>>()
        };
        assert!(Vocabulary::new(&many(65_535)).is_some());
        assert!(Vocabulary::new(&many(65_536)).is_none());
    }
}
