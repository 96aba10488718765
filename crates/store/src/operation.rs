//! Statements over the operations that contracts have had.

use adoption::{ContractId, OperationId, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::parsed;
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRow {
    pub id: OperationId,
    pub surface: SurfaceId,
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    /// JSON; `None` when not deprecated.
    pub deprecation: Option<String>,
    pub contract_first: ContractId,
    /// The running contract of its surface, when that has it.
    pub contract_last: ContractId,
}

/// Inserts the operation, or brings all but `contract_first` up to date.
pub async fn upsert(tx: &mut WriteTx, operation: &OperationRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO operation (id, surface, method, path, operation_id, summary, deprecation, contract_first,
                                contract_last)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET operation_id = excluded.operation_id, summary = excluded.summary,
             deprecation = excluded.deprecation, contract_last = excluded.contract_last",
    )
    .bind(operation.id.to_string())
    .bind(operation.surface.to_string())
    .bind(&operation.method)
    .bind(&operation.path)
    .bind(&operation.operation_id)
    .bind(&operation.summary)
    .bind(&operation.deprecation)
    .bind(operation.contract_first.to_string())
    .bind(operation.contract_last.to_string())
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// In order of path and method, at most `limit`, after `after` (path and method).
pub async fn list(
    tx: &mut Tx,
    surface: SurfaceId,
    after: Option<(&str, &str)>,
    limit: u32,
) -> Result<Vec<OperationRow>, StoreError> {
    let (path, method) = after.unwrap_or(("", ""));
    let rows = sqlx::query(
        "SELECT id, surface, method, path, operation_id, summary, deprecation, contract_first, contract_last
         FROM operation WHERE surface = ?1 AND (path > ?2 OR (path = ?2 AND method > ?3))
         ORDER BY path, method LIMIT ?4",
    )
    .bind(surface.to_string())
    .bind(path)
    .bind(method)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Every operation that `surface` has had; a contract of 15 MB has a few thousand.
pub async fn of_surface(tx: &mut Tx, surface: SurfaceId) -> Result<Vec<OperationRow>, StoreError> {
    list(tx, surface, None, u32::MAX).await
}

/// The operations of the running contract of `surface`, in order of path and method.
pub async fn running(tx: &mut Tx, surface: SurfaceId) -> Result<Vec<OperationRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT o.id, o.surface, o.method, o.path, o.operation_id, o.summary, o.deprecation, o.contract_first,
                o.contract_last
         FROM operation o JOIN surface s ON s.id = o.surface AND s.contract = o.contract_last
         WHERE o.surface = ?1 ORDER BY o.path, o.method",
    )
    .bind(surface.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

pub async fn by_id(
    tx: &mut Tx,
    operation: OperationId,
) -> Result<Option<OperationRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, method, path, operation_id, summary, deprecation, contract_first, contract_last
         FROM operation WHERE id = ?1",
    )
    .bind(operation.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &SqliteRow) -> Result<OperationRow, StoreError> {
    Ok(OperationRow {
        id: parsed(row, "id")?,
        surface: parsed(row, "surface")?,
        method: row.try_get("method")?,
        path: row.try_get("path")?,
        operation_id: row.try_get("operation_id")?,
        summary: row.try_get("summary")?,
        deprecation: row.try_get("deprecation")?,
        contract_first: parsed(row, "contract_first")?,
        contract_last: parsed(row, "contract_last")?,
    })
}
