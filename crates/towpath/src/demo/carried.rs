//! The rollout that the demo carries beside the load: a drill with its own consumers and a clock that runs ahead.

use anyhow::Context as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::drill::board::Board;
use crate::drill::course;
use crate::drill::pace::Pace;
use crate::drill::report::Report;

/// Few enough to be known by name, many enough for every segment.
const CONSUMERS: usize = 40;

/// A rollout under way.
pub struct Carried {
    pub board: watch::Receiver<Board>,
    stop: watch::Sender<bool>,
    task: JoinHandle<anyhow::Result<Report>>,
}

impl Carried {
    /// Begins it; `clock_speed` in simulated seconds a second.
    pub fn start(seed: u64, clock_speed: f64) -> Self {
        let (shown, board) = watch::channel(Board::default());
        let (stop, stopped) = watch::channel(false);
        let pace = Pace::of(clock_speed, stopped);
        let task = tokio::spawn(async move { course::run(CONSUMERS, seed, pace, &shown).await });
        Self { board, stop, task }
    }

    /// Ends it after the day that it is in, if it has not ended yet, and says how it went.
    pub async fn end(self) -> anyhow::Result<Report> {
        self.stop.send_replace(true);
        self.task
            .await
            .context("the rollout of the demo ended with a panic")?
            .context("the rollout of the demo could not go on")
    }
}
