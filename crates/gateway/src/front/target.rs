//! The four forms of a request target (RFC 9112 section 3.2), of which two and a half are taken.

use super::bytes::{path_length, query_length};
use super::host::check_host;
use super::violation::Violation;

/// A valid request target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// `/path?query`
    Origin,
    /// `http://host/path?query`; the host has been checked.
    Absolute { host: &'a [u8], default_port: u16 },
    /// `*`, with OPTIONS only.
    Asterisk,
}

/// Judges `target` of a request with `method`. CONNECT is refused whatever its target is.
#[inline]
pub(super) fn parse_target<'a>(method: &[u8], target: &'a [u8]) -> Result<Target<'a>, Violation> {
    if method == b"CONNECT" {
        return Err(Violation::ConnectUnsupported);
    }
    match target {
        [b'/', ..] => check_path_and_query(target).map(|()| Target::Origin),
        b"*" if method == b"OPTIONS" => Ok(Target::Asterisk),
        _ => absolute(target),
    }
}

fn absolute(target: &[u8]) -> Result<Target<'_>, Violation> {
    let (rest, default_port) = if let Some(rest) = after_scheme(target, b"http://") {
        (rest, 80)
    } else if let Some(rest) = after_scheme(target, b"https://") {
        (rest, 443)
    } else {
        // A first byte that belongs in no target says more about what went wrong than the form does.
        let known = target
            .first()
            .is_none_or(|byte| query_length(&[*byte]) == 1);
        return Err(if known {
            Violation::TargetForm
        } else {
            Violation::TargetCharacter
        });
    };
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?'))
        .unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    check_host(host)?;
    check_path_and_query(path)?;
    Ok(Target::Absolute { host, default_port })
}

fn after_scheme<'a>(target: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = target.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[inline]
fn check_path_and_query(target: &[u8]) -> Result<(), Violation> {
    let rest = &target[path_length(target)..];
    let clean = match rest {
        [] => true,
        [b'?', query @ ..] => query_length(query) == query.len(),
        _ => false,
    };
    if clean {
        Ok(())
    } else {
        Err(Violation::TargetCharacter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let check =
            |method: &str, target: &'static str| parse_target(method.as_bytes(), target.as_bytes());
        assert_eq!(check("GET", "/"), Ok(Target::Origin));
        assert_eq!(
            check("GET", "/a;b=1/c,d@e:f!$&'()*+~%41?x=[1]&y={a|b}^`\\?/"),
            Ok(Target::Origin)
        );
        assert_eq!(check("OPTIONS", "*"), Ok(Target::Asterisk));
        assert_eq!(check("GET", "*"), Err(Violation::TargetForm));
        assert_eq!(check("OPTIONS", "**"), Err(Violation::TargetForm));
        assert_eq!(
            check("GET", "HTTPS://A:1?x"),
            Ok(Target::Absolute {
                host: b"A:1",
                default_port: 443
            })
        );
        assert_eq!(
            check("GET", "http://a"),
            Ok(Target::Absolute {
                host: b"a",
                default_port: 80
            })
        );
        assert_eq!(check("GET", "http://u@a/"), Err(Violation::HostInvalid));
        assert_eq!(check("GET", "http:///a"), Err(Violation::HostInvalid));
        assert_eq!(check("GET", "http:/a"), Err(Violation::TargetForm));
        assert_eq!(check("GET", "ftp://a/"), Err(Violation::TargetForm));
        assert_eq!(check("GET", "a/b"), Err(Violation::TargetForm));
        assert_eq!(check("GET", "a:80"), Err(Violation::TargetForm));
        assert_eq!(check("CONNECT", "a:80"), Err(Violation::ConnectUnsupported));
        assert_eq!(check("CONNECT", "/"), Err(Violation::ConnectUnsupported));
        assert_eq!(check("GET", "#a"), Err(Violation::TargetCharacter));
        assert_eq!(check("GET", ""), Err(Violation::TargetForm));
    }

    #[test]
    fn characters_that_must_be_encoded() {
        for byte in 0..=255u8 {
            let visible = (0x21..0x7f).contains(&byte);
            let in_path = visible && !b"\"#<>`{}".contains(&byte);
            let in_query = visible && !b"\"#<>".contains(&byte);
            let outcome = |target: &[u8]| parse_target(b"GET", target).is_ok();
            // A question mark in a path starts the query.
            assert_eq!(
                outcome(&[b'/', b'a', byte, b'b']),
                in_path,
                "path {byte:#x}"
            );
            assert_eq!(
                outcome(&[b'/', b'?', byte, b'b']),
                in_query,
                "query {byte:#x}"
            );
        }
    }
}
