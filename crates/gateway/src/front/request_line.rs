//! The request line of HTTP/1.x: method, target, version.

use super::bytes::token_length;
use super::limits::FrontLimits;
use super::target::{Target, parse_target};
use super::violation::Violation;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Http10,
    Http11,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestLine<'a> {
    pub target: Target<'a>,
    pub version: Version,
}

/// Judges a request line given without its CRLF.
#[inline]
pub(super) fn parse_request_line<'a>(
    line: &'a [u8],
    limits: &FrontLimits,
) -> Result<RequestLine<'a>, Violation> {
    let length = token_length(line);
    if length == 0 || length > FrontLimits::METHOD_BYTES_MAX {
        return Err(Violation::MethodInvalid);
    }
    let (method, rest) = line.split_at(length);
    let rest = match rest {
        [b' ', rest @ ..] => rest,
        // One word alone: a method without anything is no HTTP/0.9 request either.
        _ => return Err(Violation::MethodInvalid),
    };
    let (target, version) = version(rest)?;
    if target.len() > limits.target_bytes_max() {
        return Err(Violation::TargetTooLong);
    }
    Ok(RequestLine {
        target: parse_target(method, target)?,
        version,
    })
}

/// Splits the target from the version behind it.
#[inline]
fn version(rest: &[u8]) -> Result<(&[u8], Version), Violation> {
    if let Some(target) = rest.strip_suffix(b" HTTP/1.1") {
        return Ok((target, Version::Http11));
    }
    if let Some(target) = rest.strip_suffix(b" HTTP/1.0") {
        return Ok((target, Version::Http10));
    }
    Err(version_violation(rest))
}

fn version_violation(rest: &[u8]) -> Violation {
    let Some(space) = rest.iter().rposition(|byte| *byte == b' ') else {
        return Violation::VersionMissing;
    };
    match &rest[space + 1..] {
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            Violation::VersionUnsupported
        }
        [b'H', b'T', b'T', b'P', b'/', major] if major.is_ascii_digit() => {
            Violation::VersionUnsupported
        }
        _ => Violation::VersionInvalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Version, Violation> {
        parse_request_line(line.as_bytes(), &FrontLimits::default()).map(|line| line.version)
    }

    #[test]
    fn methods_and_versions() {
        assert_eq!(check("GET / HTTP/1.1"), Ok(Version::Http11));
        assert_eq!(check("M-SEARCH / HTTP/1.0"), Ok(Version::Http10));
        for bad in [
            "",
            " / HTTP/1.1",
            "G(T / HTTP/1.1",
            "GET\t/ HTTP/1.1",
            "GET",
            "G\u{e9}T / HTTP/1.1",
        ] {
            assert_eq!(check(bad), Err(Violation::MethodInvalid), "{bad}");
        }
        assert_eq!(
            check(&format!("{} / HTTP/1.1", "A".repeat(32))),
            Ok(Version::Http11)
        );
        assert_eq!(
            check(&format!("{} / HTTP/1.1", "A".repeat(33))),
            Err(Violation::MethodInvalid)
        );
        assert_eq!(check("GET /"), Err(Violation::VersionMissing));
        for bad in [
            "GET / ",
            "GET / http/1.1",
            "GET / HTTP/1.1 ",
            "GET / HTTP/1.",
            "GET / HTTP/01.1",
            "GET / HTTP /1.1",
        ] {
            assert_eq!(check(bad), Err(Violation::VersionInvalid), "{bad}");
        }
        for other in [
            "GET / HTTP/1.2",
            "GET / HTTP/2.0",
            "PRI * HTTP/2.0",
            "GET / HTTP/0.9",
            "GET / HTTP/3",
        ] {
            assert_eq!(check(other), Err(Violation::VersionUnsupported), "{other}");
        }
    }

    #[test]
    fn spaces_belong_to_the_target_and_are_refused_there() {
        for bad in [
            "GET  / HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET /  HTTP/1.1",
            "GET /\t HTTP/1.1",
        ] {
            assert_eq!(check(bad), Err(Violation::TargetCharacter), "{bad}");
        }
        assert_eq!(check("GET  HTTP/1.1"), Err(Violation::TargetForm));
        assert_eq!(check("GET HTTP/1.1"), Err(Violation::VersionMissing));
    }

    #[test]
    fn the_target_limit_is_inclusive() {
        let line = |bytes: usize| format!("GET /{} HTTP/1.1", "a".repeat(bytes - 1));
        assert_eq!(check(&line(8192)), Ok(Version::Http11));
        assert_eq!(check(&line(8193)), Err(Violation::TargetTooLong));
    }
}
