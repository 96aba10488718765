//! The ledger as it is shown: who was reached, how, when, and what is sent again.

use adoption::{ConsumerId, Micros, NoticeId, RolloutId};
use serde_json::json;
use store::delivery::{After, Channel, DeliveryRow, DeliveryState};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;
use crate::page::{Page, PageRequest};

/// One notice on its way to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub notice: NoticeId,
    /// What it tells, such as `announced`.
    pub kind: String,
    /// `email`, `webhook`, `statuspage`, `page` or `none`.
    pub channel: &'static str,
    pub address: String,
    pub rollout: RolloutId,
    /// `None` for the public and for the owner.
    pub consumer: Option<ConsumerId>,
    /// `pending`, `delivered`, `failed`, `bounced`, `suppressed` or `unreachable`.
    pub state: &'static str,
    pub attempts: u64,
    pub next_at: Option<Micros>,
    pub delivered_at: Option<Micros>,
    pub error: Option<String>,
    pub remote_id: Option<String>,
    /// The address in whose place this one was tried.
    pub stands_for: Option<String>,
    pub created_at: Micros,
}

impl Control {
    /// Deliveries of a rollout (its id, or the newest of a surface), oldest first; of one state, or all.
    pub async fn list_deliveries(
        &self,
        rollout: &str,
        state: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, ControlError> {
        let state = match state {
            None => None,
            Some(text) => Some(DeliveryState::from_text(text).ok_or_else(|| {
                ControlError::Invalid {
                    field: "state",
                    message: "one of pending, delivered, failed, bounced, suppressed, unreachable"
                        .to_owned(),
                }
            })?),
        };
        let after = match &page.after {
            None => None,
            Some(cursor) => Some(read_cursor(cursor).ok_or_else(|| page.bad_cursor())?),
        };
        let mut tx = self.store().read().await?;
        let rollout = crate::rollouts::find_id(&mut tx, rollout).await?;
        let limit = page.limit_bounded() + 1;
        let rows = store::delivery::list(&mut tx, rollout, state, after.as_ref(), limit).await?;
        let rows = page.page_of(rows, |(row, _)| cursor(row));
        Ok(Page {
            items: rows.items.into_iter().map(view).collect(),
            next: rows.next,
        })
    }

    /// Sends a notice again to everyone that it went to, and for the first time to contacts that came later; how many
    /// deliveries wait now. The receivers see the same id.
    pub async fn resend_notice(&self, actor: Actor, notice: &str) -> Result<u64, ControlError> {
        let not_found = || ControlError::NotFound {
            noun: "notice",
            name: notice.to_owned(),
        };
        let id: NoticeId = notice.parse().map_err(|_| not_found())?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        store::notice::by_id(&mut tx, id)
            .await?
            .ok_or_else(not_found)?;
        let mut waiting = 0;
        for row in store::delivery::of_notice(&mut tx, id).await? {
            if matches!(row.channel, Channel::Page | Channel::None) {
                continue;
            }
            let again = DeliveryRow {
                state: DeliveryState::Pending,
                attempts: 0,
                next_at: Some(now),
                delivered_at: None,
                error: None,
                updated_at: now,
                ..row
            };
            store::delivery::update(&mut tx, &again).await?;
            waiting += 1;
        }
        store::notice::plan_again(&mut tx, id).await?;
        let change = Change {
            actor,
            action: "resend",
            noun: "notice",
            object: &id,
            detail: json!({"deliveries": waiting}),
        };
        note(&mut tx, now, change).await?;
        tx.commit().await?;
        self.notices_are_due();
        Ok(waiting)
    }
}

fn view((row, kind): (DeliveryRow, String)) -> Delivery {
    Delivery {
        notice: row.notice,
        kind,
        channel: row.channel.as_str(),
        address: row.address,
        rollout: row.rollout,
        consumer: row.consumer,
        state: row.state.as_str(),
        attempts: row.attempts,
        next_at: row.next_at,
        delivered_at: row.delivered_at,
        error: row.error,
        remote_id: row.remote_id,
        stands_for: row.stands_for,
        created_at: row.created_at,
    }
}

fn cursor(row: &DeliveryRow) -> String {
    let channel = row.channel.as_str();
    format!(
        "{}.{}.{channel}.{}",
        row.created_at.0, row.notice, row.address
    )
}

fn read_cursor(cursor: &str) -> Option<After> {
    let mut parts = cursor.splitn(4, '.');
    Some(After {
        created_at: Micros(parts.next()?.parse().ok()?),
        notice: parts.next()?.parse().ok()?,
        channel: Channel::from_text(parts.next()?)?,
        address: parts.next()?.to_owned(),
    })
}
