//! When each consumer does what: an endless plan from one seed, with no clock in it.

use std::time::Duration;

use super::cast::{Behaviour, Character};
use super::seed::Sequence;
use super::traces::Call;

/// One piece of work: its calls follow each other, pieces of work overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// From the start of the traffic.
    pub at: Duration,
    pub calls: Vec<Call>,
}

/// The arrivals of one consumer in order of time. The same character, seed and rate give the same arrivals.
pub struct Schedule {
    consumer: &'static str,
    tracks: Vec<Track>,
    serial: u64,
}

/// One behaviour and its next moment.
struct Track {
    behaviour: Behaviour,
    sequence: Sequence,
    rate: f64,
    next_ms: f64,
    /// How many more arrivals this burst or batch has.
    left: u64,
}

impl Schedule {
    /// `rate` multiplies how much happens; 1 is the demo as it is meant.
    pub fn new(character: &Character, seed: u64, rate: f64) -> Self {
        let tracks = character
            .behaviours
            .iter()
            .enumerate()
            .map(|(index, behaviour)| {
                let sequence = Sequence::new(seed, &format!("{} {index}", character.name));
                Track::new(*behaviour, sequence, rate)
            });
        Self {
            consumer: character.name,
            tracks: tracks.collect(),
            serial: 0,
        }
    }
}

impl Iterator for Schedule {
    type Item = Arrival;

    /// `None` only for a consumer that never calls.
    fn next(&mut self) -> Option<Arrival> {
        let track = self
            .tracks
            .iter_mut()
            .filter(|track| track.behaviour != Behaviour::Never)
            .min_by(|a, b| a.next_ms.total_cmp(&b.next_ms))?;
        self.serial += 1;
        Some(track.arrive(self.consumer, self.serial))
    }
}

impl Track {
    fn new(behaviour: Behaviour, mut sequence: Sequence, rate: f64) -> Self {
        let (next_ms, left) = match behaviour {
            Behaviour::Steady { per_second, .. } => {
                (sequence.gap(1_000.0 / (per_second * rate)), 0)
            }
            Behaviour::Bursts { first_ms, size, .. } => {
                (first_ms as f64, sequence.between(size.0, size.1))
            }
            Behaviour::Batch { first_ms, size, .. } => (first_ms as f64, scaled(size, rate)),
            Behaviour::Rare { first_ms, .. } => (first_ms as f64, 0),
            Behaviour::Never => (f64::INFINITY, 0),
        };
        Self {
            behaviour,
            sequence,
            rate,
            next_ms,
            left,
        }
    }

    fn arrive(&mut self, consumer: &str, serial: u64) -> Arrival {
        let at = Duration::from_micros((self.next_ms * 1_000.0) as u64);
        let trace = match self.behaviour {
            Behaviour::Steady { mix, .. }
            | Behaviour::Bursts { mix, .. }
            | Behaviour::Batch { mix, .. } => self.sequence.pick(mix),
            Behaviour::Rare { trace, .. } => trace,
            Behaviour::Never => unreachable!("a consumer that never calls has no arrivals"),
        };
        let calls = trace.calls(consumer, serial, &mut self.sequence);
        self.advance();
        Arrival { at, calls }
    }

    fn advance(&mut self) {
        match self.behaviour {
            Behaviour::Steady { per_second, .. } => {
                self.next_ms += self.sequence.gap(1_000.0 / (per_second * self.rate));
            }
            Behaviour::Bursts { idle_ms, size, .. } => {
                self.left -= 1;
                if self.left == 0 {
                    self.left = self.sequence.between(size.0, size.1);
                    self.next_ms += self.sequence.between(idle_ms.0, idle_ms.1) as f64 / self.rate;
                }
            }
            Behaviour::Batch {
                every_ms,
                lasts_ms,
                size,
                ..
            } => {
                let total = scaled(size, self.rate);
                self.left -= 1;
                self.next_ms += lasts_ms as f64 / total as f64;
                if self.left == 0 {
                    self.left = total;
                    self.next_ms += (every_ms - lasts_ms) as f64;
                }
            }
            Behaviour::Rare { every_ms, .. } => self.next_ms += every_ms as f64 / self.rate,
            Behaviour::Never => {}
        }
    }
}

fn scaled(size: u64, rate: f64) -> u64 {
    ((size as f64 * rate).round() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::cast::{CAST, Role};
    use crate::demo::operations::Operation;
    use crate::demo::traces::Target;

    /// All arrivals of the first `seconds`.
    fn arrivals(character: &Character, seed: u64, rate: f64, seconds: u64) -> Vec<Arrival> {
        Schedule::new(character, seed, rate)
            .take_while(|arrival| arrival.at < Duration::from_secs(seconds))
            .collect()
    }

    fn calls(seed: u64, rate: f64, seconds: u64) -> usize {
        let all = CAST
            .iter()
            .flat_map(|character| arrivals(character, seed, rate, seconds));
        all.map(|arrival| arrival.calls.len()).sum()
    }

    #[test]
    fn one_seed_is_one_plan() {
        for character in CAST {
            assert_eq!(
                arrivals(character, 1, 1.0, 10),
                arrivals(character, 1, 1.0, 10),
                "{}",
                character.name
            );
        }
        let busiest = &CAST[0];
        assert_ne!(arrivals(busiest, 1, 1.0, 10), arrivals(busiest, 2, 1.0, 10));
    }

    #[test]
    fn arrivals_are_in_order_of_time() {
        for character in CAST {
            let times: Vec<_> = arrivals(character, 3, 1.0, 30)
                .iter()
                .map(|arrival| arrival.at)
                .collect();
            assert!(times.is_sorted(), "{}", character.name);
        }
    }

    #[test]
    fn the_demo_is_light_and_rate_multiplies_it() {
        let one = calls(1, 1.0, 20) / 20;
        assert!((300..600).contains(&one), "{one} calls a second");
        let two = calls(1, 2.0, 20) / 20;
        assert!(
            (one * 17 / 10..one * 23 / 10).contains(&two),
            "{two} for {one}"
        );
    }

    #[test]
    fn twenty_seconds_show_every_operation_and_every_bucket() {
        let seen: BTreeSet<Target> = CAST
            .iter()
            .flat_map(|character| arrivals(character, 1, 1.0, 20))
            .flat_map(|arrival| arrival.calls)
            .map(|call| call.target)
            .collect();
        for operation in Operation::all() {
            assert!(
                seen.contains(&Target::Operation(operation)),
                "{operation:?}"
            );
        }
        assert!(seen.contains(&Target::Unmatched) && seen.contains(&Target::Refused));
    }

    #[test]
    fn agents_fan_out_and_then_rest() {
        for character in CAST
            .iter()
            .filter(|character| character.role == Role::Agent)
        {
            let times: Vec<_> = arrivals(character, 1, 1.0, 60)
                .iter()
                .map(|arrival| arrival.at)
                .collect();
            let bursts: Vec<_> = times.chunk_by(|a, b| a == b).collect();
            assert!(bursts.len() >= 3, "{}", character.name);
            for burst in &bursts {
                assert!(
                    (20..=50).contains(&burst.len()),
                    "{} of {}",
                    burst.len(),
                    character.name
                );
            }
            assert!(
                bursts
                    .windows(2)
                    .all(|pair| pair[1][0] - pair[0][0] >= Duration::from_secs(5))
            );
        }
    }

    #[test]
    fn dormant_consumers_hardly_call() {
        for character in CAST
            .iter()
            .filter(|character| character.role == Role::Dormant)
        {
            assert!(
                arrivals(character, 1, 1.0, 600).len() <= 1,
                "{}",
                character.name
            );
        }
    }
}
