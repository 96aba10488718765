//! Reads of the roll-up of clients: calls by client name and version, over whole days.

use std::ops::Range;

use adoption::{ConsumerId, SurfaceId};
use sqlx::Row;

use crate::error::StoreError;
use crate::row::count;
use crate::tx::Tx;

/// Which calls are wanted; an absent filter takes all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// UTC days since the epoch.
    pub days: Range<i64>,
    pub surface: Option<SurfaceId>,
    /// Through its keys, revoked ones included: the roll-up knows no consumer, and calls without a key are nobody's.
    pub consumer: Option<ConsumerId>,
}

/// Calls of one version of one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSum {
    /// As the client names itself, or a reserved name such as `(other)`.
    pub client: String,
    /// Empty when the client named none.
    pub version: String,
    pub calls: u64,
    /// The last UTC day since the epoch with a call.
    pub day_last: i64,
}

/// All clients together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientTotal {
    /// Pairs of client and version.
    pub clients: u64,
    pub calls: u64,
    /// The last UTC day since the epoch with a call; `None` without calls.
    pub day_last: Option<i64>,
}

/// The busiest clients, at most `limit`, most calls first, then by name and version.
pub async fn clients(
    tx: &mut Tx,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<ClientSum>, StoreError> {
    let rows = sqlx::query(
        "SELECT client, version, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum, MAX(day) AS day_last
         FROM client_day
         WHERE day >= ?1 AND day < ?2 AND (?3 IS NULL OR surface = ?3)
           AND (?4 IS NULL OR key IN (SELECT k.id FROM key k WHERE k.consumer = ?4))
         GROUP BY client, version ORDER BY calls_sum DESC, client, version LIMIT ?5",
    )
    .bind(filter.days.start)
    .bind(filter.days.end)
    .bind(filter.surface.map(|id| id.to_string()))
    .bind(filter.consumer.map(|id| id.to_string()))
    .bind(i64::from(limit))
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ClientSum {
                client: row.try_get("client")?,
                version: row.try_get("version")?,
                calls: count(row, "calls_sum")?,
                day_last: row.try_get("day_last")?,
            })
        })
        .collect()
}

/// How many clients there are, and the sums of all of them.
pub async fn total(tx: &mut Tx, filter: &Filter) -> Result<ClientTotal, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS clients, CAST(COALESCE(SUM(calls_sum), 0) AS BIGINT) AS calls_total,
                MAX(client_day_last) AS day_last
         FROM (SELECT SUM(calls) AS calls_sum, MAX(day) AS client_day_last
               FROM client_day
               WHERE day >= ?1 AND day < ?2 AND (?3 IS NULL OR surface = ?3)
                 AND (?4 IS NULL OR key IN (SELECT k.id FROM key k WHERE k.consumer = ?4))
               GROUP BY client, version) AS client_sum",
    )
    .bind(filter.days.start)
    .bind(filter.days.end)
    .bind(filter.surface.map(|id| id.to_string()))
    .bind(filter.consumer.map(|id| id.to_string()))
    .fetch_one(tx.conn()?)
    .await?;
    Ok(ClientTotal {
        clients: count(&row, "clients")?,
        calls: count(&row, "calls_total")?,
        day_last: row.try_get("day_last")?,
    })
}
