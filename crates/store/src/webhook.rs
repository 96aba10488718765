//! Statements over webhooks: addresses of a surface's owner or of one consumer that take signed messages.

use adoption::{ConsumerId, Micros, SurfaceId, WebhookId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, integer, micros, micros_optional, parsed, parsed_optional};
use crate::tx::{Tx, WriteTx};

/// Nothing of its secret is stored: it is derived from the id and the generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    pub id: WebhookId,
    pub surface: SurfaceId,
    /// `None` is the owner's.
    pub consumer: Option<ConsumerId>,
    pub url: String,
    /// Of the secret, from 1.
    pub generation: u64,
    /// Until when the secret before signs too.
    pub previous_until: Option<Micros>,
    pub created_at: Micros,
    /// Nothing is sent any more since.
    pub ended_at: Option<Micros>,
    pub ended_why: Option<String>,
}

pub async fn insert(tx: &mut WriteTx, row: &WebhookRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO webhook (id, surface, consumer, url, generation, previous_until, created_at, ended_at, ended_why)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(row.id.to_string())
    .bind(row.surface.to_string())
    .bind(row.consumer.map(|id| id.to_string()))
    .bind(&row.url)
    .bind(integer(row.generation, "generation")?)
    .bind(row.previous_until.map(|at| at.0))
    .bind(row.created_at.0)
    .bind(row.ended_at.map(|at| at.0))
    .bind(&row.ended_why)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Writes what may change: generation, overlap and end.
pub async fn update(tx: &mut WriteTx, row: &WebhookRow) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook SET generation = ?2, previous_until = ?3, ended_at = ?4, ended_why = ?5 WHERE id = ?1",
    )
    .bind(row.id.to_string())
    .bind(integer(row.generation, "generation")?)
    .bind(row.previous_until.map(|at| at.0))
    .bind(row.ended_at.map(|at| at.0))
    .bind(&row.ended_why)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, consumer, url, generation, previous_until, created_at, ended_at, ended_why
         FROM webhook WHERE id = ?1",
    )
    .bind(id.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Oldest first, at most `limit`, of one surface or all, ended ones too.
pub async fn list(
    tx: &mut Tx,
    surface: Option<SurfaceId>,
    after: Option<(Micros, WebhookId)>,
    limit: u32,
) -> Result<Vec<WebhookRow>, StoreError> {
    let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| (at.0, id.to_string()));
    let rows = sqlx::query(
        "SELECT id, surface, consumer, url, generation, previous_until, created_at, ended_at, ended_why
         FROM webhook
         WHERE (?1 IS NULL OR surface = ?1) AND (created_at > ?2 OR (created_at = ?2 AND id > ?3))
         ORDER BY created_at, id LIMIT ?4",
    )
    .bind(surface.map(|id| id.to_string()))
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Those of a surface that take messages for `consumer`, or for the owner, oldest first, at most `limit`.
pub async fn taking(
    tx: &mut Tx,
    surface: SurfaceId,
    consumer: Option<ConsumerId>,
    limit: u32,
) -> Result<Vec<WebhookRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, surface, consumer, url, generation, previous_until, created_at, ended_at, ended_why
         FROM webhook WHERE surface = ?1 AND consumer IS ?2 AND ended_at IS NULL
         ORDER BY created_at, id LIMIT ?3",
    )
    .bind(surface.to_string())
    .bind(consumer.map(|id| id.to_string()))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<WebhookRow, StoreError> {
    Ok(WebhookRow {
        id: parsed(row, "id")?,
        surface: parsed(row, "surface")?,
        consumer: parsed_optional(row, "consumer")?,
        url: row.try_get("url")?,
        generation: count(row, "generation")?,
        previous_until: micros_optional(row, "previous_until")?,
        created_at: micros(row, "created_at")?,
        ended_at: micros_optional(row, "ended_at")?,
        ended_why: row.try_get("ended_why")?,
    })
}
