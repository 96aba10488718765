//! `kill -9` at random moments under load: every answered request is counted exactly once, over any number of restarts.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testkit::Random;

use crate::support::{Connection, Setup, Towpath, Upstream, eventually};

const CLIENTS: usize = 4;
/// `scripts/test` asks for 200 rounds.
const ROUNDS_DEFAULT: usize = 25;
const SEED: u64 = 20_261_123;

/// What one client knows at the end of a round.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Answers whose head arrived: each must be counted.
    answered: u64,
    /// At most one request whose answer never came: it may be counted or not.
    open: u64,
}

#[test]
fn every_answered_request_is_counted_exactly_once() {
    let rounds = std::env::var("TOWPATH_TEST_CRASH_ROUNDS")
        .map_or(ROUNDS_DEFAULT, |text| text.parse().unwrap());
    let upstream = Upstream::ok();
    let mut towpath = Setup::new(&upstream.url())
        .surface("identity = [{ kind = \"header\", header = \"x-key\" }]")
        .start();
    // A key for each client of each round: a call lost in one round and one doubled in another cannot cancel out.
    import_keys(&towpath, rounds);
    let mut random = Random::new(SEED);
    let mut known = Vec::new();
    for round in 0..rounds {
        known.push(load_until_killed(&mut towpath, round, &mut random));
        towpath.start_again();
        // Now and then the next kill comes while the journal is being replayed.
        if random.one_in(4) {
            std::thread::sleep(Duration::from_millis(random.below(60)));
            towpath.kill();
            towpath.start_again();
        }
        towpath.wait_until_ready();
    }
    let answered: u64 = known.iter().flatten().map(|client| client.answered).sum();
    eventually("usage catches up", || towpath.calls_in_all() >= answered);
    check(&towpath, &known);
    // And once more: a restart without traffic changes nothing.
    let before = towpath.calls_in_all();
    towpath.restart();
    assert_eq!(towpath.calls_in_all(), before);
    println!("{rounds} rounds, {answered} answered requests, {before} counted, seed {SEED}");
}

fn key(round: usize, client: usize) -> String {
    format!("key-{round}-{client}")
}

fn consumer(round: usize, client: usize) -> String {
    format!("r{round}c{client}")
}

fn import_keys(towpath: &Towpath, rounds: usize) {
    let mut consumers = String::from("name,kind\nwarm-up,developer\n");
    let mut keys = String::from("consumer,surface,value\nwarm-up,api,warm-up\n");
    for (round, client) in
        (0..rounds).flat_map(|round| (0..CLIENTS).map(move |client| (round, client)))
    {
        consumers += &format!("{},developer\n", consumer(round, client));
        keys += &format!("{},api,{}\n", consumer(round, client), key(round, client));
    }
    std::fs::write(towpath.folder().join("consumers.csv"), consumers).unwrap();
    std::fs::write(towpath.folder().join("keys.csv"), keys).unwrap();
    towpath.cli(&["consumer", "import", "consumers.csv"]);
    towpath.cli(&["key", "import", "keys.csv"]);
    // All are published together: this one is known as soon as the others are.
    eventually("the keys are known", || {
        crate::support::get(towpath.gateway, "/warm-up", &["X-Key: warm-up"]);
        towpath.calls("consumer", "warm-up") > 0
    });
}

fn load_until_killed(towpath: &mut Towpath, round: usize, random: &mut Random) -> Vec<Known> {
    let gateway = towpath.gateway;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let stop = &stop;
                scope.spawn(move || hammer(Connection::open(gateway), &key(round, client), stop))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(random.below(80)));
        towpath.kill();
        stop.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect()
    })
}

/// Sends one request after the other until the connection breaks.
fn hammer(mut connection: Connection, key: &str, stop: &AtomicBool) -> Known {
    let request = format!("GET /a HTTP/1.1\r\nHost: h\r\nX-Key: {key}\r\n\r\n");
    let mut known = Known {
        answered: 0,
        open: 0,
    };
    while !stop.load(Ordering::Relaxed) {
        known.open = 1;
        if connection.stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        // One byte of the answer proves that it had left.
        if !matches!(connection.stream.peek(&mut [0; 1]), Ok(1)) {
            break;
        }
        known = Known {
            answered: known.answered + 1,
            open: 0,
        };
        // The rest of a head or body may be cut off by the kill.
        let whole = connection.try_answer();
        if whole.is_none() {
            break;
        }
    }
    known
}

fn check(towpath: &Towpath, known: &[Vec<Known>]) {
    let report = towpath.usage("consumer");
    let rows = report["rows"].as_array().unwrap();
    let counted = |name: &str| {
        rows.iter()
            .find(|row| row["name"] == name)
            .map_or(0, |row| row["calls"].as_u64().unwrap())
    };
    let mut wrong = Vec::new();
    for (round, clients) in known.iter().enumerate() {
        for (client, known) in clients.iter().enumerate() {
            let name = consumer(round, client);
            let counted = counted(&name);
            if counted < known.answered || counted > known.answered + known.open {
                wrong.push(format!("{name}: {known:?}, counted {counted}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "seed {SEED}: {}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
