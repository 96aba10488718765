//! Whom to tell when somebody cannot be reached: the next contact, else the owner, once a day for each rollout.

use adoption::rollout::day::{date_of, plus_days, start_of};
use adoption::{ConsumerId, Micros, NoticeId};
use store::WriteTx;
use store::delivery::{DeliveryRow, DeliveryState};
use store::notice::NoticeRow;

use super::rows::{mail, mail_addresses};
use crate::error::ControlError;
use crate::notices::Senders;

/// The kind of the owner's own notices.
pub(super) const UNREACHED: &str = "unreached";
const OWNER: &str = "owner";
/// The owner's mail waits so long, so that one mail tells of all that failed meanwhile.
const GATHER_S: i64 = 3_600;

/// After `failed` took nothing: the next mail address of its consumer, unless another way is open; else the owner.
pub(super) async fn onward(
    tx: &mut WriteTx,
    senders: &Senders,
    notice: &NoticeRow,
    failed: &DeliveryRow,
    now: Micros,
) -> Result<(), ControlError> {
    let Some(consumer) = failed.consumer else {
        // What fails at the owner's own address stays in the ledger and nowhere else.
        return match notice.recipient.as_str() {
            OWNER => Ok(()),
            _ => to_owner(tx, senders, notice, now).await,
        };
    };
    let known = store::delivery::of_notice(tx, notice.id).await?;
    let is_open = |row: &DeliveryRow| {
        matches!(
            row.state,
            DeliveryState::Pending | DeliveryState::Delivered | DeliveryState::Suppressed
        )
    };
    if known.iter().any(is_open) {
        return Ok(());
    }
    match next_address(tx, consumer, &known).await? {
        Some(address) => {
            let row = DeliveryRow {
                stands_for: Some(failed.address.clone()),
                ..mail(senders, notice, &address, Some(consumer), now)
            };
            store::delivery::insert(tx, &row).await?;
            Ok(())
        }
        None => to_owner(tx, senders, notice, now).await,
    }
}

async fn next_address(
    tx: &mut WriteTx,
    consumer: ConsumerId,
    known: &[DeliveryRow],
) -> Result<Option<String>, ControlError> {
    let addresses = mail_addresses(tx, consumer).await?;
    let untried = |address: &String| !known.iter().any(|row| row.address == *address);
    Ok(addresses.into_iter().find(untried))
}

/// Tells the owner whom nobody could reach: within the hour, or with tomorrow's mail when today's has gone.
pub(super) async fn to_owner(
    tx: &mut WriteTx,
    senders: &Senders,
    about: &NoticeRow,
    now: Micros,
) -> Result<(), ControlError> {
    let Some(owner) = &senders.settings.owner else {
        return Ok(());
    };
    for days in [0, 1] {
        let day = plus_days(date_of(now), days);
        let due = match days {
            0 => now.plus_seconds(GATHER_S),
            _ => start_of(day).plus_seconds(GATHER_S),
        };
        let number = u32::try_from(start_of(day).day()).unwrap_or(0);
        let notice = NoticeRow {
            id: NoticeId::of(about.rollout, UNREACHED, OWNER, number),
            kind: UNREACHED.to_owned(),
            recipient: OWNER.to_owned(),
            revision: number,
            created_at: now,
            ..about.clone()
        };
        let known = store::delivery::of_notice(tx, notice.id).await?;
        if known.iter().any(|row| row.state == DeliveryState::Pending) {
            return Ok(());
        }
        if known.is_empty() {
            store::notice::append(tx, std::slice::from_ref(&notice)).await?;
            store::notice::mark_planned(tx, notice.id, now).await?;
            let row = mail(senders, &notice, owner, None, now);
            let row = DeliveryRow {
                next_at: row.next_at.map(|_| due),
                ..row
            };
            store::delivery::insert(tx, &row).await?;
            return Ok(());
        }
    }
    Ok(())
}
