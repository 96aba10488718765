//! The end of a stretch: where the next quote or backslash of a text is, or the first byte that is no digit.

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

/// The place of the first byte at or behind `from` that is no ASCII digit; the length without one.
#[inline]
pub(super) fn digits_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = other_than_digits(u64::from_le_bytes(*word));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// Some bit of every byte that is no digit, up to the first such byte; bytes behind it may be marked wrongly. A digit
/// has 3 in its upper half, and still has it when 6 is added; what carries into the next byte was no digit itself.
const fn other_than_digits(word: u64) -> u64 {
    let more = word.wrapping_add(repeated(0x06));
    ((word ^ repeated(0x30)) | (more ^ repeated(0x30))) & repeated(0xf0)
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
    use super::{digits_end, text_end};

    #[test]
    fn digits_end_at_any_byte_that_is_none() {
        for other in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
            for length in 0..20 {
                let mut bytes: Vec<u8> = (b'0'..=b'9').cycle().take(length).collect();
                assert_eq!(digits_end(&bytes, 0), length);
                bytes.push(other);
                bytes.extend([b'7', other, 0xff, b'0', 0xfa, b'9', b'1', b'2', b'3']);
                for from in 0..=length {
                    assert_eq!(digits_end(&bytes, from), length, "{other} {length} {from}");
                }
            }
        }
    }

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
