//! A full disk: traffic goes on within the room that was set aside, then what the owner chose happens, and nothing answered is lost.

use std::fs::{self, File};
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::support::{Answer, Connection, Setup, Towpath, Upstream, eventually};

/// Two spare segments and what is left of the current one: about 20,000 calls of two 80-byte entries each.
const SMALL_JOURNAL: &str =
    "[meter]\nsegment = \"1MiB\"\nspare = \"2MiB\"\nspare_max = \"2MiB\"\nleave_free = \"1MiB\"\n";
const CALLS_MAX: u64 = 200_000;

/// Fills the disk of the data folder to the last byte; the file takes nothing else with it when it goes.
fn fill(towpath: &Towpath) -> std::path::PathBuf {
    let path = towpath.data().join("filler");
    let mut file = File::create(&path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        let part = vec![b'x'; size];
        while file.write_all(&part).is_ok() {}
    }
    path
}

/// Calls until `done` says so; the answers with status 200, and the one that ended it.
fn call_until(
    towpath: &Towpath,
    mut done: impl FnMut(u64, &Answer) -> bool,
) -> (u64, Option<Answer>) {
    let mut connection = Connection::open(towpath.gateway);
    let mut served = 0;
    for _ in 0..CALLS_MAX {
        let answer = connection
            .send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            .answer();
        let answer =
            answer.unwrap_or_else(|| panic!("closed after {served} calls:\n{}", towpath.log()));
        if answer.header("connection").as_deref() == Some("close") {
            connection = Connection::open(towpath.gateway);
        }
        served += u64::from(answer.status == 200);
        if done(served, &answer) {
            return (served, Some(answer));
        }
    }
    (served, None)
}

#[test]
fn traffic_goes_on_in_the_spare_room_and_is_then_refused_until_there_is_more() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url())
        .top(SMALL_JOURNAL)
        .disk_mib(48)
        .start();
    let (before, _) = call_until(&towpath, |served, _| served == 100);
    towpath.expect_calls(before);

    let filler = fill(&towpath);
    let (within, refusal) = call_until(&towpath, |_, answer| answer.status != 200);
    let refusal = refusal.expect("the room ends at some time");
    assert_eq!(
        (refusal.status, refusal.problem()),
        (503, "usage_journal_full".to_owned())
    );
    assert_eq!(refusal.json()["origin"], "gateway");
    assert!(within >= 10_000, "only {within} calls in the spare room");
    // The call that found the journal full was on its way already; from then on nothing is executed.
    let executed = upstream.count() as u64;
    assert!(
        executed - (before + within) <= 1,
        "{executed} executed, {before} + {within} answered"
    );
    let (_, answer) = call_until(&towpath, {
        let mut refused = 0;
        move |_, answer| {
            refused += u32::from(answer.status == 503);
            refused == 50
        }
    });
    assert_eq!(answer.map(|answer| answer.status), Some(503));
    assert!(
        upstream.count() as u64 - executed <= 1,
        "refused calls are executed all the same"
    );
    assert!(doctor(&towpath, "gateway.refused_full").contains("refused"));

    fs::remove_file(filler).unwrap();
    let start = Instant::now();
    eventually("traffic is served again", || {
        call_until(&towpath, |_, _| true)
            .1
            .is_some_and(|answer| answer.status == 200)
    });
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    let answered = upstream.count() as u64 - (executed - before - within);
    eventually("usage catches up", || {
        metered_upstream(&towpath) >= answered
    });
    assert_eq!(
        metered_upstream(&towpath),
        answered,
        "every call that was answered is counted, once"
    );
}

/// What the doctor says of one thing; it must not be content with it.
fn doctor(towpath: &Towpath, name: &str) -> String {
    let output = towpath.run(&["doctor", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report
        .as_array()
        .or_else(|| report["checks"].as_array())
        .unwrap();
    let check = checks
        .iter()
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {report}"));
    assert_ne!(check["state"], "ok", "{check}");
    check["detail"].as_str().unwrap().to_owned()
}

/// Requests sent upstream according to usage.
fn metered_upstream(towpath: &Towpath) -> u64 {
    towpath.usage("operation")["total"]["attempts"]
        .as_u64()
        .unwrap()
}

#[test]
fn an_owner_may_choose_to_let_traffic_pass_uncounted() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url())
        .top(SMALL_JOURNAL)
        .top("full = \"pass\"")
        .disk_mib(48)
        .start();
    let filler = fill(&towpath);
    let (served, refusal) = call_until(&towpath, |served, answer| {
        served == 40_000 || answer.status != 200
    });
    assert_eq!(served, 40_000, "{refusal:?}");
    assert!(doctor(&towpath, "gateway.uncounted").contains("uncounted"));
    fs::remove_file(filler).unwrap();
    eventually("calls are counted again", || {
        let before = towpath.calls_in_all();
        call_until(&towpath, |served, _| served == 10);
        std::thread::sleep(Duration::from_millis(500));
        towpath.calls_in_all() >= before + 10
    });
    assert!(
        towpath.calls_in_all() < upstream.count() as u64,
        "some calls went uncounted"
    );
}
