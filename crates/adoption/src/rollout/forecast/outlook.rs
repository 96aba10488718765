//! The forecast of one rollout: bands for every day ahead, dates, probabilities and the list of who is at risk.

use serde::{Deserialize, Serialize};

use super::ahead::{Ahead, Calendar};
use super::band::{Band, DateBand, Reach};
use super::burn_down::weights;
use super::course::{Course, Day};
use super::engine::play;
use super::experience::{Experience, ROLLOUTS_TO_POOL};
use super::generator::Generator;
use super::risk::{Risk, risks};
use super::trail::Trails;

/// What a forecast rests on. To be shown beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Basis {
    /// Fewer than three finished rollouts: mostly the shipped prior.
    Prior {
        rollouts: usize,
    },
    Pooled {
        rollouts: usize,
    },
}

/// One day ahead. The bands of a day never lie above those of the day before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOutlook {
    pub day: Day,
    /// Consumers that are not cut over. Unlike the burn-down it counts a silence that is not proven by its probability.
    pub remaining: Band,
    /// Their share of all consumers' calls before the announcement, in millionths.
    pub volume_ppm: Band,
}

/// When a part of all consumers has cut over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// The part, in thousandths of all consumers, rounded up to whole consumers.
    pub permille: u32,
    pub date: DateBand,
}

/// What lies ahead of a rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    pub basis: Basis,
    /// The factor of `Experience::spread`.
    pub spread: f64,
    pub today: Day,
    pub sunset: Day,
    /// The last day forecast: half a window after the sunset, or tomorrow where that has passed.
    pub horizon: Day,
    /// Today to the horizon.
    pub days: Vec<DayOutlook>,
    /// When the last consumer has cut over; `by_sunset` is P(done by sunset).
    pub completion: DateBand,
    /// When 50, 90 and 95 % have.
    pub milestones: Vec<Milestone>,
    /// Consumers not cut over at the sunset (today, where it has passed).
    pub left_at_sunset: Band,
    /// See `Risk`: those at risk first.
    pub risks: Vec<Risk>,
}

/// Forecasts `course` with what `experience` teaches. The same three arguments give the same forecast on every machine.
pub fn forecast(course: &Course, experience: &Experience, seed: u64) -> Forecast {
    let calendar = Calendar {
        window_days: course.sunset() - course.announced(),
        seen_days: course.today() - course.announced(),
    };
    let by_consumer = weights(course);
    let weights: Vec<u64> = course
        .consumers()
        .iter()
        .map(|one| by_consumer[&one.consumer])
        .collect();
    let mut generator = Generator::new(seed);
    let trails = Trails::of_course(course);
    let ahead = play(
        &trails,
        &weights,
        calendar,
        experience.belief(),
        &mut generator,
    );

    let days = days(course, &ahead, &weights);
    let consumers = course.consumers().len() as u32;
    let sunset = course.sunset().max(course.today());
    let date = |left: u32| DateBand::of(reached(course, &ahead, left), sunset);
    let milestones = [500, 900, 950].map(|permille| Milestone {
        permille,
        date: date(consumers - (consumers * permille).div_ceil(1000)),
    });
    let rollouts = experience.rollouts();
    Forecast {
        basis: if rollouts < ROLLOUTS_TO_POOL {
            Basis::Prior { rollouts }
        } else {
            Basis::Pooled { rollouts }
        },
        spread: experience.spread(),
        today: course.today(),
        sunset: course.sunset(),
        horizon: course.today() + calendar.days_ahead() as Day,
        completion: date(0),
        milestones: milestones.to_vec(),
        left_at_sunset: days[calendar.days_to_sunset()].remaining,
        risks: risks(course, &ahead.late),
        days,
    }
}

fn days(course: &Course, ahead: &Ahead, weights: &[u64]) -> Vec<DayOutlook> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let ppm = |weight: u64| (u128::from(weight) * 1_000_000 / total.max(1)) as u32;
    let length = ahead.remaining.first().map_or(0, Vec::len);
    let outlook = |ahead_days: usize| DayOutlook {
        day: course.today() + ahead_days as Day,
        remaining: Band::of(
            ahead
                .remaining
                .iter()
                .map(|left| left[ahead_days])
                .collect(),
        ),
        volume_ppm: Band::of(
            ahead
                .weight
                .iter()
                .map(|left| ppm(left[ahead_days]))
                .collect(),
        ),
    };
    (0..length).map(outlook).collect()
}

/// Per particle: the first day on which at most `left` consumers are left.
fn reached(course: &Course, ahead: &Ahead, left: u32) -> Vec<Reach> {
    let date = |remaining: &Vec<u32>| {
        let day = remaining.partition_point(|now| *now > left);
        if day < remaining.len() {
            Reach::On(course.today() + day as Day)
        } else {
            Reach::Never
        }
    };
    ahead.remaining.iter().map(date).collect()
}
