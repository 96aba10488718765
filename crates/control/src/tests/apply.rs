//! Exactly once, whatever happens: crashes between any two statements, lost commits, two appliers, locks, restarts.

use std::collections::BTreeMap;
use std::sync::Arc;

use adoption::{Clock, Origin};
use meter::{Journal, Lane, Reservation};
use testkit::Random;

use super::world::{SETTLEMENT, World, answer, apply_all, call, counts, drain};
use crate::jobs::apply::{Applier, ApplyError, Storing, applier};
use crate::{UsageBy, UsageQuery};

/// What the roll-ups must say, per operation number: calls, errors, attempts, interrupted, settled.
type Model = BTreeMap<u64, [u64; 5]>;

async fn check(world: &World, model: &Model, seed: u64) {
    let report = world.usage(UsageBy::Operation).await;
    let found: BTreeMap<String, _> = report
        .rows
        .iter()
        .map(|row| (row.id.clone(), counts(&row.figures)))
        .collect();
    let expected: BTreeMap<String, _> = model
        .iter()
        .map(
            |(operation, [calls, errors, attempts, interrupted, settled])| {
                let id = adoption::OperationId::from_raw(200 + operation).to_string();
                (
                    id,
                    (
                        *calls,
                        *errors,
                        *attempts,
                        *interrupted,
                        settled * SETTLEMENT.bytes_out,
                    ),
                )
            },
        )
        .collect();
    assert_eq!(found, expected, "seed {seed}");

    // Every grain says the same, and every other view adds up to it.
    for by in [
        UsageBy::Consumer,
        UsageBy::Key,
        UsageBy::Version,
        UsageBy::Client,
    ] {
        assert_eq!(
            counts(&world.usage(by).await.total),
            counts(&report.total),
            "seed {seed}"
        );
    }
    for (table, grain) in [
        ("usage_minute", "minute"),
        ("usage_hour", "hour"),
        ("usage_day", "day"),
    ] {
        let sum = sum(
            world,
            &format!("SELECT COALESCE(SUM(calls), 0) FROM {table} WHERE {grain} > 0"),
        )
        .await;
        assert_eq!(sum, report.total.calls, "{table}, seed {seed}");
    }
    let settled: u64 = model.values().map(|row| row[4]).sum();
    for table in ["latency_minute", "latency_hour", "latency_day"] {
        assert_eq!(
            sum(world, &format!("SELECT COALESCE(SUM(n), 0) FROM {table}")).await,
            settled,
            "seed {seed}"
        );
    }
    assert_eq!(
        sum(world, "SELECT COALESCE(SUM(calls), 0) FROM client_day").await,
        report.total.calls
    );
}

async fn sum(world: &World, sql: &str) -> u64 {
    let url = world.control.config().url();
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url)
        .await
        .unwrap();
    let sum: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    sum.try_into().unwrap()
}

/// A process with two lanes and two appliers that both think they are the one.
struct Process {
    journal: Arc<Journal>,
    lanes: Vec<Lane>,
    appliers: Vec<Applier>,
    open: Vec<(usize, u64, Reservation)>,
}

impl Process {
    fn start(world: &World) -> Self {
        let journal = world.journal();
        let lanes = (0..2).map(|lane| journal.lane(lane).unwrap()).collect();
        let appliers = (0..2)
            .map(|_| applier(&world.control, journal.clone()))
            .collect();
        Self {
            journal,
            lanes,
            appliers,
            open: vec![],
        }
    }

    fn reserve(&mut self, world: &World, random: &mut Random, model: &mut Model) {
        let n = random.below(1_000);
        let lane = random.below(2) as usize;
        let status = *random.pick(&[200, 201, 404, 500]);
        let attempts = random.below(3) as u16;
        let mut call = call(world.clock.now(), n);
        if random.one_in(3) {
            let name = *random.pick(&["octokit", "curl", "stripe"]);
            call.client = self.lanes[lane].client(name, "1.2");
        }
        let reservation = self.lanes[lane]
            .reserve(&call, status, Origin::Upstream, attempts)
            .unwrap();
        let row = model.entry(n % 5).or_default();
        row[0] += 1;
        row[1] += u64::from(status >= 400);
        row[2] += u64::from(attempts);
        self.open.push((lane, n % 5, reservation));
    }

    fn settle(&mut self, random: &mut Random, model: &mut Model) {
        if self.open.is_empty() {
            return;
        }
        let index = random.below(self.open.len() as u64) as usize;
        let (lane, operation, reservation) = self.open.swap_remove(index);
        self.lanes[lane].settle(reservation, &SETTLEMENT);
        model.entry(operation).or_default()[4] += 1;
    }

    /// Puts the newest call that is still open on disk, and all before it in its lane.
    async fn sync(&self) {
        if let Some((lane, _, reservation)) = self.open.last() {
            self.lanes[*lane].durable(reservation).await.unwrap();
        }
    }

    /// Open calls are never settled after this.
    fn kill(self, model: &mut Model) {
        for (_, operation, _) in &self.open {
            model.entry(*operation).or_default()[3] += 1;
        }
    }
}

#[tokio::test]
async fn any_schedule_counts_every_call_once() {
    for seed in 0..12 {
        let mut random = Random::new(seed);
        let world = World::new().await;
        let mut model = Model::new();
        let mut process = Process::start(&world);
        for _ in 0..150 {
            match random.below(20) {
                0..=7 => process.reserve(&world, &mut random, &mut model),
                8..=11 => process.settle(&mut random, &mut model),
                12 => process.sync().await,
                13 | 14 => {
                    let one = random.below(2) as usize;
                    // Losing the race against the other applier is an error that changes nothing.
                    let storing = *random.pick(&[Storing::Now, Storing::Due]);
                    let _ = process.appliers[one].pass(storing).await;
                }
                15 | 16 => {
                    world.control.store().faults().fail_at(1 + random.below(30));
                    let _ = process.appliers[random.below(2) as usize]
                        .pass(Storing::Now)
                        .await;
                    world.control.store().faults().fail_at(0);
                }
                17 => world.clock.advance_seconds(random.below(4_000) as i64),
                18 => {
                    let one = random.below(2) as usize;
                    process.appliers[one] = applier(&world.control, process.journal.clone());
                }
                _ if random.one_in(3) => {
                    process.kill(&mut model);
                    process = Process::start(&world);
                }
                _ => {}
            }
        }
        process.kill(&mut model);
        let mut last = Process::start(&world);
        drain(&mut last.appliers[0]).await;
        check(&world, &model, seed).await;
        assert_eq!(
            sum(&world, "SELECT COUNT(*) FROM open_call").await,
            0,
            "seed {seed}"
        );
        assert_eq!(
            sum(
                &world,
                "SELECT COUNT(*) FROM watermark WHERE state <> 'closed'"
            )
            .await,
            0,
            "seed {seed}"
        );
    }
}

#[tokio::test]
async fn a_crash_at_any_statement_of_a_pass_counts_once() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let mut model = Model::new();
    let mut crashes = 0;
    for round in 0.. {
        for n in 0..9 {
            answer(&lane, &call(world.clock.now(), n), 200);
            let row = model.entry(n % 5).or_default();
            (row[0], row[2], row[4]) = (row[0] + 1, row[2] + 1, row[4] + 1);
        }
        let fence = lane
            .reserve(&call(world.clock.now(), 0), 200, Origin::Upstream, 0)
            .unwrap();
        lane.durable(&fence).await.unwrap();
        lane.settle(fence, &SETTLEMENT);
        let row = model.entry(0).or_default();
        (row[0], row[4]) = (row[0] + 1, row[4] + 1);

        world.control.store().faults().fail_at(round + 1);
        let crashed = applier(&world.control, journal.clone())
            .pass(Storing::Now)
            .await
            .is_err();
        let passed = world.control.store().faults().statements();
        world.control.store().faults().fail_at(0);
        // After the crash a new process reads its state from the database.
        drain(&mut applier(&world.control, journal.clone())).await;
        if !crashed {
            assert!(passed <= round, "statement {round} was never reached");
            break;
        }
        crashes += 1;
    }
    assert!(crashes > 10, "{crashes} crashes");
    drop(lane);
    apply_all(&world, journal).await;
    check(&world, &model, 0).await;
}

#[tokio::test]
async fn a_locked_database_delays_usage_and_loses_none() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let mut applier = applier(&world.control, journal.clone());
    let other = super::world::open(world.dir.path(), &world.clock).await;
    let held = other.store().write().await.unwrap();
    for round in 0..3 {
        for n in 0..50 {
            answer(&lane, &call(world.clock.now(), n), 200);
        }
        let fence = lane
            .reserve(&call(world.clock.now(), 0), 200, Origin::Upstream, 0)
            .unwrap();
        lane.durable(&fence).await.unwrap();
        lane.settle(fence, &SETTLEMENT);
        world.clock.advance_seconds(20);
        match applier.pass(Storing::Now).await {
            Err(ApplyError::Store(store::StoreError::Busy(_))) => {}
            result => panic!("round {round}: {result:?}"),
        }
        // Reads go on.
        assert_eq!(world.usage(UsageBy::Operation).await.total.calls, 0);
    }
    drop(held);
    // The rollback of a dropped transaction runs before the next one begins.
    drop(other.store().write().await.unwrap());
    drain(&mut applier).await;
    assert_eq!(world.usage(UsageBy::Operation).await.total.calls, 153);
    drop((lane, applier));
    apply_all(&world, journal).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.interrupted), (153, 0));
}

#[tokio::test]
async fn a_database_that_is_gone_delays_usage_and_loses_none() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let mut applier = applier(&world.control, journal.clone());
    let (here, away) = (
        world.dir.path().join("towpath.db"),
        world.dir.path().join("away.db"),
    );
    std::fs::rename(&here, &away).unwrap();
    answer(&lane, &call(world.clock.now(), 1), 200);
    let fence = lane
        .reserve(&call(world.clock.now(), 1), 200, Origin::Upstream, 1)
        .unwrap();
    lane.durable(&fence).await.unwrap();
    match applier.pass(Storing::Now).await {
        Err(ApplyError::Store(store::StoreError::Gone { .. })) => {}
        result => panic!("{result:?}"),
    }
    assert!(!world.control.health().await.database);
    std::fs::rename(&away, &here).unwrap();
    drain(&mut applier).await;
    assert_eq!(world.usage(UsageBy::Operation).await.total.calls, 2);
    assert!(world.control.health().await.database);
}

#[tokio::test]
async fn a_long_call_counts_at_once_and_its_bytes_when_it_ends() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let mut applier = applier(&world.control, journal.clone());
    let started = world.clock.now();
    let long = lane
        .reserve(&call(started, 1), 200, Origin::Upstream, 1)
        .unwrap();
    lane.durable(&long).await.unwrap();
    drain(&mut applier).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.bytes_out, total.interrupted), (1, 0, 0));

    // Another process applies the rest: the open call comes from the database.
    world.clock.advance_seconds(7_200);
    drop(applier);
    lane.settle(long, &SETTLEMENT);
    drop(lane);
    apply_all(&world, journal).await;
    let query = UsageQuery::new(UsageBy::Operation, started, started.plus_seconds(60));
    let report = world.control.usage(&query).await.unwrap();
    assert_eq!(
        (
            report.total.calls,
            report.total.bytes_out,
            report.total.interrupted
        ),
        (1, 1_000, 0)
    );
    assert_eq!(
        report.rows[0].figures.p50_us.map(|us| us / 100),
        Some(53),
        "5,000 us in its bucket"
    );
}

#[tokio::test]
async fn a_dead_stream_is_read_to_its_end_closed_and_retired() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    // More than one segment of 64 KiB holds.
    for n in 0..1_500 {
        answer(&lane, &call(world.clock.now(), n), 200);
    }
    let orphan = lane
        .reserve(&call(world.clock.now(), 3), 200, Origin::Upstream, 1)
        .unwrap();
    drop((lane, orphan));
    apply_all(&world, journal).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.interrupted), (1_501, 1));
    let segments = std::fs::read_dir(world.dir.path().join("journal")).unwrap();
    let left: Vec<_> = segments
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".seg") && !name.starts_with("spare-"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_stream_is_told_and_the_others_go_on() {
    let world = World::new().await;
    let journal = world.journal();
    let (one, two) = (journal.lane(0).unwrap(), journal.lane(1).unwrap());
    for n in 0..100 {
        answer(&one, &call(world.clock.now(), n), 200);
        answer(&two, &call(world.clock.now(), n), 200);
    }
    drop((one, two, journal));
    let folder = world.dir.path().join("journal");
    let damaged = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.to_string_lossy().contains("-0000-") && path.to_string_lossy().ends_with(".seg")
        })
        .unwrap();
    let whole = std::fs::read(&damaged).unwrap();
    let mut bytes = whole.clone();
    bytes[80 * 50 + 9] ^= 0x10;
    std::fs::write(&damaged, &bytes).unwrap();

    let journal = world.journal();
    let mut applier = applier(&world.control, journal.clone());
    drain(&mut applier).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert!((100..200).contains(&total.calls), "{} calls", total.calls);
    assert_eq!(world.control.health().await.streams_damaged, 1);
    let check = world
        .control
        .doctor(vec![])
        .await
        .into_iter()
        .find(|check| check.name == "usage.streams")
        .unwrap();
    assert_eq!(check.state, crate::CheckState::Fail);

    // The file is restored: everything counts, nothing twice.
    std::fs::write(&damaged, &whole).unwrap();
    drain(&mut fresh(&world, &journal)).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.interrupted), (200, 0));
}

fn fresh(world: &World, journal: &Arc<Journal>) -> Applier {
    applier(&world.control, journal.clone())
}
