//! Slashes and percent signs in up to 64 bytes at once.

/// Which of up to 64 bytes are slashes, one bit each, and whether there is a percent sign.
#[inline]
pub(super) fn find_marks(bytes: &[u8]) -> (u64, bool) {
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
