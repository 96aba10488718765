//! The release cycle of a consumer, read from the versions of its clients.

use std::collections::{BTreeMap, BTreeSet};

/// One version of one client, seen on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Days since the epoch (UTC).
    pub day: i64,
    pub client: &'a str,
    pub version: &'a str,
}

/// Median days between the releases of the consumer's slowest client, at least 1; `None` when no client shows two
/// releases. A release is the first day of a version that was never seen before: going back is none, and the first
/// version of all is none, since nobody saw when it came. In any order, with repetitions.
pub fn release_cycle_days(seen: &[Seen<'_>]) -> Option<u32> {
    let mut first: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for one in seen {
        let day = first.entry((one.client, one.version)).or_insert(one.day);
        *day = (*day).min(one.day);
    }
    // Several versions that start on one day are one release.
    let mut starts: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for ((client, _), day) in first {
        starts.entry(client).or_default().insert(day);
    }
    starts.values().filter_map(median_gap).max()
}

fn median_gap(starts: &BTreeSet<i64>) -> Option<u32> {
    let releases: Vec<i64> = starts.iter().skip(1).copied().collect();
    let mut gaps: Vec<u64> = releases
        .windows(2)
        .map(|two| two[1].abs_diff(two[0]))
        .collect();
    gaps.sort_unstable();
    // Of an even number the longer one of the middle two: a cycle is rather overstated than cut short.
    let median = gaps.get(gaps.len() / 2)?;
    Some(u32::try_from(*median).unwrap_or(u32::MAX))
}
