//! Turns the parser's character counts into byte offsets.

/// Remembers the last answer: the parser's places move forward with a few short steps back.
#[derive(Debug)]
pub(super) struct CharOffsets<'s> {
    text: &'s str,
    is_ascii: bool,
    chars: usize,
    bytes: usize,
}

impl<'s> CharOffsets<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self {
            text,
            is_ascii: text.is_ascii(),
            chars: 0,
            bytes: 0,
        }
    }

    /// The byte offset of character number `index`; the end of the text for any past it.
    pub(super) fn byte(&mut self, index: usize) -> u32 {
        if self.is_ascii {
            return index.min(self.text.len()) as u32;
        }
        while self.chars < index {
            let Some(c) = self.text[self.bytes..].chars().next() else {
                break;
            };
            self.chars += 1;
            self.bytes += c.len_utf8();
        }
        while self.chars > index {
            let Some(c) = self.text[..self.bytes].chars().next_back() else {
                break;
            };
            self.chars -= 1;
            self.bytes -= c.len_utf8();
        }
        self.bytes as u32
    }
}

#[cfg(test)]
mod tests {
    use super::CharOffsets;

    #[test]
    fn forward_back_and_past_the_end() {
        let mut offsets = CharOffsets::new("aé😀b");
        for (index, byte) in [(0, 0), (4, 8), (2, 3), (3, 7), (1, 1), (9, 8), (0, 0)] {
            assert_eq!(offsets.byte(index), byte, "{index}");
        }
    }
}
