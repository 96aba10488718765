//! Statements over the operations that contracts have had.

use std::sync::LazyLock;

use adoption::{ContractId, OperationId, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::many_rows::{ManyRows, RowValues};
use crate::row::parsed;
use crate::tx::{Tx, WriteTx};

static UPSERT: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO operation (id, surface, method, path, operation_id, summary, deprecation, contract_first,
             contract_last)
         VALUES ",
        9,
        " ON CONFLICT (id) DO UPDATE SET operation_id = excluded.operation_id, summary = excluded.summary,
             deprecation = excluded.deprecation, contract_last = excluded.contract_last",
    )
});

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

/// Inserts operations, or brings all but their `contract_first` up to date; each at most once.
pub async fn upsert(tx: &mut WriteTx, operations: &[OperationRow]) -> Result<(), StoreError> {
    let bind = |values: &mut RowValues<'_>, row: &OperationRow| {
        values.text(row.id.to_string().into())?;
        values.text(row.surface.to_string().into())?;
        values.text(row.method.as_str().into())?;
        values.text(row.path.as_str().into())?;
        values.text_or_null(row.operation_id.as_deref())?;
        values.text_or_null(row.summary.as_deref())?;
        values.text_or_null(row.deprecation.as_deref())?;
        values.text(row.contract_first.to_string().into())?;
        values.text(row.contract_last.to_string().into())
    };
    UPSERT.run(tx, operations, bind).await
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
