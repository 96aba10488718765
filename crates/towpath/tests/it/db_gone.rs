//! Traffic does not wait for the database: locked or gone, calls are answered, and usage catches up to the last one.

use std::fs;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, SqliteConnection};

use crate::support::{Setup, Towpath, Upstream, eventually, get};

fn with_one_key(upstream: &Upstream) -> (Towpath, String) {
    let towpath = Setup::new(&upstream.url())
        .surface("anonymous = \"401\"")
        .start();
    let (_, key) = towpath.key("acme");
    let header = format!("X-Api-Key: {key}");
    eventually("the key is known", || {
        get(towpath.gateway, "/a", &[&header]).status == 200
    });
    (towpath, header)
}

/// Answered calls, each in well under a second.
fn call(towpath: &Towpath, header: &str, count: u64) {
    for number in 0..count {
        let start = Instant::now();
        let answer = get(towpath.gateway, "/a", &[header]);
        assert_eq!(answer.status, 200, "call {number}: {}", answer.text());
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "call {number} took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn a_locked_database_delays_the_report_and_not_the_traffic() {
    let upstream = Upstream::ok();
    let (towpath, header) = with_one_key(&upstream);
    towpath.expect_calls(upstream.count() as u64 + refused(&towpath));
    let before = towpath.calls("consumer", "acme");

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = format!("sqlite://{}", towpath.data().join("towpath.db").display());
    let mut database = runtime.block_on(SqliteConnection::connect(&url)).unwrap();
    runtime
        .block_on(sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut database))
        .unwrap();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(7) {
        call(&towpath, &header, 20);
    }
    let sent = upstream.count() as u64;
    runtime
        .block_on(sqlx::raw_sql("ROLLBACK").execute(&mut database))
        .unwrap();
    eventually("usage catches up", || {
        towpath.calls("consumer", "acme") >= sent
    });
    assert_eq!(towpath.calls("consumer", "acme"), sent);
    assert!(sent > before);
}

/// Calls before the key was known.
fn refused(towpath: &Towpath) -> u64 {
    eventually("some usage is there", || towpath.calls_in_all() > 0);
    towpath.calls("consumer", "(unknown key)")
}

#[test]
fn the_gateway_starts_and_serves_without_its_database() {
    let upstream = Upstream::ok();
    let (mut towpath, header) = with_one_key(&upstream);
    eventually("the key's use is counted", || {
        towpath.calls("consumer", "acme") > 0
    });
    assert!(towpath.terminate().success());

    // Nothing that could be opened stands in the database's place.
    let (database, aside) = (
        towpath.data().join("towpath.db"),
        towpath.data().join("aside"),
    );
    fs::create_dir(&aside).unwrap();
    for name in ["towpath.db", "towpath.db-wal", "towpath.db-shm"] {
        let path = towpath.data().join(name);
        if path.exists() {
            fs::rename(&path, aside.join(name)).unwrap();
        }
    }
    fs::create_dir(&database).unwrap();
    towpath.start_again();
    eventually("the gateway listens", || {
        std::net::TcpStream::connect(towpath.gateway).is_ok()
    });
    call(&towpath, &header, 200);
    assert_eq!(
        get(towpath.gateway, "/a", &["X-Api-Key: twp_live_nonsense"]).status,
        401,
        "identity is still checked"
    );
    assert_eq!(get(towpath.web, "/healthz", &[]).status, 200);
    // Ready for consumers, and open about what is missing.
    assert_eq!(towpath.readiness(), (200, false));

    fs::remove_dir(&database).unwrap();
    // The database itself last: it is opened as soon as it is there.
    for name in ["towpath.db-wal", "towpath.db-shm", "towpath.db"] {
        if aside.join(name).exists() {
            fs::rename(aside.join(name), towpath.data().join(name)).unwrap();
        }
    }
    // Without a restart: the state is tried again and again.
    towpath.wait_until_ready();
    let sent = upstream.count() as u64;
    eventually("usage catches up", || {
        towpath.calls("consumer", "acme") >= sent
    });
    assert_eq!(towpath.calls("consumer", "acme"), sent);
}
