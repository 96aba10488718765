//! A worker's thread: its runtime, its tick, its way from the first connection to the last.

use std::net::TcpListener;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::accept;
use crate::timers::TICK;
use crate::worker::{Worker, WorkerParts};

/// How often a draining worker looks whether its last connection has ended.
const DRAIN_POLL: Duration = Duration::from_millis(20);

/// Runs a worker until the gateway drains; returns when its last connection has ended or `drain` is over.
pub fn run(parts: WorkerParts, listener: TcpListener, drain: Duration) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(tokio::runtime::LocalOptions::default())?;
    let worker = Rc::new(Worker::new(parts));
    worker.turn_date();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::task::spawn_local(keep_time(Rc::clone(&worker)));
        accept::accept(&worker, listener).await;
        drained(&worker, drain).await;
        std::io::Result::Ok(())
    })?;
    // What is still open now is cut off: its records settle as interrupted when the tasks are dropped.
    worker.abort();
    drop(runtime);
    Ok(())
}

async fn keep_time(worker: Rc<Worker>) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tick.tick().await;
        worker.timers.tick(Instant::now());
        worker.turn_date();
        for version in &worker.view().pools {
            version.pools.iter().for_each(|pool| pool.sweep());
        }
    }
}

/// Resolves when no connection is open or `limit` has passed.
async fn drained(worker: &Worker, limit: Duration) {
    let deadline = Instant::now() + limit;
    while worker.has_open_connections() && Instant::now() < deadline {
        // Idle connections look up and see that they should end.
        worker.timers.wake_all();
        tokio::time::sleep(DRAIN_POLL).await;
    }
}
