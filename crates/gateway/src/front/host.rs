//! The one form in which a host may be written, and when two of them are the same.

use std::net::Ipv6Addr;

use super::bytes::host_length;
use super::violation::Violation;

/// RFC 1035 section 2.3.4, with room for brackets and a port.
const HOST_BYTES_MAX: usize = 255 + 6;

/// A host as sent, split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Host<'a> {
    name: &'a [u8],
    port: Option<u16>,
}

/// Whether `value` is a name of letters, digits, `-`, `.`, `_`, or a bracketed IPv6 address, with an optional
/// port of 1 to 65535. Narrower than RFC 3986: no user, no percent-encoding, no empty port, never empty.
#[inline]
pub(super) fn check_host(value: &[u8]) -> Result<(), Violation> {
    split(value).map(|_| ())
}

/// Whether two valid hosts name the same place, the scheme's own port left out or written.
pub(super) fn same_host(one: &[u8], other: &[u8], default_port: u16) -> bool {
    let (Ok(one), Ok(other)) = (split(one), split(other)) else {
        return false;
    };
    one.name.eq_ignore_ascii_case(other.name)
        && one.port.unwrap_or(default_port) == other.port.unwrap_or(default_port)
}

#[inline]
fn split(value: &[u8]) -> Result<Host<'_>, Violation> {
    if value.is_empty() || value.len() > HOST_BYTES_MAX {
        return Err(Violation::HostInvalid);
    }
    let length = match value[0] {
        b'[' => address_length(value)?,
        _ => host_length(value),
    };
    let (name, rest) = value.split_at(length);
    let port = match rest {
        [] => None,
        [b':', digits @ ..] => Some(port(digits)?),
        _ => return Err(Violation::HostInvalid),
    };
    // A name needs a letter or digit to be one: `.` and `-` alone are typing errors.
    if !name
        .iter()
        .any(|byte| byte.is_ascii_alphanumeric() || *byte == b':')
    {
        return Err(Violation::HostInvalid);
    }
    Ok(Host { name, port })
}

/// The length of `[...]` with an IPv6 address in it.
fn address_length(value: &[u8]) -> Result<usize, Violation> {
    let end = value
        .iter()
        .position(|byte| *byte == b']')
        .ok_or(Violation::HostInvalid)?;
    let text = std::str::from_utf8(&value[1..end]).map_err(|_| Violation::HostInvalid)?;
    text.parse::<Ipv6Addr>()
        .map_err(|_| Violation::HostInvalid)?;
    Ok(end + 1)
}

fn port(digits: &[u8]) -> Result<u16, Violation> {
    if digits.is_empty() || digits.len() > 5 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Violation::HostInvalid);
    }
    let port = digits
        .iter()
        .fold(0, |port, digit| port * 10 + u32::from(digit - b'0'));
    u16::try_from(port)
        .ok()
        .filter(|port| *port != 0)
        .ok_or(Violation::HostInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_ports() {
        for good in [
            "a",
            "api.example.com",
            "API.example.com.",
            "a_b-c:8080",
            "127.0.0.1:1",
            "[::1]",
            "[2001:db8::1]:443",
        ] {
            assert_eq!(check_host(good.as_bytes()), Ok(()), "{good}");
        }
        for bad in [
            "",
            " ",
            "a b",
            "a,b",
            "a@b",
            "u:p@a",
            "a:",
            "a:x",
            "a:0",
            "a:65536",
            "a:080801",
            "a:+80",
            "a/b",
            "a?b",
            "a%20b",
            "[::1",
            "[::1]x",
            "[]",
            "[127.0.0.1]",
            "::1",
            ".",
            "-",
            ":80",
            "a:80:80",
            "a\u{e9}",
            "http://a",
            "a;b",
            "*.a",
        ] {
            assert_eq!(
                check_host(bad.as_bytes()),
                Err(Violation::HostInvalid),
                "{bad}"
            );
        }
        assert_eq!(check_host(&[b'a'; 262]), Err(Violation::HostInvalid));
    }

    #[test]
    fn the_same_host_may_differ_in_case_and_in_writing_the_usual_port() {
        assert!(same_host(b"A.b", b"a.B:80", 80));
        assert!(same_host(b"a.b:443", b"a.b", 443));
        assert!(!same_host(b"a.b:443", b"a.b", 80));
        assert!(!same_host(b"a.b", b"a.c", 80));
        assert!(!same_host(b"a b", b"a b", 80));
    }
}
