//! Durations ("30s", "1h30m") and sizes ("8MiB") as people write them in configuration.

use std::time::Duration;

use serde::de::{Deserializer, Error as _, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Why a text is not a duration or a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    #[error(
        "duration {text:?} needs numbers with a unit: ms, s, m, h or d, such as \"30s\" or \"1h30m\""
    )]
    Duration { text: String },
    #[error(
        "size {text:?} needs a whole number with a unit: B, KiB, MiB, GiB, KB, MB or GB, such as \"8MiB\""
    )]
    Size { text: String },
    #[error("{text:?} is too large")]
    TooLarge { text: String },
}

const DURATION_UNITS_MS: [(&str, u64); 5] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];
const SIZE_UNITS_BYTES: [(&str, u64); 7] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// One or more number-unit pairs, each unit smaller than the one before: `1h30m`, `250ms`, `0s`.
pub fn duration(text: &str) -> Result<Duration, UnitError> {
    let bad = || UnitError::Duration {
        text: text.to_owned(),
    };
    let too_large = || UnitError::TooLarge {
        text: text.to_owned(),
    };
    let mut rest = text.trim();
    let mut total_ms = 0_u64;
    let mut last_unit_ms = u64::MAX;

    while !rest.is_empty() {
        let (number, after) = split_digits(rest).ok_or_else(bad)?;
        let unit_length = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(unit_length);
        let unit_ms = unit_of(&DURATION_UNITS_MS, unit.trim()).ok_or_else(bad)?;
        if unit_ms >= last_unit_ms {
            return Err(bad());
        }

        let number: u64 = number.parse().map_err(|_| too_large())?;
        total_ms = number
            .checked_mul(unit_ms)
            .and_then(|part_ms| total_ms.checked_add(part_ms))
            .ok_or_else(too_large)?;
        last_unit_ms = unit_ms;
        rest = next;
    }

    if last_unit_ms == u64::MAX {
        return Err(bad());
    }
    Ok(Duration::from_millis(total_ms))
}

/// A whole number of bytes with a unit: `8MiB`, `512 B`.
pub fn size(text: &str) -> Result<u64, UnitError> {
    let bad = || UnitError::Size {
        text: text.to_owned(),
    };
    let too_large = || UnitError::TooLarge {
        text: text.to_owned(),
    };
    let (number, unit) = split_digits(text.trim()).ok_or_else(bad)?;
    let unit_bytes = unit_of(&SIZE_UNITS_BYTES, unit.trim()).ok_or_else(bad)?;
    let number: u64 = number.parse().map_err(|_| too_large())?;
    number.checked_mul(unit_bytes).ok_or_else(too_large)
}

/// The shortest text that [`duration`] reads back: `90s` becomes `1m30s`.
pub fn duration_text(duration: Duration) -> String {
    let mut rest_ms = duration.as_millis() as u64;
    if rest_ms == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, unit_ms) in DURATION_UNITS_MS.iter().rev() {
        let count = rest_ms / unit_ms;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
            rest_ms %= unit_ms;
        }
    }
    text
}

/// The largest binary unit that divides `bytes`, so that [`size`] reads the same number back.
pub fn size_text(bytes: u64) -> String {
    let (unit, unit_bytes) = SIZE_UNITS_BYTES[..4]
        .iter()
        .rev()
        .find(|(_, unit_bytes)| bytes >= *unit_bytes && bytes.is_multiple_of(*unit_bytes))
        .unwrap_or(&SIZE_UNITS_BYTES[0]);
    format!("{}{unit}", bytes / unit_bytes)
}

fn split_digits(text: &str) -> Option<(&str, &str)> {
    let length = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (length > 0).then(|| text.split_at(length))
}

fn unit_of(units: &[(&str, u64)], unit: &str) -> Option<u64> {
    units
        .iter()
        .find(|(name, _)| *name == unit)
        .map(|(_, factor)| *factor)
}

/// A duration in configuration: text with units; whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Span {
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    pub fn as_ms(self) -> u64 {
        self.0.as_millis() as u64
    }
}

/// A size in configuration: text with units; bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&duration_text(self.0))
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&size_text(self.0))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_str(UnitText {
            expected: "a duration such as \"30s\"",
        })?;
        duration(&text).map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_str(UnitText {
            expected: "a size such as \"8MiB\"",
        })?;
        size(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Accepts text only, so that a bare `30` is answered with what a value looks like.
struct UnitText {
    expected: &'static str,
}

impl Visitor<'_> for UnitText {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<String, E> {
        Err(E::invalid_type(Unexpected::Signed(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_printed_back() {
        for (text, ms, printed) in [
            ("30s", 30_000, "30s"),
            ("250ms", 250, "250ms"),
            ("1h30m", 5_400_000, "1h30m"),
            ("90s", 90_000, "1m30s"),
            ("48h", 172_800_000, "2d"),
            ("0s", 0, "0s"),
            (" 5 m ", 300_000, "5m"),
        ] {
            let got = duration(text).unwrap();
            assert_eq!(got.as_millis(), ms, "{text}");
            assert_eq!(duration_text(got), printed);
            assert_eq!(duration(printed), Ok(got));
        }
        for bad in [
            "",
            "30",
            "s",
            "1m1h",
            "1s1s",
            "-3s",
            "1.5s",
            "3 parsecs",
            "30S",
        ] {
            assert!(
                matches!(duration(bad), Err(UnitError::Duration { .. })),
                "{bad}"
            );
        }
        assert!(matches!(
            duration("99999999999999999999d"),
            Err(UnitError::TooLarge { .. })
        ));
    }

    #[test]
    fn sizes_are_read_and_printed_back() {
        for (text, bytes, printed) in [
            ("8MiB", 8 << 20, "8MiB"),
            ("1KB", 1_000, "1000B"),
            ("1536KiB", 1_536 << 10, "1536KiB"),
            ("0B", 0, "0B"),
            ("2 GiB", 2 << 30, "2GiB"),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
            assert_eq!(size_text(bytes), printed);
            assert_eq!(size(printed), Ok(bytes));
        }
        for bad in ["", "8", "MiB", "8mib", "-1B", "1.5MiB"] {
            assert!(matches!(size(bad), Err(UnitError::Size { .. })), "{bad}");
        }
        assert!(matches!(
            size("18446744073709551615GiB"),
            Err(UnitError::TooLarge { .. })
        ));
    }
}
