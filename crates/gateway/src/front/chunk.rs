//! The size line of a chunk.

use super::violation::Violation;

/// 16 hexadecimal digits hold 64 bits.
const DIGITS_MAX: usize = 16;

/// A chunk-size line, or as much of it as has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SizeLine {
    Incomplete,
    /// `length` counts the line with its CRLF.
    Complete {
        size: u64,
        length: usize,
    },
}

/// Reads `1*16HEXDIG CRLF` and nothing else. Extensions are refused: parsers are known to disagree about where
/// they end, and no client of an API needs them (RFC 9112 section 7.1.1 lets a recipient bound them).
pub(super) fn parse_size_line(bytes: &[u8]) -> Result<SizeLine, Violation> {
    let mut size: u64 = 0;
    // Two bytes more than the digits, so that a 17th digit is seen as what it is.
    for (i, byte) in bytes.iter().take(DIGITS_MAX + 1).enumerate() {
        match char::from(*byte).to_digit(16) {
            Some(_) if i == DIGITS_MAX => return Err(Violation::ChunkSizeInvalid),
            Some(digit) => size = size << 4 | u64::from(digit),
            None => return end_of_size(&bytes[i..], i, size),
        }
    }
    Ok(SizeLine::Incomplete)
}

fn end_of_size(rest: &[u8], digits: usize, size: u64) -> Result<SizeLine, Violation> {
    match rest {
        [b'\n', ..] => Err(Violation::BareLf),
        _ if digits == 0 => Err(Violation::ChunkSizeInvalid),
        [b'\r', b'\n', ..] => Ok(SizeLine::Complete {
            size,
            length: digits + 2,
        }),
        [b'\r'] => Ok(SizeLine::Incomplete),
        [b'\r', ..] => Err(Violation::BareCr),
        [b';', ..] => Err(Violation::ChunkExtension),
        _ => Err(Violation::ChunkSizeInvalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_lines() {
        let complete = |size, length| Ok(SizeLine::Complete { size, length });
        assert_eq!(parse_size_line(b"4\r\nabcd"), complete(4, 3));
        assert_eq!(parse_size_line(b"0\r\n"), complete(0, 3));
        assert_eq!(parse_size_line(b"00aF\r\n"), complete(0xaf, 6));
        assert_eq!(
            parse_size_line(b"ffffffffffffffff\r\n"),
            complete(u64::MAX, 18)
        );
        for more in [
            &b""[..],
            b"4",
            b"4\r",
            b"0123456789abcdef",
            b"0123456789abcdef\r",
        ] {
            assert_eq!(parse_size_line(more), Ok(SizeLine::Incomplete), "{more:?}");
        }
        for (bad, violation) in [
            (&b"\r\n"[..], Violation::ChunkSizeInvalid),
            (b"x", Violation::ChunkSizeInvalid),
            (b"0x4\r\n", Violation::ChunkSizeInvalid),
            (b"+4\r\n", Violation::ChunkSizeInvalid),
            (b"-1\r\n", Violation::ChunkSizeInvalid),
            (b" 4\r\n", Violation::ChunkSizeInvalid),
            (b"4 \r\n", Violation::ChunkSizeInvalid),
            (b"4\t\r\n", Violation::ChunkSizeInvalid),
            (b"4 ;a\r\n", Violation::ChunkSizeInvalid),
            (b"00123456789abcdef", Violation::ChunkSizeInvalid),
            (b"4;a=b\r\n", Violation::ChunkExtension),
            (b"4;\n", Violation::ChunkExtension),
            (b"4\n", Violation::BareLf),
            (b"\n", Violation::BareLf),
            (b"4\rx", Violation::BareCr),
        ] {
            assert_eq!(parse_size_line(bad), Err(violation), "{bad:?}");
        }
    }
}
