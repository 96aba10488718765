//! What forecasts are scored by, beside a constant hazard of the last four weeks.

use std::collections::BTreeMap;

use adoption::ConsumerId;
use adoption::rollout::forecast::{Band, Day, Forecast, Reach};

use crate::world::{ANNOUNCED, World};

/// When a forecast was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Quarter,
    Half,
    ThreeQuarters,
    ThirtyDays,
}

impl Point {
    pub const ALL: [Self; 4] = [
        Self::Quarter,
        Self::Half,
        Self::ThreeQuarters,
        Self::ThirtyDays,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Quarter => "25 %",
            Self::Half => "50 %",
            Self::ThreeQuarters => "75 %",
            Self::ThirtyDays => "30 days before",
        }
    }

    pub fn day(self, world: &World) -> Day {
        match self {
            Self::Quarter => ANNOUNCED + world.window_days / 4,
            Self::Half => ANNOUNCED + world.window_days / 2,
            Self::ThreeQuarters => ANNOUNCED + world.window_days * 3 / 4,
            Self::ThirtyDays => world.sunset() - 30,
        }
    }
}

/// A mean that can be added to another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mean {
    sum: f64,
    n: f64,
}

impl Mean {
    pub fn add(&mut self, value: f64) {
        self.sum += value;
        self.n += 1.0;
    }

    pub fn add_bool(&mut self, value: bool) {
        self.add(f64::from(u8::from(value)));
    }

    fn join(&mut self, other: &Self) {
        self.sum += other.sum;
        self.n += other.n;
    }

    /// 0 of nothing.
    pub fn value(&self) -> f64 {
        self.sum / self.n.max(1.0)
    }

    pub fn n(&self) -> f64 {
        self.n
    }
}

macro_rules! scores {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        #[derive(Debug, Clone, Default)]
        pub struct Scores { $($(#[$doc])* pub $name: Mean,)* }

        impl Scores {
            pub fn join(&mut self, other: &Self) { $(self.$name.join(&other.$name);)* }
        }
    };
}

scores! {
    /// Consumers left at the sunset lie in the 90 % interval.
    sunset,
    /// Below and above it.
    below, above,
    /// Consumers left half-way to the sunset do.
    half_way,
    /// The day of completion does.
    completion,
    /// The interval's width in parts of all consumers.
    width,
    naive_sunset,
    naive_width,
    /// Distance of the median from what came, in parts of all consumers.
    error,
    naive_error,
    /// Squared error of P(not cut over by the sunset) per consumer left.
    consumers, naive_consumers,
    /// Of those, the ones that were late: in hindsight, the best figure for everybody alike.
    late,
    /// Squared error of P(done by sunset).
    done, naive_done,
    /// Of the consumers that were late, those listed.
    recall,
    /// Of the consumers listed, those that were late.
    precision,
    /// Of the consumers left, those that were late: the precision of listing all.
    base,
    /// Of the consumers left, those listed.
    listed,
}

impl Scores {
    /// What everybody alike is scored at who is given the part that was late, known in hindsight.
    pub fn base_rate(&self) -> f64 {
        self.late.value() * (1.0 - self.late.value())
    }
}

pub fn score(world: &World, today: Day, forecast: &Forecast) -> Scores {
    let mut scores = Scores::default();
    let all = world.actors.len() as f64;
    let left = world.remaining(world.sunset());
    let band = forecast.left_at_sunset;
    scores.sunset.add_bool(band.holds(left));
    scores.below.add_bool(left < band.p05);
    scores.above.add_bool(left > band.p95);
    scores.width.add(f64::from(band.p95 - band.p05) / all);
    scores.error.add(f64::from(band.p50.abs_diff(left)) / all);

    let ahead = (world.sunset() - today) / 2;
    let half_way = forecast.days[ahead as usize].remaining;
    scores
        .half_way
        .add_bool(half_way.holds(world.remaining(today + ahead)));
    scores
        .completion
        .add_bool(forecast.completion.holds(completion(world)));
    let by_sunset = forecast.completion.by_sunset;
    scores.done.add(squared(by_sunset, left == 0));

    let naive = Naive::new(world, today);
    scores.naive_sunset.add_bool(naive.band.holds(left));
    scores
        .naive_width
        .add(f64::from(naive.band.p95 - naive.band.p05) / all);
    scores
        .naive_error
        .add(f64::from(naive.band.p50.abs_diff(left)) / all);
    scores.naive_done.add(squared(naive.done, left == 0));
    score_consumers(world, today, forecast, naive.late, &mut scores);
    scores
}

fn score_consumers(
    world: &World,
    today: Day,
    forecast: &Forecast,
    naive_late: f64,
    scores: &mut Scores,
) {
    let risks: BTreeMap<ConsumerId, _> = forecast
        .risks
        .iter()
        .map(|risk| (risk.consumer, risk))
        .collect();
    for actor in &world.actors {
        let late = actor.remains(world.sunset());
        let risk = risks.get(&actor.id());
        let listed = risk.is_some_and(|risk| risk.at_risk);
        if late {
            scores.recall.add_bool(listed);
        }
        if listed {
            scores.precision.add_bool(late);
        }
        if risk.is_some() {
            scores.base.add_bool(late);
            scores.listed.add_bool(listed);
        }
        // Who left already in hindsight is an easy case; only the others are told apart.
        if actor.remains(today) {
            let chance = risk.map_or(0.0, |risk| risk.late);
            scores.consumers.add(squared(chance, late));
            scores.late.add_bool(late);
            scores.naive_consumers.add(squared(naive_late, late));
        }
    }
}

fn completion(world: &World) -> Reach {
    let last = world.actors.iter().map(|actor| actor.cut_over_on);
    let last = last.map(|on| on.filter(|on| *on <= world.end()));
    last.map(|on| on.map_or(Reach::Never, Reach::On))
        .max()
        .unwrap_or(Reach::Never)
}

/// The baseline: whoever is left goes on leaving as in the last 28 days. It is told in hindsight who is left today.
struct Naive {
    late: f64,
    done: f64,
    band: Band,
}

impl Naive {
    fn new(world: &World, today: Day) -> Self {
        let since = (today - 28).max(ANNOUNCED);
        let (before, now) = (world.remaining(since), world.remaining(today));
        let days = (today - since).max(1) as f64;
        let moved = f64::from(before.saturating_sub(now));
        let rate = moved / (days * f64::from(before + now).max(1.0) / 2.0);
        let late = (-rate * (world.sunset() - today) as f64).exp();
        let n = f64::from(now);
        let half = 1.645 * (n * late * (1.0 - late)).sqrt();
        let bound = |value: f64| value.round().clamp(0.0, n) as u32;
        Self {
            late,
            done: (1.0 - late).powf(n),
            band: Band {
                p05: bound(n * late - half),
                p10: bound(n * late - half),
                p50: bound(n * late),
                p90: bound(n * late + half),
                p95: bound(n * late + half),
            },
        }
    }
}

fn squared(chance: f64, happened: bool) -> f64 {
    let miss = chance - f64::from(u8::from(happened));
    miss * miss
}
