//! A whole life of a gateway from one seed: calls, rounds, faults, kills, power losses, a restless applier.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use testkit::{FakeClock, Random, SimDisk};

use super::applier::{Store, apply_all, calls_by_number};
use super::sim::{Method, SimJournal, attempts, call, clock, config, origin, settlement, status};
use crate::entry::{Settlement, StreamId};
use crate::lane::{Lane, Reservation};
use crate::reader::ReadError;
use crate::rollup::UsageCounts;

/// What the outside knows of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// Asked for, never answered: it may count or not.
    Maybe,
    /// Answered: it counts unless power was lost before it was on disk.
    Answered,
    /// Answered and on disk.
    Durable,
}

struct Fact {
    known: Known,
    stream: StreamId,
    seq: u64,
    settled: Option<Settlement>,
}

/// The calls that were made, and what must be counted of them.
#[derive(Default)]
pub(super) struct Truth {
    facts: BTreeMap<u64, Fact>,
    made: u64,
}

impl Truth {
    pub(super) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(super) fn reserved(&mut self, n: u64, reservation: &Reservation, known: Known) {
        let (stream, seq) = (reservation.stream(), reservation.seq());
        self.facts.insert(
            n,
            Fact {
                known,
                stream,
                seq,
                settled: None,
            },
        );
    }

    pub(super) fn settled(&mut self, n: u64) {
        self.facts.get_mut(&n).unwrap().settled = Some(settlement(n));
    }

    /// Everything through `synced` of `stream` is on disk.
    pub(super) fn synced(&mut self, stream: StreamId, synced: u64) {
        for fact in self.facts.values_mut().rev() {
            if fact.known == Known::Answered && fact.stream == stream && fact.seq <= synced {
                fact.known = Known::Durable;
            }
        }
    }

    pub(super) fn power_lost(&mut self) {
        for fact in self
            .facts
            .values_mut()
            .filter(|fact| fact.known == Known::Answered)
        {
            fact.known = Known::Maybe;
        }
    }

    /// Every call that must count does, none counts twice, and none is counted that was not made.
    pub(super) fn check(&self, store: &Store, label: &str) {
        let counted = calls_by_number(store);
        for (n, counts) in &counted {
            assert!(
                *n >= 1 && *n <= self.made,
                "{label}: call {n} was never made"
            );
            let whole = UsageCounts {
                calls: 1,
                errors: u64::from(status(*n) >= 400),
                ours: u64::from(origin(*n).is_ours()),
                attempts: u64::from(attempts(*n)),
                ..UsageCounts::default()
            };
            let interrupted = UsageCounts {
                interrupted: 1,
                ..whole
            };
            let end = settlement(*n);
            let settled = UsageCounts {
                units: end.units,
                bytes_in: end.bytes_in,
                bytes_out: end.bytes_out,
                latency_us_sum: end.latency_us,
                latency_us_max: end.latency_us,
                ..whole
            };
            let may_settle = self.facts.get(n).is_none_or(|fact| fact.settled.is_some());
            assert!(
                *counts == interrupted || (may_settle && *counts == settled),
                "{label}: call {n}: {counts:?}"
            );
        }
        for (n, fact) in self
            .facts
            .iter()
            .filter(|(_, fact)| fact.known > Known::Maybe)
        {
            assert!(
                counted.contains_key(n),
                "{label}: call {n} at {} {} is lost",
                fact.stream,
                fact.seq
            );
        }
        assert!(store.open.is_empty(), "{label}: calls are still open");
        let clients: u64 = store.clients.values().sum();
        assert_eq!(clients, counted.len() as u64, "{label}: client roll-up");
        for (key, n) in &store.clients {
            // Client names follow from the call's number; see `reserve_one`.
            let number = key.key.raw() - 1_000;
            let expect = client_of(number);
            let known = key.client == expect.0 && key.version == expect.1;
            assert!(
                *n == 1 && (known || key.client == "(other)"),
                "{label}: call {number} by {key:?}"
            );
        }
    }

    pub(super) fn durable(&self) -> usize {
        self.facts
            .values()
            .filter(|fact| fact.known == Known::Durable)
            .count()
    }
}

fn client_of(n: u64) -> (String, String) {
    match n % 6 {
        0 => ("(other)".into(), String::new()),
        client => (format!("sdk-{client}"), format!("{}.0", n % 4)),
    }
}

pub(super) fn reserve_one(
    lane: &Lane,
    truth: &mut Truth,
    disk: &SimDisk,
) -> Option<(u64, Reservation)> {
    let n = truth.next();
    let (name, version) = client_of(n);
    let client = if name == "(other)" {
        crate::ClientNumber::OTHER
    } else {
        lane.client(&name, &version)
    };
    let made = crate::Call { client, ..call(n) };
    let reservation = lane
        .reserve(&made, status(n), origin(n), attempts(n))
        .ok()?;
    if disk.is_dead() {
        truth.reserved(n, &reservation, Known::Maybe);
        return None;
    }
    truth.reserved(n, &reservation, Known::Answered);
    Some((n, reservation))
}

/// A life of one process; gives the streams whose calls were answered in it.
struct Life<'a> {
    journal: SimJournal,
    lanes: Vec<Lane>,
    open: Vec<(u64, usize, Reservation)>,
    disk: &'a SimDisk,
    clock: &'a FakeClock,
}

impl Life<'_> {
    fn step(&mut self, truth: &mut Truth, store: &mut Store, random: &mut Random) {
        match random.below(100) {
            0..45 => {
                let lane = random.below(self.lanes.len() as u64) as usize;
                if let Some((n, reservation)) = reserve_one(&self.lanes[lane], truth, self.disk) {
                    self.open.push((n, lane, reservation));
                }
            }
            45..85 if !self.open.is_empty() => {
                let (n, lane, reservation) = self
                    .open
                    .swap_remove(random.below(self.open.len() as u64) as usize);
                // Told before it is tried: a process that dies in it may or may not have settled.
                truth.settled(n);
                self.lanes[lane].settle(reservation, &settlement(n));
            }
            85..92 => self.round(truth),
            92..98 => {
                let mut reader = self.journal.reader();
                // A fault of the disk, or a death, ends this visit of the applier, nothing more.
                if let Err(error) = apply_all(store, &mut reader, random, random.clone().one_in(2))
                {
                    assert!(matches!(error, ReadError::Io { .. }), "{error}");
                }
            }
            _ => self.clock.advance_us(random.below(3_000_000) as i64),
        }
    }

    fn round(&self, truth: &mut Truth) {
        self.journal.round();
        if self.disk.is_dead() {
            return;
        }
        for stream in self.journal.keeper.live_streams() {
            truth.synced(stream.id, stream.synced());
        }
    }
}

fn simulate(seed: u64, method: Method) -> (u64, usize) {
    let mut random = Random::new(seed);
    let disk = SimDisk::new(random.bits(), 400_000);
    let clock = clock();
    let mut truth = Truth::default();
    let mut store = Store::default();
    let mut power_losses = 0;
    let mut faults = 0;

    for _ in 0..1 + random.below(5) {
        if random.one_in(3) {
            faults += 1;
            disk.fail_once(
                1 + random.below(400),
                *random.pick(&[io::ErrorKind::Other, io::ErrorKind::StorageFull]),
            );
        }
        let opened = SimJournal::open_with(&disk, &clock, config(), method);
        let Ok(journal) = opened else {
            disk.heal();
            disk.kill();
            continue;
        };
        let lanes: Vec<Lane> = (0..1 + random.below(3) as u16)
            .filter_map(|lane| journal.lane(lane).ok())
            .collect();
        if !lanes.is_empty() {
            if random.one_in(2) {
                disk.die_at_store(1 + random.below(500), random.below(81) as usize);
            }
            let mut life = Life {
                journal,
                lanes,
                open: vec![],
                disk: &disk,
                clock: &clock,
            };
            for _ in 0..random.below(900) {
                life.step(&mut truth, &mut store, &mut random);
                if disk.is_dead() {
                    break;
                }
            }
            if random.one_in(4) {
                // A clean end: lanes go, the last round syncs.
                life.lanes.clear();
                life.round(&mut truth);
            }
            // What the housekeeping did not do before the end, it does not do after it.
            disk.die_at_store(1, 0);
            drop(life);
        }
        disk.heal();
        if random.one_in(2) {
            disk.power_loss();
            truth.power_lost();
            power_losses += 1;
        } else {
            disk.kill();
        }
    }

    let label = format!("seed {seed} {method:?}");
    for _ in 0..2 {
        let journal = SimJournal::open_with(&disk, &clock, config(), method).unwrap();
        apply_all(&mut store, &mut journal.reader(), &mut random, true)
            .unwrap_or_else(|error| panic!("{label}: {error}"));
        truth.check(&store, &label);
    }
    // What a failed stream could not sync is applied all the same: only then can a power loss take it after.
    assert!(
        store.beyond_tail == 0 || (faults > 0 && power_losses > 0),
        "{label}: {}",
        store.beyond_tail
    );
    (power_losses, truth.durable())
}

#[test]
fn every_answered_call_counts_exactly_once_whatever_happens() {
    let mut power_losses = 0;
    let mut durable = 0;
    for seed in 0..120 {
        let method = if seed % 4 == 3 {
            Method::Positioned
        } else {
            Method::Mapped
        };
        let (losses, calls) = simulate(seed, method);
        power_losses += losses;
        durable += calls;
    }
    assert!(
        power_losses > 90 && durable > 9_000,
        "{power_losses} power losses, {durable} durable calls"
    );
}

#[test]
fn the_same_seed_is_the_same_life() {
    assert_eq!(simulate(7, Method::Mapped), simulate(7, Method::Mapped));
}

/// `Arc` keeps the clock shared with the journal.
#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock: Arc<FakeClock> = clock();
    let mut truth = Truth::default();
    let mut store = Store::default();
    let journal = SimJournal::open(&disk, &clock).unwrap();
    let lane = journal.lane(0).unwrap();
    for back in 0..20 {
        let (n, reservation) = reserve_one(&lane, &mut truth, &disk).unwrap();
        truth.settled(n);
        clock.advance_seconds(if back % 2 == 0 { 3_700 } else { -7_200 });
        lane.settle(reservation, &settlement(n));
        journal.round();
    }
    drop(lane);
    journal.round();
    apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
    truth.check(&store, "clock");
}
