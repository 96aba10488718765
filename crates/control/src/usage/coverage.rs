//! Which rows of which grain cover a period exactly.

use adoption::Micros;
use store::retention::Kept;
use store::usage_report::Coverage;

use super::report::Grain;

const HOUR: i64 = 60;
const DAY: i64 = 24;

/// A period as it can be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) since: Micros,
    pub(super) until: Micros,
    /// The coarsest grain that is read.
    pub(super) grain: Grain,
    pub(super) coverage: Coverage,
}

/// The period from the minute of `since` to the end of the last minute that `until` reaches into, its bounds moved
/// outwards where the finer grain is no longer kept. `kept` is as retention leaves it: minutes start on an hour,
/// hours on a day.
pub(super) fn cover(since: Micros, until: Micros, kept: Kept) -> Period {
    let first = first_minute(since.minute(), kept);
    let end = end_minute(
        Micros(until.0.saturating_sub(1)).minute().saturating_add(1),
        kept,
    )
    .max(first);

    let mut coverage = Coverage::default();
    let hours = ceil(first, HOUR)..end.div_euclid(HOUR);
    if hours.start > hours.end {
        coverage.minutes_before = first..end;
    } else {
        coverage.minutes_before = first..hours.start * HOUR;
        coverage.minutes_after = hours.end * HOUR..end;
        let days = ceil(hours.start, DAY)..hours.end.div_euclid(DAY);
        if days.start > days.end {
            coverage.hours_before = hours;
        } else {
            coverage.hours_before = hours.start..days.start * DAY;
            coverage.hours_after = days.end * DAY..hours.end;
            coverage.days = days;
        }
    }
    let grain = match &coverage {
        Coverage { days, .. } if !days.is_empty() => Grain::Day,
        Coverage {
            hours_before,
            hours_after,
            ..
        } if !hours_before.is_empty() || !hours_after.is_empty() => Grain::Hour,
        _ => Grain::Minute,
    };
    Period {
        since: Micros::from_seconds(first * 60),
        until: Micros::from_seconds(end * 60),
        grain,
        coverage,
    }
}

fn first_minute(minute: i64, kept: Kept) -> i64 {
    if minute >= kept.minute {
        return minute;
    }
    let hour = minute.div_euclid(HOUR);
    if hour >= kept.hour {
        return hour * HOUR;
    }
    hour.div_euclid(DAY).max(kept.day) * DAY * HOUR
}

fn end_minute(minute: i64, kept: Kept) -> i64 {
    if minute >= kept.minute {
        return minute;
    }
    let hour = ceil(minute, HOUR);
    if hour >= kept.hour {
        return hour * HOUR;
    }
    ceil(hour, DAY) * DAY * HOUR
}

fn ceil(value: i64, unit: i64) -> i64 {
    value.div_euclid(unit) + i64::from(value.rem_euclid(unit) > 0)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;

    use super::*;

    const ALL: Kept = Kept {
        minute: i64::MIN,
        hour: i64::MIN,
        day: i64::MIN,
    };

    /// The minutes of a range of a grain.
    fn minutes(range: &Range<i64>, unit: i64) -> Range<i64> {
        range.start * unit..range.end * unit
    }

    /// Every part in order, as minutes, without the empty ones.
    fn parts(coverage: &Coverage) -> Vec<Range<i64>> {
        [
            minutes(&coverage.minutes_before, 1),
            minutes(&coverage.hours_before, HOUR),
            minutes(&coverage.days, HOUR * DAY),
            minutes(&coverage.hours_after, HOUR),
            minutes(&coverage.minutes_after, 1),
        ]
        .into_iter()
        .filter(|range| !range.is_empty())
        .collect()
    }

    proptest! {
        #[test]
        fn parts_follow_each_other_without_gap_or_overlap(
            since in -3_000_000i64..3_000_000, length in 1i64..3_000_000,
            kept_minute_hours in -60i64..60, hour_days in 0i64..60, day in -3i64..3,
        ) {
            let kept = Kept {
                minute: kept_minute_hours * HOUR,
                hour: (kept_minute_hours.div_euclid(DAY) - hour_days) * DAY,
                day: kept_minute_hours.div_euclid(DAY) - hour_days - 10 + day,
            };
            for kept in [ALL, kept] {
                let (from, to) = (Micros::from_seconds(since), Micros::from_seconds(since + length));
                let period = cover(from, to, kept);
                let parts = parts(&period.coverage);
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].end, pair[1].start);
                }
                // Of a period that is older than everything kept nothing is left.
                let (first, last) = (period.since.seconds() / 60, period.until.seconds() / 60);
                prop_assert_eq!(parts.first().map_or(first, |part| part.start), first);
                prop_assert_eq!(parts.last().map_or(first, |part| part.end), last);
                prop_assert!(period.since <= from || kept.day > from.day());
                prop_assert!(period.until >= to);
                for range in [&period.coverage.minutes_before, &period.coverage.minutes_after] {
                    prop_assert!(range.is_empty() || range.start >= kept.minute, "{:?} {:?}", period, kept);
                }
                for range in [&period.coverage.hours_before, &period.coverage.hours_after] {
                    prop_assert!(range.is_empty() || range.start >= kept.hour, "{:?} {:?}", period, kept);
                }
            }
        }
    }

    #[test]
    fn with_minutes_kept_the_bounds_are_the_minutes_asked_for() {
        let period = cover(Micros::from_seconds(90), Micros::from_seconds(200_000), ALL);
        assert_eq!(
            (period.since.seconds(), period.until.seconds()),
            (60, 200_040)
        );
        assert_eq!(period.grain, Grain::Day);
        assert_eq!(period.coverage.minutes_before, 1..60);
        assert_eq!(period.coverage.hours_before, 1..24);
        assert_eq!(period.coverage.days, 1..2);
        assert_eq!(period.coverage.hours_after, 48..55);
        assert_eq!(period.coverage.minutes_after, 3_300..3_334);
    }

    #[test]
    fn a_bound_before_the_minutes_moves_to_the_hour() {
        let kept = Kept {
            minute: 100 * HOUR,
            ..ALL
        };
        let period = cover(
            Micros::from_seconds(90 * 3_600 + 61),
            Micros::from_seconds(95 * 3_600 + 61),
            kept,
        );
        assert_eq!(
            (period.since.seconds(), period.until.seconds()),
            (90 * 3_600, 96 * 3_600)
        );
        assert_eq!(period.grain, Grain::Hour);
    }
}
