//! A whole life of a gateway from one seed: calls, rounds, faults, kills, power losses, a restless applier.

use std::io;

use testkit::{FakeClock, Random, SimDisk};

use super::applier::{Store, apply_all};
use super::sim::{Method, SimJournal, clock, config};
use super::truth::Truth;
use crate::lane::{Lane, Reservation};
use crate::reader::ReadError;

/// What may happen to the disk besides kills and power losses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// One operation in a life fails.
    Faults,
    /// The disk holds less than what is written.
    Small,
}

/// One process.
struct Life<'a> {
    journal: SimJournal,
    lanes: Vec<Lane>,
    open: Vec<(u64, usize, Reservation)>,
    disk: &'a SimDisk,
    clock: &'a FakeClock,
    /// Once in so many steps the applier comes by.
    applier_in: u64,
}

impl Life<'_> {
    fn step(&mut self, truth: &mut Truth, store: &mut Store, random: &mut Random) {
        if random.one_in(self.applier_in) {
            // A fault of the disk, or a death, ends this visit of the applier, nothing more.
            let retire = random.one_in(2);
            if let Err(error) = apply_all(store, &mut self.journal.reader(), random, retire) {
                assert!(matches!(error, ReadError::Io { .. }), "{error}");
            }
            return;
        }
        match random.below(100) {
            0..50 => {
                let lane = random.below(self.lanes.len() as u64) as usize;
                if let Some((n, reservation)) = truth.reserve(&self.lanes[lane], self.disk) {
                    self.open.push((n, lane, reservation));
                }
            }
            50..90 if !self.open.is_empty() => {
                let at = random.below(self.open.len() as u64) as usize;
                let (n, lane, reservation) = self.open.swap_remove(at);
                truth.settle(&self.lanes[lane], n, reservation, self.disk);
            }
            90..96 => truth.round(&self.journal, self.disk),
            _ => self.clock.advance_us(random.below(3_000_000) as i64),
        }
    }
}

/// Gives the number of power losses and of calls that were known to be on disk.
fn simulate(seed: u64, method: Method, trouble: Trouble) -> (u64, usize) {
    let mut random = Random::new(seed);
    let capacity_bytes = if trouble == Trouble::Small {
        120_000
    } else {
        4_000_000
    };
    let disk = SimDisk::new(random.bits(), capacity_bytes);
    let clock = clock();
    let mut truth = Truth::of_a_faulty_disk(trouble != Trouble::None);
    let mut store = Store::default();
    let mut power_losses = 0;

    for _ in 0..1 + random.below(6) {
        if trouble == Trouble::Faults {
            let kind = *random.pick(&[io::ErrorKind::Other, io::ErrorKind::StorageFull]);
            disk.fail_once(1 + random.below(300), kind);
        }
        if let Ok(journal) = SimJournal::open_with(&disk, &clock, config(), method) {
            truth.opened();
            let lanes = (0..1 + random.below(3) as u16)
                .filter_map(|lane| journal.lane(lane).ok())
                .collect();
            let applier_in = *random.pick(&[15, 300]);
            let mut life = Life {
                journal,
                lanes,
                open: vec![],
                disk: &disk,
                clock: &clock,
                applier_in,
            };
            live(&mut life, &mut truth, &mut store, &mut random);
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

    let label = format!("seed {seed} {method:?} {trouble:?}");
    for _ in 0..2 {
        let journal = SimJournal::open_with(&disk, &clock, config(), method).unwrap();
        apply_all(&mut store, &mut journal.reader(), &mut random, true)
            .unwrap_or_else(|error| panic!("{label}: {error}"));
        truth.check(&store, &label);
        disk.kill();
    }
    // What a failed stream could not sync is applied all the same: only then can a power loss take it after.
    assert!(
        store.beyond_tail == 0 || trouble == Trouble::Faults,
        "{label}: applied before it was on disk"
    );
    (power_losses, truth.durable())
}

fn live(life: &mut Life<'_>, truth: &mut Truth, store: &mut Store, random: &mut Random) {
    if life.lanes.is_empty() {
        return;
    }
    if random.one_in(2) {
        life.disk
            .die_at_store(1 + random.below(500), random.below(81) as usize);
    }
    for _ in 0..random.below(900) {
        life.step(truth, store, random);
        if life.disk.is_dead() {
            return;
        }
        if random.one_in(200) {
            // A worker ends and comes back: another stream of the same lane.
            let at = random.below(life.lanes.len() as u64) as usize;
            let index = life.lanes.swap_remove(at).stream().lane;
            life.open.clear();
            life.lanes.extend(life.journal.lane(index));
            if life.lanes.is_empty() {
                return;
            }
        }
    }
    if random.one_in(4) {
        // A clean end: the lanes go, the last round syncs.
        life.open.clear();
        life.lanes.clear();
        truth.round(&life.journal, life.disk);
    }
}

#[test]
fn every_answered_call_counts_exactly_once_whatever_happens() {
    let mut power_losses = 0;
    let mut durable = 0;
    for seed in 0..180 {
        let method = if seed % 4 == 3 {
            Method::Positioned
        } else {
            Method::Mapped
        };
        let trouble = [
            Trouble::None,
            Trouble::Faults,
            Trouble::None,
            Trouble::Small,
            Trouble::None,
        ][seed as usize % 5];
        let (losses, calls) = simulate(seed, method, trouble);
        power_losses += losses;
        durable += calls;
    }
    assert!(
        power_losses > 150 && durable > 15_000,
        "{power_losses} power losses, {durable} durable calls"
    );
}

#[test]
fn the_same_seed_is_the_same_life() {
    assert_eq!(
        simulate(7, Method::Mapped, Trouble::Faults),
        simulate(7, Method::Mapped, Trouble::Faults)
    );
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock = clock();
    let mut truth = Truth::default();
    let mut store = Store::default();
    let journal = SimJournal::open(&disk, &clock).unwrap();
    let lane = journal.lane(0).unwrap();
    for back in 0..20 {
        let (n, reservation) = truth.reserve(&lane, &disk).unwrap();
        clock.advance_seconds(if back % 2 == 0 { 3_700 } else { -7_200 });
        truth.settle(&lane, n, reservation, &disk);
        truth.round(&journal, &disk);
    }
    drop(lane);
    journal.round();
    apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
    truth.check(&store, "clock");
}
