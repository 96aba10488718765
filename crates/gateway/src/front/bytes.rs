//! Byte classes of HTTP and the eight-at-a-time search for the end of a line.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// `tchar` of RFC 9110 section 5.6.2.
const TOKEN: u8 = 1;
/// May stand in a request path as it is.
const PATH: u8 = 2;
/// May stand in a query as it is.
const QUERY: u8 = 4;
/// May stand in a host name: letters, digits, `-`, `.`, `_`.
const HOST: u8 = 8;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte: u8 = 0x21;
    while byte < 0x7f {
        let alphanumeric = byte.is_ascii_alphanumeric();
        let mut class = 0;
        if alphanumeric || among(byte, b"!#$%&'*+-.^_`|~") {
            class |= TOKEN;
        }
        if alphanumeric || among(byte, b"-._~!$&'()*+,;=:@/%[]|^\\") {
            class |= PATH;
        }
        if !among(byte, b"\"#<>") {
            class |= QUERY;
        }
        if alphanumeric || among(byte, b"-._") {
            class |= HOST;
        }
        classes[byte as usize] = class;
        byte += 1;
    }
    classes
}

const fn among(byte: u8, list: &[u8]) -> bool {
    let mut i = 0;
    while i < list.len() {
        if list[i] == byte {
            return true;
        }
        i += 1;
    }
    false
}

/// How many leading bytes are token characters.
#[inline]
pub(super) fn token_length(bytes: &[u8]) -> usize {
    length(bytes, TOKEN, |word| {
        within(word | (LOW * 0x20), b'a', b'z') | equal(word, b'-')
    })
}

/// How many leading bytes may stand in a path: `pchar`, `/` and `%` of RFC 3986, and `[ ] | ^ \`.
///
/// The URL standard of browsers leaves `[ ] | ^` as they are in a path, so clients send them. `\` is taken
/// here because `check_path` names it better than "a character that may not stand here".
#[inline]
pub(super) fn path_length(bytes: &[u8]) -> usize {
    length(bytes, PATH, |word| {
        within(word, b'$', b';') | within(word, b'@', b'_') | within(word, b'a', b'z')
    })
}

/// How many leading bytes may stand in a query: every visible ASCII character but `" # < >`.
///
/// The URL standard of browsers leaves `[ ] { } | ^ \` and the backtick as they are in a query (a filter such as
/// `?q={a|b}` arrives so from `fetch`), and encodes exactly the four that we refuse, so no client that follows
/// either standard is turned away. None of the permitted ones can move a message or segment boundary.
#[inline]
pub(super) fn query_length(bytes: &[u8]) -> usize {
    length(bytes, QUERY, |word| {
        within(word, b'$', b';') | equal(word, b'=') | within(word, b'?', b'~')
    })
}

/// How many leading bytes may stand in a host name.
#[inline]
pub(super) fn host_length(bytes: &[u8]) -> usize {
    length(bytes, HOST, |word| {
        within(word, b'a', b'z') | within(word, b'0', b'9') | equal(word, b'-') | equal(word, b'.')
    })
}

/// How many leading bytes are of `class`. `usual` takes eight bytes at a time: it sets the high bit of those that
/// are of the class for sure; only the others are looked up one by one.
#[inline]
fn length(bytes: &[u8], class: u8, usual: impl Fn(u64) -> u64) -> usize {
    let mut at = 0;
    while let Some(word) = bytes[at..].first_chunk::<8>() {
        let unusual = !usual(u64::from_le_bytes(*word)) & HIGH;
        if unusual == 0 {
            at += 8;
            continue;
        }
        at += lowest(unusual);
        if CLASSES[usize::from(bytes[at])] & class == 0 {
            return at;
        }
        at += 1;
    }
    let rest = &bytes[at..];
    at + rest
        .iter()
        .position(|byte| CLASSES[usize::from(*byte)] & class == 0)
        .unwrap_or(rest.len())
}

/// The high bit of every byte that is ASCII and from `first` to `last`; other bits are not to be read.
#[inline]
const fn within(word: u64, first: u8, last: u8) -> u64 {
    // Without their high bits, bytes cannot carry into the next one.
    let low = word & !HIGH;
    let from_first = low + LOW * (0x80 - first as u64);
    let past_last = low + LOW * (0x7f - last as u64);
    from_first & !past_last & !word
}

/// The high bit of every byte that is the ASCII character `wanted`; other bits are not to be read.
#[inline]
const fn equal(word: u64, wanted: u8) -> u64 {
    let difference = word ^ (LOW * wanted as u64);
    (HIGH - (difference & !HIGH)) & !difference
}

/// The length of the first line without its CRLF, if the line is complete and holds no control character but
/// tabs. `None` says only that this quick look did not find one.
#[inline]
pub(super) fn clean_line_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at = control_position(bytes, at)?;
        match bytes[at] {
            b'\t' => at += 1,
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => return Some(at),
            _ => return None,
        }
    }
}

/// Where the first byte below 0x20 or equal to 0x7f is, from `at` on.
#[inline]
fn control_position(bytes: &[u8], mut at: usize) -> Option<usize> {
    // No early exit inside, so that the compiler looks at 16 bytes at once.
    let any = |chunk: &[u8; 16]| {
        chunk
            .iter()
            .fold(false, |any, byte| any | is_control(*byte))
    };
    while let Some(chunk) = bytes.get(at..)?.first_chunk::<16>()
        && !any(chunk)
    {
        at += 16;
    }
    while let Some(word) = bytes.get(at..)?.first_chunk::<8>() {
        let suspects = suspects(u64::from_le_bytes(*word));
        if suspects == 0 {
            at += 8;
            continue;
        }
        at += lowest(suspects);
        if is_control(bytes[at]) {
            return Some(at);
        }
        at += 1;
    }
    let rest = bytes.get(at..)?;
    rest.iter()
        .position(|byte| is_control(*byte))
        .map(|i| at + i)
}

/// The high bit of the lowest byte that is a control character or not ASCII. Higher bits may be wrong through
/// carries and are not to be read.
#[inline]
const fn suspects(word: u64) -> u64 {
    (word.wrapping_sub(LOW * 0x20) | word.wrapping_add(LOW)) & HIGH
}

/// The number of the lowest byte whose high bit is set.
#[inline]
const fn lowest(bits: u64) -> usize {
    bits.trailing_zeros() as usize / 8
}

pub(super) const fn is_control(byte: u8) -> bool {
    (byte < 0x20) | (byte == 0x7f)
}

/// `OWS` of RFC 9110 section 5.6.3 taken off both ends.
#[inline]
pub(super) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_search_agrees_with_the_byte_search() {
        // Every byte value at every place of two words, among bytes that are near the borders.
        for filler in [b'a', b' ', 0x21, 0x7e, 0x80, 0xff] {
            for byte in 0..=255 {
                for at in 0..16 {
                    let mut bytes = [filler; 19];
                    bytes[at] = byte;
                    let expected = bytes.iter().position(|byte| is_control(*byte));
                    assert_eq!(
                        control_position(&bytes, 0),
                        expected,
                        "{byte:#x} at {at} among {filler:#x}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_clean_line_may_hold_tabs_and_bytes_above_ascii_only() {
        assert_eq!(clean_line_length(b"a: b\tc\xff\r\nd"), Some(7));
        assert_eq!(clean_line_length(b"\r\n"), Some(0));
        for not_clean in [
            &b"a: b"[..],
            b"a: b\r",
            b"a\n",
            b"a\rb\r\n",
            b"a\0\r\n",
            b"a\x7f\r\n",
            b"",
        ] {
            assert_eq!(clean_line_length(not_clean), None, "{not_clean:?}");
        }
    }

    #[test]
    fn trim_takes_spaces_and_tabs_only() {
        assert_eq!(trim(b" \ta b\t "), b"a b");
        assert_eq!(trim(b" \t"), b"");
        assert_eq!(trim(b"\x0ba"), b"\x0ba");
    }
}
