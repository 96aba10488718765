//! Reads of the roll-ups for rollouts: who calls what how heavily, over whole days.

use adoption::{ClientClass, ConsumerId, KeyId, OperationId, SurfaceId};
use sqlx::Row;

use crate::error::StoreError;
use crate::row::{count, named, parsed};
use crate::tx::Tx;

/// Calls of one consumer of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSum {
    pub consumer: ConsumerId,
    pub calls: u64,
    /// Answered by the gateway itself.
    pub ours: u64,
    /// UTC days since the epoch.
    pub day_first: i64,
    pub day_last: i64,
}

/// Calls of `operation` over UTC days `from..until`, by consumer.
pub async fn calls(
    tx: &mut Tx,
    operation: OperationId,
    (from, until): (i64, i64),
) -> Result<Vec<CallSum>, StoreError> {
    let rows = sqlx::query(
        "SELECT consumer, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum,
                CAST(COALESCE(SUM(ours), 0) AS BIGINT) AS ours_sum,
                MIN(day) AS day_first, MAX(day) AS day_last
         FROM usage_day WHERE operation = ?1 AND day >= ?2 AND day < ?3
         GROUP BY consumer ORDER BY consumer",
    )
    .bind(operation.to_string())
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(CallSum {
                consumer: parsed(row, "consumer")?,
                calls: count(row, "calls_sum")?,
                ours: count(row, "ours_sum")?,
                day_first: row.try_get("day_first")?,
                day_last: row.try_get("day_last")?,
            })
        })
        .collect()
}

/// Days on which each consumer called `operation`, in order of consumer and day.
pub async fn active_days(
    tx: &mut Tx,
    operation: OperationId,
    (from, until): (i64, i64),
) -> Result<Vec<(ConsumerId, i64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT consumer, day FROM usage_day WHERE operation = ?1 AND day >= ?2 AND day < ?3
         ORDER BY consumer, day",
    )
    .bind(operation.to_string())
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| Ok((parsed(row, "consumer")?, row.try_get("day")?)))
        .collect()
}

/// Calls of `surface` over UTC days `from..until`, by consumer and client class, in this order.
pub async fn volume(
    tx: &mut Tx,
    surface: SurfaceId,
    (from, until): (i64, i64),
) -> Result<Vec<(ConsumerId, ClientClass, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT consumer, client_class, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum
         FROM usage_day WHERE surface = ?1 AND day >= ?2 AND day < ?3
         GROUP BY consumer, client_class ORDER BY consumer, client_class",
    )
    .bind(surface.to_string())
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            let class = named(row, "client_class", |text| {
                let mut all = ClientClass::ALL.into_iter();
                all.find(|class| class.as_str() == text)
            })?;
            Ok((parsed(row, "consumer")?, class, count(row, "calls_sum")?))
        })
        .collect()
}

/// A version of a client of one consumer, and the first day it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSeen {
    pub consumer: ConsumerId,
    pub client: String,
    pub version: String,
    pub day_first: i64,
}

/// The versions of clients that keys of `surface` were used with, whenever that was; by consumer.
pub async fn clients_seen(tx: &mut Tx, surface: SurfaceId) -> Result<Vec<ClientSeen>, StoreError> {
    let rows = sqlx::query(
        "SELECT k.consumer, c.client, c.version, MIN(c.day) AS day_first
         FROM client_day c JOIN key k ON k.id = c.key
         WHERE c.surface = ?1 AND c.key <> ?2
         GROUP BY k.consumer, c.client, c.version ORDER BY k.consumer, c.client, c.version",
    )
    .bind(surface.to_string())
    .bind(KeyId::NONE.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ClientSeen {
                consumer: parsed(row, "consumer")?,
                client: row.try_get("client")?,
                version: row.try_get("version")?,
                day_first: row.try_get("day_first")?,
            })
        })
        .collect()
}
