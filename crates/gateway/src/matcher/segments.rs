//! A request path, cut at its slashes, every segment looked up in the vocabulary.

use super::error::SEGMENTS_MAX;
use super::marks::find_marks;
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
