//! The end of a stretch of text: where the next quote or backslash is.

/// Stretches up to this length are searched eight bytes at a time, longer ones by `memchr`, which costs a call.
const SHORT_BYTES: usize = 32;

/// The place of the next `"` or `\` of `bytes` at or behind `from`; the length without one.
#[inline]
pub(super) fn text_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < from + SHORT_BYTES {
        let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
            break;
        };
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ repeated(b'"')) | zero_bytes(word ^ repeated(b'\\'));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    memchr::memchr2(b'"', b'\\', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of every byte that is 0, up to the first such byte; bytes behind it may be marked wrongly.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(repeated(0x01)) & !word & repeated(0x80)
}

#[cfg(test)]
mod tests {
    use super::text_end;

    #[test]
    fn the_nearest_mark_is_found_whatever_stands_before_it() {
        for length in 0..80 {
            for byte in [b'a', b'!', b'#', b'[', b']', 0x00, 0x01, 0xa2, 0xdc, 0xff] {
                for mark in [b'"', b'\\'] {
                    let mut bytes = vec![byte; length];
                    assert_eq!(text_end(&bytes, 0), length);
                    bytes.push(mark);
                    bytes.extend([byte; 9]);
                    for from in 0..=length {
                        assert_eq!(text_end(&bytes, from), length, "{byte} {length} {from}");
                    }
                }
            }
        }
    }
}
