//! A segment with literal text and parameters in it, such as `{name}.json` or `{base}...{head}`.

use super::decode::percent_decode;

/// Literals with one parameter between each two of them; every parameter takes at least one byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    first: Vec<u8>,
    middle: Vec<Vec<u8>>,
    last: Vec<u8>,
}

impl Pattern {
    /// `literals` has at least two entries, each possibly empty.
    pub fn new(mut literals: Vec<Vec<u8>>) -> Self {
        let last = literals.pop().unwrap_or_default();
        let mut literals = literals.into_iter();
        Self {
            first: literals.next().unwrap_or_default(),
            middle: literals.collect(),
            last,
        }
    }

    /// Bytes of literal text; the more, the more specific.
    pub fn literal_bytes(&self) -> usize {
        self.first.len() + self.middle.iter().map(Vec::len).sum::<usize>() + self.last.len()
    }

    /// Whether `segment`, as sent, fits.
    pub fn matches(&self, segment: &[u8]) -> bool {
        let segment = percent_decode(segment);
        let Some(mut rest) = segment.strip_prefix(self.first.as_slice()) else {
            return false;
        };
        // The leftmost place for each middle literal leaves the most room for those behind it.
        for literal in &self.middle {
            let Some((_, after)) = rest.split_first() else {
                return false;
            };
            let Some(at) = memchr::memmem::find(after, literal) else {
                return false;
            };
            rest = &after[at + literal.len()..];
        }
        rest.len() > self.last.len() && rest.ends_with(&self.last)
    }
}
