//! The disk fails at its nth operation, for every n until none fails; after a failed sync nothing is trusted.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use testkit::{Random, SimDisk};

use super::applier::{Store, apply_all};
use super::sim::{Method, SimJournal, call, clock, config, origin, segments, settlement};
use super::truth::Truth;
use crate::config::{Durability, JournalConfig};
use crate::entry::EntryBody;
use crate::error::JournalError;
use crate::lane::{JournalFull, NotDurable};
use crate::reader::{BatchEnd, ReadError};

/// A short life with every kind of operation: opening, two lanes, turning segments, syncs, applying, retiring,
/// a lane that goes and comes. Stops at the first error that its owner would stop at.
fn live(
    disk: &SimDisk,
    method: Method,
    truth: &mut Truth,
    store: &mut Store,
) -> Result<(), JournalError> {
    let clock = clock();
    let mut random = Random::new(9);
    let journal = SimJournal::open_with(disk, &clock, config(), method)?;
    for turn in 0..3 {
        let lanes = [journal.lane(0)?, journal.lane(1)?];
        for _ in 0..30 {
            for lane in &lanes {
                let Some((n, reservation)) = truth.reserve(lane, disk) else {
                    continue;
                };
                if n % 5 != 0 {
                    truth.settle(lane, n, reservation, disk);
                }
            }
            if random.one_in(8) {
                clock.advance_us(150_000);
                truth.round(&journal, disk);
            }
        }
        // The last turn is not applied before the end: what it knows to be on disk has to be there.
        if turn < 2 {
            match apply_all(store, &mut journal.reader(), &mut random, turn > 0) {
                Err(ReadError::Io { .. }) | Ok(()) => {}
                Err(error) => panic!("{error}"),
            }
        }
        drop(lanes);
        truth.round(&journal, disk);
    }
    Ok(())
}

/// Every operation in turn fails, once or from then on, until none is left to fail.
fn fail_each(method: Method, kind: io::ErrorKind, lasting: bool, step: usize) {
    for at in (1..).step_by(step) {
        let disk = SimDisk::new(at, 1 << 20);
        let mut truth = Truth::of_a_faulty_disk(true);
        let mut store = Store::default();
        if lasting {
            disk.fail_from(at, kind);
        } else {
            disk.fail_once(at, kind);
        }
        // Where it stops is its owner's matter; what was answered until then is ours.
        let _ = live(&disk, method, &mut truth, &mut store);
        let failed = disk.heal();
        if at % 2 == 0 {
            disk.power_loss();
            truth.power_lost();
        }
        disk.kill();

        let label = format!("{method:?} {kind:?} lasting {lasting} operation {at}");
        let journal = SimJournal::open_with(&disk, &clock(), config(), method).unwrap();
        apply_all(
            &mut store,
            &mut journal.reader(),
            &mut Random::new(at),
            true,
        )
        .unwrap_or_else(|error| panic!("{label}: {error}"));
        truth.check(&store, &label);
        if !failed {
            assert!(at > 150, "only {at} operations");
            return;
        }
    }
}

#[test]
fn whichever_operation_fails_once_every_answered_call_counts_once() {
    fail_each(Method::Mapped, io::ErrorKind::Other, false, 1);
}

#[test]
fn whichever_operation_finds_the_disk_full_every_answered_call_counts_once() {
    fail_each(Method::Mapped, io::ErrorKind::StorageFull, false, 1);
    fail_each(Method::Mapped, io::ErrorKind::StorageFull, true, 7);
}

#[test]
fn whichever_write_fails_every_answered_call_counts_once() {
    fail_each(Method::Positioned, io::ErrorKind::Other, false, 2);
    fail_each(Method::Positioned, io::ErrorKind::StorageFull, false, 3);
}

#[test]
fn whenever_the_disk_fails_for_good_every_answered_call_counts_once() {
    fail_each(Method::Mapped, io::ErrorKind::Other, true, 3);
    fail_each(Method::Positioned, io::ErrorKind::StorageFull, true, 9);
}

#[test]
fn after_a_failed_sync_the_stream_is_given_up_and_its_lane_goes_on_in_a_new_epoch() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock = clock();
    let journal = SimJournal::open(&disk, &clock).unwrap();
    let lane = journal.lane(0).unwrap();
    let first = lane.stream();
    journal.round();
    // The second segment is ready and its name on disk: the next operation is the sync of the first.
    journal.round();
    let kept = lane.reserve(&call(1), 200, origin(1), 1).unwrap();
    let open = lane.reserve(&call(2), 200, origin(1), 1).unwrap();
    disk.fail_once(1, io::ErrorKind::Other);
    journal.round();
    assert!(disk.heal());
    assert_eq!(journal.synced(first), 0);
    journal.round();
    assert_eq!(
        journal.synced(first),
        0,
        "a second sync would succeed, and prove nothing"
    );
    assert_eq!(journal.keeper.streams_failed(), 1);
    let error = journal.keeper.last_error().unwrap();
    assert_eq!(
        error.message,
        format!("cannot sync /sim/{first}: other error")
    );

    // No sync will ever vouch for it: what was written is given out while the stream is still open.
    let batch = journal.reader().read(first, 0, 100).unwrap();
    assert_eq!((batch.entries.len(), batch.end), (2, BatchEnd::Live));

    lane.settle(kept, &settlement(1));
    let next = lane.reserve(&call(3), 200, origin(1), 1).unwrap();
    let second = lane.stream();
    assert!(second.lane == first.lane && second.epoch > first.epoch);
    assert_eq!(next.seq(), 1, "a new stream counts from 1");
    lane.settle(open, &settlement(2));
    lane.settle(next, &settlement(3));
    journal.round();
    assert_eq!(
        (journal.synced(first), journal.synced(second)),
        (0, 2),
        "the first stream is dead by now"
    );

    // What memory still has of the failed stream counts, open calls settled in it too.
    let mut reader = journal.reader();
    let entries = reader.read(first, 0, 100).unwrap().entries;
    assert_eq!(entries.len(), 4);
    assert!(!journal.keeper.is_full());
}

#[test]
fn a_failed_sync_of_the_folder_fails_every_stream_whose_name_may_not_be_on_disk() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    let lane = journal.lane(0).unwrap();
    let first = lane.stream();
    let _open = lane.reserve(&call(1), 200, origin(1), 1).unwrap();
    disk.fail_once(1, io::ErrorKind::Other);
    journal.round();
    disk.heal();
    journal.round();
    assert_eq!(journal.synced(first), 0);
    assert_eq!(journal.keeper.streams_failed(), 1);
    let _next = lane.reserve(&call(2), 200, origin(1), 1).unwrap();
    assert_ne!(lane.stream(), first);
}

#[test]
fn a_settle_that_the_disk_refuses_is_written_with_the_next() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open_with(&disk, &clock(), config(), Method::Positioned).unwrap();
    let lane = journal.lane(0).unwrap();
    let stream = lane.stream();
    let mut open: Vec<_> = (1..=4)
        .map(|n| lane.reserve(&call(n), 200, origin(1), 1).unwrap())
        .collect();
    for refused in 1..=2 {
        disk.fail_once(1, io::ErrorKind::StorageFull);
        lane.settle(open.remove(0), &settlement(refused));
        assert!(disk.heal());
    }
    lane.settle(open.remove(0), &settlement(3));
    // The last one is late when the lane goes.
    disk.fail_once(1, io::ErrorKind::StorageFull);
    lane.settle(open.remove(0), &settlement(4));
    drop(lane);
    journal.round();
    let entries = journal.reader().read(stream, 0, 100).unwrap().entries;
    let mut settled: Vec<_> = entries
        .iter()
        .filter_map(|entry| match &entry.body {
            EntryBody::Settle {
                reserve_seq,
                settlement: end,
            } => Some((*reserve_seq, end.units)),
            _ => None,
        })
        .collect();
    settled.sort_unstable();
    assert_eq!(settled, [(1, 2), (2, 3), (3, 4), (4, 5)]);
    assert_eq!(journal.keeper.streams_failed(), 0);
}

#[test]
fn what_is_retired_does_not_come_back_after_a_power_loss() {
    for seed in 0..50 {
        let disk = SimDisk::new(seed, 1 << 20);
        let journal = SimJournal::open(&disk, &clock()).unwrap();
        let mut truth = Truth::default();
        let lane = journal.lane(0).unwrap();
        for _ in 0..80 {
            let (n, reservation) = truth.reserve(&lane, &disk).unwrap();
            truth.settle(&lane, n, reservation, &disk);
        }
        drop(lane);
        journal.round();
        let mut store = Store::default();
        apply_all(
            &mut store,
            &mut journal.reader(),
            &mut Random::new(seed),
            true,
        )
        .unwrap();
        truth.check(&store, "before");
        disk.power_loss();
        // The store may have forgotten the watermark by now: what comes back would count again.
        let journal = SimJournal::open(&disk, &clock()).unwrap();
        assert_eq!(journal.reader().streams().unwrap(), [], "seed {seed}");
    }
}

#[test]
fn while_no_new_stream_can_be_started_calls_are_refused_and_then_no_longer() {
    let disk = SimDisk::new(1, 1 << 20);
    let clock = clock();
    let journal = SimJournal::open(&disk, &clock).unwrap();
    let lane = journal.lane(0).unwrap();
    let open = lane.reserve(&call(1), 200, origin(1), 1).unwrap();
    disk.fail_from(1, io::ErrorKind::Other);
    journal.round();
    assert_eq!(
        lane.reserve(&call(2), 200, origin(1), 1),
        Err(JournalFull::Failed)
    );
    lane.settle(open, &settlement(1));
    assert!(journal.keeper.is_full());
    assert_eq!(journal.keeper.calls_refused(), 1);

    disk.heal();
    for _ in 0..600 {
        clock.advance_us(100_000);
        journal.round();
    }
    assert!(lane.reserve(&call(3), 200, origin(1), 1).is_ok());
    assert!(!journal.keeper.is_full());
    assert_eq!(
        journal
            .reader()
            .read(lane.stream(), 0, 9)
            .unwrap()
            .entries
            .len(),
        0,
        "not synced yet"
    );
}

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn strict_durability_waits_for_the_sync_and_tells_when_it_failed() {
    let disk = SimDisk::new(1, 1 << 20);
    let strict = JournalConfig {
        durability: Durability::Strict,
        ..config()
    };
    let journal = SimJournal::open_with(&disk, &clock(), strict, Method::Mapped).unwrap();
    let lane = journal.lane(0).unwrap();
    let woken = Arc::new(Count(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);

    let first = lane.reserve(&call(1), 200, origin(1), 1).unwrap();
    {
        let mut durable = pin!(lane.durable(&first));
        assert_eq!(durable.as_mut().poll(&mut context), Poll::Pending);
        let second = lane.reserve(&call(2), 200, origin(1), 1).unwrap();
        journal.round();
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert_eq!(durable.as_mut().poll(&mut context), Poll::Ready(Ok(())));
        assert_eq!(
            pin!(lane.durable(&second)).poll(&mut context),
            Poll::Ready(Ok(())),
            "synced with the first"
        );
        lane.settle(second, &settlement(2));
    }
    disk.power_loss();
    let later = SimJournal::open(&disk, &clock()).unwrap();
    assert!(
        later
            .reader()
            .read(first.stream(), 0, 9)
            .unwrap()
            .entries
            .len()
            >= 2
    );

    let disk = SimDisk::new(2, 1 << 20);
    let strict = JournalConfig {
        durability: Durability::Strict,
        ..config()
    };
    let journal = SimJournal::open_with(&disk, &clock(), strict, Method::Mapped).unwrap();
    let lane = journal.lane(0).unwrap();
    journal.round();
    let lost = lane.reserve(&call(3), 200, origin(1), 1).unwrap();
    let mut durable = pin!(lane.durable(&lost));
    assert_eq!(durable.as_mut().poll(&mut context), Poll::Pending);
    disk.fail_once(1, io::ErrorKind::Other);
    journal.round();
    assert_eq!(
        durable.as_mut().poll(&mut context),
        Poll::Ready(Err(NotDurable))
    );
}

#[test]
fn group_durability_is_ready_at_once() {
    let journal = SimJournal::open(&SimDisk::new(1, 1 << 20), &clock()).unwrap();
    let lane = journal.lane(0).unwrap();
    let reservation = lane.reserve(&call(1), 200, origin(1), 1).unwrap();
    let ready = pin!(lane.durable(&reservation)).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(ready, Poll::Ready(Ok(())));
}

#[test]
fn an_epoch_is_on_disk_before_a_sequence_starts_again() {
    let disk = SimDisk::new(5, 1 << 20);
    let mut epochs = vec![];
    let mut gateways = vec![];
    for life in 0..40 {
        let journal = SimJournal::open(&disk, &clock()).unwrap();
        gateways.push(journal.keeper.gateway);
        epochs.push(journal.keeper.epoch);
        let lane = journal.lane(0).unwrap();
        if life % 2 == 0 {
            drop(lane);
            // Opened again in one process: another stream, so another epoch.
            epochs.push(journal.lane(0).unwrap().stream().epoch);
        }
        disk.power_loss();
    }
    assert!(
        epochs.windows(2).all(|pair| pair[0] < pair[1]),
        "{epochs:?}"
    );
    assert!(gateways.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(epochs.iter().all(|epoch| *epoch < 1 << 63) && gateways[0] < 1 << 63);
}

#[test]
fn a_second_opener_and_a_second_lane_are_refused() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    assert!(matches!(
        SimJournal::open(&disk, &clock()),
        Err(JournalError::Locked { .. })
    ));
    let lane = journal.lane(4).unwrap();
    assert!(matches!(
        journal.lane(4),
        Err(JournalError::LaneTaken { lane: 4 })
    ));
    drop(lane);
    drop(journal.lane(4).unwrap());
    drop(journal);
    SimJournal::open(&disk, &clock()).unwrap();
}

#[test]
fn a_spoilt_identity_is_an_error_and_not_a_new_gateway() {
    let disk = SimDisk::new(1, 1 << 20);
    drop(SimJournal::open(&disk, &clock()).unwrap());
    disk.tamper("gateway.id", |bytes| bytes[20] = b'!');
    let error = SimJournal::open(&disk, &clock()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "/sim/gateway.id is not a gateway id file: restore it, or remove it to become a new gateway"
    );
}

#[test]
fn prepared_segments_of_a_lane_that_goes_are_removed() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    let lane = journal.lane(0).unwrap();
    let stream = lane.stream();
    journal.round();
    assert_eq!(segments(&disk, stream).len(), 2, "one in use, one ahead");
    drop(lane);
    journal.round();
    assert_eq!(segments(&disk, stream).len(), 1);
}
