//! Consumers gathered by score: how many moved and how many stayed in each slot of the window.

use super::effects::Effects;
use super::trail::{SLOTS, Trails};

/// Scores are gathered into this many buckets of equal width.
pub const GROUPS: usize = 12;

/// One consumer as it stands when the rollout was last seen.
#[derive(Debug, Clone, Copy)]
pub struct Seat {
    pub group: usize,
    /// The probability that it has cut over already: 1 where proven.
    pub moved: f64,
}

/// Counts per slot and group. A silence that is not proven counts in parts on both sides.
#[derive(Debug, Clone)]
pub struct Table {
    /// The middle score of each group.
    pub scores: [f64; GROUPS],
    pub moved: Vec<[f64; GROUPS]>,
    pub stayed: Vec<[f64; GROUPS]>,
    /// How far was seen, in slots; at most `SLOTS`.
    pub seen: f64,
    /// In the order of the trails.
    pub seats: Vec<Seat>,
}

impl Table {
    pub fn new(trails: &Trails, effects: &Effects) -> Self {
        let all: Vec<(f64, f64)> = trails
            .consumers
            .iter()
            .map(|one| effects.scores(one))
            .collect();
        let least = all
            .iter()
            .map(|pair| pair.0.min(pair.1))
            .fold(0.0, f64::min);
        let most = all
            .iter()
            .map(|pair| pair.0.max(pair.1))
            .fold(0.0, f64::max);
        let width = ((most - least) / GROUPS as f64).max(1e-9);
        let group_of = |score: f64| (((score - least) / width) as usize).min(GROUPS - 1);

        let seen = trails.seen.min(SLOTS as f64);
        let slots = seen.ceil() as usize;
        let mut table = Self {
            scores: std::array::from_fn(|i| least + (i as f64 + 0.5) * width),
            moved: vec![[0.0; GROUPS]; slots],
            stayed: vec![[0.0; GROUPS]; slots],
            seen,
            seats: Vec::with_capacity(all.len()),
        };
        for (one, (before, after)) in trails.consumers.iter().zip(&all) {
            let group_at = |at: f64| {
                let tested = one.tested_at.is_some_and(|tested_at| tested_at <= at);
                group_of(if tested { *after } else { *before })
            };
            table.add(one.left, group_at);
        }
        table
    }

    fn add(&mut self, left: Option<(f64, f64)>, group_at: impl Fn(f64) -> usize) {
        let slots = self.moved.len();
        let moved = left.map_or(0.0, |(_, sure)| sure);
        // What happened past the last slot teaches nothing about the window.
        let left = left.filter(|(at, _)| *at <= self.seen);
        let (at, sure) = left.unwrap_or((self.seen, 0.0));
        // Whoever leaves on a slot's last edge left in that slot.
        let last = (at.ceil() as usize).saturating_sub(1);
        for slot in 0..slots {
            let group = group_at(slot as f64);
            if left.is_some() && slot == last {
                self.moved[slot][group] += sure;
            }
            let here = if slot < last || left.is_none() {
                1.0
            } else {
                1.0 - sure
            };
            self.stayed[slot][group] += here;
        }
        self.seats.push(Seat {
            group: group_at(self.seen),
            moved,
        });
    }
}
