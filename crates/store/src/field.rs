//! The roll-up of what was seen of calls: leaves of contracts by key, operation and day, and what nobody saw.

use std::sync::LazyLock;

use adoption::{ConsumerId, ContractId, OperationId};
use meter::rollup::ShapeKey;
use sqlx::{AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::many_rows::{ManyRows, RowValues, Texts};
use crate::row::{count, parsed};
use crate::tx::{Tx, WriteTx};

static OBSERVED: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO observed_day (day, surface, consumer, key, operation, contract, calls, sent, delivered) VALUES ",
        9,
        " ON CONFLICT (day, surface, consumer, key, operation, contract)
          DO UPDATE SET calls = calls + excluded.calls, sent = sent + excluded.sent,
              delivered = delivered + excluded.delivered",
    )
});

static FIELD: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO field_day (day, surface, consumer, key, operation, contract, leaf, calls) VALUES ",
        8,
        " ON CONFLICT (day, surface, consumer, key, operation, contract, leaf)
          DO UPDATE SET calls = calls + excluded.calls",
    )
});

/// Calls that ended, and of how many of them each side was read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedRow {
    pub key: ShapeKey,
    pub calls: u64,
    pub sent: u64,
    pub delivered: u64,
}

/// Calls that held one leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRow {
    pub key: ShapeKey,
    /// [`leaf_id`] gives it.
    pub leaf: i64,
    pub calls: u64,
}

/// The number of a leaf's name, made where there is none.
pub async fn leaf_id(tx: &mut WriteTx, name: &str) -> Result<i64, StoreError> {
    sqlx::query("INSERT INTO leaf (name) VALUES (?1) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .execute(tx.conn()?)
        .await?;
    let id = sqlx::query_scalar("SELECT id FROM leaf WHERE name = ?1")
        .bind(name)
        .fetch_one(tx.conn()?)
        .await?;
    Ok(id)
}

/// Adds rows; each key at most once.
pub async fn add_observed(
    tx: &mut WriteTx,
    rows: &[ObservedRow],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let bind = |values: &mut RowValues<'_>, row: &ObservedRow| {
        bind_key(values, &row.key, texts)?;
        values.count(row.calls, "calls")?;
        values.count(row.sent, "calls with what was sent")?;
        values.count(row.delivered, "calls with what was delivered")
    };
    OBSERVED.run(tx, rows, bind).await
}

/// Adds rows; each key and leaf at most once.
pub async fn add_fields(
    tx: &mut WriteTx,
    rows: &[FieldRow],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let bind = |values: &mut RowValues<'_>, row: &FieldRow| {
        bind_key(values, &row.key, texts)?;
        values.integer(row.leaf)?;
        values.count(row.calls, "calls with a leaf")
    };
    FIELD.run(tx, rows, bind).await
}

fn bind_key(
    values: &mut RowValues<'_>,
    key: &ShapeKey,
    texts: &mut Texts,
) -> Result<(), StoreError> {
    values.integer(key.day)?;
    values.text(texts.surface(key.surface))?;
    values.text(texts.consumer(key.consumer))?;
    values.text(texts.key(key.key))?;
    values.text(texts.operation(key.operation))?;
    values.text(texts.contract(key.contract))
}

/// What was seen of one consumer's calls of one operation under one contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedSum {
    pub consumer: ConsumerId,
    pub contract: ContractId,
    /// The first UTC day since the epoch with such a call.
    pub day_first: i64,
    pub calls: u64,
    pub sent: u64,
    pub delivered: u64,
}

/// Sums over UTC days `from..until`, by consumer and contract.
pub async fn observed(
    tx: &mut Tx,
    operation: OperationId,
    (from, until): (i64, i64),
) -> Result<Vec<ObservedSum>, StoreError> {
    let rows = sqlx::query(
        "SELECT consumer, contract, MIN(day) AS day_first, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum,
                CAST(COALESCE(SUM(sent), 0) AS BIGINT) AS sent_sum,
                CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered_sum
         FROM observed_day WHERE operation = ?1 AND day >= ?2 AND day < ?3
         GROUP BY consumer, contract ORDER BY consumer, contract",
    )
    .bind(operation.to_string())
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ObservedSum {
                consumer: parsed(row, "consumer")?,
                contract: parsed(row, "contract")?,
                day_first: row.try_get("day_first")?,
                calls: count(row, "calls_sum")?,
                sent: count(row, "sent_sum")?,
                delivered: count(row, "delivered_sum")?,
            })
        })
        .collect()
}

/// Calls of one consumer under one contract that held one leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSum {
    pub consumer: ConsumerId,
    pub contract: ContractId,
    pub leaf: String,
    pub calls: u64,
}

/// Sums over UTC days `from..until`, by consumer, leaf and contract, of the leaves named; at most 500 of them.
pub async fn fields(
    tx: &mut Tx,
    operation: OperationId,
    (from, until): (i64, i64),
    leaves: &[String],
) -> Result<Vec<FieldSum>, StoreError> {
    if leaves.is_empty() {
        return Ok(Vec::new());
    }
    let places = vec!["?"; leaves.len()].join(", ");
    let sql = format!(
        "SELECT f.consumer, f.contract, l.name, CAST(COALESCE(SUM(f.calls), 0) AS BIGINT) AS calls_sum
         FROM field_day f JOIN leaf l ON l.id = f.leaf
         WHERE f.operation = ? AND f.day >= ? AND f.day < ? AND l.name IN ({places})
         GROUP BY f.consumer, l.name, f.contract ORDER BY f.consumer, l.name, f.contract"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(operation.to_string())
        .bind(from)
        .bind(until);
    for leaf in leaves {
        query = query.bind(leaf);
    }
    let rows = query.fetch_all(tx.conn()?).await?;
    rows.iter()
        .map(|row| {
            Ok(FieldSum {
                consumer: parsed(row, "consumer")?,
                contract: parsed(row, "contract")?,
                leaf: row.try_get("name")?,
                calls: count(row, "calls_sum")?,
            })
        })
        .collect()
}
