//! The store at its boundary, over real SQLite files.

mod contracts;

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use adoption::{
    ClientClass, ConsumerId, ConsumerKind, ContractId, KeyId, LatencyBucket, Micros, OperationId,
    StatusClass, SurfaceId,
};
use meter::rollup::{Grain, LatencyKey, LatencyRow, UsageCounts, UsageKey, UsageRow};
use meter::{OpenCall, StreamId};
use proptest::prelude::*;

use crate::consumer::ConsumerRow;
use crate::usage_report::{Coverage, Filter, GroupBy};
use crate::watermark::WatermarkState;
use crate::{Store, StoreConfig, StoreError, Texts};

const STREAM: StreamId = StreamId {
    gateway: u64::MAX / 2,
    epoch: 1 << 32 | 7,
    lane: 3,
};
const NOW: Micros = Micros(1_800_000_000_000_000);

async fn open(dir: &tempfile::TempDir) -> Store {
    try_open(dir).await.unwrap()
}

async fn try_open(dir: &tempfile::TempDir) -> Result<Store, StoreError> {
    let url = format!("sqlite:{}", dir.path().join("t.db").display());
    // No waiting: a test that meets a lock wants to see it.
    Store::open(&StoreConfig {
        busy_timeout: Duration::ZERO,
        ..StoreConfig::new(url)
    })
    .await
}

fn consumer(name: &str) -> ConsumerRow {
    ConsumerRow {
        id: ConsumerId::from_raw(100 + name.len() as u64),
        name: name.to_owned(),
        kind: ConsumerKind::Agent,
        contacts: "[]".to_owned(),
        plan: None,
        sla: Some("gold".to_owned()),
        external_id: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn usage_key(period: i64, consumer: u64) -> UsageKey {
    UsageKey {
        period,
        surface: SurfaceId::from_raw(20),
        consumer: ConsumerId::from_raw(consumer),
        key: KeyId::from_raw(consumer + 1),
        operation: OperationId::from_raw(40 + consumer % 3),
        contract: ContractId::from_raw(50),
        status_class: StatusClass::of(200),
        client_class: ClientClass::Sdk,
    }
}

fn usage_row(period: i64, consumer: u64, calls: u64) -> UsageRow {
    let counts = UsageCounts {
        calls,
        bytes_out: calls * 10,
        latency_us_max: calls,
        ..UsageCounts::default()
    };
    UsageRow {
        key: usage_key(period, consumer),
        counts,
    }
}

#[tokio::test]
async fn only_sqlite_urls_are_taken_and_passwords_are_not_repeated() {
    let error = Store::open(&StoreConfig::new("postgres://u:secret@h/d".to_owned()))
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "database URL of scheme \"postgres\" is not supported: use sqlite:<path>"
    );
    assert_eq!(error.code(), "database_url_unsupported");
}

#[tokio::test]
async fn the_file_is_private_and_written_in_wal_with_full_sync() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mode = std::fs::metadata(store.path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut tx = store.write().await.unwrap();
    let conn = tx.conn().unwrap();
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!((journal.as_str(), synchronous, foreign_keys), ("wal", 2, 1));
    let not_strict: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    assert_eq!(not_strict, Vec::<String>::new());
}

#[tokio::test]
async fn readers_neither_wait_for_a_writer_nor_see_half_of_its_work() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut writing = store.write().await.unwrap();
    crate::consumer::insert(&mut writing, &consumer("acme"))
        .await
        .unwrap();
    let mut before = store.read().await.unwrap();
    assert_eq!(
        crate::consumer::by_name(&mut before, "acme").await.unwrap(),
        None
    );
    writing.commit().await.unwrap();

    // A transaction of reads keeps to its moment; a new one sees the commit.
    assert_eq!(
        crate::consumer::by_name(&mut before, "acme").await.unwrap(),
        None
    );
    let mut after = store.read().await.unwrap();
    assert_eq!(
        crate::consumer::by_name(&mut after, "acme").await.unwrap(),
        Some(consumer("acme"))
    );
    assert!(
        crate::consumer::by_name(&mut after, "acme ")
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_a_duplicate_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut tx = store.write().await.unwrap();
    crate::consumer::insert(&mut tx, &consumer("acme"))
        .await
        .unwrap();
    drop(tx);
    let mut tx = store.write().await.unwrap();
    crate::consumer::insert(&mut tx, &consumer("acme"))
        .await
        .unwrap();
    let twice = ConsumerRow {
        id: ConsumerId::from_raw(999),
        ..consumer("acme")
    };
    let error = crate::consumer::insert(&mut tx, &twice).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate(_)), "{error}");
}

#[tokio::test]
async fn another_process_with_a_lock_makes_it_busy() {
    let dir = tempfile::tempdir().unwrap();
    let (store, other) = (open(&dir).await, open(&dir).await);
    let held = other.write().await.unwrap();
    let error = store.write().await.err().unwrap();
    assert!(matches!(error, StoreError::Busy(_)), "{error}");
    held.commit().await.unwrap();
    store.write().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_gone_is_noticed_and_welcomed_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let away = dir.path().join("away.db");
    std::fs::rename(store.path(), &away).unwrap();
    assert!(matches!(
        store.write().await.err(),
        Some(StoreError::Gone { .. })
    ));
    std::fs::write(store.path(), b"").unwrap();
    assert!(
        matches!(store.read().await.err(), Some(StoreError::Gone { .. })),
        "another file is not ours"
    );
    std::fs::rename(&away, store.path()).unwrap();
    store.write().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_watermark_moves_by_compare_and_set_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    async fn check(
        store: &Store,
        from: u64,
        to: u64,
        state: WatermarkState,
    ) -> Option<&'static str> {
        let mut tx = store.write().await.unwrap();
        match crate::watermark::advance(&mut tx, STREAM, from, to, state, NOW).await {
            Ok(()) => tx.commit().await.map(|()| None).unwrap(),
            Err(error) => Some(error.code()),
        }
    }
    let moved = Some("watermark_moved");
    assert_eq!(
        check(&store, 5, 9, WatermarkState::Live).await,
        moved,
        "there is none yet"
    );
    assert_eq!(check(&store, 0, 10, WatermarkState::Live).await, None);
    assert_eq!(
        check(&store, 0, 10, WatermarkState::Live).await,
        moved,
        "applied before"
    );
    assert_eq!(check(&store, 9, 12, WatermarkState::Live).await, moved);
    assert_eq!(check(&store, 10, 10, WatermarkState::Damaged).await, None);
    assert_eq!(check(&store, 10, 15, WatermarkState::Closed).await, None);
    assert_eq!(
        check(&store, 15, 16, WatermarkState::Live).await,
        moved,
        "closed for good"
    );
    let mut tx = store.read().await.unwrap();
    let rows = crate::watermark::list(&mut tx).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].stream, rows[0].seq, rows[0].state),
        (STREAM, 15, WatermarkState::Closed)
    );
}

#[tokio::test]
async fn open_calls_come_back_as_they_went() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let call = |seq: u64| OpenCall {
        seq,
        surface: SurfaceId::from_raw(20),
        consumer: ConsumerId::UNKNOWN,
        key: KeyId::NONE,
        operation: OperationId::REFUSED,
        contract: ContractId::NONE,
        status_class: StatusClass::of(429),
        client_class: ClientClass::Agent,
        started_at: Micros(-5),
    };
    // Every size of statement: 128 + 16 + 1 rows and more.
    let calls: Vec<OpenCall> = (1..=163).map(call).collect();
    let mut tx = store.write().await.unwrap();
    crate::open_call::insert(&mut tx, STREAM, &calls, &mut Texts::default())
        .await
        .unwrap();
    crate::open_call::delete(&mut tx, STREAM, &calls[..160])
        .await
        .unwrap();
    let found = crate::open_call::list(&mut tx).await.unwrap();
    assert_eq!(
        found,
        vec![
            (STREAM, call(161)),
            (STREAM, call(162)),
            (STREAM, call(163))
        ]
    );
}

#[tokio::test]
async fn a_sum_past_the_integers_is_an_error_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut texts = Texts::default();
    let mut row = usage_row(1, 30, 1);
    row.counts.bytes_in = i64::MAX as u64;
    let mut tx = store.write().await.unwrap();
    crate::usage::add_usage(&mut tx, Grain::Minute, &[row], &mut texts)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.write().await.unwrap();
    let error = crate::usage::add_usage(&mut tx, Grain::Minute, &[row], &mut texts)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Sql(_)), "{error}");
    drop(tx);
    row.counts.bytes_in = u64::MAX;
    let mut tx = store.write().await.unwrap();
    let error = crate::usage::add_usage(&mut tx, Grain::Minute, &[row], &mut texts)
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::Overflow { what: "bytes_in" }),
        "{error}"
    );
    drop(tx);

    let mut tx = store.read().await.unwrap();
    let minutes = Coverage {
        minutes_before: 0..10,
        ..Coverage::default()
    };
    let (_, sums) =
        crate::usage_report::total(&mut tx, GroupBy::Consumer, &minutes, &Filter::default())
            .await
            .unwrap();
    assert_eq!((sums.calls, sums.bytes_in), (1, i64::MAX as u64));
}

#[tokio::test]
async fn an_earlier_sight_of_a_key_does_not_undo_a_later_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let key = KeyId::from_raw(77);
    let mut tx = store.write().await.unwrap();
    for minute in [5, 9, 7] {
        crate::usage::see_keys(&mut tx, &[(key, minute)], &mut Texts::default())
            .await
            .unwrap();
    }
    let seen: i64 = sqlx::query_scalar("SELECT minute FROM key_seen")
        .fetch_one(tx.conn().unwrap())
        .await
        .unwrap();
    assert_eq!(seen, 9);
}

#[tokio::test]
async fn retention_deletes_in_batches_and_says_from_when_on_rows_are_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut texts = Texts::default();
    let rows: Vec<UsageRow> = (0..50)
        .map(|n| usage_row(n, 30 + n as u64 % 7, 1))
        .collect();
    let mut tx = store.write().await.unwrap();
    crate::usage::add_usage(&mut tx, Grain::Minute, &rows, &mut texts)
        .await
        .unwrap();
    assert_eq!(
        crate::retention::kept(&mut tx).await.unwrap().minute,
        i64::MIN
    );
    crate::retention::keep_from(&mut tx, Grain::Minute, 40)
        .await
        .unwrap();
    crate::retention::keep_from(&mut tx, Grain::Minute, 20)
        .await
        .unwrap();
    assert_eq!(
        crate::retention::kept(&mut tx).await.unwrap().minute,
        40,
        "it never goes back"
    );
    let mut deleted = Vec::new();
    for _ in 0..4 {
        deleted.push(
            crate::retention::delete_before(&mut tx, Grain::Minute, 40, 16)
                .await
                .unwrap(),
        );
    }
    assert_eq!(deleted, [16, 16, 8, 0]);
    let minutes = Coverage {
        minutes_before: 0..100,
        ..Coverage::default()
    };
    let (_, sums) =
        crate::usage_report::total(&mut tx, GroupBy::Consumer, &minutes, &Filter::default())
            .await
            .unwrap();
    assert_eq!(sums.calls, 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the batches, stored sums are the sums of what went in, and groups add up to the total.
    #[test]
    fn rollups_add_up(
        batches in prop::collection::vec(prop::collection::btree_map((0i64..4, 30u64..90), 1u64..1_000, 0..150), 1..6)
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let store = open(&dir).await;
            let mut texts = Texts::default();
            let mut expected = 0;
            for batch in &batches {
                let rows: Vec<UsageRow> =
                    batch.iter().map(|((minute, consumer), calls)| usage_row(*minute, *consumer, *calls)).collect();
                let latency: Vec<LatencyRow> = batch
                    .iter()
                    .enumerate()
                    .map(|(i, ((minute, consumer), calls))| {
                        let key = usage_key(*minute, *consumer);
                        let key = LatencyKey {
                            period: *minute,
                            surface: key.surface,
                            operation: key.operation,
                            contract: key.contract,
                            status_class: key.status_class,
                            bucket: LatencyBucket(i as i16),
                        };
                        LatencyRow { key, n: *calls }
                    })
                    .collect();
                expected += batch.values().sum::<u64>();
                let mut tx = store.write().await.unwrap();
                crate::usage::add_usage(&mut tx, Grain::Minute, &rows, &mut texts).await.unwrap();
                crate::usage::add_latency(&mut tx, Grain::Minute, &latency, &mut texts).await.unwrap();
                tx.commit().await.unwrap();
            }

            let mut tx = store.read().await.unwrap();
            let minutes = Coverage { minutes_before: 0..2, minutes_after: 2..4, ..Coverage::default() };
            for by in [GroupBy::Operation, GroupBy::Consumer, GroupBy::Key, GroupBy::Version, GroupBy::Client] {
                let groups =
                    crate::usage_report::groups(&mut tx, by, &minutes, &Filter::default(), 10_000).await.unwrap();
                let (count, total) =
                    crate::usage_report::total(&mut tx, by, &minutes, &Filter::default()).await.unwrap();
                assert_eq!(groups.len() as u64, count, "{by:?}");
                assert_eq!(groups.iter().map(|group| group.sums.calls).sum::<u64>(), expected, "{by:?}");
                assert_eq!((total.calls, total.bytes_out), (expected, expected * 10), "{by:?}");
                assert!(groups.is_sorted_by(|a, b| a.sums.calls >= b.sums.calls), "{by:?}");
            }
            let latencies =
                crate::usage_report::latencies(&mut tx, GroupBy::Operation, &minutes, &Filter::default()).await.unwrap();
            let settled: u64 = latencies.iter().flat_map(|group| &group.buckets).map(|(_, n)| n).sum();
            assert_eq!(settled, expected);
            assert!(latencies.iter().all(|group| group.buckets.is_sorted()));
        });
    }
}

/// What SQLite does by itself when the disk is full, behind the back of the driver.
#[tokio::test]
async fn a_transaction_that_the_database_ended_does_not_spoil_the_connection() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    for round in 0..3 {
        let mut tx = store.write().await.unwrap();
        crate::consumer::insert(&mut tx, &consumer("l"))
            .await
            .unwrap();
        sqlx::query("ROLLBACK")
            .execute(tx.conn().unwrap())
            .await
            .unwrap();
        drop(tx);

        let mut tx = store.write().await.unwrap();
        let name = format!("kept{}", "x".repeat(round));
        crate::consumer::insert(&mut tx, &consumer(&name))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    let found = async |tx: &mut crate::ReadTx, name| {
        let found = crate::consumer::by_name(tx, name).await;
        found.unwrap().is_some()
    };
    assert!(!found(&mut tx, "l").await);
    assert!(found(&mut tx, "keptxx").await);
}
