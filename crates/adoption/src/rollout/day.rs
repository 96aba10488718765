//! Days in UTC: between instants and dates, saturating at the ends of the calendar.

use jiff::Span;
use jiff::civil::Date;

use crate::clock::Micros;

/// Microseconds of one day; UTC days have no leap seconds here.
pub const DAY_US: i64 = 86_400 * Micros::PER_SECOND;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The UTC date that holds `at`.
pub fn date_of(at: Micros) -> Date {
    plus_days(EPOCH, at.day())
}

/// The first instant of `date` in UTC.
pub fn start_of(date: Date) -> Micros {
    Micros(days_between(EPOCH, date) * DAY_US)
}

/// `date` moved by `days`, which may be negative; the first or last date of the calendar when that is outside it.
pub fn plus_days(date: Date, days: i64) -> Date {
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    Span::new()
        .try_days(days)
        .and_then(|span| date.checked_add(span))
        .unwrap_or(end)
}

/// Days from `from` to `until`, negative when `until` is the earlier one.
pub fn days_between(from: Date, until: Date) -> i64 {
    from.until(until)
        .map(|span| i64::from(span.get_days()))
        .expect("two dates of the calendar are a span of days apart")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_back() {
        for days in [-1, 0, 1, 59, 20_000, 2_932_896] {
            let date = plus_days(EPOCH, days);
            assert_eq!(days_between(EPOCH, date), days);
            assert_eq!(start_of(date).day(), days);
            assert_eq!(date_of(Micros(start_of(date).0 + DAY_US - 1)), date);
        }
        assert_eq!(date_of(Micros(i64::MAX)), Date::MAX);
        assert_eq!(date_of(Micros(i64::MIN)), Date::MIN);
    }
}
