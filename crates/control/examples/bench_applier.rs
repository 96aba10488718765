//! What applying usage costs beside a gateway: CPU per call, by shape of traffic.
//!
//! `cargo run --release -p control --example bench_applier -- [calls/s] [seconds] [shape]`. A writer thread journals
//! calls at the given rate while the real jobs apply them; the CPU of every other thread, and of the housekeeping
//! apart, is divided by the calls.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use adoption::{
    ClientClass, Clock, ConsumerId, ContractId, KeyId, OperationId, Origin, Outcome, SurfaceId,
};
use control::{Control, ControlConfig, SnapshotSink, SnapshotSpec, Taken, UsageBy, UsageQuery};
use meter::{Call, Journal, JournalConfig, Lane, Settlement, SystemClock};

/// How calls spread: keys and operations, and the exponent by which few of them make most calls.
struct Shape {
    name: &'static str,
    keys: u64,
    operations: u64,
    skew: f64,
}

const SHAPES: [Shape; 5] = [
    Shape {
        name: "40 keys x 25 operations",
        keys: 40,
        operations: 25,
        skew: 1.0,
    },
    Shape {
        name: "64 keys x 256 operations",
        keys: 64,
        operations: 256,
        skew: 1.0,
    },
    Shape {
        name: "1,000 keys x 100 operations, skewed",
        keys: 1_000,
        operations: 100,
        skew: 3.0,
    },
    Shape {
        name: "10,000 keys x 1,200 operations, skewed",
        keys: 10_000,
        operations: 1_200,
        skew: 3.0,
    },
    Shape {
        name: "100,000 keys x 1,200 operations, even",
        keys: 100_000,
        operations: 1_200,
        skew: 1.0,
    },
];

struct NoSink;

impl SnapshotSink for NoSink {
    fn publish(&self, _spec: &SnapshotSpec) -> Taken {
        Taken::No
    }
}

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse::<u64>().ok());
    let rate = arguments.next().unwrap_or(20_000);
    let seconds = arguments.next().unwrap_or(10);
    let only = arguments.next();
    println!("{rate} calls/s for {seconds} s each");
    println!(
        "{:40} {:>10} {:>9} {:>10} {:>9} {:>12}",
        "shape", "calls", "keys", "apply us", "sync us", "database MiB"
    );
    for (number, shape) in (1..).zip(&SHAPES) {
        if only.is_none_or(|only| only == number) {
            measure(shape, rate, seconds);
        }
    }
}

fn measure(shape: &Shape, rate: u64, seconds: u64) {
    let dir = std::env::temp_dir().join(format!("bench-applier-{}", std::process::id()));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let journal =
        Arc::new(Journal::open(JournalConfig::new(dir.clone()), clock.clone()).expect("a journal"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let control = runtime
        .block_on(Control::open(
            ControlConfig::new(dir.clone()),
            clock.clone(),
        ))
        .expect("a control");
    let jobs = {
        let _inside = runtime.enter();
        control.start_jobs(journal.clone(), Arc::new(NoSink))
    };
    let before = cpu_by_thread();

    let lane = journal.lane(0).expect("a lane");
    let writer = std::thread::Builder::new().name("bench-writer".into());
    let (keys, operations, skew) = (shape.keys, shape.operations, shape.skew);
    let writer = writer.spawn(move || {
        write(&lane, clock.as_ref(), rate, seconds, keys, operations, skew);
        // The thread's CPU must still be there to be read.
        let cpu = cpu_by_thread();
        (lane, cpu)
    });
    let (lane, _) = writer.expect("a thread").join().expect("a writer");
    drop(lane);
    // The journal's group commit must have passed for the last calls to be read.
    std::thread::sleep(Duration::from_millis(300));
    runtime.block_on(jobs.stop());
    let after = cpu_by_thread();

    let now = adoption::Micros(SystemClock.now().0 + 60_000_000);
    let query = UsageQuery::new(UsageBy::Client, now.plus_seconds(-86_400), now);
    let total = runtime
        .block_on(control.usage(&query))
        .expect("a report")
        .total;
    assert_eq!(total.calls, rate * seconds, "every call counts once");
    let spent = |wanted: fn(&str) -> bool| -> f64 {
        let of = |cpu: &BTreeMap<String, u64>| -> u64 {
            cpu.iter()
                .filter(|(name, _)| wanted(name))
                .map(|(_, ns)| ns)
                .sum()
        };
        of(&after).saturating_sub(of(&before)) as f64 / 1_000.0 / total.calls as f64
    };
    let apply_us = spent(|name| !name.contains("usage-journal") && !name.contains("bench-writer"));
    let sync_us = spent(|name| name.contains("usage-journal"));
    let size = std::fs::metadata(dir.join("towpath.db")).map_or(0, |file| file.len()) >> 20;
    let keys_seen = runtime
        .block_on(control.usage(&UsageQuery {
            by: UsageBy::Key,
            ..query
        }))
        .expect("a report")
        .rows_total;
    println!(
        "{:40} {:>10} {:>9} {apply_us:>10.2} {sync_us:>9.2} {size:>12}",
        shape.name, total.calls, keys_seen
    );
    if std::env::var_os("BENCH_THREADS").is_some() {
        for (name, ns) in &after {
            let us = ns.saturating_sub(before.get(name).copied().unwrap_or(0)) as f64 / 1_000.0;
            println!("    {name:24} {:.2} us", us / total.calls as f64);
        }
    }
    runtime.block_on(control.close());
    drop((control, journal));
    std::fs::remove_dir_all(&dir).expect("the folder is ours");
}

fn write(
    lane: &Lane,
    clock: &dyn Clock,
    rate: u64,
    seconds: u64,
    keys: u64,
    operations: u64,
    skew: f64,
) {
    let client = lane.client("octokit", "3.2.1");
    let settlement = Settlement {
        bytes_in: 120,
        bytes_out: 2_400,
        latency_us: 0,
        upstream_us: 900,
        units: 1,
        outcome: Outcome::Complete,
        shapes: meter::Shapes::default(),
    };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut pick = move |of: u64| (uniform().powf(skew) * of as f64) as u64;
    let started = Instant::now();
    let mut open = std::collections::VecDeque::new();
    for n in 0..rate * seconds {
        let key = pick(keys);
        let call = Call {
            surface: SurfaceId::from_raw(0x5afe_0000_0000_0001),
            operation: OperationId::from_raw(
                (pick(operations) + 1).wrapping_mul(0xd134_2543_de82_ef95),
            ),
            consumer: ConsumerId::from_raw(0x1234_5678_0000_0000 + key),
            key: KeyId::from_raw((key + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            contract: ContractId::from_raw(0x77_0000_0000_0077),
            client,
            client_class: ClientClass::Sdk,
            started_at: clock.now(),
        };
        let status = if n % 50 == 0 { 404 } else { 200 };
        let reservation = lane
            .reserve(&call, status, Origin::Upstream, 1)
            .expect("room");
        open.push_back(reservation);
        // 64 calls are under way at any time.
        if open.len() > 64
            && let Some(done) = open.pop_front()
        {
            lane.settle(
                done,
                &Settlement {
                    latency_us: 800 + pick(4_000),
                    ..settlement
                },
            );
        }
        if n % 200 == 199 {
            let due = Duration::from_nanos(n * 1_000_000_000 / rate);
            std::thread::sleep(due.saturating_sub(started.elapsed()));
        }
    }
    for done in open {
        lane.settle(
            done,
            &Settlement {
                latency_us: 1_000,
                ..settlement
            },
        );
    }
}

/// CPU nanoseconds of every thread of this process that still runs, summed by name.
fn cpu_by_thread() -> BTreeMap<String, u64> {
    let mut cpu = BTreeMap::new();
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    for task in tasks {
        let read = |file: &str| {
            std::fs::read_to_string(Path::new(&task.path()).join(file)).unwrap_or_default()
        };
        let ns = read("schedstat")
            .split(' ')
            .next()
            .and_then(|ns| ns.parse::<u64>().ok())
            .unwrap_or(0);
        *cpu.entry(read("comm").trim().to_owned()).or_insert(0) += ns;
    }
    cpu
}
