//! The demo with its rollout: from the proposal to the removal at a high clock speed, then an interrupt, and figures that agree.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Ends the process whatever becomes of the test.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A machine that takes longer has hung.
const LIMIT: Duration = Duration::from_secs(300);

fn start(args: &[&str]) -> Demo {
    let child = Command::new(env!("CARGO_BIN_EXE_towpath"))
        .args(["demo", "--format", "json", "--rate", "0.2"])
        .args(["--gateway", "127.0.0.1:0", "--web", "127.0.0.1:0"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    Demo(child)
}

/// Interrupts the demo once a line of its progress holds `text`, and reads its summary.
fn interrupted_at(demo: &mut Demo, text: &str) -> Value {
    let mut lines = BufReader::new(demo.0.stderr.take().unwrap()).lines();
    let began = Instant::now();
    let found = lines.by_ref().map(Result::unwrap).find(|line| {
        assert!(
            began.elapsed() < LIMIT,
            "no line with {text:?} so far: {line}"
        );
        line.contains(text)
    });
    assert!(found.is_some(), "the demo ended without {text:?}");
    let pid = demo.0.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    // Nobody blocks the demo by not reading.
    let rest = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
    let mut summary = String::new();
    demo.0
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut summary)
        .unwrap();
    let status = demo.0.wait().unwrap();
    let rest = rest.join().unwrap();
    assert_eq!(status.code(), Some(0), "{rest:?}");
    serde_json::from_str(&summary).unwrap()
}

#[test]
fn a_rollout_goes_from_the_proposal_to_the_removal_and_nothing_fails() {
    let mut demo = start(&["--clock-speed", "86400000"]);
    let summary = interrupted_at(&mut demo, "  removed (");
    assert_eq!(summary["mismatches"], 0, "{summary}");
    let rollout = &summary["rollout"];
    let figures = ["failed_calls", "notices_lost", "remaining"].map(|name| &rollout[name]);
    assert_eq!(figures, [0, 0, 0], "{rollout}");
    assert_eq!(rollout["phase"], "removed");
    assert_eq!(rollout["moved"], rollout["to_move"], "{rollout}");
    let above_none = ["to_move", "brownout_calls", "warned_calls", "notices_sent"];
    for name in above_none
        .into_iter()
        .chain(["notices_bounced", "removals_refused"])
    {
        assert!(rollout[name].as_u64() > Some(0), "{name}: {rollout}");
    }
    // Nothing is skipped, and everything in its order.
    let steps = [
        "proposed",
        "beta (",
        "announced (",
        "deprecated (",
        "closed (",
        "brownouts (",
        "sunset (",
        "removal refused",
        "removed (",
    ];
    let course: Vec<&str> = rollout["course"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    let places = steps.map(|step| {
        let place = course
            .iter()
            .position(|line| line[10..].starts_with(&format!("  {step}")));
        place.unwrap_or_else(|| panic!("{step} is not in {course:#?}"))
    });
    assert!(places.is_sorted(), "{course:#?}");
    assert!(course.is_sorted_by_key(|line| &line[..10]), "{course:#?}");
}

#[test]
fn an_interrupt_ends_a_rollout_on_its_way_in_order() {
    let mut demo = start(&["--clock-speed", "86400"]);
    let summary = interrupted_at(&mut demo, "  beta (");
    let rollout = &summary["rollout"];
    assert_eq!(
        (&rollout["phase"], &summary["mismatches"]),
        (&"beta".into(), &0.into())
    );
    assert_eq!(
        (&rollout["failed_calls"], &rollout["notices_lost"]),
        (&0.into(), &0.into())
    );
}
