//! Which paths are refused because two servers could read them differently.

use super::violation::Violation;

/// Whether an escape or empty segment that is legal, but that servers disagree about, may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escape {
    #[default]
    Refuse,
    /// It goes upstream as it came, and matching takes it as part of a parameter, never as a separator.
    Pass,
}

/// What an API's owner may permit in paths. Dot segments, backslashes, encoded control characters and broken
/// escapes never pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PathRules {
    /// `%2F`, for APIs that take whole paths as one parameter.
    pub encoded_slash: Escape,
    /// `//`.
    pub empty_segment: Escape,
}

/// Judges the path of a request, as sent, without its query. `*` and every other path that does not start with
/// `/` is the target parser's matter and passes.
#[inline]
pub fn check_path(path: &[u8], rules: PathRules) -> Result<(), Violation> {
    if is_plain(path) {
        Ok(())
    } else {
        check_segments(path, rules)
    }
}

/// Whether the path has nothing that needs a closer look: no `%`, no `\`, no segment that is empty or starts
/// with a dot or semicolon. Written as one pass without early exit, so that it runs on 16 bytes at a time.
#[inline]
fn is_plain(path: &[u8]) -> bool {
    let Some((_, after_first)) = path.split_first() else {
        return true;
    };
    let escape = path.iter().fold(false, |found, byte| {
        found | (*byte == b'%') | (*byte == b'\\')
    });
    let segment = path
        .iter()
        .zip(after_first)
        .fold(false, |found, (one, next)| {
            found | ((*one == b'/') & ((*next == b'/') | (*next == b'.') | (*next == b';')))
        });
    !escape & !segment
}

#[cold]
fn check_segments(path: &[u8], rules: PathRules) -> Result<(), Violation> {
    let Some(segments) = path.strip_prefix(b"/") else {
        return Ok(());
    };
    let mut segments = segments.split(|byte| *byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment.is_empty() && !is_last && rules.empty_segment == Escape::Refuse {
            return Err(Violation::PathEmptySegment);
        }
        check_segment(segment, is_last, rules)?;
    }
    Ok(())
}

fn check_segment(segment: &[u8], is_last: bool, rules: PathRules) -> Result<(), Violation> {
    let mut dots = 0;
    let mut only_dots = true;
    let mut rest = segment;
    while let Some((byte, after)) = decode_first(rest) {
        let byte = byte?;
        let encoded = rest[0] == b'%';
        rest = after;
        match byte {
            b'\\' => return Err(Violation::PathBackslash),
            b'/' if rules.encoded_slash == Escape::Refuse => {
                return Err(Violation::PathEncodedSlash);
            }
            // An encoded slash is a separator to some: what stands on each side of it is a segment to them.
            b'/' => {
                check_dots(dots, only_dots)?;
                (dots, only_dots) = (0, true);
            }
            0..0x20 | 0x7f => return Err(Violation::PathEncodedControl),
            // Never valid in UTF-8; decoders that take them anyway read `/` or `.` out of the pair.
            0xc0 | 0xc1 if encoded => return Err(Violation::PathPercentInvalid),
            b'.' if only_dots => dots += 1,
            // Path parameters are cut off before the path is resolved by some: `..;x` is `..` to them, and `;x`
            // an empty segment.
            b';' if only_dots => {
                check_dots(dots, only_dots)?;
                if dots == 0 && !is_last && rules.empty_segment == Escape::Refuse {
                    return Err(Violation::PathEmptySegment);
                }
                only_dots = false;
            }
            _ => only_dots = false,
        }
    }
    check_dots(dots, only_dots)
}

fn check_dots(dots: usize, only_dots: bool) -> Result<(), Violation> {
    if only_dots && matches!(dots, 1 | 2) {
        Err(Violation::PathDotSegment)
    } else {
        Ok(())
    }
}

/// The first byte of `text`, percent-decoded once, and what follows it; `None` at the end.
fn decode_first(text: &[u8]) -> Option<(Result<u8, Violation>, &[u8])> {
    match text {
        [] => None,
        [b'%', high, low, rest @ ..] => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let byte = digit(high)
                .zip(digit(low))
                .map(|(high, low)| (high << 4 | low) as u8);
            Some((byte.ok_or(Violation::PathPercentInvalid), rest))
        }
        [b'%', ..] => Some((Err(Violation::PathPercentInvalid), &[])),
        [byte, rest @ ..] => Some((Ok(*byte), rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_properly_encoded_paths_pass() {
        for path in [
            "/",
            "/a",
            "/a/",
            "/a/b.c",
            "/a.b/c",
            "/...",
            "/a/...b",
            "/a..b/..c",
            "/%41",
            "/a%20b",
            "/%e2%82%ac",
            "/a;b=..",
            "/a%2525",
            "/.well-known/x",
            "/a/.hidden",
            "*",
            "/%252f",
            "/..a",
            "/...;x",
            "/a/;x",
            "/a;x/b",
        ] {
            assert_eq!(
                check_path(path.as_bytes(), PathRules::default()),
                Ok(()),
                "{path}"
            );
        }
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        for (path, violation) in [
            ("/..", Violation::PathDotSegment),
            ("/.", Violation::PathDotSegment),
            ("/a/../b", Violation::PathDotSegment),
            ("/a/./b", Violation::PathDotSegment),
            ("/a/%2e%2e/b", Violation::PathDotSegment),
            ("/a/%2E./b", Violation::PathDotSegment),
            ("/a/.%2e", Violation::PathDotSegment),
            ("/a/%2e", Violation::PathDotSegment),
            ("/a/..;/b", Violation::PathDotSegment),
            ("/a/..;x=1/b", Violation::PathDotSegment),
            ("/a/%2e%2e%3bx/b", Violation::PathDotSegment),
            ("//", Violation::PathEmptySegment),
            ("//a", Violation::PathEmptySegment),
            ("/a//b", Violation::PathEmptySegment),
            ("/a//", Violation::PathEmptySegment),
            ("/a/;x/b", Violation::PathEmptySegment),
            ("/a/;../b", Violation::PathEmptySegment),
            ("/%3b;c/e%2e%2e", Violation::PathEmptySegment),
            ("/a%2fb", Violation::PathEncodedSlash),
            ("/a/..%2f", Violation::PathEncodedSlash),
            ("/a%2Fb", Violation::PathEncodedSlash),
            ("/a\\b", Violation::PathBackslash),
            ("/a%5cb", Violation::PathBackslash),
            ("/a%5Cb", Violation::PathBackslash),
            ("/a%00", Violation::PathEncodedControl),
            ("/a%0d%0ab", Violation::PathEncodedControl),
            ("/a%7f", Violation::PathEncodedControl),
            ("/a%", Violation::PathPercentInvalid),
            ("/a%4", Violation::PathPercentInvalid),
            ("/a%4/b1", Violation::PathPercentInvalid),
            ("/a%zz", Violation::PathPercentInvalid),
            ("/a%+1", Violation::PathPercentInvalid),
            ("/a%u0041", Violation::PathPercentInvalid),
            ("/%c0%af", Violation::PathPercentInvalid),
            ("/%c0%ae", Violation::PathPercentInvalid),
        ] {
            assert_eq!(
                check_path(path.as_bytes(), PathRules::default()),
                Err(violation),
                "{path}"
            );
        }
    }

    #[test]
    fn an_owner_may_permit_encoded_slashes_and_empty_segments_but_not_what_hides_behind_them() {
        let rules = PathRules {
            encoded_slash: Escape::Pass,
            empty_segment: Escape::Pass,
        };
        for path in ["/a%2fb", "/a//b", "//", "/a/;x/b", "/refs%2Fheads%2Fmain"] {
            assert_eq!(check_path(path.as_bytes(), rules), Ok(()), "{path}");
        }
        for path in [
            "/a%2f..%2fb",
            "/a%2f..",
            "/..%2fb",
            "/a/%2e%2e%2fb",
            "/a//../b",
        ] {
            assert_eq!(
                check_path(path.as_bytes(), rules),
                Err(Violation::PathDotSegment),
                "{path}"
            );
        }
    }
}
