//! One header or trailer line: its name, its value, and what it means for message framing.

use super::bytes::{token_length, trim};
use super::violation::Violation;

/// A valid field line, split at its colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub name: &'a [u8],
    /// With the white space around it: most values are never looked at.
    raw_value: &'a [u8],
}

impl<'a> Field<'a> {
    /// The value without the white space around it.
    pub fn value(&self) -> &'a [u8] {
        trim(self.raw_value)
    }
}

/// The fields that decide where a message ends and whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    Host,
    ContentLength,
    TransferEncoding,
    Connection,
    Other,
}

/// Judges a field line given without its CRLF and known to hold no control character but tabs.
#[inline]
pub(super) fn parse_field(line: &[u8]) -> Result<Field<'_>, Violation> {
    let length = token_length(line);
    match line.get(length) {
        Some(b':') if length > 0 => Ok(Field {
            name: &line[..length],
            raw_value: &line[length + 1..],
        }),
        _ => Err(field_violation(line, length)),
    }
}

/// Why the token that `line` starts with is not followed by a colon.
fn field_violation(line: &[u8], token_length: usize) -> Violation {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Violation::FieldFolded;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return Violation::FieldColonMissing;
    };
    let between = &line[token_length..colon];
    if token_length > 0 && between.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
        return Violation::FieldNameSpace;
    }
    Violation::FieldNameInvalid
}

/// What `name` decides; refuses the names that only look like framing ones.
#[inline]
pub(super) fn field_kind(name: &[u8]) -> Result<FieldKind, Violation> {
    // Length and first letter tell almost every name from these without a look at its other letters.
    match (name.len(), name.first().map_or(0, |letter| letter | 0x20)) {
        (4, b'h') if name.eq_ignore_ascii_case(b"host") => Ok(FieldKind::Host),
        (10, b'c') if name.eq_ignore_ascii_case(b"connection") => Ok(FieldKind::Connection),
        (14, b'c') => framing_kind(name, b"content-length", FieldKind::ContentLength),
        (17, b't') => framing_kind(name, b"transfer-encoding", FieldKind::TransferEncoding),
        _ => Ok(FieldKind::Other),
    }
}

/// `kind` if `name` is `framing_name`, a violation if it is so but for `_` in place of `-`: servers that hand
/// headers over as CGI variables cannot tell the two.
fn framing_kind(name: &[u8], framing_name: &[u8], kind: FieldKind) -> Result<FieldKind, Violation> {
    if name.eq_ignore_ascii_case(framing_name) {
        return Ok(kind);
    }
    let same = |(byte, wanted): (&u8, &u8)| {
        byte.eq_ignore_ascii_case(wanted) || (*byte == b'_' && *wanted == b'-')
    };
    if name.iter().zip(framing_name).all(same) {
        return Err(Violation::FieldLookalike);
    }
    Ok(FieldKind::Other)
}

/// A `Content-Length` of 0 to 2^63-1: one plain decimal number.
#[inline]
pub(super) fn parse_content_length(value: &[u8]) -> Result<u64, Violation> {
    // 2^63 - 1 has 19 digits, so 19 never overflow a u64.
    let plain = matches!(value.len(), 1..=19) && value.iter().all(u8::is_ascii_digit);
    if !plain || (value.len() > 1 && value[0] == b'0') {
        return Err(Violation::LengthInvalid);
    }
    let length = value.iter().fold(0, |length: u64, digit| {
        length * 10 + u64::from(digit - b'0')
    });
    if length > i64::MAX as u64 {
        Err(Violation::LengthInvalid)
    } else {
        Ok(length)
    }
}

/// The only transfer coding that is taken.
pub(super) fn check_transfer_encoding(value: &[u8]) -> Result<(), Violation> {
    if value.eq_ignore_ascii_case(b"chunked") {
        Ok(())
    } else {
        Err(Violation::EncodingUnsupported)
    }
}

/// Refuses a `Connection` that would have us take away a field that the API or we rely on.
#[inline]
pub(super) fn check_connection(value: &[u8]) -> Result<(), Violation> {
    if value.eq_ignore_ascii_case(b"keep-alive") || value.eq_ignore_ascii_case(b"close") {
        return Ok(());
    }
    let mut options = value.split(|byte| *byte == b',').map(trim);
    if options.any(is_end_to_end) {
        Err(Violation::ConnectionOption)
    } else {
        Ok(())
    }
}

/// Whether a field of this name is meant for the API behind us, so that no `Connection` may remove it.
///
/// Besides what identifies, frames and routes, it lists what an API decides by. Other names may be listed in
/// `Connection` and are then removed, as RFC 9110 section 7.6.1 has it.
pub(super) fn is_end_to_end(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 25] = [
        b"accept",
        b"accept-encoding",
        b"api-key",
        b"apikey",
        b"authorization",
        b"cache-control",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"cookie",
        b"date",
        b"expect",
        b"forwarded",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"origin",
        b"range",
        b"transfer-encoding",
        b"user-agent",
        b"via",
        b"x-api-key",
        b"x-auth-token",
        b"x-request-id",
    ];
    const PREFIXES: [&[u8]; 4] = [b"x-forwarded-", b"x-real-", b"x-towpath-", b"x-consumer-"];

    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
        || PREFIXES.iter().any(|prefix| starts_with(name, prefix))
}

/// Whether a trailer of this name could change what the head said (RFC 9110 section 6.5.1).
pub(super) fn is_forbidden_trailer(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 12] = [
        b"connection",
        b"content-range",
        b"keep-alive",
        b"max-forwards",
        b"proxy-authorization",
        b"proxy-connection",
        b"set-cookie",
        b"te",
        b"trailer",
        b"upgrade",
        b"content_length",
        b"transfer_encoding",
    ];
    is_end_to_end(name) || NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, name, value) in [
            (&b"A-b:  c d\t"[..], &b"A-b"[..], &b"c d"[..]),
            (b"a:", b"a", b""),
            (b"a:b:c", b"a", b"b:c"),
            (b"a: \xe9", b"a", b"\xe9"),
            (b"x_1.2!#$%&'*+^`|~: c", b"x_1.2!#$%&'*+^`|~", b"c"),
        ] {
            let field = parse_field(line).unwrap();
            assert_eq!((field.name, field.value()), (name, value));
        }
        for (line, violation) in [
            (&b" a: b"[..], Violation::FieldFolded),
            (b"\ta", Violation::FieldFolded),
            (b"a b", Violation::FieldColonMissing),
            (b"a", Violation::FieldColonMissing),
            (b"a : b", Violation::FieldNameSpace),
            (b"a\t: b", Violation::FieldNameSpace),
            (b": b", Violation::FieldNameInvalid),
            (b"a b: c", Violation::FieldNameInvalid),
            (b"a(b): c", Violation::FieldNameInvalid),
            (b"\xe9: c", Violation::FieldNameInvalid),
            (b"\"a\": c", Violation::FieldNameInvalid),
        ] {
            assert_eq!(parse_field(line), Err(violation), "{line:?}");
        }
    }

    #[test]
    fn kinds_and_lookalikes() {
        assert_eq!(field_kind(b"hOST"), Ok(FieldKind::Host));
        assert_eq!(field_kind(b"Content-Length"), Ok(FieldKind::ContentLength));
        assert_eq!(
            field_kind(b"transfer-encodinG"),
            Ok(FieldKind::TransferEncoding)
        );
        assert_eq!(field_kind(b"Connection"), Ok(FieldKind::Connection));
        assert_eq!(field_kind(b"content-lengtH"), Ok(FieldKind::ContentLength));
        assert_eq!(
            field_kind(b"Content_Length"),
            Err(Violation::FieldLookalike)
        );
        assert_eq!(
            field_kind(b"TRANSFER_ENCODING"),
            Err(Violation::FieldLookalike)
        );
        for other in [
            &b"hosts"[..],
            b"etag",
            b"content-lenght",
            b"authentication-info",
            b"x-forwarded-port",
        ] {
            assert_eq!(field_kind(other), Ok(FieldKind::Other), "{other:?}");
        }
    }

    #[test]
    fn a_length_is_one_plain_number() {
        assert_eq!(parse_content_length(b"0"), Ok(0));
        assert_eq!(
            parse_content_length(b"9223372036854775807"),
            Ok(i64::MAX as u64)
        );
        for bad in [
            &b""[..],
            b"+4",
            b"-4",
            b"0x4",
            b"4, 4",
            b"4,4",
            b"4;4",
            b"4 4",
            b"04",
            b"00",
            b"4.0",
            b"4e1",
            b"9223372036854775808",
            b"99999999999999999999",
            b"18446744073709551617",
            b"\xd9\xa4",
        ] {
            assert_eq!(
                parse_content_length(bad),
                Err(Violation::LengthInvalid),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_only_coding_is_chunked() {
        assert_eq!(check_transfer_encoding(b"Chunked"), Ok(()));
        for bad in [
            &b""[..],
            b"xchunked",
            b"chunked, identity",
            b"identity",
            b"gzip, chunked",
            b"chunked,",
            b"chunked;a=b",
        ] {
            assert_eq!(
                check_transfer_encoding(bad),
                Err(Violation::EncodingUnsupported),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn connection_may_not_name_what_the_api_relies_on() {
        for good in [
            &b"keep-alive"[..],
            b"Close",
            b"upgrade",
            b"Keep-Alive, Upgrade",
            b"TE, close",
            b"",
            b", x-hop",
        ] {
            assert_eq!(check_connection(good), Ok(()), "{good:?}");
        }
        for bad in [
            &b"Host"[..],
            b"close, authorization",
            b"close,\tX-Api-Key ",
            b"content-length",
            b"X-Forwarded-For",
            b"COOKIE",
        ] {
            assert_eq!(
                check_connection(bad),
                Err(Violation::ConnectionOption),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn trailers_may_carry_results_but_not_framing() {
        for good in [
            &b"grpc-status"[..],
            b"x-checksum",
            b"digest",
            b"Content-Digest",
        ] {
            assert!(!is_forbidden_trailer(good), "{good:?}");
        }
        for bad in [
            &b"Content-Length"[..],
            b"transfer-encoding",
            b"HOST",
            b"Trailer",
            b"te",
            b"authorization",
            b"Content_Length",
        ] {
            assert!(is_forbidden_trailer(bad), "{bad:?}");
        }
    }
}
