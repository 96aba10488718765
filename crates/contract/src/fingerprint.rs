//! Fingerprints that stay the same from run to run and from release to release: FNV-1a over parts, with their lengths.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// 16 hexadecimal digits. Each part is preceded by its length, so that `ab`, `c` is not `a`, `bc`.
pub(crate) fn of(parts: &[&[u8]]) -> String {
    text(number(parts.iter().copied()))
}

/// The same as a number, to be a part of another.
pub(crate) fn number<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    parts.into_iter().fold(OFFSET, |hash, part| {
        let hash = absorb(hash, &(part.len() as u64).to_le_bytes());
        absorb(hash, part)
    })
}

/// One of several numbers.
pub(crate) fn joined(numbers: [u64; 3]) -> u64 {
    numbers
        .iter()
        .fold(OFFSET, |hash, number| absorb(hash, &number.to_le_bytes()))
}

pub(crate) fn text(number: u64) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |at: u32| DIGITS[(number >> (60 - 4 * at)) as usize & 15] as char;
    (0..16).map(digit).collect()
}

fn absorb(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn parts_are_kept_apart_and_the_value_is_fixed() {
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_eq!(of(&[]), "cbf29ce484222325");
        assert_eq!(of(&[b"a"]), of(&[b"a"]));
    }
}
