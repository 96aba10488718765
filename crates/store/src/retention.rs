//! Deleting old roll-ups in small batches, and remembering from when on each grain is whole.

use meter::rollup::Grain;
use sqlx::{AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx};

/// From which minute, hour and day on the roll-ups are whole; `i64::MIN` where nothing was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub minute: i64,
    pub hour: i64,
    pub day: i64,
}

const fn name(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
    }
}

pub async fn kept(tx: &mut Tx) -> Result<Kept, StoreError> {
    let rows = sqlx::query("SELECT grain, first FROM retention")
        .fetch_all(tx.conn()?)
        .await?;
    let mut kept = Kept {
        minute: i64::MIN,
        hour: i64::MIN,
        day: i64::MIN,
    };
    for row in &rows {
        let first: i64 = row.try_get("first")?;
        match row.try_get("grain")? {
            "minute" => kept.minute = first,
            "hour" => kept.hour = first,
            _ => kept.day = first,
        }
    }
    Ok(kept)
}

/// Says that rows of `grain` before `first` may be missing from now on; never goes back.
pub async fn keep_from(tx: &mut WriteTx, grain: Grain, first: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO retention (grain, first) VALUES (?1, ?2)
         ON CONFLICT (grain) DO UPDATE SET first = excluded.first WHERE excluded.first > first",
    )
    .bind(name(grain))
    .bind(first)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Deletes at most `limit` usage rows and `limit` latency rows (and, of days, rows of clients and of
/// what was seen) before `first`;
/// how many went.
pub async fn delete_before(
    tx: &mut WriteTx,
    grain: Grain,
    first: i64,
    limit: u32,
) -> Result<u64, StoreError> {
    let grain = name(grain);
    let usage =
        format!("{grain}, surface, consumer, key, operation, contract, status_class, client_class");
    let latency = format!("{grain}, surface, operation, contract, status_class, bucket");
    let mut deleted = delete_some(tx, "usage", grain, &usage, first, limit).await?;
    deleted += delete_some(tx, "latency", grain, &latency, first, limit).await?;
    if grain == "day" {
        deleted += delete_some(
            tx,
            "client",
            grain,
            "day, surface, key, client, version",
            first,
            limit,
        )
        .await?;
        let observed = "day, surface, consumer, key, operation, contract";
        deleted += delete_some(tx, "observed", grain, observed, first, limit).await?;
        let field = "day, surface, consumer, key, operation, contract, leaf";
        deleted += delete_some(tx, "field", grain, field, first, limit).await?;
    }
    Ok(deleted)
}

async fn delete_some(
    tx: &mut WriteTx,
    table: &str,
    grain: &str,
    columns: &str,
    first: i64,
    limit: u32,
) -> Result<u64, StoreError> {
    let sql = format!(
        "DELETE FROM {table}_{grain} WHERE ({columns}) IN (
             SELECT {columns} FROM {table}_{grain} WHERE {grain} < ?1 ORDER BY {columns} LIMIT ?2)"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(first)
        .bind(limit)
        .execute(tx.conn()?)
        .await?;
    Ok(done.rows_affected())
}
