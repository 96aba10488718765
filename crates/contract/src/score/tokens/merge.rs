//! Byte-pair merging: the neighbours that make the token of the lowest rank join first, the leftmost of equals.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::vocabulary::Vocabulary;

/// No token of the vocabulary is longer.
const TOKEN_BYTES_MAX: usize = 255;

const END: u32 = u32::MAX;

/// A run of bytes that is one token so far.
#[derive(Debug, Clone, Copy)]
struct Part {
    end: u32,
    /// The start of the part before; `END` for the first.
    previous: u32,
}

/// Calls `visit` with each token of `piece`, in order. A heap keeps this at n log n, whatever the piece.
pub(super) fn visit_tokens(vocabulary: &Vocabulary, piece: &[u8], mut visit: impl FnMut(&[u8])) {
    let mut parts: Vec<Part> = (0..piece.len() as u32)
        .map(|start| Part {
            end: start + 1,
            previous: start.checked_sub(1).unwrap_or(END),
        })
        .collect();
    let rank = |start: u32, end: u32| {
        let bytes = &piece[start as usize..end as usize];
        match bytes.len() > TOKEN_BYTES_MAX {
            true => None,
            false => vocabulary.rank(bytes),
        }
    };
    let mut pairs: BinaryHeap<Reverse<(u32, u32, u32)>> = (1..piece.len() as u32)
        .filter_map(|middle| {
            Some(Reverse((
                rank(middle - 1, middle + 1)?,
                middle - 1,
                middle + 1,
            )))
        })
        .collect();

    while let Some(Reverse((_, start, end))) = pairs.pop() {
        // A pair is stale once one of its two parts was joined to another.
        let left = parts[start as usize];
        if left.end == 0 || left.end >= end || parts[left.end as usize].end != end {
            continue;
        }
        parts[left.end as usize].end = 0;
        parts[start as usize].end = end;
        if let Some(after) = parts.get_mut(end as usize) {
            after.previous = start;
            let after_end = after.end;
            if let Some(rank) = rank(start, after_end) {
                pairs.push(Reverse((rank, start, after_end)));
            }
        }
        if left.previous != END
            && let Some(rank) = rank(left.previous, end)
        {
            pairs.push(Reverse((rank, left.previous, end)));
        }
    }
    let mut start = 0;
    while start < piece.len() {
        let end = parts[start].end as usize;
        visit(&piece[start..end]);
        start = end;
    }
}
