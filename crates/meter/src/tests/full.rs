//! A full disk: the spare is used up, then calls are refused, outstanding ones still settle, and it recovers.

use testkit::{Random, SimDisk};

use super::applier::{Store, apply_all};
use super::sim::{
    CAPACITY, Method, SEGMENT_BYTES, SimJournal, call, clock, config, origin, settlement,
};
use super::truth::Truth;
use crate::config::JournalConfig;
use crate::lane::JournalFull;

/// Room for the identity and its successor, and `segments` segments.
fn disk_of(segments: u64) -> SimDisk {
    SimDisk::new(1, 400 + segments * SEGMENT_BYTES)
}

#[test]
fn the_spare_is_used_up_then_calls_are_refused_and_every_open_call_settles() {
    for method in [Method::Mapped, Method::Positioned] {
        let disk = disk_of(6);
        let mut truth = Truth::default();
        let journal = SimJournal::open_with(&disk, &clock(), config(), method).unwrap();
        let lane = journal.lane(0).unwrap();
        journal.round();
        // Somebody else fills the disk.
        disk.capacity(0);
        let spare = journal.keeper.spare_bytes();
        assert_eq!(spare, 2 * SEGMENT_BYTES);

        let mut open = vec![];
        let mut made = 0;
        while let Some(one) = truth.reserve(&lane, &disk) {
            open.push(one);
            made += 1;
            if made % 16 == 0 {
                journal.round();
            }
        }
        // One segment in use, one ahead, two spares: each call took a slot and set one aside; 25 names were told.
        let slots = 4 * CAPACITY;
        assert!(
            made * 2 <= slots && made * 2 > slots - 40,
            "{made} calls in {slots} slots"
        );
        assert_eq!(journal.keeper.spare_bytes(), 0);
        assert!(journal.keeper.is_full());
        assert_eq!(journal.keeper.calls_refused(), 1);
        assert_eq!(
            lane.reserve(&call(9_999), 200, origin(1), 1),
            Err(JournalFull::Space)
        );

        for (n, reservation) in open {
            truth.settle(&lane, n, reservation, &disk);
        }
        assert_eq!(
            lane.reserve(&call(9_999), 200, origin(1), 1),
            Err(JournalFull::Space),
            "settles give no room back"
        );

        // Usage is applied, segments are retired: the journal lives from its own room again.
        let mut store = Store::default();
        journal.round();
        apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
        disk.capacity(400 + 3 * SEGMENT_BYTES);
        journal.round();
        let (n, reservation) = truth.reserve(&lane, &disk).unwrap();
        truth.settle(&lane, n, reservation, &disk);
        assert!(!journal.keeper.is_full());
        journal.round();

        drop(lane);
        journal.round();
        apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
        truth.check(&store, "full");
    }
}

#[test]
fn a_refused_lane_asks_the_disk_once_in_a_round() {
    let disk = disk_of(1);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    let lane = journal.lane(0).unwrap();
    while lane.reserve(&call(1), 200, origin(1), 1).is_ok() {}
    let before = disk.operations();
    for _ in 0..1_000 {
        assert_eq!(
            lane.reserve(&call(1), 200, origin(1), 1),
            Err(JournalFull::Space)
        );
    }
    assert_eq!(disk.operations(), before);
}

#[test]
fn a_journal_opens_on_a_full_disk_with_the_spare_of_the_process_before() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    drop(journal.lane(0).unwrap());
    drop(journal);
    let journal_bytes: u64 = disk
        .list("journal")
        .unwrap()
        .iter()
        .map(|(_, bytes)| bytes)
        .sum();
    disk.capacity(journal_bytes + disk.read("gateway.id").unwrap().len() as u64);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    assert_eq!(
        journal.keeper.spare_bytes(),
        SEGMENT_BYTES,
        "one spare gave its room to the new epoch"
    );
    let lane = journal.lane(0).unwrap();
    assert!(lane.reserve(&call(1), 200, origin(1), 1).is_ok());
}

#[test]
fn spares_are_taken_over_and_not_given_away_in_between() {
    let disk = SimDisk::new(1, 1 << 20);
    drop(SimJournal::open(&disk, &clock()).unwrap());
    let spares = || -> Vec<String> {
        let files = disk.list("journal").unwrap().into_iter();
        files
            .map(|(name, _)| name)
            .filter(|name| name.contains("spare"))
            .collect()
    };
    let before = spares();
    assert_eq!(before.len(), 2);
    drop(SimJournal::open(&disk, &clock()).unwrap());
    assert_eq!(spares(), before);

    let other_size = JournalConfig {
        segment_bytes: 2 * SEGMENT_BYTES,
        ..config()
    };
    drop(SimJournal::open_with(&disk, &clock(), other_size, Method::Mapped).unwrap());
    assert!(
        spares().iter().all(|name| !before.contains(name)),
        "spares of another size go"
    );
}

#[test]
fn the_spare_follows_the_observed_rate_within_its_bounds() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock = clock();
    let journal = SimJournal::open(&disk, &clock).unwrap();
    let lane = journal.lane(0).unwrap();
    journal.round();
    assert_eq!(journal.keeper.spare_bytes(), 2 * SEGMENT_BYTES);
    for n in 1..=30 {
        let reservation = lane.reserve(&call(n), 200, origin(1), 1).unwrap();
        lane.settle(reservation, &settlement(n));
    }
    clock.advance_seconds(1);
    journal.round();
    // 30 calls/s x 600 s x 160 B is far above the most: 4 segments.
    assert_eq!(journal.keeper.spare_bytes_wanted(), 4 * SEGMENT_BYTES);
    journal.round();
    assert_eq!(journal.keeper.spare_bytes(), 4 * SEGMENT_BYTES);

    clock.advance_seconds(26 * 3_600);
    for _ in 0..4 {
        journal.round();
    }
    let spare = journal.keeper.spare_bytes();
    assert!((2..=3).contains(&(spare / SEGMENT_BYTES)), "{spare}");
    assert_eq!(crate::spare_bytes_for(1_000, 10), 96_000_000);
}

#[test]
fn applied_segments_are_kept_as_long_as_asked() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock = clock();
    let keep = JournalConfig {
        keep_applied: std::time::Duration::from_secs(3_600),
        ..config()
    };
    let journal = SimJournal::open_with(&disk, &clock, keep, Method::Mapped).unwrap();
    let lane = journal.lane(0).unwrap();
    for n in 1..=70 {
        let reservation = lane.reserve(&call(n), 200, origin(1), 1).unwrap();
        lane.settle(reservation, &settlement(n));
    }
    journal.round();
    let mut store = Store::default();
    apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
    let kept = || {
        disk.list("journal")
            .unwrap()
            .iter()
            .filter(|(name, _)| name.ends_with(".applied"))
            .count()
    };
    assert_eq!(kept(), 2, "140 entries: two whole segments");
    clock.advance_seconds(3_599);
    journal.round();
    assert_eq!(kept(), 2);
    clock.advance_seconds(61);
    journal.round();
    assert_eq!(kept(), 0);
}
