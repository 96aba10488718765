//! What became of a try, kept in the ledger: done, tried again later, or given up and escalated.

use adoption::Micros;
use store::delivery::{DeliveryRow, DeliveryState};

use super::escalate;
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::mail::MailError;
use crate::notices::{SendError, Senders};

/// From a failed try to the next: 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, 24 h; about 42 hours in all.
const BACKOFF_S: [i64; 7] = [60, 300, 1_800, 7_200, 18_000, 36_000, 86_400];
/// Characters of an error that the ledger keeps.
const ERROR_CHARS_MAX: usize = 500;

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered {
        /// What the other side calls it.
        remote_id: Option<String>,
    },
    /// It may arrive later.
    Later(String),
    /// The address takes nothing.
    Refused(String),
    /// The address declined these.
    Suppressed(String),
    /// There is no way at the moment, and no sense in trying before there is.
    Waits(String),
}

/// Keeps the outcome of a try of `row`.
pub(super) async fn keep(
    control: &Control,
    senders: &Senders,
    row: DeliveryRow,
    outcome: Outcome,
) -> Result<(), ControlError> {
    let now = control.now();
    let row = after(row, outcome, now);
    let mut tx = control.store().write().await?;
    store::delivery::update(&mut tx, &row).await?;
    let gave_up = matches!(row.state, DeliveryState::Failed | DeliveryState::Bounced);
    if gave_up {
        // Names of people stay out of the log.
        tracing::warn!(
            notice.id = %row.notice,
            rollout.id = %row.rollout,
            channel = row.channel.as_str(),
            state = row.state.as_str(),
            "a notice could not be delivered: see `towpath notice list`"
        );
        if let Some(notice) = store::notice::by_id(&mut tx, row.notice).await? {
            escalate::onward(&mut tx, senders, &notice, &row, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

pub(super) fn failed(error: SendError) -> Outcome {
    match error {
        SendError::Later(error) => Outcome::Later(error),
        SendError::Refused(error) => Outcome::Refused(error),
    }
}

pub(super) fn not_written(error: &MailError) -> Outcome {
    match error {
        MailError::NoSender => Outcome::Waits(error.to_string()),
        MailError::Address { .. } => Outcome::Refused(error.to_string()),
        MailError::Build(_) => Outcome::Later(error.to_string()),
    }
}

/// `row` with the try that begins now counted, and due again as if it had failed: so it is when nobody says otherwise.
pub(super) fn claimed(row: DeliveryRow, now: Micros) -> DeliveryRow {
    let attempts = row.attempts + 1;
    let seconds = backoff_s(attempts).unwrap_or(BACKOFF_S[BACKOFF_S.len() - 1]);
    DeliveryRow {
        attempts,
        next_at: Some(now.plus_seconds(seconds)),
        updated_at: now,
        ..row
    }
}

/// From try number `attempts` to the next; `None` after the last.
fn backoff_s(attempts: u64) -> Option<i64> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    BACKOFF_S.get(index).copied()
}

/// How a claimed row stands after its try.
fn after(row: DeliveryRow, outcome: Outcome, now: Micros) -> DeliveryRow {
    let attempts = row.attempts;
    let tried = DeliveryRow {
        next_at: None,
        updated_at: now,
        ..row
    };
    let failed = |state, error: String| DeliveryRow {
        state,
        error: Some(error.chars().take(ERROR_CHARS_MAX).collect()),
        ..tried.clone()
    };
    match outcome {
        Outcome::Delivered { remote_id } => DeliveryRow {
            state: DeliveryState::Delivered,
            delivered_at: Some(now),
            error: None,
            remote_id: remote_id.or(tried.remote_id.clone()),
            ..tried
        },
        Outcome::Refused(error) => failed(DeliveryState::Bounced, error),
        Outcome::Suppressed(error) => failed(DeliveryState::Suppressed, error),
        Outcome::Waits(error) => DeliveryRow {
            attempts: attempts.saturating_sub(1),
            ..failed(DeliveryState::Pending, error)
        },
        Outcome::Later(error) => match backoff_s(attempts) {
            None => failed(DeliveryState::Failed, error),
            Some(seconds) => DeliveryRow {
                next_at: Some(now.plus_seconds(seconds)),
                ..failed(DeliveryState::Pending, error)
            },
        },
    }
}
