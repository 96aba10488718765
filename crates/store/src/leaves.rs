//! Statements over the numbered leaves of contracts.

use std::sync::{Arc, LazyLock};

use adoption::{ContractId, OperationId};
use sqlx::Row;

use crate::error::StoreError;
use crate::many_rows::{ManyRows, RowValues};
use crate::row::parsed;
use crate::tx::{Tx, WriteTx};

static INSERT: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO contract_leaves (contract, operation, digest, names, plan, cuts) VALUES ",
        6,
        " ON CONFLICT (contract, operation) DO NOTHING",
    )
});

/// The leaves of one operation of one contract; never changed once they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavesRow {
    pub operation: OperationId,
    /// Of the names.
    pub digest: u32,
    /// JSON array, by number.
    pub names: String,
    /// JSON, for the gateway.
    pub plan: String,
    /// Parts of the contract that have no leaf of their own.
    pub cuts: u32,
}

/// Stores what is not there yet; how many rows that were.
pub async fn insert(
    tx: &mut WriteTx,
    contract: ContractId,
    rows: &[LeavesRow],
) -> Result<u64, StoreError> {
    let contract: Arc<str> = contract.to_string().into();
    let bind = |values: &mut RowValues<'_>, row: &LeavesRow| {
        values.text(Arc::clone(&contract))?;
        values.text(row.operation.to_string().into())?;
        values.integer(i64::from(row.digest))?;
        values.text(row.names.as_str().into())?;
        values.text(row.plan.as_str().into())?;
        values.integer(i64::from(row.cuts))
    };
    INSERT.rows_written(tx, rows, bind).await
}

/// Digest and plan of every operation of `contract` that has them, by operation.
pub async fn plans(
    tx: &mut Tx,
    contract: ContractId,
) -> Result<Vec<(OperationId, u32, String)>, StoreError> {
    let rows = sqlx::query(
        "SELECT operation, digest, plan FROM contract_leaves WHERE contract = ?1 ORDER BY operation",
    )
    .bind(contract.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                parsed(row, "operation")?,
                row.try_get("digest")?,
                row.try_get("plan")?,
            ))
        })
        .collect()
}

/// Digest and names of one operation; `None` where the contract was stored without leaves.
pub async fn names(
    tx: &mut Tx,
    contract: ContractId,
    operation: OperationId,
) -> Result<Option<(u32, String)>, StoreError> {
    let row = sqlx::query(
        "SELECT digest, names FROM contract_leaves WHERE contract = ?1 AND operation = ?2",
    )
    .bind(contract.to_string())
    .bind(operation.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.map(|row| Ok((row.try_get("digest")?, row.try_get("names")?)))
        .transpose()
}
