//! The `format`s that are checked, as OpenAPI tools check them.

use std::error::Error;
use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::lint::regex::Pattern;

/// Checked by the validator itself.
const BUILT_IN: [&str; 15] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// The formats of numbers and bytes.
pub(super) const OWN: [boon::Format; 9] = [
    boon::Format {
        name: "date-time",
        func: date_time,
    },
    boon::Format {
        name: "time",
        func: time,
    },
    boon::Format {
        name: "byte",
        func: byte,
    },
    boon::Format {
        name: "int32",
        func: int32,
    },
    boon::Format {
        name: "int64",
        func: int64,
    },
    boon::Format {
        name: "email",
        func: email,
    },
    boon::Format {
        name: "hostname",
        func: hostname,
    },
    boon::Format {
        name: "uri-template",
        func: uri_template,
    },
    boon::Format {
        name: "uuid",
        func: uuid,
    },
];

/// Whether a value can fail this format: any other is a note to readers.
pub(super) fn is_known(format: &str) -> bool {
    BUILT_IN.contains(&format) || OWN.iter().any(|own| own.name == format)
}

fn int32(value: &Json) -> Result<(), Box<dyn Error>> {
    let fits = |number: f64| {
        number.fract() == 0.0 && (-2_147_483_648.0..=2_147_483_647.0).contains(&number)
    };
    number(value, fits, "this is no 32-bit integer")
}

fn int64(value: &Json) -> Result<(), Box<dyn Error>> {
    number(
        value,
        |number| number.fract() == 0.0,
        "this is no 64-bit integer",
    )
}

fn number(value: &Json, fits: impl Fn(f64) -> bool, error: &str) -> Result<(), Box<dyn Error>> {
    match value.as_f64() {
        Some(number) if !fits(number) => Err(error.into()),
        _ => Ok(()),
    }
}

/// A date, a `T` or a space, and a time.
fn date_time(value: &Json) -> Result<(), Box<dyn Error>> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let is_between = |c: char| matches!(c, 't' | 'T') || c.is_whitespace();
    let is_valid = text.split_once(is_between).is_some_and(|(date, time)| {
        date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok() && is_time(time)
    });
    match is_valid {
        true => Ok(()),
        false => Err("this is no date with a time".into()),
    }
}

fn time(value: &Json) -> Result<(), Box<dyn Error>> {
    match value.as_str().is_none_or(is_time) {
        true => Ok(()),
        false => Err("this is no time".into()),
    }
}

/// `hh:mm:ss` with a fraction and a zone or without: tools do not insist on the zone.
fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else {
        return false;
    };
    let zone_at = rest.find(['z', 'Z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone_at);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_fraction = fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits);
    let hours = zone.get(1..).unwrap_or_default().replace(':', "");
    let is_zone = match zone.get(..1) {
        None | Some("") => true,
        Some("z" | "Z") => zone.len() == 1,
        Some(_) => matches!(hours.len(), 2 | 4) && digits(&hours),
    };
    let parts: Vec<Option<u8>> = clock
        .split(':')
        .map(|part| {
            part.parse()
                .ok()
                .filter(|_| part.len() == 2 && digits(part))
        })
        .collect();
    let in_range = match parts.as_slice() {
        [Some(hour), Some(minute), Some(second)] => *hour < 24 && *minute < 60 && *second < 61,
        _ => false,
    };
    in_range && is_fraction && is_zone
}

/// Base64 in groups of four, line breaks allowed.
fn byte(value: &Json) -> Result<(), Box<dyn Error>> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let compact: Vec<u8> = text
        .bytes()
        .filter(|b| !matches!(b, b'\r' | b'\n'))
        .collect();
    let padding = compact.iter().rev().take_while(|b| **b == b'=').count();
    let body = &compact[..compact.len() - padding];
    let is_letter = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    match compact.len().is_multiple_of(4) && padding <= 2 && body.iter().all(is_letter) {
        true => Ok(()),
        false => Err("this is no base64".into()),
    }
}

/// A local part of atoms, and a domain of at least two labels.
fn email(value: &Json) -> Result<(), Box<dyn Error>> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let is_atom = |part: &str| {
        let known = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
        !part.is_empty() && part.bytes().all(known)
    };
    let is_label = |part: &str| {
        let inner = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        inner && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
    };
    let is_email = text.split_once('@').is_some_and(|(local, domain)| {
        local.split('.').all(is_atom) && domain.contains('.') && domain.split('.').all(is_label)
    });
    match is_email {
        true => Ok(()),
        false => Err("this is no email address".into()),
    }
}

fn hostname(value: &Json) -> Result<(), Box<dyn Error>> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let inner = label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let edges = !label.starts_with('-') && !label.ends_with('-');
        inner && edges && (1..=63).contains(&label.len())
    };
    match name.len() <= 253 && name.split('.').all(is_label) {
        true => Ok(()),
        false => Err("this is no name of a host".into()),
    }
}

/// RFC 6570, section 2, with operators reserved for later.
static URI_TEMPLATE: LazyLock<Pattern> = LazyLock::new(|| {
    let name = "(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|[*])?";
    let literal = "[^\\u0000-\\u0020\"'<>%\\\\^`{|}]|%[0-9a-f]{2}";
    let text = format!("^(?:{literal}|[{{][+#./;?&=,!@|]?{name}(?:,{name})*[}}])*$");
    Pattern::new(&text, "i", &text).expect("a constant, and a test uses it")
});

fn uri_template(value: &Json) -> Result<(), Box<dyn Error>> {
    match value.as_str().is_none_or(|text| URI_TEMPLATE.finds(text)) {
        true => Ok(()),
        false => Err("this is no template of an address".into()),
    }
}

/// With or without `urn:uuid:`.
fn uuid(value: &Json) -> Result<(), Box<dyn Error>> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let head = text
        .get(..9)
        .is_some_and(|head| head.eq_ignore_ascii_case("urn:uuid:"));
    let digits = if head { &text[9..] } else { text };
    let lengths = digits.split('-').map(str::len);
    let is_hex = digits.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    match is_hex && lengths.eq([8, 4, 4, 4, 12]) {
        true => Ok(()),
        false => Err("this is no UUID".into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::OWN;

    fn check(format: &str, fits: &[&str], differs: &[&str]) {
        let own = OWN.iter().find(|own| own.name == format).unwrap();
        for text in fits {
            assert!((own.func)(&Json::from(*text)).is_ok(), "{format} {text}");
        }
        for text in differs {
            assert!((own.func)(&Json::from(*text)).is_err(), "{format} {text}");
        }
    }

    #[test]
    fn formats_are_those_of_openapi_tools() {
        check(
            "hostname",
            &["a", "a-b.c", "a.b."],
            &["", "-a", "a..b", "a_b"],
        );
        check(
            "uri-template",
            &["/a{?q,lang}", "http://x/{term:1}/{+rest}", "%20", ""],
            &["{", "/{a b}", "/ a", "{a-b}", "a%2"],
        );
        let plain = "123e4567-E89b-12d3-a456-426614174000";
        check(
            "uuid",
            &[plain, &format!("urn:uuid:{plain}")],
            &["", &plain[1..], "urn:uuid:"],
        );
    }
}
