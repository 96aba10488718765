//! Forecasts of simulated rollouts, from processes that are not the model, against what came of them.
//!
//! `sim_forecast [--calibrate] [--rollouts N]`: N per process (a multiple of 10; 200). `--calibrate` takes seeds of their own, on
//! which the model's constants were chosen. The last line is JSON.

mod processes;
mod score;
mod table;
mod world;

use adoption::rollout::forecast::{Experience, forecast};
use processes::Process;
use score::{Point, score};
use table::{Key, Results};
use world::World;

/// Rollouts of one owner, who learns from the same past.
const PER_OWNER: u64 = 10;
/// New ones whenever a constant has changed since they were run.
const TEST_SEEDS: u64 = 0x7e58_0000_0000;
const CALIBRATION_SEEDS: u64 = 0xca11_0000_0000;
/// Finished rollouts that owners have behind them, in turn.
const PASTS: [u64; 4] = [0, 2, 5, 8];

fn main() {
    let mut seeds = TEST_SEEDS;
    let mut rollouts = 200;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--calibrate" => seeds = CALIBRATION_SEEDS,
            "--rollouts" => {
                let count = arguments.next().and_then(|count| count.parse().ok());
                rollouts = count.unwrap_or_else(|| refuse("--rollouts needs a number"));
            }
            _ => refuse(&format!("{argument} is unknown")),
        }
    }

    let processes = match seeds {
        TEST_SEEDS => &Process::ALL[..],
        _ => &Process::CHOSEN_ON,
    };
    let owners: Vec<(Process, u64)> = processes
        .iter()
        .copied()
        .flat_map(|process| (0..rollouts / PER_OWNER).map(move |owner| (process, owner)))
        .collect();
    let half = owners.len() / 2;
    let mut results = Results::default();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| run(&owners[..half], seeds));
        let second = run(&owners[half..], seeds);
        results.join(&first.join().expect("a simulation does not panic"));
        results.join(&second);
    });
    let kind = if seeds == TEST_SEEDS {
        "test"
    } else {
        "calibration"
    };
    println!(
        "{} rollouts on {kind} seeds\n",
        rollouts * processes.len() as u64
    );
    results.print(seeds == TEST_SEEDS);
}

fn refuse(what: &str) -> ! {
    eprintln!("sim_forecast: {what}; usage: sim_forecast [--calibrate] [--rollouts N]");
    std::process::exit(2)
}

fn run(owners: &[(Process, u64)], seeds: u64) -> Results {
    let mut results = Results::default();
    for (process, owner) in owners {
        let seed = seeds + ((*process as u64) << 24) + (owner << 8);
        let past = PASTS[(owner % PASTS.len() as u64) as usize];
        let same = (owner / PASTS.len() as u64).is_multiple_of(2);
        let finished: Vec<_> = (0..past)
            .map(|i| {
                let before = past_process(*process, same, seeds, seed + i);
                World::new(before, seed + 100 + i).finished()
            })
            .collect();
        let experience = Experience::learn(&finished, seed);
        for rollout in 0..PER_OWNER {
            let world = World::new(*process, seed + rollout);
            for point in Point::ALL {
                let today = point.day(&world);
                let made = forecast(&world.course(today), &experience, seed + rollout);
                let key = Key {
                    process: process.name(),
                    point,
                    pooled: past >= 3,
                };
                results.add(key, &score(&world, today, &made));
            }
        }
        results.add_spread(experience.spread(), past);
    }
    results
}

/// Half of the owners had rollouts of the same process before, half had any.
fn past_process(process: Process, same: bool, seeds: u64, seed: u64) -> Process {
    let all = match seeds {
        TEST_SEEDS => &Process::ALL[..],
        _ => &Process::CHOSEN_ON,
    };
    if same {
        process
    } else {
        // A multiplier with well-mixed high bits: neighbouring seeds give unrelated processes.
        all[(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % all.len()]
    }
}
