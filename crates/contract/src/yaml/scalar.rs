//! YAML 1.2.2 core-schema scalars (section 10.3): which texts are null, booleans and numbers.

use saphyr_parser::{ScalarStyle, Tag};

use crate::tree::RawKind;

/// What a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    None,
    Str,
    Int,
    Float,
    Bool,
    Null,
    Seq,
    Map,
    Unknown,
}

impl TagKind {
    pub(super) fn fits_container(self, kind: RawKind) -> bool {
        match self {
            Self::None => true,
            Self::Seq => kind == RawKind::Array,
            Self::Map => kind == RawKind::Object,
            _ => false,
        }
    }
}

pub(super) fn tag_kind(tag: Option<&Tag>) -> TagKind {
    let Some(tag) = tag else {
        return TagKind::None;
    };
    // A verbatim tag `!<tag:yaml.org,2002:str>` has it all in its suffix.
    let core = match tag.is_yaml_core_schema() {
        true => Some(tag.suffix.as_str()),
        false => tag
            .suffix
            .strip_prefix("tag:yaml.org,2002:")
            .filter(|_| tag.handle.is_empty()),
    };
    match core {
        Some("str") => TagKind::Str,
        Some("int") => TagKind::Int,
        Some("float") => TagKind::Float,
        Some("bool") => TagKind::Bool,
        Some("null") => TagKind::Null,
        Some("seq") => TagKind::Seq,
        Some("map") => TagKind::Map,
        Some(_) => TagKind::Unknown,
        // The non-specific tag `!` asks for a string.
        None if tag.handle.is_empty() && tag.suffix == "!" => TagKind::Str,
        None => TagKind::Unknown,
    }
}

/// Where the quoted text ends in `written`, which its tag and its anchor may open and a comment may close; all of it where
/// no quote does.
pub(super) fn quoted_end(written: &str) -> usize {
    let bytes = written.as_bytes();
    let start = properties_end(written);
    let Some(quote @ (b'\'' | b'"')) = bytes.get(start).copied() else {
        return bytes.len();
    };
    let mut at = start + 1;
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(quote, b'\\', rest))
    {
        at += next;
        let is_doubled = bytes.get(at + 1) == Some(&quote);
        at += match (bytes[at] == quote, quote) {
            (true, b'\'') if is_doubled => 2,
            (true, _) => return at + 1,
            // A backslash escapes between double quotes alone.
            (false, b'"') => 2,
            (false, _) => 1,
        };
    }
    bytes.len()
}

/// Behind tag, anchor, and comments between them.
fn properties_end(written: &str) -> usize {
    let mut rest = written;
    loop {
        let length = match rest.as_bytes().first() {
            Some(b'!' | b'&') => rest.find(char::is_whitespace),
            Some(b'#') => rest.find('\n'),
            _ => return written.len() - rest.len(),
        };
        rest = rest[length.unwrap_or(rest.len())..].trim_start();
    }
}

/// The kind of a scalar; `None` if the text is not of the type that the tag names.
pub(super) fn kind(text: &str, style: ScalarStyle, tag: TagKind) -> Option<RawKind> {
    let core = core_kind(text);
    match tag {
        TagKind::Str => Some(RawKind::String),
        TagKind::Int | TagKind::Float => Some(core).filter(|kind| *kind == RawKind::Number),
        TagKind::Bool => Some(core).filter(|kind| matches!(kind, RawKind::True | RawKind::False)),
        TagKind::Null => Some(core).filter(|kind| *kind == RawKind::Null),
        TagKind::Seq | TagKind::Map => None,
        TagKind::None | TagKind::Unknown => Some(match style {
            ScalarStyle::Plain => core,
            _ => RawKind::String,
        }),
    }
}

fn core_kind(text: &str) -> RawKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => RawKind::Null,
        "true" | "True" | "TRUE" => RawKind::True,
        "false" | "False" | "FALSE" => RawKind::False,
        _ if is_number(text) => RawKind::Number,
        _ => RawKind::String,
    }
}

fn is_number(text: &str) -> bool {
    // Every number starts with one of these, most texts do not.
    if !text.starts_with([
        '-', '+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ]) {
        return false;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|b| matches!(b, b'0'..=b'7'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if let ".nan" | ".NaN" | ".NAN" = text {
        return true;
    }
    let magnitude = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(magnitude, ".inf" | ".Inf" | ".INF") || is_decimal(magnitude)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && mantissa.len() > 1,
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema() {
        for (kind, texts) in [
            (RawKind::Null, "~ null Null NULL"),
            (RawKind::True, "true True TRUE"),
            (RawKind::False, "false False FALSE"),
            (
                RawKind::Number,
                "0 -1 +1 007 0o17 0xfF 1.5 1. .5 -.5 +12e03 1E-2 .inf -.INF +.Inf .nan .NaN",
            ),
            (
                RawKind::String,
                "nUll yes no on off . - + .e1 1e 1e+ 0o8 0x 0xg 1_000 1:30 -.nan +.nan 2025-01-01 3.1.0 0b1 -0x1 e1 ..5 1.2.3",
            ),
        ] {
            for text in texts.split(' ') {
                assert_eq!(core_kind(text), kind, "{text}");
            }
        }
        assert_eq!(core_kind(""), RawKind::Null);
    }
}
