//! Statements over consumers.

use adoption::{ConsumerId, ConsumerKind, Micros};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, micros, named, parsed};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerRow {
    pub id: ConsumerId,
    pub name: String,
    pub kind: ConsumerKind,
    /// JSON array.
    pub contacts: String,
    pub plan: Option<String>,
    pub sla: Option<String>,
    pub external_id: Option<String>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// What the keys of a consumer say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsumerActivity {
    /// Neither revoked nor expired.
    pub keys_active: u64,
    /// The last minute with a call.
    pub seen_minute: Option<i64>,
}

pub async fn insert(tx: &mut WriteTx, consumer: &ConsumerRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO consumer (id, name, kind, contacts, plan, sla, external_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(consumer.id.to_string())
    .bind(&consumer.name)
    .bind(consumer.kind.as_str())
    .bind(&consumer.contacts)
    .bind(&consumer.plan)
    .bind(&consumer.sla)
    .bind(&consumer.external_id)
    .bind(consumer.created_at.0)
    .bind(consumer.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Writes every column but `id` and `created_at`.
pub async fn update(tx: &mut WriteTx, consumer: &ConsumerRow) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE consumer SET name = ?2, kind = ?3, contacts = ?4, plan = ?5, sla = ?6, external_id = ?7,
                             updated_at = ?8
         WHERE id = ?1",
    )
    .bind(consumer.id.to_string())
    .bind(&consumer.name)
    .bind(consumer.kind.as_str())
    .bind(&consumer.contacts)
    .bind(&consumer.plan)
    .bind(&consumer.sla)
    .bind(&consumer.external_id)
    .bind(consumer.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, consumer: ConsumerId) -> Result<Option<ConsumerRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, kind, contacts, plan, sla, external_id, created_at, updated_at FROM consumer WHERE id = ?1",
    )
    .bind(consumer.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<ConsumerRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, kind, contacts, plan, sla, external_id, created_at, updated_at FROM consumer WHERE name = ?1",
    )
    .bind(name)
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// In order of name, at most `limit`, after the name `after`.
pub async fn list(
    tx: &mut Tx,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<ConsumerRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, kind, contacts, plan, sla, external_id, created_at, updated_at FROM consumer
         WHERE name > ?1 ORDER BY name LIMIT ?2",
    )
    .bind(after.unwrap_or(""))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Keys in use and last sight of one consumer.
pub async fn activity(
    tx: &mut Tx,
    consumer: ConsumerId,
    now: Micros,
) -> Result<ConsumerActivity, StoreError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
                                  THEN 1 ELSE 0 END), 0) AS BIGINT) AS keys_active,
                MAX((SELECT s.minute FROM key_seen s WHERE s.key = k.id)) AS seen_minute
         FROM key k WHERE k.consumer = ?1",
    )
    .bind(consumer.to_string())
    .bind(now.0)
    .fetch_one(tx.conn()?)
    .await?;
    Ok(ConsumerActivity {
        keys_active: count(&row, "keys_active")?,
        seen_minute: row.try_get("seen_minute")?,
    })
}

fn read(row: &SqliteRow) -> Result<ConsumerRow, StoreError> {
    Ok(ConsumerRow {
        id: parsed(row, "id")?,
        name: row.try_get("name")?,
        kind: named(row, "kind", ConsumerKind::from_text)?,
        contacts: row.try_get("contacts")?,
        plan: row.try_get("plan")?,
        sla: row.try_get("sla")?,
        external_id: row.try_get("external_id")?,
        created_at: micros(row, "created_at")?,
        updated_at: micros(row, "updated_at")?,
    })
}
