//! The retention job: deletes old roll-ups of each grain in batches so small that nobody waits for them.

use std::time::Duration;

use meter::rollup::Grain;
use tokio::sync::watch;

use crate::control::Control;
use crate::error::{ControlError, error_chain};
use crate::jobs::stop::stopping;

const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// Rows of one transaction: about 20 ms of the one writer.
const BATCH_ROWS: u32 = 2_000;

pub(crate) async fn run(control: Control, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stopping(&mut stopped) => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        tokio::select! {
            () = stopping(&mut stopped) => return,
            result = delete_old(&control) => match result {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "deleted roll-ups past their retention"),
                Err(error) => tracing::warn!(error = error_chain(&error), "old roll-ups could not be deleted: trying again later"),
            },
        }
    }
}

/// Deletes every roll-up that is past its retention now; how many rows went. Whole hours of minutes and whole days
/// of hours go at a time, so that the next grain can stand in for them.
pub async fn delete_old(control: &Control) -> Result<u64, ControlError> {
    let retention = control.config().retention;
    let now = control.now();
    let minute_first = (now.hour() - i64::from(retention.minute_hours)) * 60;
    let hour_first = (now.day() - i64::from(retention.hour_days)) * 24;
    let mut deleted = delete_before(control, Grain::Minute, minute_first).await?;
    deleted += delete_before(control, Grain::Hour, hour_first).await?;
    if let Some(days) = retention.day_days {
        deleted += delete_before(control, Grain::Day, now.day() - i64::from(days)).await?;
    }
    Ok(deleted)
}

async fn delete_before(control: &Control, grain: Grain, first: i64) -> Result<u64, ControlError> {
    let mut deleted = 0;
    loop {
        let mut tx = control.store().write().await?;
        // Reports must stop reading these rows before the first of them goes.
        store::retention::keep_from(&mut tx, grain, first).await?;
        let gone = store::retention::delete_before(&mut tx, grain, first, BATCH_ROWS).await?;
        tx.commit().await?;
        deleted += gone;
        if gone == 0 {
            return Ok(deleted);
        }
        tokio::task::yield_now().await;
    }
}
