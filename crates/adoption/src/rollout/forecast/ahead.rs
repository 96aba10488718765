//! The days ahead: every particle is played to the horizon once, and what it does is counted.

use super::course::Day;
use super::filter::{Cloud, Particle};
use super::generator::Generator;
use super::numbers::exp;
use super::table::{GROUPS, Table};
use super::trail::{SLOTS, position};

/// How far the probability of one consumer is drawn towards that of all, and in which last part of the window it wears off.
const TEMPERED: f64 = 0.4;
const TEMPERED_UNTIL: f64 = 0.1;
/// Of those left when a part of the window has passed, about this much of that part is late.
const LATE_AT_END: f64 = 0.67;

/// What the particles did after the day on which the rollout was last seen.
#[derive(Debug, Clone)]
pub struct Ahead {
    /// Per particle and day ahead, 0 being the day last seen: consumers that are not cut over.
    pub remaining: Vec<Vec<u32>>,
    /// The same in consumers' weight.
    pub weight: Vec<Vec<u64>>,
    /// Per consumer: the probability that it is not cut over at the sunset.
    pub late: Vec<f64>,
}

/// The rollout's days, counted from its announcement.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    pub window_days: Day,
    /// The day last seen.
    pub seen_days: Day,
}

impl Calendar {
    /// The last day played: half a window after the sunset, or tomorrow where that has passed.
    pub fn days_ahead(self) -> usize {
        (self.window_days + self.window_days / 2 - self.seen_days).max(1) as usize
    }

    /// 0 once the sunset has come.
    pub fn days_to_sunset(self) -> usize {
        (self.window_days - self.seen_days).max(0) as usize
    }

    /// A probability to be late, drawn towards what it was for everybody alike in simulated rollouts of many kinds: what
    /// tells one rollout from another says less of a consumer than the particles believe. `left` is the probability that
    /// it is still there. Nothing is drawn once no time is left.
    fn tempered(self, late: f64, left: f64) -> f64 {
        let passed = (self.seen_days as f64 / self.window_days as f64).clamp(0.0, 1.0);
        let part = TEMPERED * ((1.0 - passed) / TEMPERED_UNTIL).min(1.0);
        (1.0 - part) * late + part * LATE_AT_END * passed * left
    }

    /// Where a day ahead lies, in slots since the announcement.
    fn position(self, ahead: usize) -> f64 {
        position(self.seen_days + ahead as Day, self.window_days)
    }
}

impl Ahead {
    /// `weights` are the consumers' weights in the order of the table's seats.
    pub fn play(
        cloud: &Cloud,
        table: &Table,
        weights: &[u64],
        calendar: Calendar,
        generator: &mut Generator,
    ) -> Self {
        let mut ahead = Self {
            remaining: Vec::with_capacity(cloud.particles.len()),
            weight: Vec::with_capacity(cloud.particles.len()),
            late: vec![0.0; table.seats.len()],
        };
        for particle in &cloud.particles {
            let path = path(cloud, particle, calendar, generator);
            ahead.add_late(particle, table, path[calendar.days_to_sunset()]);
            let (left, left_weight) = play_one(particle, table, weights, &path, generator);
            ahead.remaining.push(left);
            ahead.weight.push(left_weight);
        }
        let n = cloud.particles.len() as f64;
        for (late, seat) in ahead.late.iter_mut().zip(&table.seats) {
            let drawn = (*late / n).clamp(0.0, 1.0);
            *late = calendar.tempered(drawn, 1.0 - seat.moved);
        }
        ahead
    }

    fn add_late(&mut self, particle: &Particle, table: &Table, hazard: f64) {
        let stays: [f64; GROUPS] = std::array::from_fn(|group| {
            let mover = particle.movers[group];
            1.0 - mover + mover * exp(-hazard * particle.ratios[group])
        });
        for (late, seat) in self.late.iter_mut().zip(&table.seats) {
            *late += (1.0 - seat.moved) * stays[seat.group];
        }
    }
}

/// Draws every consumer's day; consumers and weight that are left on each day of the path.
fn play_one(
    particle: &Particle,
    table: &Table,
    weights: &[u64],
    path: &[f64],
    generator: &mut Generator,
) -> (Vec<u32>, Vec<u64>) {
    let mut left = vec![0_u32; path.len()];
    let mut left_weight = vec![0_u64; path.len()];
    for (seat, weight) in table.seats.iter().zip(weights) {
        if seat.moved >= 1.0 || generator.unit() < seat.moved {
            continue;
        }
        let moves = generator.unit() < particle.movers[seat.group];
        let last_day = if moves {
            // It counts up to the day before the hazard reaches what it needs.
            let needs = generator.exponential() / particle.ratios[seat.group];
            path.partition_point(|reached| *reached < needs).max(1) - 1
        } else {
            path.len() - 1
        };
        left[last_day] += 1;
        left_weight[last_day] = left_weight[last_day].saturating_add(*weight);
    }

    // Whoever counts up to a day counts on all days before it.
    for day in (1..path.len()).rev() {
        left[day - 1] += left[day];
        left_weight[day - 1] = left_weight[day - 1].saturating_add(left_weight[day]);
    }
    (left, left_weight)
}

/// The hazard of a consumer of score 0 summed from the day last seen to each day ahead, day 0 included.
fn path(
    cloud: &Cloud,
    particle: &Particle,
    calendar: Calendar,
    generator: &mut Generator,
) -> Vec<f64> {
    let mut particle = particle.clone();
    let mut slot = cloud.slot;
    let mut from = calendar.position(0);
    let mut hazard = particle.hazard(slot);
    let mut sum = 0.0;
    let mut path = vec![0.0];
    for day in 1..=calendar.days_ahead() {
        let end = calendar.position(day);
        while end > (slot + 1) as f64 && slot + 1 < SLOTS {
            sum += hazard * ((slot + 1) as f64 - from).max(0.0);
            from = (slot + 1) as f64;
            slot += 1;
            particle.step(slot, generator);
            hazard = particle.hazard(slot);
        }
        sum += hazard * (end - from).max(0.0);
        from = end;
        path.push(sum);
    }
    path
}
