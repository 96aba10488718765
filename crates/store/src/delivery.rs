//! Statements over the ledger of deliveries: who was reached, how, when, and what is tried next.

use adoption::{ConsumerId, Micros, NoticeId, RolloutId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, integer, micros, micros_optional, named, parsed, parsed_optional};
use crate::tx::{Tx, WriteTx};

/// The way to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Email,
    Webhook,
    /// The status page of another service.
    Statuspage,
    /// Something that readers fetch from us.
    Page,
    /// There is no way.
    None,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// Every try failed.
    Failed,
    /// The other side said that this address takes nothing.
    Bounced,
    /// The address asked for no more of these.
    Suppressed,
    /// Nobody has an address.
    Unreachable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    pub notice: NoticeId,
    pub channel: Channel,
    pub address: String,
    pub rollout: RolloutId,
    /// `None` for the public and for the owner.
    pub consumer: Option<ConsumerId>,
    pub state: DeliveryState,
    pub attempts: u64,
    /// `None` when it is not tried again.
    pub next_at: Option<Micros>,
    pub delivered_at: Option<Micros>,
    pub error: Option<String>,
    pub remote_id: Option<String>,
    pub stands_for: Option<String>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// After which row of a list the next page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub created_at: Micros,
    pub notice: NoticeId,
    pub channel: Channel,
    pub address: String,
}

impl Channel {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Statuspage => "statuspage",
            Self::Page => "page",
            Self::None => "none",
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        [
            Self::Email,
            Self::Webhook,
            Self::Statuspage,
            Self::Page,
            Self::None,
        ]
        .into_iter()
        .find(|channel| channel.as_str() == text)
    }
}

impl DeliveryState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
            Self::Unreachable => "unreachable",
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Delivered,
            Self::Failed,
            Self::Bounced,
            Self::Suppressed,
            Self::Unreachable,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}

/// Writes a delivery unless the notice has one of this channel and address; whether it was written.
pub async fn insert(tx: &mut WriteTx, row: &DeliveryRow) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO delivery (notice, channel, address, rollout, consumer, state, attempts, next_at, delivered_at,
                               error, remote_id, stands_for, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (notice, channel, address) DO NOTHING",
    )
    .bind(row.notice.to_string())
    .bind(row.channel.as_str())
    .bind(&row.address)
    .bind(row.rollout.to_string())
    .bind(row.consumer.map(|id| id.to_string()))
    .bind(row.state.as_str())
    .bind(integer(row.attempts, "attempts")?)
    .bind(row.next_at.map(|at| at.0))
    .bind(row.delivered_at.map(|at| at.0))
    .bind(&row.error)
    .bind(&row.remote_id)
    .bind(&row.stands_for)
    .bind(row.created_at.0)
    .bind(row.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes how a delivery stands now: every column that a try changes.
pub async fn update(tx: &mut WriteTx, row: &DeliveryRow) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE delivery SET state = ?4, attempts = ?5, next_at = ?6, delivered_at = ?7, error = ?8, remote_id = ?9,
                             updated_at = ?10
         WHERE notice = ?1 AND channel = ?2 AND address = ?3",
    )
    .bind(row.notice.to_string())
    .bind(row.channel.as_str())
    .bind(&row.address)
    .bind(row.state.as_str())
    .bind(integer(row.attempts, "attempts")?)
    .bind(row.next_at.map(|at| at.0))
    .bind(row.delivered_at.map(|at| at.0))
    .bind(&row.error)
    .bind(&row.remote_id)
    .bind(row.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// What is to be tried at `now`, longest due first, at most `limit`.
pub async fn due(tx: &mut Tx, now: Micros, limit: u32) -> Result<Vec<DeliveryRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT notice, channel, address, rollout, consumer, state, attempts, next_at, delivered_at, error, remote_id,
                stands_for, created_at, updated_at
         FROM delivery WHERE next_at IS NOT NULL AND next_at <= ?1
         ORDER BY next_at, notice, channel, address LIMIT ?2",
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Whether anything waits for a way by `channel`.
pub async fn waits(tx: &mut Tx, channel: Channel) -> Result<bool, StoreError> {
    let found = sqlx::query(
        "SELECT 1 FROM delivery WHERE channel = ?1 AND state = 'pending' AND next_at IS NULL LIMIT 1",
    )
    .bind(channel.as_str())
    .fetch_optional(tx.conn()?)
    .await?;
    Ok(found.is_some())
}

/// Lets what waits for a way by `channel` be tried at `now`; how many rows.
pub async fn wake(tx: &mut WriteTx, channel: Channel, now: Micros) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE delivery SET next_at = ?2, updated_at = ?2
         WHERE channel = ?1 AND state = 'pending' AND next_at IS NULL",
    )
    .bind(channel.as_str())
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    Ok(done.rows_affected())
}

/// Deliveries of one rollout with the kind of their notice, oldest first, at most `limit`; of one state, or all.
pub async fn list(
    tx: &mut Tx,
    rollout: RolloutId,
    state: Option<DeliveryState>,
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<(DeliveryRow, String)>, StoreError> {
    let rows = sqlx::query(
        "SELECT d.notice, d.channel, d.address, d.rollout, d.consumer, d.state, d.attempts, d.next_at, d.delivered_at,
                d.error, d.remote_id, d.stands_for, d.created_at, d.updated_at, n.kind
         FROM delivery d JOIN notice n ON n.id = d.notice
         WHERE d.rollout = ?1 AND (?2 IS NULL OR d.state = ?2)
           AND (d.created_at, d.notice, d.channel, d.address) > (?3, ?4, ?5, ?6)
         ORDER BY d.created_at, d.notice, d.channel, d.address LIMIT ?7",
    )
    .bind(rollout.to_string())
    .bind(state.map(DeliveryState::as_str))
    .bind(after.map_or(i64::MIN, |after| after.created_at.0))
    .bind(after.map_or_else(String::new, |after| after.notice.to_string()))
    .bind(after.map_or("", |after| after.channel.as_str()))
    .bind(after.map_or("", |after| after.address.as_str()))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| Ok((read(row)?, row.try_get("kind")?)))
        .collect()
}

/// Every delivery of one notice, in order of channel and address.
pub async fn of_notice(tx: &mut Tx, notice: NoticeId) -> Result<Vec<DeliveryRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT notice, channel, address, rollout, consumer, state, attempts, next_at, delivered_at, error, remote_id,
                stands_for, created_at, updated_at
         FROM delivery WHERE notice = ?1 ORDER BY channel, address LIMIT 1000",
    )
    .bind(notice.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// How many deliveries of a rollout stand how.
pub async fn counts(
    tx: &mut Tx,
    rollout: RolloutId,
) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM delivery WHERE rollout = ?1 GROUP BY state ORDER BY state",
    )
    .bind(rollout.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                named(row, "state", DeliveryState::from_text)?,
                count(row, "n")?,
            ))
        })
        .collect()
}

/// Notes that `address` wants no more of what may be declined; again does nothing.
pub async fn suppress(tx: &mut WriteTx, address: &str, now: Micros) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO suppressed (address, stream, created_at) VALUES (?1, 'courtesy', ?2)
         ON CONFLICT (address, stream) DO NOTHING",
    )
    .bind(address.to_lowercase())
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Whether `address` wants no more of what may be declined.
pub async fn is_suppressed(tx: &mut Tx, address: &str) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM suppressed WHERE address = ?1 AND stream = 'courtesy'")
        .bind(address.to_lowercase())
        .fetch_optional(tx.conn()?)
        .await?;
    Ok(found.is_some())
}

/// What the status page `page` calls the date or brownout `event` of a rollout.
pub async fn status_entry(
    tx: &mut Tx,
    rollout: RolloutId,
    event: &str,
    page: &str,
) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "SELECT remote_id FROM status_entry WHERE rollout = ?1 AND event = ?2 AND page = ?3",
    )
    .bind(rollout.to_string())
    .bind(event)
    .bind(page)
    .fetch_optional(tx.conn()?)
    .await?;
    Ok(row.map(|row| row.try_get("remote_id")).transpose()?)
}

/// Keeps what the status page calls it.
pub async fn keep_status_entry(
    tx: &mut WriteTx,
    rollout: RolloutId,
    event: &str,
    page: &str,
    remote_id: &str,
    now: Micros,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO status_entry (rollout, event, page, remote_id, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (rollout, event, page) DO UPDATE SET remote_id = excluded.remote_id,
                                                          updated_at = excluded.updated_at",
    )
    .bind(rollout.to_string())
    .bind(event)
    .bind(page)
    .bind(remote_id)
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        notice: parsed(row, "notice")?,
        channel: named(row, "channel", Channel::from_text)?,
        address: row.try_get("address")?,
        rollout: parsed(row, "rollout")?,
        consumer: parsed_optional(row, "consumer")?,
        state: named(row, "state", DeliveryState::from_text)?,
        attempts: count(row, "attempts")?,
        next_at: micros_optional(row, "next_at")?,
        delivered_at: micros_optional(row, "delivered_at")?,
        error: row.try_get("error")?,
        remote_id: row.try_get("remote_id")?,
        stands_for: row.try_get("stands_for")?,
        created_at: micros(row, "created_at")?,
        updated_at: micros(row, "updated_at")?,
    })
}
