//! Background work: applies usage, publishes Snapshots, carries rollouts on, delivers notices, deletes what is past its
//! retention.

pub mod apply;
mod carry;
pub mod deliver;
pub mod publish;
pub mod retain;
mod stop;

use std::sync::Arc;

use meter::Journal;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::control::{Control, JournalView};

pub use publish::{SnapshotSink, Taken};

/// The running jobs. Dropping it ends them at their next step, without the last pass that [`Jobs::stop`] makes.
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Control {
    /// Starts every job on the current runtime: usage is read from `journal`, Snapshots go to `sink` and to disk.
    /// The Snapshot of now is published at once, whatever was published before.
    pub fn start_jobs(&self, journal: Arc<Journal>, sink: Arc<dyn SnapshotSink>) -> Jobs {
        let (stop, stopped) = watch::channel(false);
        self.set_status(|status| {
            status.applier_runs = true;
            status.caught_up_at = Some(self.now());
            status.journal = Some(JournalView(journal.clone()));
        });
        let applier = apply::Applier::new(self.clone(), Box::new(apply::FromJournal::new(journal)));
        let tasks = vec![
            tokio::spawn(apply::run(applier, stopped.clone())),
            tokio::spawn(publish::run(self.clone(), sink, stopped.clone())),
            tokio::spawn(carry::run(self.clone(), stopped.clone())),
            tokio::spawn(deliver::run(self.clone(), stopped.clone())),
            tokio::spawn(retain::run(self.clone(), stopped)),
        ];
        Jobs { stop, tasks }
    }
}

impl Jobs {
    /// Applies what the journal holds, publishes what is due, and ends the jobs.
    pub async fn stop(self) {
        // Nobody listens any more when every job has ended by itself.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a job ended with a panic");
            }
        }
    }
}
