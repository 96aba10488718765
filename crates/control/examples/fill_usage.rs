//! Fills a data folder with what many consumers used over months, at the shapes of rows that the applier writes.
//!
//! `cargo run --release -p control --example fill_usage -- FOLDER CONTRACT [CALLS (10000000)] [CONSUMERS (10000)] [DAYS (90)]`.
//! The surface is `payments`. A few consumers make most of the calls; every one calls on days of its own rhythm, and
//! each operation with a third of its leaves, of its own choice (all of them take 9 GB and no other query). Rows go through the statements of the store, by day; minutes, hours and
//! latencies are left out, which a rollout does not read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use adoption::{
    ClientClass, Clock, ConsumerId, ConsumerKind, ContractId, KeyId, KeyKind, Micros, OperationId,
    StatusClass, SurfaceId,
};
use control::contracts::Breaking;
use control::{Actor, Control, ControlConfig, SurfaceSettings};
use meter::SystemClock;
use meter::rollup::{ClientKey, ClientRow, Grain, ShapeKey, UsageCounts, UsageKey, UsageRow};
use store::consumer::ConsumerRow;
use store::field::{FieldRow, ObservedRow};
use store::key::{KeyOrigin, KeyRow};
use store::{Store, StoreConfig, Texts, WriteTx};
use testkit::Random;

/// One operation that is called, and its leaves by number of name: those that must be there, and the others.
struct Called {
    operation: OperationId,
    leaves: Vec<i64>,
}

/// Who calls what, how often.
struct Consumer {
    id: ConsumerId,
    keys: Vec<KeyId>,
    class: ClientClass,
    /// Days between two active ones.
    every: i64,
    /// Index of an operation, calls on an active day, and its leaves.
    uses: Vec<(usize, u64, Vec<i64>)>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let contract = arguments.next().expect("a contract");
    let mut number = |otherwise: u64| {
        let given = arguments.next();
        given.map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let (calls, consumers, days) = (number(10_000_000), number(10_000), number(90));
    let now = SystemClock.now();
    std::fs::create_dir_all(&folder).expect("a folder that can be made");
    let text = std::fs::read_to_string(&contract).expect("a contract that can be read");
    let (surface, contract) = set_up(&folder, &text).await;

    let url = ControlConfig::new(folder).url();
    let store = Store::open(&StoreConfig::new(url)).await.expect("a store");
    let mut tx = store.write().await.expect("a transaction");
    let called = called(&mut tx, surface, contract).await;
    let mut random = Random::new(1);
    let members = members(&mut random, &called, consumers, calls, days);
    register(&mut tx, surface, &members, now).await;
    tx.commit().await.expect("a commit");

    let mut told = 0;
    for day in now.day() - i64::try_from(days).expect("few days")..now.day() {
        let mut tx = store.write().await.expect("a transaction");
        told += fill_day(
            &mut tx,
            &mut random,
            (surface, contract),
            &called,
            &members,
            day,
        )
        .await;
        tx.commit().await.expect("a commit");
    }
    store.close().await;
    println!(
        "{{\"calls\": {told}, \"consumers\": {}, \"operations\": {}}}",
        members.len(),
        called.len()
    );
}

/// A surface with its contract and leaves.
async fn set_up(folder: &std::path::Path, text: &str) -> (SurfaceId, ContractId) {
    let config = ControlConfig::new(folder.to_owned());
    let control = Control::open(config, Arc::new(SystemClock))
        .await
        .expect("a control");
    let settings = SurfaceSettings::new("payments", "http://127.0.0.1:9");
    control
        .upsert_surface(Actor::Cli, settings)
        .await
        .expect("a surface");
    let declared = Breaking::Declared("a benchmark");
    let pushed = control.push_contract(Actor::Cli, "payments", "base.yaml", text, declared);
    let contract = pushed.await.expect("a contract that is taken").contract;
    control.close().await;
    (contract.surface, contract.id)
}

async fn called(tx: &mut WriteTx, surface: SurfaceId, contract: ContractId) -> Vec<Called> {
    let mut called = Vec::new();
    for row in store::operation::list(tx, surface, None, 10_000)
        .await
        .expect("operations")
    {
        let names = store::leaves::names(tx, contract, row.id)
            .await
            .expect("leaves");
        let names: Vec<String> = match names {
            Some((_, names)) => serde_json::from_str(&names).expect("names"),
            None => continue,
        };
        let mut leaves = Vec::new();
        for name in names {
            leaves.push(store::field::leaf_id(tx, &name).await.expect("a leaf"));
        }
        called.push(Called {
            operation: row.id,
            leaves,
        });
    }
    called
}

/// The first hundred make half of the calls, the next two thousand a third, the others the rest.
fn members(
    random: &mut Random,
    called: &[Called],
    consumers: u64,
    calls: u64,
    days: u64,
) -> Vec<Consumer> {
    let (heavy, mid) = (consumers / 100, consumers / 5);
    let groups = [
        (heavy, calls / 2, 12, 1),
        (mid, calls / 3, 4, 2),
        (consumers - heavy - mid, calls / 6, 2, 7),
    ];
    let mut all = Vec::new();
    for (count, calls, operations, every) in groups {
        for _ in 0..count {
            let number = all.len() as u64;
            let every = every + i64::try_from(random.below(every as u64)).expect("small");
            let active = (days / every as u64).max(1);
            let mut order: Vec<usize> = (0..called.len()).collect();
            random.shuffle(&mut order);
            order.truncate(operations);
            let each = (calls / count.max(1) / active / order.len() as u64).max(1);
            let uses = order.into_iter().map(|at| {
                let leaves = called[at].leaves.iter().copied();
                (at, each, leaves.filter(|_| random.one_in(3)).collect())
            });
            all.push(Consumer {
                uses: uses.collect(),
                id: ConsumerId::from_raw(0x1000_0000 + number * 7_919),
                keys: (0..1 + number.is_multiple_of(5) as u64)
                    .map(|key| KeyId::from_raw(0x2000_0000 + number * 104_729 + key))
                    .collect(),
                class: *random.pick(&ClientClass::ALL),
                every,
            });
        }
    }
    all
}

async fn register(tx: &mut WriteTx, surface: SurfaceId, members: &[Consumer], now: Micros) {
    for (number, member) in members.iter().enumerate() {
        let row = ConsumerRow {
            id: member.id,
            name: format!("Consumer {number:05}"),
            kind: ConsumerKind::Developer,
            contacts: "[]".to_owned(),
            plan: None,
            sla: None,
            external_id: None,
            created_at: now,
            updated_at: now,
        };
        store::consumer::insert(tx, &row).await.expect("a consumer");
        for key in &member.keys {
            let row = KeyRow {
                id: *key,
                surface,
                consumer: member.id,
                kind: KeyKind::Developer,
                origin: KeyOrigin::Towpath,
                digest: adoption::KeyDigest::of(key.to_string().as_bytes()),
                start: key.to_string().chars().take(8).collect(),
                created_at: now,
                expires_at: None,
                revoked_at: None,
                rotated_from: None,
            };
            store::key::insert(tx, &row).await.expect("a key");
        }
    }
}

/// The rows of one day, in the order of their keys as the applier adds them; how many calls they are.
async fn fill_day(
    tx: &mut WriteTx,
    random: &mut Random,
    (surface, contract): (SurfaceId, ContractId),
    called: &[Called],
    members: &[Consumer],
    day: i64,
) -> u64 {
    let (mut usage, mut observed, mut clients) = (Vec::new(), Vec::new(), Vec::new());
    let mut fields: BTreeMap<(ShapeKey, i64), u64> = BTreeMap::new();
    for (number, member) in members.iter().enumerate() {
        if (day + number as i64) % member.every != 0 {
            continue;
        }
        let key = *random.pick(&member.keys);
        clients.push(ClientRow {
            key: ClientKey {
                day,
                surface,
                key,
                client: "payments-node".to_owned(),
                version: format!("4.{}.0", (day - number as i64) / 30 % 10),
            },
            calls: 1,
        });
        for (at, calls, leaves) in &member.uses {
            let operation = called[*at].operation;
            let failed = u64::from(random.one_in(10));
            let consumer = member.id;
            let counts = |calls| UsageCounts {
                calls,
                attempts: calls,
                ..UsageCounts::default()
            };
            let mut row = |status_class, calls| {
                let client_class = member.class;
                let key = UsageKey {
                    period: day,
                    surface,
                    consumer,
                    key,
                    operation,
                    contract,
                    status_class,
                    client_class,
                };
                usage.push(UsageRow {
                    key,
                    counts: counts(calls),
                });
            };
            row(StatusClass::of(200), *calls);
            if failed > 0 {
                row(StatusClass::of(404), failed);
            }
            let key = ShapeKey {
                day,
                surface,
                consumer,
                key,
                operation,
                contract,
            };
            let all = calls + failed;
            observed.push(ObservedRow {
                key,
                calls: all,
                sent: all,
                delivered: all,
            });
            for leaf in leaves {
                let with = if random.one_in(4) {
                    calls.div_ceil(2)
                } else {
                    *calls
                };
                fields.insert((key, *leaf), with);
            }
        }
    }
    usage.sort_unstable_by_key(|row| row.key);
    observed.sort_unstable_by_key(|row| row.key);
    let fields: Vec<FieldRow> = fields
        .into_iter()
        .map(|((key, leaf), calls)| FieldRow { key, leaf, calls })
        .collect();
    let told = usage.iter().map(|row| row.counts.calls).sum();
    let mut texts = Texts::default();
    store::usage::add_usage(tx, Grain::Day, &usage, &mut texts)
        .await
        .expect("usage");
    store::usage::add_clients(tx, &clients, &mut texts)
        .await
        .expect("clients");
    store::field::add_observed(tx, &observed, &mut texts)
        .await
        .expect("observed");
    store::field::add_fields(tx, &fields, &mut texts)
        .await
        .expect("fields");
    told
}
