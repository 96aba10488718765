//! What a notice owes: one delivery for each address of its recipient, written once.

use adoption::rollout::Recipient;
use adoption::{ConsumerId, Micros};
use store::WriteTx;
use store::delivery::{Channel, DeliveryRow, DeliveryState};
use store::notice::NoticeRow;

use super::escalate;
use super::rows::{mail, mail_addresses, pending};
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::{Senders, WEBHOOKS_MAX, courtesy_kind};

/// Notices of one transaction: each is about five statements of 50 µs.
const BATCH: u32 = 100;
const NO_CONTACT: &str = "the consumer has no mail address and no webhook";

/// Writes the deliveries of every notice that has none yet.
pub(super) async fn plan(control: &Control, senders: &Senders) -> Result<(), ControlError> {
    loop {
        let mut tx = control.store().read().await?;
        let none = store::notice::unplanned(&mut tx, 1).await?.is_empty();
        drop(tx);
        if none {
            return Ok(());
        }
        let mut tx = control.store().write().await?;
        let now = control.now();
        for notice in store::notice::unplanned(&mut tx, BATCH).await? {
            plan_one(&mut tx, senders, &notice, now).await?;
            store::notice::mark_planned(&mut tx, notice.id, now).await?;
        }
        tx.commit().await?;
    }
}

async fn plan_one(
    tx: &mut WriteTx,
    senders: &Senders,
    notice: &NoticeRow,
    now: Micros,
) -> Result<(), ControlError> {
    match Recipient::from_key(&notice.recipient) {
        Some(Recipient::Consumer(consumer)) => {
            plan_consumer(tx, senders, notice, consumer, now).await
        }
        Some(public) => plan_public(tx, senders, notice, public, now).await,
        // The owner's own are planned where they are made.
        None => Ok(()),
    }
}

/// A page is reached by being there; others are told.
async fn plan_public(
    tx: &mut WriteTx,
    senders: &Senders,
    notice: &NoticeRow,
    recipient: Recipient,
    now: Micros,
) -> Result<(), ControlError> {
    let page = DeliveryRow {
        state: DeliveryState::Delivered,
        next_at: None,
        delivered_at: Some(now),
        ..pending(notice, Channel::Page, &recipient.key(), None, now)
    };
    store::delivery::insert(tx, &page).await?;
    if recipient == Recipient::Status
        && let Some(statuspage) = &senders.settings.statuspage
    {
        let row = pending(notice, Channel::Statuspage, &statuspage.page, None, now);
        store::delivery::insert(tx, &row).await?;
    }
    if recipient == Recipient::Changelog {
        plan_webhooks(tx, notice, None, now).await?;
    }
    Ok(())
}

async fn plan_consumer(
    tx: &mut WriteTx,
    senders: &Senders,
    notice: &NoticeRow,
    consumer: ConsumerId,
    now: Micros,
) -> Result<(), ControlError> {
    let hooks = plan_webhooks(tx, notice, Some(consumer), now).await?;
    if let Some(address) = mail_addresses(tx, consumer).await?.into_iter().next() {
        let row = mail(senders, notice, &address, Some(consumer), now);
        let declined =
            courtesy_kind(&notice.kind) && store::delivery::is_suppressed(tx, &address).await?;
        let row = match declined {
            true => suppressed(row),
            false => row,
        };
        store::delivery::insert(tx, &row).await?;
        return Ok(());
    }
    if hooks == 0 {
        let nobody = DeliveryRow {
            state: DeliveryState::Unreachable,
            next_at: None,
            error: Some(NO_CONTACT.to_owned()),
            ..pending(notice, Channel::None, "", Some(consumer), now)
        };
        if store::delivery::insert(tx, &nobody).await? {
            escalate::to_owner(tx, senders, notice, now).await?;
        }
    }
    Ok(())
}

/// How many webhooks are told.
async fn plan_webhooks(
    tx: &mut WriteTx,
    notice: &NoticeRow,
    consumer: Option<ConsumerId>,
    now: Micros,
) -> Result<usize, ControlError> {
    let hooks = store::webhook::taking(tx, notice.surface, consumer, WEBHOOKS_MAX).await?;
    for hook in &hooks {
        let row = pending(
            notice,
            Channel::Webhook,
            &hook.id.to_string(),
            consumer,
            now,
        );
        store::delivery::insert(tx, &row).await?;
    }
    Ok(hooks.len())
}

fn suppressed(row: DeliveryRow) -> DeliveryRow {
    DeliveryRow {
        state: DeliveryState::Suppressed,
        next_at: None,
        error: Some("the address has unsubscribed from invitations and reminders".to_owned()),
        ..row
    }
}
