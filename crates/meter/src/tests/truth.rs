//! The calls that were made in a test, what the outside knows of each, and what must be counted for it.

use std::collections::BTreeMap;

use testkit::SimDisk;

use super::applier::{Store, calls_by_number};
use super::sim::{SimJournal, attempts, call, origin, settlement, status};
use crate::entry::{Call, ClientNumber, Settlement, ShapeNumber, Shapes, StreamId};
use crate::lane::{Lane, Reservation};
use crate::rollup::{OTHER_CLIENT, Seen, UsageCounts};

/// What the outside knows of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// Asked for, not acknowledged before the process died or power was lost.
    Maybe,
    /// Acknowledged: it counts unless power is lost before it is on disk.
    Answered,
    /// Acknowledged and on disk.
    Durable,
}

struct Fact {
    stream: StreamId,
    seq: u64,
    reserve: Known,
    settle: Option<Known>,
}

#[derive(Default)]
pub(super) struct Truth {
    facts: BTreeMap<u64, Fact>,
    made: u64,
    /// The disk failed, or was full: settles and names may lack then.
    faulty: bool,
}

impl Truth {
    pub(super) fn of_a_faulty_disk(faulty: bool) -> Self {
        Self {
            faulty,
            ..Self::default()
        }
    }

    /// Makes the next call; `None` when it was refused, or the process died in it.
    pub(super) fn reserve(&mut self, lane: &Lane, disk: &SimDisk) -> Option<(u64, Reservation)> {
        self.made += 1;
        let n = self.made;
        let (name, version) = client_of(n);
        let client = if name == OTHER_CLIENT {
            ClientNumber::OTHER
        } else {
            lane.client(&name, &version)
        };
        let call = Call { client, ..call(n) };
        let Ok(reservation) = lane.reserve(&call, status(n), origin(n), attempts(n)) else {
            self.faulty = true;
            return None;
        };
        let reserve = if disk.is_dead() {
            Known::Maybe
        } else {
            Known::Answered
        };
        let (stream, seq) = (reservation.stream(), reservation.seq());
        self.facts.insert(
            n,
            Fact {
                stream,
                seq,
                reserve,
                settle: None,
            },
        );
        (reserve == Known::Answered).then_some((n, reservation))
    }

    pub(super) fn settle(&mut self, lane: &Lane, n: u64, reservation: Reservation, disk: &SimDisk) {
        let [request, response] = shapes_of(n).map(|seen| match seen {
            Some(seen) => lane.shape(seen.table, &seen.bits),
            None => ShapeNumber::UNOBSERVED,
        });
        let shapes = Shapes { request, response };
        let settlement = Settlement {
            shapes,
            ..settlement(n)
        };
        lane.settle(reservation, &settlement);
        let settle = if disk.is_dead() {
            Known::Maybe
        } else {
            Known::Answered
        };
        if let Some(fact) = self.facts.get_mut(&n) {
            fact.settle = Some(settle);
        }
    }

    /// A round of housekeeping, and what it put on disk.
    pub(super) fn round(&mut self, journal: &SimJournal, disk: &SimDisk) {
        journal.round();
        if disk.is_dead() {
            return;
        }
        for stream in journal.keeper.live_streams() {
            let (synced, written) = (stream.synced(), stream.written());
            for fact in self
                .facts
                .values_mut()
                .filter(|fact| fact.stream == stream.id && fact.seq <= synced)
            {
                fact.reserve = fact.reserve.max(Known::Durable);
                if synced == written && fact.settle == Some(Known::Answered) {
                    fact.settle = Some(Known::Durable);
                }
            }
        }
    }

    /// A process opened the journal: what the one before left in memory is on disk.
    pub(super) fn opened(&mut self) {
        if !self.faulty {
            self.change(Known::Answered, Known::Durable);
        }
    }

    pub(super) fn power_lost(&mut self) {
        self.change(Known::Answered, Known::Maybe);
    }

    fn change(&mut self, from: Known, to: Known) {
        for fact in self.facts.values_mut() {
            for known in [Some(&mut fact.reserve), fact.settle.as_mut()]
                .into_iter()
                .flatten()
            {
                if *known == from {
                    *known = to;
                }
            }
        }
    }

    pub(super) fn durable(&self) -> usize {
        self.facts
            .values()
            .filter(|fact| fact.reserve == Known::Durable)
            .count()
    }

    /// Every call that must count does, none counts twice, and none is counted that was not made.
    pub(super) fn check(&self, store: &Store, label: &str) {
        let counted = calls_by_number(store);
        for (n, counts) in &counted {
            assert!(
                (1..=self.made).contains(n),
                "{label}: call {n} was never made"
            );
            self.check_counts(*n, counts, label);
        }
        for (n, fact) in self
            .facts
            .iter()
            .filter(|(_, fact)| fact.reserve > Known::Maybe)
        {
            assert!(
                counted.contains_key(n),
                "{label}: call {n} at {} {} is lost",
                fact.stream,
                fact.seq
            );
        }
        assert!(store.open.is_empty(), "{label}: calls are still open");
        self.check_clients(store, counted.len() as u64, label);
        self.check_shapes(store, &counted, label);
    }

    /// Of each call that ended its own shapes are counted, once; of each that did not, a gap.
    fn check_shapes(&self, store: &Store, counted: &BTreeMap<u64, UsageCounts>, label: &str) {
        let told = store.shapes.values().sum::<u64>();
        assert_eq!(told, counted.len() as u64, "{label}: shape roll-up");
        for ((key, seen), calls) in &store.shapes {
            let number = key.key.raw() - 1_000;
            let right = shapes_of(number);
            let ended = counted[&number].interrupted == 0;
            let is_right = match ended {
                true => *seen == right,
                false => *seen == [None, None],
            };
            // What cannot be told for want of room, or on another stream, is a gap and nothing else.
            let mut each = seen.iter().zip(&right);
            let lacks = self.faulty && each.all(|(is, was)| is.is_none() || is == was);
            assert!(
                *calls == 1 && (is_right || lacks),
                "{label}: call {number} with {seen:?}"
            );
        }
    }

    fn check_counts(&self, n: u64, counts: &UsageCounts, label: &str) {
        let reserved = UsageCounts {
            calls: 1,
            errors: u64::from(status(n) >= 400),
            ours: u64::from(origin(n).is_ours()),
            attempts: u64::from(attempts(n)),
            ..UsageCounts::default()
        };
        let end = settlement(n);
        let settled = UsageCounts {
            units: end.units,
            bytes_in: end.bytes_in,
            bytes_out: end.bytes_out,
            latency_us_sum: end.latency_us,
            latency_us_max: end.latency_us,
            ..reserved
        };
        let interrupted = UsageCounts {
            interrupted: 1,
            ..reserved
        };
        let settle = self.facts.get(&n).and_then(|fact| fact.settle);
        let may_lack = self.faulty || settle.is_none_or(|settle| settle == Known::Maybe);
        let right =
            (settle.is_some() && *counts == settled) || (may_lack && *counts == interrupted);
        assert!(right, "{label}: call {n}, settle {settle:?}: {counts:?}");
    }

    fn check_clients(&self, store: &Store, calls: u64, label: &str) {
        assert_eq!(
            store.clients.values().sum::<u64>(),
            calls,
            "{label}: client roll-up"
        );
        for (key, n) in &store.clients {
            let number = key.key.raw() - 1_000;
            let (name, version) = client_of(number);
            let right = key.client == name && key.version == version;
            let lacks = self.faulty && key.client == OTHER_CLIENT;
            assert!(
                *n == 1 && (right || lacks),
                "{label}: call {number} by {key:?}"
            );
        }
    }
}

/// The client of call `n` follows from its number.
fn client_of(n: u64) -> (String, String) {
    match n % 6 {
        0 => (OTHER_CLIENT.into(), String::new()),
        client => (format!("sdk-{client}"), format!("{}.0", n % 4)),
    }
}

/// What was seen of call `n` follows from its number: nothing, no leaf, a few, or some hundreds in several entries.
fn shapes_of(n: u64) -> [Option<Seen>; 2] {
    let seen = |kind: u64| {
        let length = match kind % 5 {
            0 => return None,
            1 => 0,
            2 => 1 + kind % 3,
            3 => 40 + kind % 20,
            _ => 100,
        };
        let bits = (0..length).map(|at| ((kind + at) % 255 + 1) as u8);
        Some(Seen {
            table: (kind % 7) as u32,
            bits: bits.collect(),
        })
    };
    [seen(n % 11), seen(n % 17 + 3)]
}
