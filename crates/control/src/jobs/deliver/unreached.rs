//! The owner's mail: whom a rollout could not reach, as the ledger says when it is sent.

use std::fmt::Write as _;

use store::delivery::{Channel, DeliveryRow, DeliveryState};
use store::notice::NoticeRow;

use super::outcome::{Outcome, failed, not_written};
use super::rows::NO_MAIL;
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::mail::{Letter, Posting};
use crate::notices::{Senders, escaped_text};

/// Named one by one for each way to fail; the rest is counted.
const NAMED_MAX: u32 = 50;
const STATES: [(DeliveryState, &str); 3] = [
    (DeliveryState::Unreachable, "have no contact"),
    (DeliveryState::Bounced, "have an address that takes nothing"),
    (DeliveryState::Failed, "could not be reached in two days"),
];

pub(super) async fn send(
    control: &Control,
    senders: &Senders,
    row: &DeliveryRow,
    notice: &NoticeRow,
) -> Result<Outcome, ControlError> {
    let Some(mailer) = &senders.mail else {
        return Ok(Outcome::Waits(NO_MAIL.to_owned()));
    };
    let text = text(control, notice).await?;
    let letter = Letter {
        id: notice.id,
        thread: notice.rollout,
        subject: format!("{}: some consumers could not be reached", notice.rollout),
        markup: format!("<pre>{}</pre>\n", escaped_text(&text)),
        text,
        calendar: None,
    };
    let posting = Posting {
        settings: &senders.settings,
        to: &row.address,
        unsubscribe: None,
        feed: None,
        calendar: None,
        at: control.now(),
    };
    let mail = match letter.mail(&posting) {
        Ok(mail) => mail,
        Err(error) => return Ok(not_written(&error)),
    };
    Ok(match mailer.send(&mail).await {
        Ok(()) => Outcome::Delivered {
            remote_id: Some(notice.id.to_string()),
        },
        Err(error) => failed(error),
    })
}

async fn text(control: &Control, notice: &NoticeRow) -> Result<String, ControlError> {
    let mut tx = control.store().read().await?;
    let counts = store::delivery::counts(&mut tx, notice.rollout).await?;
    let mut text = format!(
        "Notices of {} did not reach everyone. Add contacts, then: towpath notice resend NOTICE\n",
        notice.rollout
    );
    for (state, words) in STATES {
        let count = counts
            .iter()
            .find(|(is, _)| *is == state)
            .map_or(0, |(_, n)| *n);
        if count == 0 {
            continue;
        }
        _ = write!(text, "\n{count} deliveries {words}:\n");
        let rows =
            store::delivery::list(&mut tx, notice.rollout, Some(state), None, NAMED_MAX).await?;
        for (row, kind) in &rows {
            let name = match row.consumer {
                None => "the public".to_owned(),
                Some(id) => match store::consumer::by_id(&mut tx, id).await? {
                    Some(consumer) => consumer.name,
                    None => id.to_string(),
                },
            };
            let address = match row.channel {
                Channel::None => "",
                _ => row.address.as_str(),
            };
            _ = writeln!(text, "  {name}  {kind}  {address}  {}", row.notice);
        }
    }
    _ = write!(
        text,
        "\nAll of them: towpath notice list {} --state bounced\n",
        notice.rollout
    );
    Ok(text)
}
