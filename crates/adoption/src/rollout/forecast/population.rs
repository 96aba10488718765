//! How rollouts differ from each other: the shipped prior, and what finished rollouts make of it.

/// What one rollout has of its own, in this order.
pub const PACE: usize = 0;
/// Lift of the hazard right after the announcement (logarithm).
pub const EARLY: usize = 1;
/// Hazard that the sunset adds on its day (logarithm).
pub const DEADLINE: usize = 2;
/// How far from the sunset its hazard reaches (logarithm of a part of the window).
pub const REACH: usize = 3;
/// Log-odds of a consumer of score 0 never to move.
pub const NEVER: usize = 4;
/// Unrest of the hazard from slot to slot: waves, stalls, shocks (logarithm).
pub const UNREST: usize = 5;
/// How strongly scores tell in this rollout.
pub const CONTRAST: usize = 6;
pub const PARAMETERS: usize = 7;

pub type Parameters = [f64; PARAMETERS];

/// One rollout's parameters as a filter saw them under the shipped prior.
#[derive(Debug, Clone, Copy)]
pub struct Summary {
    pub mean: Parameters,
    pub variance: Parameters,
}

/// Normal distributions of the parameters over rollouts, and how well their means are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    mean: Parameters,
    /// Variance between rollouts.
    between: Parameters,
    /// Variance of our knowledge of `mean`.
    doubt: Parameters,
}

/// The prior weighs as much as this many rollouts when the variance between them is judged.
const PRIOR_ROLLOUTS: f64 = 4.0;

impl Population {
    /// Before any rollout was seen: in the middle of the window 2 % of the consumers move per slot (a thirty-second part of
    /// it), twice as many at the start, some twenty times as many at the sunset, and some 6 % never; each give or take a lot.
    pub fn shipped() -> Self {
        let deviation = [1.0, 1.0, 2.2, 0.7, 1.2, 0.6, 0.3];
        let total = deviation.map(|d| d * d);
        Self {
            mean: [-3.9, 0.7, -0.8, -2.6, -2.7, -0.9, 1.0],
            between: total.map(|variance| 0.6 * variance),
            doubt: total.map(|variance| 0.4 * variance),
        }
    }

    /// The population after these finished rollouts: each pulls the means as far as it is informative, and the variance
    /// between rollouts follows how far they lie apart.
    pub fn after(&self, summaries: &[Summary]) -> Self {
        let mut next = *self;
        for i in 0..PARAMETERS {
            let total = self.between[i] + self.doubt[i];
            let seen: Vec<(f64, f64)> = summaries
                .iter()
                .filter_map(|one| without_prior(one.mean[i], one.variance[i], self.mean[i], total))
                .collect();
            // The means depend on the variance between rollouts and it on them: three rounds settle both.
            for _ in 0..3 {
                (next.mean[i], next.doubt[i]) = self.pooled_mean(i, next.between[i], &seen);
                next.between[i] = self.pooled_variance(i, next.mean[i], &seen);
            }
        }
        next
    }

    fn pooled_mean(&self, i: usize, between: f64, seen: &[(f64, f64)]) -> (f64, f64) {
        let mut precision = 1.0 / self.doubt[i];
        let mut sum = self.mean[i] * precision;
        for (value, variance) in seen {
            let weight = 1.0 / (between + variance);
            precision += weight;
            sum += weight * value;
        }
        (sum / precision, 1.0 / precision)
    }

    fn pooled_variance(&self, i: usize, mean: f64, seen: &[(f64, f64)]) -> f64 {
        let mut sum = PRIOR_ROLLOUTS * self.between[i];
        let mut weight = PRIOR_ROLLOUTS;
        for (value, variance) in seen {
            // A vague rollout says little about how far rollouts lie apart.
            let informative = self.between[i] / (self.between[i] + variance);
            let apart = (value - mean) * (value - mean) - variance;
            sum += informative * apart.max(0.0);
            weight += informative;
        }
        sum / weight
    }

    pub fn mean(&self) -> Parameters {
        self.mean
    }

    /// Standard deviations for a rollout of which nothing is known, stretched by `spread`.
    pub fn deviation(&self, spread: f64) -> Parameters {
        std::array::from_fn(|i| spread * (self.between[i] + self.doubt[i]).sqrt())
    }
}

/// What a rollout says by itself: the prior it was seen under is taken out again. `None` where it said next to nothing.
fn without_prior(
    mean: f64,
    variance: f64,
    prior_mean: f64,
    prior_variance: f64,
) -> Option<(f64, f64)> {
    let precision = 1.0 / variance.max(1e-4) - 1.0 / prior_variance;
    if precision * prior_variance < 0.1 {
        return None;
    }
    let value = (mean / variance.max(1e-4) - prior_mean / prior_variance) / precision;
    Some((value, 1.0 / precision))
}
