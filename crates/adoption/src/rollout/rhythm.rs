//! A consumer's own rhythm: the longest regular gap between its active days, and whether silence outlasts it.

use serde::{Deserialize, Serialize};

use crate::clock::Micros;

/// The longest month: a monthly batch is not gone after 29 quiet days.
pub const BILLING_MONTH_DAYS: u32 = 31;

/// A consumer whose gaps are too few to be regular is given a quarter: 92 days, the longest one.
pub const UNKNOWN_DAYS: u32 = 92;

/// Fewer gaps than this show no rhythm: one gap may be an accident, two that agree are not.
const GAPS_MIN: usize = 2;

/// Of a hundred gaps the longest one may be a holiday; of fewer, none is set aside.
const QUANTILE_PERCENT: usize = 99;

/// When a consumer is active, as days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// Distinct days with at least one call.
    pub active_days: u32,
    /// The longest regular gap between neighbouring active days: 1 for a daily consumer. `None` with fewer than three
    /// active days, which show no rhythm.
    pub gap_days: Option<u32>,
}

/// What a silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// No call was ever seen.
    NeverSeen,
    /// The consumer's own rhythm explains it: the next call may still come.
    Explained,
    /// Longer than its own rhythm can explain: silent, not proven gone.
    Quiet,
}

impl Rhythm {
    /// Of active days as days since the epoch (UTC), in any order, with repetitions.
    pub fn of(days: &[i64]) -> Self {
        let mut days = days.to_vec();
        days.sort_unstable();
        days.dedup();
        let mut gaps: Vec<u64> = days.windows(2).map(|two| two[0].abs_diff(two[1])).collect();
        gaps.sort_unstable();
        let gap_days = (gaps.len() >= GAPS_MIN).then(|| {
            let rank = (gaps.len() * QUANTILE_PERCENT).div_ceil(100);
            u32::try_from(gaps[rank - 1]).unwrap_or(u32::MAX)
        });
        Self {
            active_days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            gap_days,
        }
    }

    /// The longest silence that proves nothing, in days: its gap, at least a billing month; a quarter when unknown.
    pub fn explained_days(self) -> u32 {
        match self.gap_days {
            Some(gap) => gap.max(BILLING_MONTH_DAYS),
            None => UNKNOWN_DAYS,
        }
    }

    /// What silence since `last_seen` means at `now`. A clock that has gone back makes no silence.
    pub fn silence(self, last_seen: Option<Micros>, now: Micros) -> Silence {
        let Some(last_seen) = last_seen else {
            return Silence::NeverSeen;
        };
        let silent_days = now.day().saturating_sub(last_seen.day());
        if silent_days > i64::from(self.explained_days()) {
            Silence::Quiet
        } else {
            Silence::Explained
        }
    }

    /// Whether silence since `last_seen` is longer than its own rhythm can explain; so is never having been seen.
    pub fn is_quiet(self, last_seen: Option<Micros>, now: Micros) -> bool {
        self.silence(last_seen, now) != Silence::Explained
    }
}
