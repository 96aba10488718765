//! The delivery job: writes what each notice owes to whom, sends it, and keeps what became of it.
//!
//! Nothing is sent within a transaction. A crash between sending and keeping sends again, under the same id: at least
//! once, never not at all.

mod attempt;
mod escalate;
mod outcome;
mod plan;
mod rows;
mod status_push;
mod unreached;

use std::sync::Arc;
use std::time::Duration;

use store::delivery::{Channel, DeliveryRow};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

use crate::control::Control;
use crate::error::{ControlError, error_chain};
use crate::jobs::stop::stopping;
use crate::notices::Senders;

/// The longest time between two looks at what is due.
const INTERVAL: Duration = Duration::from_secs(5);
/// Sent at a time: a slow receiver holds up few others.
const AT_ONCE: u32 = 16;

pub(crate) async fn run(control: Control, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stopping(&mut stopped) => return,
            result = deliver_due(&control) => if let Err(error) = result {
                tracing::warn!(error = error_chain(&error), "notices could not be delivered: trying again");
            },
        }
        tokio::select! {
            () = stopping(&mut stopped) => return,
            () = control.notices_due() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Plans every new notice and tries every delivery that is due now; how many were tried.
pub async fn deliver_due(control: &Control) -> Result<u64, ControlError> {
    let senders = control.senders();
    wake_mails(control, &senders).await?;
    plan::plan(control, &senders).await?;
    let mut tried = 0;
    loop {
        let due = claim(control).await?;
        if due.is_empty() {
            return Ok(tried);
        }
        tried += due.len() as u64;
        try_all(control, &senders, due).await?;
    }
}

/// Mails that waited for a server go once there is one.
async fn wake_mails(control: &Control, senders: &Senders) -> Result<(), ControlError> {
    if senders.mail.is_none() || senders.settings.from.is_none() {
        return Ok(());
    }
    let mut tx = control.store().read().await?;
    let waits = store::delivery::waits(&mut tx, Channel::Email).await?;
    drop(tx);
    if !waits {
        return Ok(());
    }
    let mut tx = control.store().write().await?;
    store::delivery::wake(&mut tx, Channel::Email, control.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What is due, counted as tried before it is sent: a state that cannot be written must not send the same every few
/// seconds.
async fn claim(control: &Control) -> Result<Vec<DeliveryRow>, ControlError> {
    let now = control.now();
    let mut tx = control.store().read().await?;
    let due = store::delivery::due(&mut tx, now, AT_ONCE).await?;
    drop(tx);
    if due.is_empty() {
        return Ok(due);
    }
    let mut tx = control.store().write().await?;
    let claimed: Vec<_> = due
        .into_iter()
        .map(|row| outcome::claimed(row, now))
        .collect();
    for row in &claimed {
        store::delivery::update(&mut tx, row).await?;
    }
    tx.commit().await?;
    Ok(claimed)
}

async fn try_all(
    control: &Control,
    senders: &Arc<Senders>,
    claimed: Vec<DeliveryRow>,
) -> Result<(), ControlError> {
    let mut running = JoinSet::new();
    let turn = Arc::new(Mutex::new(()));
    for row in claimed {
        let (control, senders, turn) = (control.clone(), Arc::clone(senders), Arc::clone(&turn));
        running.spawn(async move {
            // Two notices that bring the same date to a status page at once would both make it.
            let _turn = match row.channel {
                Channel::Statuspage => Some(turn.lock().await),
                _ => None,
            };
            let outcome = attempt::attempt(&control, &senders, &row).await;
            (row, outcome)
        });
    }
    let mut result = Ok(());
    while let Some(joined) = running.join_next().await {
        let (row, outcome) = joined.expect("a try does not panic");
        // One that cannot be read holds up no other, and is tried again as if it had failed.
        let kept = match outcome {
            Ok(outcome) => outcome::keep(control, senders, row, outcome).await,
            Err(error) => Err(error),
        };
        result = result.and(kept);
    }
    result
}
