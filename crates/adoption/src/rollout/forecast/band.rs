//! Figures with their bands: quantiles of what the particles did. A point never stands alone.

use serde::{Deserialize, Serialize};

use super::course::Day;

/// A figure ahead: half of the futures lie at or below `p50`, nine of ten between `p05` and `p95`. `p05 <= p10 <= .. <= p95`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    pub p05: u32,
    pub p10: u32,
    pub p50: u32,
    pub p90: u32,
    pub p95: u32,
}

impl Band {
    /// Of at least one draw.
    pub fn of(mut draws: Vec<u32>) -> Self {
        let [p05, p10, p50, p90, p95] = sorted_quantiles(&mut draws);
        Self {
            p05,
            p10,
            p50,
            p90,
            p95,
        }
    }

    /// Whether the 90 % interval holds the value.
    pub fn holds(&self, value: u32) -> bool {
        (self.p05..=self.p95).contains(&value)
    }
}

/// When something is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    On(Day),
    /// Not up to the horizon.
    Never,
}

/// The date of something ahead, with its band. `Never` sorts after every day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DateBand {
    pub p05: Reach,
    pub p10: Reach,
    pub p50: Reach,
    pub p90: Reach,
    pub p95: Reach,
    /// The probability that it is not reached up to the horizon.
    pub never: f64,
    /// The probability that it is reached on or before the sunset (today, where that has passed).
    pub by_sunset: f64,
}

impl DateBand {
    /// Of at least one draw.
    pub fn of(mut draws: Vec<Reach>, sunset: Day) -> Self {
        let [p05, p10, p50, p90, p95] = sorted_quantiles(&mut draws);
        let reached = draws.partition_point(|reach| *reach < Reach::Never);
        let in_time = draws.partition_point(|reach| *reach <= Reach::On(sunset));
        Self {
            p05,
            p10,
            p50,
            p90,
            p95,
            never: chance(draws.len() - reached, draws.len()),
            by_sunset: chance(in_time, draws.len()),
        }
    }

    /// Whether the 90 % interval holds the day.
    pub fn holds(&self, reach: Reach) -> bool {
        (self.p05..=self.p95).contains(&reach)
    }
}

/// Sorts the draws; those at 5, 10, 50, 90 and 95 % of them, by nearest rank.
fn sorted_quantiles<T: Copy + Ord>(draws: &mut [T]) -> [T; 5] {
    draws.sort_unstable();
    [50, 100, 500, 900, 950].map(|permille| draws[((draws.len() - 1) * permille + 500) / 1000])
}

fn chance(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}
