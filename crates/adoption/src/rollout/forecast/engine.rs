//! From what was seen of a rollout to what the particles did: the one path that forecasts and back-tests share.

use super::ahead::{Ahead, Calendar};
use super::effects::Effects;
use super::filter::Cloud;
use super::generator::Generator;
use super::population::Population;
use super::table::Table;
use super::trail::Trails;

/// So many rollouts are played per forecast: a 5 % quantile then rests on 50 of them. Unit tests run unoptimised and ask for
/// laws, not for digits: fewer do.
pub const PARTICLES: usize = if cfg!(test) { 250 } else { 1_000 };

/// What is believed before a rollout is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Belief {
    pub population: Population,
    pub effects: Effects,
    /// The factor by which the distances between rollouts are stretched.
    pub spread: f64,
}

pub fn play(
    trails: &Trails,
    weights: &[u64],
    calendar: Calendar,
    belief: &Belief,
    generator: &mut Generator,
) -> Ahead {
    let effects = belief.effects.after(std::slice::from_ref(trails));
    let table = Table::new(trails, &effects);
    let cloud = Cloud::filter(
        &table,
        &belief.population,
        belief.spread,
        PARTICLES,
        generator,
    );
    Ahead::play(&cloud, &table, weights, calendar, generator)
}
