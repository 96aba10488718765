//! What is said in headers of something deprecated, rendered when a Snapshot is compiled.

use std::time::{Duration, UNIX_EPOCH};

use adoption::Micros;
use http::HeaderValue;
use http::header::InvalidHeaderValue;

use crate::spec::DeprecationSpec;

const DEPRECATION: &[u8] = b"deprecation";
const SUNSET: &[u8] = b"sunset";
const REASON: &[u8] = b"api-deprecated-reason";
/// 9999-12-31T23:59:59Z: an HTTP date has four digits of year (RFC 9110 section 5.6.7).
const HTTP_DATE_SECONDS_MAX: i64 = 253_402_300_799;

/// RFC 9745, RFC 8594 and RFC 8288 headers of one deprecated operation, and what of it a call touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeprecationHeaders {
    pub deprecation: HeaderValue,
    pub sunset: Option<HeaderValue>,
    pub link: Option<HeaderValue>,
    /// `API-Deprecated-Reason`: a list of strings (RFC 9651 section 3.1), one per touched item.
    pub reason: Option<HeaderValue>,
    deprecated_at: Micros,
    sunset_at: Option<Micros>,
}

impl DeprecationHeaders {
    /// `Deprecation: @seconds` (RFC 9745 section 2.1), `Sunset: HTTP-date` (RFC 8594 section 3), one `Link`.
    pub fn of(spec: &DeprecationSpec) -> Result<Self, InvalidHeaderValue> {
        let sunset = spec.sunset_at.map(|at| {
            let seconds = at.seconds().clamp(0, HTTP_DATE_SECONDS_MAX) as u64;
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            HeaderValue::from_str(&httpdate::fmt_http_date(time))
        });
        let links: Vec<String> = [
            (
                &spec.deprecation_link,
                "rel=\"deprecation\"; type=\"text/html\"",
            ),
            (&spec.sunset_link, "rel=\"sunset\"; type=\"text/html\""),
            (&spec.successor_link, "rel=\"successor-version\""),
        ]
        .into_iter()
        .filter_map(|(target, parameters)| Some(format!("<{}>; {parameters}", target.as_ref()?)))
        .collect();
        let link = (!links.is_empty()).then(|| HeaderValue::from_str(&links.join(", ")));
        Ok(Self {
            deprecation: HeaderValue::from_str(&format!("@{}", spec.deprecated_at.seconds()))?,
            sunset: sunset.transpose()?,
            link: link.transpose()?,
            reason: None,
            deprecated_at: spec.deprecated_at,
            sunset_at: spec.sunset_at,
        })
    }

    /// Both in one: the earlier `Deprecation`, the earlier `Sunset`, the links of both. Has no reason.
    pub fn and(&self, other: &Self) -> Self {
        let first = match other.deprecated_at < self.deprecated_at {
            true => other,
            false => self,
        };
        let ends_first = match (self.sunset_at, other.sunset_at) {
            (None, Some(_)) => other,
            (Some(own), Some(others)) if others < own => other,
            _ => self,
        };
        Self {
            deprecation: first.deprecation.clone(),
            sunset: ends_first.sunset.clone(),
            link: joined(self.link.as_ref(), other.link.as_ref()),
            reason: None,
            deprecated_at: first.deprecated_at,
            sunset_at: ends_first.sunset_at,
        }
    }

    pub fn with_reason(self, reason: Option<HeaderValue>) -> Self {
        Self { reason, ..self }
    }

    /// Whether an upstream's field of this name gives way to ours.
    pub fn replaces(&self, name: &[u8]) -> bool {
        match name {
            DEPRECATION => true,
            SUNSET => self.sunset.is_some(),
            REASON => self.reason.is_some(),
            _ => false,
        }
    }

    /// Calls `put` with the name and value of each.
    pub fn for_each(&self, mut put: impl FnMut(&[u8], &[u8])) {
        put(DEPRECATION, self.deprecation.as_bytes());
        if let Some(sunset) = &self.sunset {
            put(SUNSET, sunset.as_bytes());
        }
        if let Some(link) = &self.link {
            put(b"link", link.as_bytes());
        }
        if let Some(reason) = &self.reason {
            put(REASON, reason.as_bytes());
        }
    }
}

/// The links of both in one list (RFC 8288 section 3), the same ones once.
fn joined(own: Option<&HeaderValue>, others: Option<&HeaderValue>) -> Option<HeaderValue> {
    match (own, others) {
        (Some(own), Some(others)) if own != others => {
            let list = [own.as_bytes(), b", ", others.as_bytes()].concat();
            Some(HeaderValue::from_bytes(&list).expect("header values and a comma are one"))
        }
        (Some(one), _) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deprecation_headers_are_byte_exact() {
        let spec = DeprecationSpec {
            deprecated_at: Micros::from_seconds(1_767_225_600),
            sunset_at: Some(Micros::from_seconds(1_814_399_999)),
            deprecation_link: Some("https://dev.example.com/changes/42".into()),
            sunset_link: Some("https://dev.example.com/sunset".into()),
            successor_link: Some("https://api.example.com/v3/orders".into()),
        };
        let headers = DeprecationHeaders::of(&spec).unwrap();
        assert!(headers.replaces(b"sunset") && !headers.replaces(b"link"));
        let mut lines = Vec::new();
        headers.for_each(|_, value| lines.push(String::from_utf8(value.to_vec()).unwrap()));
        assert_eq!(lines[0], "@1767225600");
        assert_eq!(lines[1], "Wed, 30 Jun 2027 23:59:59 GMT");
        assert_eq!(
            lines[2],
            "<https://dev.example.com/changes/42>; rel=\"deprecation\"; type=\"text/html\", \
             <https://dev.example.com/sunset>; rel=\"sunset\"; type=\"text/html\", \
             <https://api.example.com/v3/orders>; rel=\"successor-version\""
        );
    }

    #[test]
    fn of_two_the_earlier_dates_count_and_links_add_up() {
        let spec = |deprecated_at, sunset_at: Option<i64>, link: &str| DeprecationSpec {
            deprecated_at: Micros::from_seconds(deprecated_at),
            sunset_at: sunset_at.map(Micros::from_seconds),
            deprecation_link: None,
            sunset_link: None,
            successor_link: Some(link.to_owned()),
        };
        let check = |one, other, expect: [Option<&str>; 3]| {
            let (one, other) = (
                DeprecationHeaders::of(&one).unwrap(),
                DeprecationHeaders::of(&other).unwrap(),
            );
            let both = one.and(&other);
            let mut lines = Vec::new();
            both.for_each(|_, value| lines.push(String::from_utf8(value.to_vec()).unwrap()));
            let expect: Vec<&str> = expect.into_iter().flatten().collect();
            assert_eq!(lines, expect);
        };
        let (early, late) = (
            "Thu, 01 Jan 1970 00:00:20 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        );
        let link = "</a>; rel=\"successor-version\"";
        let links = "</a>; rel=\"successor-version\", </b>; rel=\"successor-version\"";
        check(
            spec(9, Some(20), "/a"),
            spec(5, Some(30), "/b"),
            [Some("@5"), Some(early), Some(links)],
        );
        check(
            spec(5, None, "/a"),
            spec(9, Some(20), "/a"),
            [Some("@5"), Some(early), Some(link)],
        );
        check(
            spec(5, Some(i64::MAX / 1_000_000), "/a"),
            spec(9, None, "/a"),
            [Some("@5"), Some(late), Some(link)],
        );
    }
}
