//! Rows of the ledger before anything was tried, and the addresses that they are for.

use adoption::{ConsumerId, Micros};
use store::WriteTx;
use store::delivery::{Channel, DeliveryRow, DeliveryState};
use store::notice::NoticeRow;

use crate::consumers::Contact;
use crate::error::ControlError;
use crate::notices::Senders;

pub(super) const NO_MAIL: &str = "no smtp configured";

/// The contacts of a consumer that are mail addresses, each once, in the owner's order: who answers first is first.
pub(super) async fn mail_addresses(
    tx: &mut WriteTx,
    consumer: ConsumerId,
) -> Result<Vec<String>, ControlError> {
    let Some(row) = store::consumer::by_id(tx, consumer).await? else {
        return Ok(Vec::new());
    };
    let contacts: Vec<Contact> =
        serde_json::from_str(&row.contacts).map_err(|_| store::StoreError::Decode {
            column: "contacts",
            text: row.contacts.chars().take(200).collect(),
        })?;
    let mut addresses: Vec<String> = Vec::new();
    for contact in contacts {
        let is_mail = contact.address.parse::<lettre::Address>().is_ok();
        if is_mail && !addresses.contains(&contact.address) {
            addresses.push(contact.address);
        }
    }
    Ok(addresses)
}

/// A mail that is due now; without a server it waits and says so.
pub(super) fn mail(
    senders: &Senders,
    notice: &NoticeRow,
    address: &str,
    consumer: Option<ConsumerId>,
    now: Micros,
) -> DeliveryRow {
    let row = pending(notice, Channel::Email, address, consumer, now);
    match senders.mail.is_some() && senders.settings.from.is_some() {
        true => row,
        false => DeliveryRow {
            next_at: None,
            error: Some(NO_MAIL.to_owned()),
            ..row
        },
    }
}

pub(super) fn pending(
    notice: &NoticeRow,
    channel: Channel,
    address: &str,
    consumer: Option<ConsumerId>,
    now: Micros,
) -> DeliveryRow {
    DeliveryRow {
        notice: notice.id,
        channel,
        address: address.to_owned(),
        rollout: notice.rollout,
        consumer,
        state: DeliveryState::Pending,
        attempts: 0,
        next_at: Some(now),
        delivered_at: None,
        error: None,
        remote_id: None,
        stands_for: None,
        created_at: now,
        updated_at: now,
    }
}
