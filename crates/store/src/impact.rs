//! Reads of the roll-ups for rollouts: who calls what how heavily, over whole days.

use adoption::{ClientClass, ConsumerId, KeyId, OperationId, SurfaceId};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::row::{count, named, parsed};
use crate::tx::Tx;

/// Calls of one consumer of one operation with one class of client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub consumer: ConsumerId,
    pub operation: OperationId,
    pub class: ClientClass,
    pub calls: u64,
    /// Answered by the gateway itself.
    pub ours: u64,
    /// UTC days since the epoch with a call, ascending; empty for operations whose days were not asked for.
    pub days: Vec<i64>,
}

/// Everybody's calls of `surface` over UTC days `from..until`, in no order; with their days for `operations`. One pass
/// over the rows: a statement for each operation costs three times as much, and a row for each day ten times.
pub async fn uses(
    tx: &mut Tx,
    surface: SurfaceId,
    (from, until): (i64, i64),
    operations: &[OperationId],
) -> Result<Vec<Use>, StoreError> {
    let places = vec!["?"; operations.len()].join(", ");
    let sql = format!(
        "SELECT consumer, operation, client_class, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum,
                CAST(COALESCE(SUM(ours), 0) AS BIGINT) AS ours_sum,
                group_concat(CASE WHEN operation IN ({places}) THEN day END) AS days
         FROM usage_day WHERE surface = ? AND day >= ? AND day < ?
         GROUP BY consumer, operation, client_class"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for operation in operations {
        query = query.bind(operation.to_string());
    }
    let query = query.bind(surface.to_string()).bind(from).bind(until);
    let rows = query.fetch_all(tx.conn()?).await?;
    rows.iter().map(used).collect()
}

fn used(row: &SqliteRow) -> Result<Use, StoreError> {
    let class = named(row, "client_class", |text| {
        let mut all = ClientClass::ALL.into_iter();
        all.find(|class| class.as_str() == text)
    })?;
    let days: Option<&str> = row.try_get("days")?;
    let day = |text: &str| {
        text.parse().map_err(|_| StoreError::Decode {
            column: "days",
            text: text.to_owned(),
        })
    };
    let days = days.into_iter().flat_map(|days| days.split(',')).map(day);
    let mut days: Vec<i64> = days.collect::<Result<_, _>>()?;
    days.sort_unstable();
    days.dedup();
    Ok(Use {
        consumer: parsed(row, "consumer")?,
        operation: parsed(row, "operation")?,
        class,
        calls: count(row, "calls_sum")?,
        ours: count(row, "ours_sum")?,
        days,
    })
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
