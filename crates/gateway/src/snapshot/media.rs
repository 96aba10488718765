//! Versions by media type: what in `Accept` or `Content-Type` names one.

use crate::fields::options;

/// What a media type must be to name a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaName {
    /// Type and subtype in lower case; `None` for whichever.
    essence: Option<String>,
    /// Names in lower case, each with the value that is asked for.
    parameters: Vec<(String, String)>,
}

impl MediaName {
    /// `None` when `text` is no media type, no parameters of one and no value of `version`.
    pub fn parse(text: &str) -> Option<Self> {
        let pairs = |text: &str| {
            let pairs = text.split(';').map(parameter);
            pairs.collect::<Option<Vec<_>>>()
        };
        let (essence, parameters) = match text.split_once(';') {
            Some((essence, rest)) if essence.contains('/') => (Some(essence), pairs(rest)?),
            None if text.contains('/') => (Some(text), Vec::new()),
            _ if text.contains('=') => (None, pairs(text)?),
            _ => (None, vec![parameter(&format!("version={text}"))?]),
        };
        let essence = match essence.map(str::trim) {
            Some(essence) => {
                let (kind, subtype) = essence.split_once('/')?;
                if !is_token(kind) || !is_token(subtype) || essence.contains('*') {
                    return None;
                }
                Some(essence.to_ascii_lowercase())
            }
            None => None,
        };
        Some(Self {
            essence,
            parameters,
        })
    }

    /// How much the `Content-Type` or the member of an `Accept` asks for this, in thousandths; 0 when it does not.
    pub fn weight(&self, member: &[u8]) -> u16 {
        let mut parts = member.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let essence = parts.next().unwrap_or_default();
        let wanted = self.essence.as_deref();
        if wanted.is_some_and(|wanted| !essence.eq_ignore_ascii_case(wanted.as_bytes())) {
            return 0;
        }
        let mut found = 0;
        let mut weight = 1_000;
        for part in parts {
            let Some(equals) = part.iter().position(|byte| *byte == b'=') else {
                continue;
            };
            let (name, value) = (part[..equals].trim_ascii(), unquoted(&part[equals + 1..]));
            if name.eq_ignore_ascii_case(b"q") {
                weight = thousandths(value);
            }
            let is = |(own, asked): &&(String, String)| {
                name.eq_ignore_ascii_case(own.as_bytes()) && value == asked.as_bytes()
            };
            found += self.parameters.iter().filter(is).count();
        }
        match found >= self.parameters.len() {
            true => weight,
            false => 0,
        }
    }
}

/// The members of an `Accept`, or the one of a `Content-Type`.
pub fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    options(value)
}

fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let value = std::str::from_utf8(unquoted(value.as_bytes())).ok()?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.to_owned());
    (is_token(&name) && is_token(&value) && name != "q").then_some((name, value))
}

fn unquoted(value: &[u8]) -> &[u8] {
    let value = value.trim_ascii();
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|v| v.strip_suffix(b"\""));
    inner.unwrap_or(value)
}

/// A weight of RFC 9110 section 12.4.2; what is none counts as the whole.
fn thousandths(value: &[u8]) -> u16 {
    let text = std::str::from_utf8(value).unwrap_or_default();
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = rest.len() <= 3 && rest.bytes().all(|byte| byte.is_ascii_digit());
    match (whole, digits) {
        ("0", true) => format!("{rest:0<3}").parse().unwrap_or(1_000),
        _ => 1_000,
    }
}

/// RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_names_a_version_as_far_as_it_is_asked_for() {
        let check = |name: &str, member: &str, expect: u16| {
            let parsed = MediaName::parse(name).unwrap();
            assert_eq!(parsed.weight(member.as_bytes()), expect, "{name} {member}");
        };
        let vendor = "application/vnd.acme.v2+json";
        check(vendor, "Application/Vnd.Acme.V2+JSON", 1_000);
        check(vendor, "application/vnd.acme.v2+json; q=0.25;x=y", 250);
        check(vendor, "application/vnd.acme.v2+json;q=0", 0);
        check(vendor, "application/vnd.acme.v2+json;q=9", 1_000);
        check(vendor, "application/vnd.acme.v20+json", 0);
        check(vendor, "*/*", 0);
        check(
            "application/json; version=2",
            "application/json;Version=\"2\"",
            1_000,
        );
        check("application/json;version=2", "application/json", 0);
        check("application/json;version=2", "text/plain;version=2", 0);
        check("version=2", "text/plain; version=2; q=0.5", 500);
        check("2", "text/plain; version=2", 1_000);
        check("2", "text/plain; version=20", 0);
    }

    #[test]
    fn what_is_no_media_type_is_refused() {
        for bad in [
            "", "a/b/c", "*/*", "/", "a/b;", "a b", "v=", "q=1", "a;b", "é",
        ] {
            assert_eq!(MediaName::parse(bad), None, "{bad:?}");
        }
    }
}
