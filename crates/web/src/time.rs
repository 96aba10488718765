//! Instants as the API writes and reads them: RFC 3339 in UTC.

use adoption::Micros;
use jiff::{SpanRelativeTo, Timestamp, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An instant in a request or an answer, such as `2026-01-31T09:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub Micros);

/// Why a text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is neither an instant such as 2026-01-31T00:00:00Z nor a time ago such as 24h or 7d"
)]
pub struct WhenError {
    pub text: String,
}

/// An RFC 3339 instant, or a time before `now`: `24h`, `7d`, `1h 30m`. A day is 24 hours.
pub fn parse_when(text: &str, now: Micros) -> Result<Micros, WhenError> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Micros(instant.as_microsecond()));
    }
    let bad = || WhenError {
        text: text.to_owned(),
    };
    let ago: jiff::Span = text.parse().map_err(|_| bad())?;
    let ago_us = ago
        .total((Unit::Microsecond, SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| bad())?;
    if ago_us < 0.0 || ago_us > now.0 as f64 {
        return Err(bad());
    }
    Ok(Micros(now.0 - ago_us as i64))
}

impl From<Micros> for Instant {
    fn from(micros: Micros) -> Self {
        Self(micros)
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Timestamp::from_microsecond(self.0.0) {
            Ok(instant) => instant.fmt(f),
            // Outside the years -9999 to 9999; no clock of ours says that.
            Err(_) => write!(f, "{}us", self.0.0),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let instant: Timestamp = text.parse().map_err(|_| {
            serde::de::Error::custom(format!(
                "{text:?} is no instant; write it as 2026-01-31T00:00:00Z"
            ))
        })?;
        Ok(Self(Micros(instant.as_microsecond())))
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_times_ago() {
        let now = Micros::from_seconds(1_700_000_000);
        let check = |text: &str, expect: i64| {
            assert_eq!(
                parse_when(text, now),
                Ok(Micros::from_seconds(expect)),
                "{text}"
            )
        };
        check("24h", 1_700_000_000 - 86_400);
        check("7d", 1_700_000_000 - 7 * 86_400);
        check("1h 30m", 1_700_000_000 - 5_400);
        check("1970-01-01T00:01:00Z", 60);
        check("1970-01-01T01:00:00+01:00", 0);
        for bad in ["", "soon", "-1h", "24", "99999y"] {
            assert!(parse_when(bad, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn text_and_back() {
        let instant = Instant(Micros(1_700_000_000_123_456));
        let text = serde_json::to_string(&instant).unwrap();
        assert_eq!(text, "\"2023-11-14T22:13:20.123456Z\"");
        assert_eq!(serde_json::from_str::<Instant>(&text).unwrap(), instant);
    }
}
