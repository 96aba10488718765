//! The carrier of rollouts: looks every few seconds whether an announced date has come or a brownout is over.

use std::time::Duration;

use tokio::sync::watch;

use crate::control::Control;
use crate::error::error_chain;
use crate::jobs::stop::stopping;

/// The gateway begins and ends each brownout by itself, to the microsecond: only what follows waits for this.
const INTERVAL: Duration = Duration::from_secs(5);

pub(crate) async fn run(control: Control, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = control.carry_rollouts().await {
            tracing::warn!(
                error = error_chain(&error),
                "rollouts could not be carried on: trying again"
            );
        }
        tokio::select! {
            () = stopping(&mut stopped) => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}
