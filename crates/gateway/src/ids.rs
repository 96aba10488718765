//! The id of one request, as consumers, upstreams and logs see it.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// `req_` and 13 base-32 digits of 64 bits.
const LENGTH: usize = 17;

/// Unique with high probability over all gateways: 64 bits from a random start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub u64);

impl RequestId {
    /// The id as everyone outside sees it.
    pub fn text(self) -> [u8; LENGTH] {
        let mut text = *b"req_0000000000000";
        for (i, digit) in text[4..].iter_mut().rev().enumerate() {
            *digit = ALPHABET[(self.0 >> (5 * i)) as usize & 31];
        }
        text
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.text()).expect("the alphabet is ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_a_prefix_and_thirteen_digits() {
        assert_eq!(RequestId(0).to_string(), "req_0000000000000");
        assert_eq!(RequestId(u64::MAX).to_string(), "req_fzzzzzzzzzzzz");
    }
}
