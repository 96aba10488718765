//! A JSON string, its escapes resolved, gathered over chunks into a bounded text.

use super::super::scan;
use super::super::scratch::Scratch;

/// A string that is compared and does not lie in one piece. What cannot be a text of a contract (too long, half a
/// surrogate pair, an escape that does not exist) spoils it, and it is read to its end all the same.
#[derive(Debug)]
pub(super) struct Gather {
    text: Scratch,
    within: Within,
    /// The first half of a surrogate pair; 0 for none.
    high: u16,
}

#[derive(Debug, Clone, Copy)]
enum Within {
    Text,
    Escape,
    /// So many digits of `\uXXXX` were read, of this value.
    Hex(u8, u16),
}

impl Gather {
    pub(super) const fn new() -> Self {
        Self {
            text: Scratch::new(),
            within: Within::Text,
            high: 0,
        }
    }

    pub(super) fn begin(&mut self) {
        self.text.clear();
        self.within = Within::Text;
        self.high = 0;
    }

    /// `None` for a text that no contract has.
    pub(super) fn text(&self) -> Option<&[u8]> {
        self.text.text()
    }

    /// For numbers, which have no escapes.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.text.extend(bytes);
    }

    /// Reads on from `at`: the place behind the closing quote, or `None` when the chunk ends before it.
    pub(super) fn read(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        while at < bytes.len() {
            match self.within {
                Within::Text => {
                    let end = scan::text_end(bytes, at);
                    if end > at {
                        self.plain(&bytes[at..end]);
                    }
                    match bytes.get(end)? {
                        b'"' => {
                            self.break_pair();
                            return Some(end + 1);
                        }
                        _ => self.within = Within::Escape,
                    }
                    at = end + 1;
                }
                Within::Escape => {
                    self.escape(bytes[at]);
                    at += 1;
                }
                Within::Hex(count, value) => match char::from(bytes[at]).to_digit(16) {
                    Some(digit) => {
                        self.digit(count, value << 4 | digit as u16);
                        at += 1;
                    }
                    // What stands here may be the closing quote.
                    None => {
                        self.text.spoil();
                        self.within = Within::Text;
                    }
                },
            }
        }
        None
    }

    fn plain(&mut self, bytes: &[u8]) {
        self.break_pair();
        self.text.extend(bytes);
    }

    fn escape(&mut self, byte: u8) {
        self.within = Within::Text;
        let plain = match byte {
            b'u' => {
                self.within = Within::Hex(0, 0);
                return;
            }
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return self.text.spoil(),
        };
        self.plain(&[plain]);
    }

    fn digit(&mut self, count: u8, value: u16) {
        if count < 3 {
            self.within = Within::Hex(count + 1, value);
            return;
        }
        self.within = Within::Text;
        let first = std::mem::take(&mut self.high);
        let units = [first, value];
        let units = if first == 0 { &units[1..] } else { &units[..] };
        if first == 0 && (0xd800..0xdc00).contains(&value) {
            self.high = value;
            return;
        }
        for unit in char::decode_utf16(units.iter().copied()) {
            match unit {
                Ok(unit) => self.text.extend(unit.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.text.spoil(),
            }
        }
    }

    /// Half a pair is no text.
    fn break_pair(&mut self) {
        if std::mem::take(&mut self.high) != 0 {
            self.text.spoil();
        }
    }
}
