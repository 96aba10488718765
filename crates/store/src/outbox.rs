//! The outbox: what a state change owes to the outside, written in the same transaction.

use adoption::Micros;

use crate::error::StoreError;
use crate::row::integer;
use crate::tx::{Tx, WriteTx};

/// Notes that the Snapshot must be published anew.
pub async fn append_snapshot(tx: &mut WriteTx, now: Micros) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO outbox (created_at, topic) VALUES (?1, 'snapshot')")
        .bind(now.0)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// The newest note of a Snapshot; 0 when there is none. This is the Snapshot's generation.
pub async fn newest_snapshot(tx: &mut Tx) -> Result<u64, StoreError> {
    // The counter of AUTOINCREMENT, not MAX(id): published notes are deleted.
    let newest: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'",
    )
    .fetch_one(tx.conn()?)
    .await?;
    Ok(newest.unsigned_abs())
}

/// Up to which note the Snapshot has been published; 0 when never.
pub async fn published_snapshot(tx: &mut Tx) -> Result<u64, StoreError> {
    let published: Option<i64> =
        sqlx::query_scalar("SELECT outbox FROM published WHERE topic = 'snapshot'")
            .fetch_optional(tx.conn()?)
            .await?;
    Ok(published.unwrap_or(0).unsigned_abs())
}

/// Notes that the Snapshot of `generation` is out, and forgets the notes that it covers.
pub async fn mark_snapshot(
    tx: &mut WriteTx,
    generation: u64,
    now: Micros,
) -> Result<(), StoreError> {
    let generation = integer(generation, "generation")?;
    sqlx::query(
        "INSERT INTO published (topic, outbox, updated_at) VALUES ('snapshot', ?1, ?2)
         ON CONFLICT (topic) DO UPDATE SET outbox = excluded.outbox, updated_at = excluded.updated_at",
    )
    .bind(generation)
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    sqlx::query("DELETE FROM outbox WHERE topic = 'snapshot' AND id <= ?1")
        .bind(generation)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
