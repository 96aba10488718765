//! A crash at every write: each store of a life cut at several bytes, then a kill or a power loss.

use std::path::PathBuf;

use testkit::{Random, SimDisk};

use super::applier::{Store, apply_all};
use super::sim::{Method, SimJournal, clock, config};
use super::truth::Truth;
use crate::config::JournalConfig;

/// 130 calls over two lanes, three and more segments; dies where the disk says so.
fn live(disk: &SimDisk, truth: &mut Truth, store: &mut Store) {
    let clock = clock();
    let small = JournalConfig {
        dir: PathBuf::from("/sim"),
        ..config()
    };
    let Ok(journal) = SimJournal::open_with(disk, &clock, small, Method::Mapped) else {
        return;
    };
    let Ok(lanes) = (0..2)
        .map(|lane| journal.lane(lane))
        .collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    truth.opened();
    let mut open = std::collections::VecDeque::new();
    for step in 0..130 {
        let lane = step % 2;
        if let Some((n, reservation)) = truth.reserve(&lanes[lane], disk) {
            open.push_back((n, lane, reservation));
        }
        if step % 3 != 0
            && let Some((n, lane, reservation)) = open.pop_front()
        {
            truth.settle(&lanes[lane], n, reservation, disk);
        }
        if step % 10 == 9 {
            truth.round(&journal, disk);
        }
        if step == 49 {
            let _ = apply_all(store, &mut journal.reader(), &mut Random::new(3), true);
        }
        if disk.is_dead() {
            return;
        }
    }
}

#[test]
fn a_crash_at_every_write_loses_nothing_that_was_answered() {
    let whole = SimDisk::new(1, 1 << 20);
    live(&whole, &mut Truth::default(), &mut Store::default());
    let stores = whole.stores();
    assert!(stores > 240, "{stores}");

    for at in 1..=stores {
        let cuts = if at % 2 == 0 {
            [(0, false), (13, true), (79, false)]
        } else {
            [(1, true), (40, false), (80, true)]
        };
        for (cut, power) in cuts {
            let disk = SimDisk::new(at * 100 + cut as u64, 1 << 20);
            let (mut truth, mut store) = (Truth::default(), Store::default());
            disk.die_at_store(at, cut);
            live(&disk, &mut truth, &mut store);
            if power {
                disk.power_loss();
                truth.power_lost();
            } else {
                disk.kill();
            }
            let label = format!("store {at} cut {cut} power loss {power}");
            let journal = SimJournal::open(&disk, &clock()).unwrap();
            truth.opened();
            apply_all(
                &mut store,
                &mut journal.reader(),
                &mut Random::new(at),
                true,
            )
            .unwrap_or_else(|error| panic!("{label}: {error}"));
            truth.check(&store, &label);
            assert_eq!(store.beyond_tail, 0, "{label}");
        }
    }
}
