//! Statements over surfaces.

use adoption::{ContractId, Micros, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{micros, parsed, parsed_optional};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceRow {
    pub id: SurfaceId,
    pub name: String,
    /// JSON.
    pub settings: String,
    /// The contract that runs.
    pub contract: Option<ContractId>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

pub async fn insert(tx: &mut WriteTx, surface: &SurfaceRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO surface (id, name, settings, contract, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(surface.id.to_string())
    .bind(&surface.name)
    .bind(&surface.settings)
    .bind(surface.contract.map(|id| id.to_string()))
    .bind(surface.created_at.0)
    .bind(surface.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

pub async fn set_settings(
    tx: &mut WriteTx,
    surface: SurfaceId,
    settings: &str,
    updated_at: Micros,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE surface SET settings = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(surface.to_string())
        .bind(settings)
        .bind(updated_at.0)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

pub async fn set_contract(
    tx: &mut WriteTx,
    surface: SurfaceId,
    contract: ContractId,
    updated_at: Micros,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE surface SET contract = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(surface.to_string())
        .bind(contract.to_string())
        .bind(updated_at.0)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, surface: SurfaceId) -> Result<Option<SurfaceRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, settings, contract, created_at, updated_at FROM surface WHERE id = ?1",
    )
    .bind(surface.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<SurfaceRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, settings, contract, created_at, updated_at FROM surface WHERE name = ?1",
    )
    .bind(name)
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// In order of name, at most `limit`, after the name `after`.
pub async fn list(
    tx: &mut Tx,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<SurfaceRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, settings, contract, created_at, updated_at FROM surface
         WHERE name > ?1 ORDER BY name LIMIT ?2",
    )
    .bind(after.unwrap_or(""))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<SurfaceRow, StoreError> {
    Ok(SurfaceRow {
        id: parsed(row, "id")?,
        name: row.try_get("name")?,
        settings: row.try_get("settings")?,
        contract: parsed_optional(row, "contract")?,
        created_at: micros(row, "created_at")?,
        updated_at: micros(row, "updated_at")?,
    })
}
