//! Takes an input apart at bytes that no UTF-8 text contains.

/// What parts two parts of an input.
const MARK: u8 = 0xff;

/// The bytes before the first mark, and those after it; none without one.
pub fn halves(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == MARK) {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}
