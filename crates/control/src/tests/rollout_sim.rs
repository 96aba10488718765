//! Whole rollouts as they are stored and sent, from a seed: faults at every statement, crashes, repetitions, clock jumps.
//!
//! The seed gives the script. In which order sends that are under way at once come to the database is the runtime's.

mod base;
mod course;
mod dates;
mod net;
mod once;
mod order;
mod picture;
mod settle;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use base::Base;
use course::Course;
use tokio::runtime::Runtime;

/// As many as fit into some seconds; `scripts/sim-rollout` runs more.
const SEEDS: u64 = 16;

#[derive(Default)]
struct Tally {
    seeds: u64,
    steps: u64,
    crashes: u64,
    notices: u64,
    lost: u64,
    skipped: u64,
    /// How many rollouts ended in which state.
    ended: BTreeMap<&'static str, u64>,
}

#[test]
fn stored_rollouts_lose_no_notice_and_skip_no_step() {
    let number = |name: &str, default| match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    };
    let first = number("SIM_ROLLOUT_FIRST", 0);
    let seeds = number("SIM_ROLLOUT_SEEDS", SEEDS);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let base = runtime.block_on(Base::new());
    let mut tally = Tally::default();
    for seed in first..first + seeds {
        let ran = AssertUnwindSafe(|| tally.add(&runtime, &base, seed));
        if let Err(panic) = std::panic::catch_unwind(ran) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
    println!("{}", tally.line());
    assert_eq!((tally.lost, tally.skipped), (0, 0));
    // The test would show little if rollouts got stuck on the way.
    let removed = tally.ended.get("removed").copied().unwrap_or(0);
    assert!(removed * 2 >= seeds, "{:?}", tally.ended);
}

impl Tally {
    fn add(&mut self, runtime: &Runtime, base: &Base, seed: u64) {
        runtime.block_on(async {
            let mut course = Course::new(base, seed).await;
            course.run().await;
            let settled = course.settle().await;
            let picture = course.camera.picture().await;
            course.control.close().await;
            assert_eq!((settled.lost, course.skipped), (0, 0));
            self.seeds += 1;
            self.steps += course.steps;
            self.crashes += course.crashes;
            self.notices += settled.notices;
            self.lost += settled.lost;
            self.skipped += course.skipped;
            *self
                .ended
                .entry(picture.rollout.state.as_str())
                .or_default() += 1;
        });
    }

    fn line(&self) -> String {
        let ended = &self.ended;
        serde_json::json!({
            "seeds": self.seeds, "steps": self.steps, "crashes": self.crashes, "notices": self.notices,
            "lost": self.lost, "skipped": self.skipped, "ended": ended,
        })
        .to_string()
    }
}
