//! The journal on the machine's own disk, with its thread.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use testkit::Random;

use super::applier::{Store, apply_all, calls_by_number};
use super::sim::{attempts, call, origin, settlement, status};
use crate::clock::SystemClock;
use crate::config::{Durability, JournalConfig, WriteMethod};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::lane::Lane;

fn config(dir: &tempfile::TempDir, method: WriteMethod) -> JournalConfig {
    JournalConfig {
        segment_bytes: 64 << 10,
        spare_bytes: 256 << 10,
        spare_bytes_max: 1 << 20,
        leave_free_bytes: 0,
        sync_interval: Duration::from_millis(2),
        write_method: method,
        ..JournalConfig::new(dir.path().to_owned())
    }
}

fn open(config: JournalConfig) -> Journal {
    Journal::open(config, Arc::new(SystemClock)).unwrap()
}

fn write(lane: &Lane, from: u64, count: u64) {
    for n in from..from + count {
        let reservation = lane
            .reserve(&call(n), status(n), origin(n), attempts(n))
            .unwrap();
        lane.settle(reservation, &settlement(n));
    }
}

#[test]
fn what_is_written_is_read_over_several_lives_and_then_retired() {
    for method in [WriteMethod::Mapped, WriteMethod::Positioned] {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::default();
        let mut identities = vec![];
        for life in 0..3 {
            let journal = open(config(&dir, method));
            identities.push((journal.gateway(), journal.epoch()));
            let lanes = [journal.lane(0).unwrap(), journal.lane(1).unwrap()];
            thread::scope(|scope| {
                for (index, lane) in lanes.into_iter().enumerate() {
                    scope.spawn(move || {
                        write(&lane, 1 + life * 10_000 + index as u64 * 5_000, 5_000)
                    });
                }
            });
            let state = journal.state();
            assert_eq!(state.write_method, method);
            assert_eq!(
                (
                    state.entries_written,
                    state.calls_refused,
                    state.streams_failed
                ),
                (20_000, 0, 0)
            );
            assert!(
                state.allocated_bytes >= 20_000 * 80 && !state.full,
                "{state:?}"
            );
            drop(journal);
        }
        assert!(
            identities
                .windows(2)
                .all(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1)
        );

        let journal = open(config(&dir, method));
        apply_all(&mut store, &mut journal.reader(), &mut Random::new(1), true).unwrap();
        let calls = calls_by_number(&store);
        assert_eq!(calls.len(), 30_000);
        assert!(
            calls
                .values()
                .all(|counts| counts.calls == 1 && counts.interrupted == 0)
        );
        assert_eq!(journal.reader().streams().unwrap(), []);
        let state = journal.state();
        assert_eq!(state.last_error, None);
        assert!(state.allocated_bytes < 1 << 20, "{state:?}");
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}

#[test]
fn strict_durability_wakes_the_caller_after_a_real_sync() {
    let dir = tempfile::tempdir().unwrap();
    // An interval that never ends by itself: the wait itself asks for the sync.
    let journal = open(JournalConfig {
        durability: Durability::Strict,
        sync_interval: Duration::from_secs(3_600),
        ..config(&dir, WriteMethod::Auto)
    });
    let lane = journal.lane(0).unwrap();
    for n in 1..=5 {
        let reservation = lane.reserve(&call(n), 200, origin(n), 1).unwrap();
        block_on(lane.durable(&reservation)).unwrap();
        let synced = journal
            .reader()
            .read(lane.stream(), 0, 100)
            .unwrap()
            .entries;
        assert!(synced.iter().any(|entry| entry.seq == reservation.seq()));
        lane.settle(reservation, &settlement(n));
    }
}

#[test]
fn a_second_process_is_refused_by_the_lock_of_the_file_system() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(config(&dir, WriteMethod::Auto));
    let error = Journal::open(config(&dir, WriteMethod::Auto), Arc::new(SystemClock))
        .err()
        .unwrap();
    assert!(matches!(error, JournalError::Locked { .. }), "{error}");
    // A lane that outlives its journal keeps the lock: it may still write.
    let lane = journal.lane(0).unwrap();
    drop(journal);
    assert!(Journal::open(config(&dir, WriteMethod::Auto), Arc::new(SystemClock)).is_err());
    drop(lane);
    open(config(&dir, WriteMethod::Auto));
}

#[test]
fn segments_are_allocated_in_full_before_they_are_written() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let journal = open(config(&dir, WriteMethod::Mapped));
    let _lane = journal.lane(0).unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(dir.path().join("journal")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().ends_with(".seg") {
            let metadata = entry.metadata().unwrap();
            assert_eq!(metadata.len(), 64 << 10);
            assert!(
                metadata.blocks() * 512 >= metadata.len(),
                "{entry:?} has holes"
            );
            files += 1;
        }
    }
    assert!(files >= 4, "{files}");
}

#[test]
fn a_lane_can_be_sent_to_its_thread() {
    fn sent<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    sent::<Lane>();
    sent::<crate::Reader>();
    shared::<Journal>();
}
