//! The publisher: after every change that the gateway must know of, one Snapshot, at most every 100 ms.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::control::Control;
use crate::error::{ControlError, error_chain};
use crate::jobs::stop::stopping;
use crate::snapshot;
use gateway::SnapshotSpec;

/// The first change is published at once; those that follow within this time go out together.
const GAP: Duration = Duration::from_millis(100);
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(5);

/// Takes Snapshots into the data plane.
pub trait SnapshotSink: Send + Sync {
    /// Returns when requests that arrive from now on see `spec`, or when it is known that they will not.
    fn publish(&self, spec: &SnapshotSpec) -> Taken;
}

/// What became of a Snapshot in the data plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was compiled whole, and runs.
    Runs,
    /// It was refused, or no data plane is there.
    No,
}

pub(crate) async fn run(
    control: Control,
    sink: Arc<dyn SnapshotSink>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut retry = RETRY_FIRST;
    loop {
        let pause = match publish(&control, sink.as_ref()).await {
            Ok(_) => {
                retry = RETRY_FIRST;
                GAP
            }
            Err(error) => {
                tracing::warn!(
                    error = error_chain(&error),
                    "the snapshot could not be published: trying again"
                );
                control.set_status(|status| status.publish_error = Some(error.to_string()));
                control.snapshot_is_due();
                retry = (retry * 2).min(RETRY_MAX);
                retry
            }
        };
        tokio::select! {
            () = stopping(&mut stopped) => break,
            () = tokio::time::sleep(pause) => {}
        }
        tokio::select! {
            () = stopping(&mut stopped) => break,
            () = control.snapshot_due() => {}
        }
    }
    if let Err(error) = publish(&control, sink.as_ref()).await {
        tracing::warn!(
            error = error_chain(&error),
            "the last snapshot could not be published: the next start does"
        );
    }
}

/// Publishes the Snapshot of now to the sink, to disk, and notes that it is out; its generation. A crash between
/// two of these leaves the outbox as it was, so that the next start publishes again.
pub async fn publish(control: &Control, sink: &dyn SnapshotSink) -> Result<u64, ControlError> {
    let now = control.now();
    let mut tx = control.store().read().await?;
    let mut plans = control.plans();
    let spec = Arc::new(snapshot::build(&mut tx, now, &mut plans).await?);
    let published = store::outbox::published_snapshot(&mut tx).await?;
    drop(tx);
    control.keep_plans(plans);

    let generation = spec.generation;
    // The gateway first: a revoked key must stop before a slow disk has written the file.
    let taken = sink.publish(&spec);
    // The last-good file must be good: what the gateway cannot take stays out of it.
    if taken == Taken::No {
        snapshot::check(Arc::clone(&spec)).await?;
    }
    let data_dir = control.data_dir().to_owned();
    tokio::task::spawn_blocking(move || snapshot::write_last(&data_dir, &spec))
        .await
        .expect("writing does not panic")?;
    control.set_status(|status| {
        status.generation = generation;
        status.published_at = Some(now);
        status.publish_error = None;
    });
    if generation > published {
        let mut tx = control.store().write().await?;
        store::outbox::mark_snapshot(&mut tx, generation, now).await?;
        tx.commit().await?;
    }
    Ok(generation)
}
