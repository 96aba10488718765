//! A request path, cut at its slashes, every segment looked up in the vocabulary.

use super::SEGMENTS_MAX;
use super::vocabulary::{Vocabulary, Word};

/// Words of eight positions side by side, 16 bits each.
pub(super) type Block = u128;
pub(super) const BLOCK_POSITIONS: usize = 8;
pub(super) const BLOCKS: usize = SEGMENTS_MAX / BLOCK_POSITIONS;

/// A path, cut and looked up. Positions are bits.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    /// The path without its leading slash.
    text: &'a [u8],
    pub count: usize,
    pub words: [Block; BLOCKS],
    /// Positions whose segment is a literal somewhere in the contract.
    pub known: u32,
    /// Positions whose segment is empty.
    pub empty: u32,
}

impl<'a> Segments<'a> {
    /// `None` if `path` does not start with a slash or has more than `count_max` segments.
    #[inline]
    pub fn cut(path: &'a [u8], count_max: usize, vocabulary: &Vocabulary) -> Option<Self> {
        let (b'/', text) = path.split_first()? else {
            return None;
        };
        let mut segments = Self {
            text,
            count: 0,
            words: [0; BLOCKS],
            known: 0,
            empty: 0,
        };
        // Reads of 16 bytes need 16 bytes.
        let mut padded = [0; 16];
        let window = match text.len() {
            16.. => text,
            length => {
                padded[..length].copy_from_slice(text);
                &padded
            }
        };

        let mut start = 0;
        for (block, bytes) in text.chunks(64).enumerate() {
            let (mut slashes, escapes) = find_marks(bytes);
            if escapes {
                return segments.cut_slowly(count_max, vocabulary);
            }
            while slashes != 0 {
                let end = 64 * block + slashes.trailing_zeros() as usize;
                slashes &= slashes - 1;
                segments.take(
                    word_at(text, window, start, end, vocabulary),
                    end == start,
                    count_max,
                )?;
                start = end + 1;
            }
        }
        let end = text.len();
        segments.take(
            word_at(text, window, start, end, vocabulary),
            end == start,
            count_max,
        )?;
        Some(segments)
    }

    /// The same for a path with escapes, which are decoded for the look-up only.
    #[cold]
    fn cut_slowly(self, count_max: usize, vocabulary: &Vocabulary) -> Option<Self> {
        let mut segments = Self {
            count: 0,
            words: [0; BLOCKS],
            known: 0,
            empty: 0,
            ..self
        };
        for segment in self.text.split(|byte| *byte == b'/') {
            segments.take(vocabulary.word(segment), segment.is_empty(), count_max)?;
        }
        Some(segments)
    }

    #[inline]
    fn take(&mut self, word: Word, empty: bool, count_max: usize) -> Option<()> {
        let position = self.count;
        if position >= count_max {
            return None;
        }
        self.words[position / BLOCK_POSITIONS] |=
            Block::from(word.0) << (16 * (position % BLOCK_POSITIONS));
        self.known |= u32::from(word != Word::NONE) << position;
        self.empty |= u32::from(empty) << position;
        self.count += 1;
        Some(())
    }

    /// The segment at `position`, as sent.
    pub fn segment(&self, position: usize) -> &'a [u8] {
        self.text
            .split(|byte| *byte == b'/')
            .nth(position)
            .unwrap_or_default()
    }
}

/// The word of `text[start..end]`. `window` is `text`, padded to at least 16 bytes.
#[inline]
fn word_at(text: &[u8], window: &[u8], start: usize, end: usize, vocabulary: &Vocabulary) -> Word {
    let length = end - start;
    if length > 16 {
        return vocabulary.word(&text[start..end]);
    }
    // The last 16 bytes are read for whatever starts among them, and what stands before it is shifted out.
    let at = start.min(window.len() - 16);
    let bytes = window[at..]
        .first_chunk::<16>()
        .expect("the window has 16 bytes from there on");
    let from_start = u128::from_le_bytes(*bytes).unbounded_shr(8 * (start - at) as u32);
    let kept = u128::MAX.unbounded_shr(8 * (16 - length) as u32);
    vocabulary.short_word(from_start & kept, length)
}

/// Which of up to 64 bytes are slashes, one bit each, and whether there is a percent sign.
#[inline]
fn find_marks(bytes: &[u8]) -> (u64, bool) {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mut slashes = 0;
    let mut escapes = 0;
    for (i, word) in words.iter().chain([&last]).enumerate().take(8) {
        let word = u64::from_le_bytes(*word);
        slashes |= gather(equal(word, b'/')) << (8 * i);
        escapes |= equal(word, b'%');
    }
    (slashes, escapes != 0)
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte that is the ASCII character `wanted`, and no other bit.
#[inline]
const fn equal(word: u64, wanted: u8) -> u64 {
    let difference = word ^ (LOW * wanted as u64);
    (HIGH - (difference & !HIGH)) & !difference & HIGH
}

/// The high bits of eight bytes as one byte, the first byte's lowest.
#[inline]
const fn gather(high_bits: u64) -> u64 {
    // Multiplying shifts the bit of byte i to bit 56 + i; no two meet below that.
    (high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_at_every_place() {
        for length in 0..=64 {
            for at in 0..length {
                let mut bytes = [b'.'; 64];
                bytes[at] = b'/';
                bytes[(at + 7) % length] |= 0x80;
                let expected = if bytes[at] == b'/' { 1 << at } else { 0 };
                assert_eq!(
                    find_marks(&bytes[..length]),
                    (expected, false),
                    "slash at {at} of {length}"
                );
                bytes[at] = b'%';
                assert_eq!(
                    find_marks(&bytes[..length]),
                    (0, true),
                    "percent sign at {at} of {length}"
                );
            }
        }
        assert_eq!(find_marks(&[b'/'; 64]), (u64::MAX, false));
        assert_eq!(find_marks(b"0/."), (0b10, false));
    }
}
