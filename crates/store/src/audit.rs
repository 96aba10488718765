//! The audit log: every state change, by whom and when.

use adoption::Micros;
use sqlx::Row;

use crate::error::StoreError;
use crate::row::micros;
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Grows with every entry.
    pub id: i64,
    pub at: Micros,
    pub who: String,
    pub action: String,
    pub noun: String,
    /// The id of the object.
    pub object: String,
    /// JSON; never a secret.
    pub detail: String,
}

/// An entry to append.
#[derive(Debug, Clone, Copy)]
pub struct NewAudit<'a> {
    pub at: Micros,
    pub who: &'a str,
    pub action: &'a str,
    pub noun: &'a str,
    pub object: &'a str,
    pub detail: &'a str,
}

pub async fn append(tx: &mut WriteTx, entry: NewAudit<'_>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit_log (at, who, action, noun, object, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(entry.at.0)
        .bind(entry.who)
        .bind(entry.action)
        .bind(entry.noun)
        .bind(entry.object)
        .bind(entry.detail)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Newest first, at most `limit`, older than the entry `before`.
pub async fn list(
    tx: &mut Tx,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, at, who, action, noun, object, detail FROM audit_log WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )
    .bind(before.unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(AuditRow {
                id: row.try_get("id")?,
                at: micros(row, "at")?,
                who: row.try_get("who")?,
                action: row.try_get("action")?,
                noun: row.try_get("noun")?,
                object: row.try_get("object")?,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}
