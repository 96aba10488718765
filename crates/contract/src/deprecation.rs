//! When an operation was deprecated, when it goes away, and what takes its place.

use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;

use crate::findings::Findings;
use crate::tree::Node;

/// An operation that its consumers should leave.
///
/// From `deprecated: true` and the extensions `x-deprecated-at`, `x-sunset`, `x-replaced-by`, `x-deprecation-link`
/// and `x-sunset-link`; `x-deprecated-at` and `x-sunset` deprecate an operation by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deprecation {
    /// `x-deprecated-at`: a date is that day's start in UTC. `None`: since some time that the contract does not tell.
    pub deprecated_at: Option<Timestamp>,
    /// `x-sunset`: a date is that day's last second in UTC, so that the operation works on the day that is named.
    /// Never before `deprecated_at`.
    pub sunset_at: Option<Timestamp>,
    /// An absolute URL, or a path of this API that starts with `/` (a template where the operation's path is one).
    pub replaced_by: Option<String>,
    /// A page about the deprecation, for the `deprecation` link relation (RFC 9745 section 3).
    pub deprecation_link: Option<String>,
    /// A page about the sunset, for the `sunset` link relation (RFC 8594 section 6).
    pub sunset_link: Option<String>,
}

/// A deprecation whose `x-replaced-by` is still as written, with its node.
pub(crate) struct ReadDeprecation<'t> {
    pub(crate) deprecation: Deprecation,
    pub(crate) replaced_by: Option<(Node<'t>, &'t str)>,
}

/// `None` unless the operation is deprecated.
pub(crate) fn read<'t>(
    operation: Node<'t>,
    findings: &mut Findings,
) -> Option<ReadDeprecation<'t>> {
    let flag = operation.get("deprecated");
    let marked = flag.and_then(Node::as_bool);
    if let (Some(flag), None) = (flag, marked) {
        let message = format!(
            "`deprecated` is {}, not a boolean",
            flag.value().described()
        );
        findings.warning(flag, message, "write `true` or `false`");
    }
    let deprecated_at = instant(operation, "x-deprecated-at", DayEdge::Start, findings);
    let sunset_at = instant(operation, "x-sunset", DayEdge::End, findings);
    if marked != Some(true) && deprecated_at.is_none() && sunset_at.is_none() {
        return None;
    }

    if let (Some((at, deprecated_at)), Some((node, sunset_at))) = (deprecated_at, sunset_at)
        && sunset_at < deprecated_at
    {
        let line = at.line();
        findings.error(
            node,
            format!("the sunset is before `x-deprecated-at` (line {line})"),
            "let the operation be deprecated first: correct one of the two dates",
        );
    }
    let deprecation = Deprecation {
        deprecated_at: deprecated_at.map(|(_, instant)| instant),
        sunset_at: sunset_at.map(|(_, instant)| instant),
        replaced_by: None,
        deprecation_link: text(operation, "x-deprecation-link", findings)
            .map(|(_, text)| text.to_owned()),
        sunset_link: text(operation, "x-sunset-link", findings).map(|(_, text)| text.to_owned()),
    };
    Some(ReadDeprecation {
        deprecation,
        replaced_by: text(operation, "x-replaced-by", findings),
    })
}

#[derive(Debug, Clone, Copy)]
enum DayEdge {
    Start,
    End,
}

fn instant<'t>(
    operation: Node<'t>,
    name: &str,
    edge: DayEdge,
    findings: &mut Findings,
) -> Option<(Node<'t>, Timestamp)> {
    let node = operation.get(name)?;
    let parsed = node
        .as_str()
        .and_then(|text| parse_instant(text.trim(), edge));
    if parsed.is_none() {
        let shown = node.scalar_text().unwrap_or(node.value().described());
        findings.error(
            node,
            format!("`{name}` is neither a date nor an RFC 3339 date-time: {shown:?}"),
            "write it as \"2027-03-31\" or \"2027-03-31T12:00:00Z\"",
        );
    }
    parsed.map(|instant| (node, instant))
}

/// A date of RFC 3339 (`full-date`) takes the edge of its day in UTC, a `date-time` is what it says.
fn parse_instant(text: &str, edge: DayEdge) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shape = |pattern: &[u8]| {
        bytes.len() >= pattern.len()
            && pattern.iter().zip(bytes).all(|(p, b)| match p {
                b'0' => b.is_ascii_digit(),
                b'T' => matches!(b, b'T' | b't' | b' '),
                p => p == b,
            })
    };
    if text.len() == 10 && shape(b"0000-00-00") {
        let date: Date = text.parse().ok()?;
        let time = match edge {
            DayEdge::Start => time(0, 0, 0, 0),
            DayEdge::End => time(23, 59, 59, 0),
        };
        let zoned = date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?;
        return Some(zoned.timestamp());
    }
    // The parser knows more than RFC 3339, such as a zone in brackets or an hour without minutes.
    if shape(b"0000-00-00T00:00:00") && !text.contains('[') {
        return text.parse().ok();
    }
    None
}

fn text<'t>(
    operation: Node<'t>,
    name: &str,
    findings: &mut Findings,
) -> Option<(Node<'t>, &'t str)> {
    let node = operation.get(name)?;
    let text = node.as_str().map(str::trim).filter(|text| !text.is_empty());
    if text.is_none() {
        findings.warning(
            node,
            format!("`{name}` is left out: it is not a text"),
            "write it as a text",
        );
    }
    text.map(|text| (node, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<String> = [DayEdge::Start, DayEdge::End]
            .into_iter()
            .filter_map(|edge| parse_instant(text, edge))
            .map(|instant| instant.to_string())
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_day_has_two_edges() {
        check(
            "2027-03-31",
            &["2027-03-31T00:00:00Z", "2027-03-31T23:59:59Z"],
        );
        check(
            "2028-02-29",
            &["2028-02-29T00:00:00Z", "2028-02-29T23:59:59Z"],
        );
    }

    #[test]
    fn an_instant_is_what_it_says() {
        for text in [
            "2027-03-31T12:00:00Z",
            "2027-03-31t12:00:00z",
            "2027-03-31 14:00:00+02:00",
        ] {
            check(text, &["2027-03-31T12:00:00Z"; 2]);
        }
        check("2027-03-31T12:00:00.25Z", &["2027-03-31T12:00:00.25Z"; 2]);
    }

    #[test]
    fn all_else_is_refused() {
        for text in [
            "",
            "2027-02-29",
            "2027-3-1",
            "20270331",
            "31.03.2027",
            "2027-03-31T12:00:00",
            "2027-03-31T12:00Z",
            "2027-03-31T12:00:00+01:00[Europe/Berlin]",
            "2027-03-31 and later",
            "Wed, 31 Mar 2027 12:00:00 GMT",
        ] {
            check(text, &[]);
        }
    }
}
