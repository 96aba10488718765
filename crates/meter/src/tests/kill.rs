//! A real process killed with SIGKILL at random moments: what it acknowledged over a pipe counts exactly once.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use testkit::Random;

use super::applier::{Store, apply_all, calls_by_number};
use super::sim::{attempts, call, origin, settlement, status};
use crate::clock::SystemClock;
use crate::config::JournalConfig;
use crate::journal::Journal;

const ROUNDS: u64 = 40;
const FOLDER: &str = "METER_KILL_FOLDER";
const FIRST_CALL: &str = "METER_KILL_FIRST_CALL";

fn open(dir: &Path) -> Journal {
    let config = JournalConfig {
        segment_bytes: 32 << 10,
        spare_bytes: 128 << 10,
        spare_bytes_max: 512 << 10,
        leave_free_bytes: 0,
        sync_interval: Duration::from_millis(1),
        ..JournalConfig::new(dir.to_owned())
    };
    Journal::open(config, Arc::new(SystemClock)).unwrap()
}

/// Calls for ever on two lanes; tells each answer (`a`) and each end (`s`) on standard output after it is made.
fn write_until_killed(dir: &Path, first_call: u64) {
    let journal = open(dir);
    let next = AtomicU64::new(first_call);
    std::thread::scope(|scope| {
        for index in 0..2 {
            let lane = journal.lane(index).unwrap();
            let next = &next;
            scope.spawn(move || {
                let tell = |what: &str, n: u64| {
                    let mut pipe = std::io::stdout().lock();
                    writeln!(pipe, "\n{what} {n}")
                        .and_then(|()| pipe.flush())
                        .unwrap();
                };
                let mut open = VecDeque::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let client = lane.client("killed", &(n % 9).to_string());
                    let made = crate::Call { client, ..call(n) };
                    let reservation = lane
                        .reserve(&made, status(n), origin(n), attempts(n))
                        .unwrap();
                    tell("a", n);
                    open.push_back((n, reservation));
                    if open.len() > 3 {
                        let (n, reservation) = open.pop_front().unwrap();
                        lane.settle(reservation, &settlement(n));
                        tell("s", n);
                    }
                }
            });
        }
    });
}

fn spawn_writer(dir: &Path, first_call: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::kill::whatever_was_acknowledged_before_a_kill_counts_exactly_once",
            "--nocapture",
        ])
        .env(FOLDER, dir)
        .env(FIRST_CALL, first_call.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a writer run until it has told `lines` lines, kills it, and gives all that it told: call to settled.
fn run_and_kill(dir: &Path, first_call: u64, lines: u64) -> BTreeMap<u64, bool> {
    let mut writer = spawn_writer(dir, first_call);
    let mut told = BTreeMap::new();
    let mut count = 0;
    for line in BufReader::new(writer.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        let Some((what, n)) = line.split_once(' ') else {
            continue;
        };
        let Ok(n) = n.parse() else { continue };
        match what {
            "a" => told.insert(n, false),
            "s" => told.insert(n, true),
            _ => continue,
        };
        count += 1;
        if count == lines {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();
    assert!(
        count >= lines,
        "the writer ended by itself after {count} lines"
    );
    told
}

#[test]
fn whatever_was_acknowledged_before_a_kill_counts_exactly_once() {
    if let (Ok(dir), Ok(first)) = (std::env::var(FOLDER), std::env::var(FIRST_CALL)) {
        return write_until_killed(Path::new(&dir), first.parse().unwrap());
    }

    let dir = tempfile::tempdir().unwrap();
    let mut random = Random::new(20_260_101);
    let mut store = Store::default();
    let mut told = BTreeMap::new();
    for round in 0..ROUNDS {
        let lines = 1 + random.below(if round % 4 == 0 { 20 } else { 2_000 });
        told.extend(run_and_kill(dir.path(), 1 + round * 1_000_000, lines));
        // Often the next writer opens a journal that nobody has read.
        if random.one_in(3) {
            let journal = open(dir.path());
            apply_all(&mut store, &mut journal.reader(), &mut random, true).unwrap();
        }
    }
    let journal = open(dir.path());
    apply_all(&mut store, &mut journal.reader(), &mut random, true).unwrap();

    let counted = calls_by_number(&store);
    for (n, settled) in &told {
        let counts = counted
            .get(n)
            .unwrap_or_else(|| panic!("call {n} was acknowledged and is not counted"));
        assert!(
            !settled || (counts.interrupted == 0 && counts.units == settlement(*n).units),
            "call {n}: {counts:?}"
        );
    }
    for (n, counts) in &counted {
        assert_eq!(counts.calls, 1, "call {n}");
        assert_eq!(
            counts.interrupted + u64::from(counts.units > 0),
            1,
            "call {n}: {counts:?}"
        );
    }
    // Written and not yet acknowledged: at most one answer in each of two lanes, for each kill.
    let unacknowledged = counted.len() - told.len();
    assert!(
        unacknowledged as u64 <= 2 * ROUNDS,
        "{unacknowledged} of {}",
        counted.len()
    );
    assert!(told.len() > 10_000, "{}", told.len());
    assert_eq!(store.beyond_tail, 0);
}
