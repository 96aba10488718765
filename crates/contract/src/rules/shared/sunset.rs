//! The day that a deprecated thing goes away, from `x-sunset`.

use jiff::civil::Date;

use crate::tree::Node;

/// What `x-sunset` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sunset<'t> {
    Missing,
    /// Neither a date nor a date-time of RFC 3339.
    Invalid(&'t str),
    On(Date),
}

pub(crate) fn of(node: Node<'_>) -> Sunset<'_> {
    match node.get("x-sunset") {
        None => Sunset::Missing,
        Some(value) => read(value),
    }
}

pub(crate) fn read(value: Node<'_>) -> Sunset<'_> {
    let text = value.scalar_text().unwrap_or("").trim();
    let is_separated =
        text.len() == 10 || matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' '));
    let date = text
        .get(..10)
        .filter(|day| is_separated && day.as_bytes()[4] == b'-');
    match date.and_then(|day| day.parse().ok()) {
        Some(date) => Sunset::On(date),
        None => Sunset::Invalid(text),
    }
}
