//! A particle filter over the window's slots: every particle is one rollout that could have gone as this one went.

use super::generator::Generator;
use super::numbers::{exp, ln, logistic};
use super::population::{
    CONTRAST, DEADLINE, EARLY, NEVER, PACE, PARAMETERS, Parameters, Population, REACH, Summary,
    UNREST,
};
use super::table::{GROUPS, Table};
use super::trail::SLOTS_TO_SUNSET;

/// How much of one slot's unrest is left in the next.
const MEMORY: f64 = 0.85;
/// One slot in this many brings a shock beside the usual unrest (an outreach, a freeze, a release train), with this standard
/// deviation of the hazard's logarithm.
const SHOCK_EVERY: f64 = 14.0;
const SHOCK: f64 = 1.8;
/// Nobody knows how many act when the sunset is upon them: on its day the unrest is greater by this much, and wears off
/// over this part of the window on both sides. Without it, forecasts of the last weeks were too sure.
const CLOSE: f64 = 1.0;
const CLOSE_REACH: f64 = 0.12;
/// Consumers do not move independently of each other: together they say as much as this part of them would alone.
const INDEPENDENT: f64 = 0.4;
/// Parameters are moved a little when particles are drawn again, without changing their mean and variance (Liu and West).
const JITTER: f64 = 0.15;

/// One possible rollout.
#[derive(Debug, Clone)]
pub struct Particle {
    pub parameters: Parameters,
    /// How far the logarithm of the hazard lies from its plan in the present slot.
    unrest: f64,
    /// Hazard ratio of each group.
    pub ratios: [f64; GROUPS],
    /// Probability that a consumer of the group that has not moved will move some day.
    pub movers: [f64; GROUPS],
}

impl Particle {
    fn draw(
        mean: &Parameters,
        deviation: &Parameters,
        scores: &[f64; GROUPS],
        generator: &mut Generator,
    ) -> Self {
        let parameters: Parameters =
            std::array::from_fn(|i| mean[i] + deviation[i] * generator.normal());
        let unrest = exp(parameters[UNREST]) * generator.normal();
        let mut particle = Self {
            parameters,
            unrest,
            ratios: [1.0; GROUPS],
            movers: [1.0; GROUPS],
        };
        particle.read_scores(scores);
        particle.movers = scores.map(|score| 1.0 - particle.never(score));
        particle
    }

    fn read_scores(&mut self, scores: &[f64; GROUPS]) {
        self.ratios = scores.map(|score| exp(self.parameters[CONTRAST] * score));
    }

    /// Whoever is slow is likelier never to move.
    fn never(&self, score: f64) -> f64 {
        logistic(self.parameters[NEVER] - 0.7 * self.parameters[CONTRAST] * score)
    }

    /// Hazard of a consumer of score 0 in one whole slot: what goes on at any time, and what only the sunset brings.
    pub fn hazard(&self, slot: usize) -> f64 {
        let p = &self.parameters;
        let at = middle(slot);
        let early = p[EARLY] * exp(-at / 0.08);
        // After the sunset the lift wears off over a fifth of the window.
        let distance = if at < 1.0 {
            (1.0 - at) / exp(p[REACH]).clamp(0.02, 0.5)
        } else {
            (at - 1.0) / 0.2
        };
        let plan = exp(p[PACE] + early) + exp(p[DEADLINE] - distance);
        (plan * exp(self.unrest)).min(20.0)
    }

    /// Goes on to `slot`, the next one.
    pub fn step(&mut self, slot: usize, generator: &mut Generator) {
        let shock = generator.unit() < 1.0 / SHOCK_EVERY;
        let usual = exp(self.parameters[UNREST].min(0.5));
        let size = if shock { SHOCK.max(usual) } else { usual };
        let distance = (1.0 - middle(slot)).abs();
        let close = 1.0 + CLOSE * exp(-distance / CLOSE_REACH);
        let fresh = size * close * generator.normal();
        self.unrest = (MEMORY * self.unrest + fresh).clamp(-5.0, 5.0);
    }

    /// Learns from part `part` of a slot; the logarithm of how likely what happened was.
    fn learn(
        &mut self,
        hazard: f64,
        part: f64,
        moved: &[f64; GROUPS],
        stayed: &[f64; GROUPS],
    ) -> f64 {
        let mut likely = 0.0;
        for group in 0..GROUPS {
            if moved[group] + stayed[group] == 0.0 {
                continue;
            }
            let stays = exp(-hazard * part * self.ratios[group]);
            let mover = self.movers[group];
            let move_now = (mover * (1.0 - stays)).clamp(1e-9, 1.0 - 1e-9);
            if moved[group] > 0.0 {
                likely += moved[group] * ln(move_now);
            }
            likely += stayed[group] * ln(1.0 - move_now);
            self.movers[group] = mover * stays / (1.0 - move_now);
        }
        likely
    }
}

/// Where the middle of a slot lies, in parts of the window.
fn middle(slot: usize) -> f64 {
    (slot as f64 + 0.5) / SLOTS_TO_SUNSET as f64
}

/// Equally likely particles, each in the slot in which the rollout was last seen.
#[derive(Debug, Clone)]
pub struct Cloud {
    pub particles: Vec<Particle>,
    /// The slot under way, or the one that has just ended.
    pub slot: usize,
}

impl Cloud {
    /// `size` particles drawn from the population and filtered by what was seen.
    pub fn filter(
        table: &Table,
        population: &Population,
        spread: f64,
        size: usize,
        generator: &mut Generator,
    ) -> Self {
        let (mean, deviation) = (population.mean(), population.deviation(spread));
        let mut particles: Vec<Particle> = (0..size)
            .map(|_| Particle::draw(&mean, &deviation, &table.scores, generator))
            .collect();
        let mut weights = vec![0.0; size];
        let slots = table.moved.len();
        for slot in 0..slots {
            let part = (table.seen - slot as f64).min(1.0);
            for (particle, weight) in particles.iter_mut().zip(&mut weights) {
                if slot > 0 {
                    particle.step(slot, generator);
                }
                let hazard = particle.hazard(slot);
                let likely = particle.learn(hazard, part, &table.moved[slot], &table.stayed[slot]);
                *weight += INDEPENDENT * likely;
            }
            let shares = shares(&weights);
            let effective = 1.0 / shares.iter().map(|share| share * share).sum::<f64>();
            if effective < size as f64 / 2.0 || slot + 1 == slots {
                particles = draw_again(&particles, &shares, &table.scores, generator);
                weights.fill(0.0);
            }
        }
        Self {
            particles,
            slot: slots.saturating_sub(1),
        }
    }

    pub fn summary(&self) -> Summary {
        let n = self.particles.len() as f64;
        let sum_of = |f: &dyn Fn(&Particle) -> f64| self.particles.iter().map(f).sum::<f64>() / n;
        let mean: Parameters = std::array::from_fn(|i| sum_of(&|p| p.parameters[i]));
        let variance = std::array::from_fn(|i| {
            sum_of(&|p| (p.parameters[i] - mean[i]) * (p.parameters[i] - mean[i]))
        });
        Summary { mean, variance }
    }
}

/// Logarithms of weights to parts of 1.
fn shares(weights: &[f64]) -> Vec<f64> {
    let most = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> = weights.iter().map(|weight| exp(weight - most)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|weight| weight / sum).collect()
}

/// Systematic resampling: one random number for all, then the jitter.
fn draw_again(
    particles: &[Particle],
    shares: &[f64],
    scores: &[f64; GROUPS],
    generator: &mut Generator,
) -> Vec<Particle> {
    let (mean, deviation) = moments(particles, shares);
    let keep = (1.0 - JITTER * JITTER).sqrt();
    let n = particles.len();
    let offset = generator.unit();
    let mut drawn = Vec::with_capacity(n);
    let (mut index, mut reached) = (0, shares[0]);
    for i in 0..n {
        let target = (i as f64 + offset) / n as f64;
        while reached < target && index + 1 < n {
            index += 1;
            reached += shares[index];
        }
        let mut particle = particles[index].clone();
        for j in 0..PARAMETERS {
            let noise = JITTER * deviation[j] * generator.normal();
            particle.parameters[j] = keep * particle.parameters[j] + (1.0 - keep) * mean[j] + noise;
        }
        particle.read_scores(scores);
        drawn.push(particle);
    }
    drawn
}

fn moments(particles: &[Particle], shares: &[f64]) -> (Parameters, Parameters) {
    let (mut mean, mut square) = ([0.0; PARAMETERS], [0.0; PARAMETERS]);
    for (particle, share) in particles.iter().zip(shares) {
        for i in 0..PARAMETERS {
            let value = particle.parameters[i];
            mean[i] += share * value;
            square[i] += share * value * value;
        }
    }
    let deviation = std::array::from_fn(|i| (square[i] - mean[i] * mean[i]).max(0.0).sqrt());
    (mean, deviation)
}
