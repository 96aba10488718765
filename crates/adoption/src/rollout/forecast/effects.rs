//! How much each trait speeds a consumer up or slows it down: a penalised proportional-hazards fit, pooled across rollouts.

use super::numbers::exp;
use super::trail::{FIXED, SLOTS, Trail, Trails};

/// The fixed features and whether the consumer has called the new version.
const EFFECTS: usize = FIXED + 1;

/// Logarithms of hazard ratios, with how sure we are before a rollout speaks for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effects {
    mean: [f64; EFFECTS],
    deviation: [f64; EFFECTS],
}

/// What is assumed before any rollout was seen: a test call triples the hazard, a release cycle of four months halves it nearly.
pub const SHIPPED: Effects = Effects {
    mean: [0.0, 0.1, 0.0, -0.5, 1.1],
    deviation: [0.4, 0.4, 0.4, 0.4, 0.5],
};

/// Between rollouts effects differ by about this much.
const BETWEEN: [f64; EFFECTS] = [0.25, 0.25, 0.25, 0.25, 0.35];

impl Effects {
    /// The effects after these rollouts, each of which is one stratum with a baseline of its own.
    pub fn after(&self, rollouts: &[Trails]) -> Self {
        if rollouts.is_empty() {
            return *self;
        }
        let mut mean = self.mean;
        // Newton's steps on a concave function: five are ample, and a step is bounded for the odd start.
        for _ in 0..5 {
            let mut slope = [0.0; EFFECTS];
            let mut curve = [[0.0; EFFECTS]; EFFECTS];
            for i in 0..EFFECTS {
                let precision = 1.0 / (self.deviation[i] * self.deviation[i]);
                slope[i] = precision * (self.mean[i] - mean[i]);
                curve[i][i] = precision;
            }
            for trails in rollouts {
                add_stratum(trails, &mean, &mut slope, &mut curve);
            }
            for (value, step) in mean.iter_mut().zip(solve(curve, slope)) {
                *value += step.clamp(-1.0, 1.0);
            }
        }
        Self {
            mean,
            deviation: BETWEEN,
        }
    }

    /// The score of a consumer before and after its first call of the new version.
    pub fn scores(&self, one: &Trail) -> (f64, f64) {
        let fixed: f64 = (0..FIXED).map(|i| self.mean[i] * one.fixed[i]).sum();
        (fixed, fixed + self.mean[FIXED])
    }
}

/// Breslow's partial likelihood, slot by slot: its slope, and its curvature with the sign turned.
fn add_stratum(
    trails: &Trails,
    mean: &[f64; EFFECTS],
    slope: &mut [f64; EFFECTS],
    curve: &mut [[f64; EFFECTS]; EFFECTS],
) {
    let scores = |one: &Trail| {
        let effects = Effects {
            mean: *mean,
            deviation: BETWEEN,
        };
        let (before, after) = effects.scores(one);
        (exp(before), exp(after))
    };
    let ratios: Vec<(f64, f64)> = trails.consumers.iter().map(scores).collect();
    let slots = (trails.seen.ceil() as usize).min(SLOTS);
    for slot in 0..slots {
        let start = slot as f64;
        let mut sums = RiskSums::default();
        for (one, ratio) in trails.consumers.iter().zip(&ratios) {
            sums.add(one, *ratio, start);
        }
        sums.add_to(slope, curve);
    }
}

/// Sums over the consumers at risk in one slot.
#[derive(Default)]
struct RiskSums {
    weight: f64,
    first: [f64; EFFECTS],
    second: [[f64; EFFECTS]; EFFECTS],
    moved: f64,
    moved_features: [f64; EFFECTS],
}

impl RiskSums {
    fn add(&mut self, one: &Trail, (untested, tested): (f64, f64), start: f64) {
        if one.left.is_some_and(|(at, _)| at <= start && start > 0.0) {
            return;
        }
        let has_tested = one.tested_at.is_some_and(|at| at <= start);
        let ratio = if has_tested { tested } else { untested };
        let mut x = [0.0; EFFECTS];
        x[..FIXED].copy_from_slice(&one.fixed);
        x[FIXED] = f64::from(u8::from(has_tested));

        self.weight += ratio;
        add_times(&mut self.first, ratio, &x);
        for (row, value) in self.second.iter_mut().zip(x) {
            add_times(row, ratio * value, &x);
        }
        if let Some((at, sure)) = one.left
            && at <= start + 1.0
        {
            self.moved += sure;
            add_times(&mut self.moved_features, sure, &x);
        }
    }

    fn add_to(&self, slope: &mut [f64; EFFECTS], curve: &mut [[f64; EFFECTS]; EFFECTS]) {
        if self.moved == 0.0 {
            return;
        }
        let mean = self.first.map(|sum| sum / self.weight);
        for i in 0..EFFECTS {
            slope[i] += self.moved_features[i] - self.moved * mean[i];
            for j in 0..EFFECTS {
                curve[i][j] += self.moved * (self.second[i][j] / self.weight - mean[i] * mean[j]);
            }
        }
    }
}

fn add_times(sums: &mut [f64; EFFECTS], factor: f64, values: &[f64; EFFECTS]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// Gauss without pivots: the matrix is positive definite, for its diagonal holds the prior's precisions.
fn solve(mut a: [[f64; EFFECTS]; EFFECTS], mut b: [f64; EFFECTS]) -> [f64; EFFECTS] {
    for i in 0..EFFECTS {
        let pivot = a[i];
        for row in i + 1..EFFECTS {
            let factor = a[row][i] / pivot[i];
            add_times(&mut a[row], -factor, &pivot);
            b[row] -= factor * b[i];
        }
    }
    for i in (0..EFFECTS).rev() {
        let known: f64 = (i + 1..EFFECTS)
            .map(|column| a[i][column] * b[column])
            .sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}
