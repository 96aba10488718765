//! What finished rollouts teach, and how well forecasts of them would have done.

use super::ahead::Calendar;
use super::backtest::{BackTest, BackTestRow};
use super::band::Band;
use super::course::{Day, Finished};
use super::effects::{Effects, SHIPPED};
use super::engine::{Belief, PARTICLES, play};
use super::filter::Cloud;
use super::generator::Generator;
use super::population::{Population, Summary};
use super::table::Table;
use super::trail::{Trails, position};

/// From this many finished rollouts on a forecast says that it rests on them.
pub const ROLLOUTS_TO_POOL: usize = 3;
/// The latest rollouts count; older ones are left out, so that learning stays bounded.
pub const ROLLOUTS_MAX: usize = 24;

/// Candidates for the stretch of the distances between rollouts; the first under which back-tests are covered is taken.
const SPREADS: [f64; 4] = [1.0, 1.3, 1.7, 2.2];
/// Shipped back-tests stand for this many own ones, nine of ten of them covered.
const SHIPPED_TESTS: f64 = 10.0;
/// Fewer covered than this and the spread grows.
const COVERED_LEAST: f64 = 0.87;

/// What was learnt from finished rollouts. The shipped prior when there were none.
#[derive(Debug, Clone)]
pub struct Experience {
    belief: Belief,
    rollouts: usize,
    back_test: BackTest,
}

impl Experience {
    /// Nothing but the shipped prior.
    pub fn shipped() -> Self {
        Self {
            belief: Belief {
                population: Population::shipped(),
                effects: SHIPPED,
                spread: 1.0,
            },
            rollouts: 0,
            back_test: BackTest::default(),
        }
    }

    /// Learns from the last `ROLLOUTS_MAX` of `finished` (oldest first) that have consumers, and back-tests each of them with
    /// what the others teach. The same `finished` and `seed` give the same experience.
    pub fn learn(finished: &[Finished], seed: u64) -> Self {
        let used: Vec<&Finished> = finished
            .iter()
            .filter(|one| !one.consumers().is_empty())
            .collect();
        let used = &used[used.len().saturating_sub(ROLLOUTS_MAX)..];
        let trails: Vec<Trails> = used.iter().map(|one| Trails::of_finished(one)).collect();
        let mut generator = Generator::new(seed);
        let effects = SHIPPED.after(&trails);
        let summaries: Vec<Summary> = trails
            .iter()
            .map(|one| summary(one, &effects, &mut generator))
            .collect();

        let mut learnt = Self {
            belief: Belief {
                population: Population::shipped().after(&summaries),
                effects,
                spread: 1.0,
            },
            rollouts: trails.len(),
            back_test: BackTest::default(),
        };
        if trails.len() >= ROLLOUTS_TO_POOL {
            for spread in SPREADS {
                learnt.belief.spread = spread;
                learnt.back_test = back_test(&trails, &summaries, spread, seed);
                if covered_enough(&learnt.back_test) {
                    break;
                }
            }
        }
        learnt
    }

    /// Finished rollouts that were learnt from.
    pub fn rollouts(&self) -> usize {
        self.rollouts
    }

    /// How forecasts of the finished rollouts would have done; empty before the third.
    pub fn back_test(&self) -> &BackTest {
        &self.back_test
    }

    /// The factor, 1 or more, by which distances between rollouts were stretched until back-tests were covered.
    pub fn spread(&self) -> f64 {
        self.belief.spread
    }

    pub(super) fn belief(&self) -> &Belief {
        &self.belief
    }
}

fn summary(trails: &Trails, effects: &Effects, generator: &mut Generator) -> Summary {
    let table = Table::new(trails, effects);
    Cloud::filter(&table, &Population::shipped(), 1.0, PARTICLES, generator).summary()
}

fn covered_enough(test: &BackTest) -> bool {
    let (held, all) = test.rows.iter().fold((0.0, 0.0), |(held, all), row| {
        (held + f64::from(u8::from(row.held)), all + 1.0)
    });
    (held + 0.9 * SHIPPED_TESTS) / (all + SHIPPED_TESTS) >= COVERED_LEAST
}

/// Each rollout forecast at a quarter, half and three quarters of its window with what the others teach.
fn back_test(trails: &[Trails], summaries: &[Summary], spread: f64, seed: u64) -> BackTest {
    let mut rows = Vec::with_capacity(3 * trails.len());
    for index in 0..trails.len() {
        let others = |i: &usize| *i != index;
        let other_trails: Vec<Trails> = (0..trails.len())
            .filter(others)
            .map(|i| trails[i].clone())
            .collect();
        let other_summaries: Vec<Summary> = (0..trails.len())
            .filter(others)
            .map(|i| summaries[i])
            .collect();
        let belief = Belief {
            population: Population::shipped().after(&other_summaries),
            effects: SHIPPED.after(&other_trails),
            spread,
        };
        for quarter in 1..=3 {
            let mut generator = Generator::new(seed ^ (index as u64) << 8 ^ quarter as u64);
            rows.push(row(index, &trails[index], quarter, &belief, &mut generator));
        }
    }
    BackTest { rows }
}

fn row(
    rollout: usize,
    trails: &Trails,
    quarter: Day,
    belief: &Belief,
    generator: &mut Generator,
) -> BackTestRow {
    let calendar = Calendar {
        window_days: trails.window_days,
        seen_days: trails.window_days * quarter / 4,
    };
    let seen = trails.cut_at(calendar.seen_days);
    let weights = vec![0; seen.consumers.len()];
    let ahead = play(&seen, &weights, calendar, belief, generator);
    let sunset = calendar.days_to_sunset();
    let at_sunset: Vec<u32> = ahead.remaining.iter().map(|left| left[sunset]).collect();

    let end = position(trails.window_days, trails.window_days);
    let late: Vec<bool> = trails
        .consumers
        .iter()
        .map(|one| one.left.is_none_or(|(at, _)| at > end))
        .collect();
    let remaining = late.iter().filter(|late| **late).count() as u32;
    let done = at_sunset.iter().filter(|left| **left == 0).count() as f64;
    let band = Band::of(at_sunset);
    BackTestRow {
        rollout,
        window_percent: 25 * quarter as u32,
        forecast: band,
        remaining,
        held: band.holds(remaining),
        brier_done: squared(done / ahead.remaining.len() as f64, remaining == 0),
        brier_consumers: mean_squared(&ahead.late, &late, &seen),
    }
}

/// Over the consumers that had not cut over at the forecast; 0 where none was left.
fn mean_squared(forecast: &[f64], late: &[bool], seen: &Trails) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0_f64);
    for ((chance, late), one) in forecast.iter().zip(late).zip(&seen.consumers) {
        if one.left.is_none() {
            sum += squared(*chance, *late);
            n += 1.0;
        }
    }
    sum / n.max(1.0)
}

fn squared(chance: f64, happened: bool) -> f64 {
    let miss = chance - f64::from(u8::from(happened));
    miss * miss
}
