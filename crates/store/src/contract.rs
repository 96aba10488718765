//! Statements over contracts and their sources.

use adoption::{ContractId, Micros, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, integer, micros, parsed};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractRow {
    pub id: ContractId,
    pub surface: SurfaceId,
    /// `info.version`.
    pub version: String,
    pub title: String,
    pub openapi: String,
    /// SHA-256 of the source, hexadecimal.
    pub digest: String,
    pub file: String,
    /// JSON array of path prefixes.
    pub base_paths: String,
    pub source_bytes: u64,
    pub operations: u64,
    pub operations_deprecated: u64,
    pub created_at: Micros,
}

pub async fn insert(
    tx: &mut WriteTx,
    contract: &ContractRow,
    source: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO contract (id, surface, version, title, openapi, digest, file, base_paths, source_bytes,
                               operations, operations_deprecated, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(contract.id.to_string())
    .bind(contract.surface.to_string())
    .bind(&contract.version)
    .bind(&contract.title)
    .bind(&contract.openapi)
    .bind(&contract.digest)
    .bind(&contract.file)
    .bind(&contract.base_paths)
    .bind(integer(contract.source_bytes, "source bytes")?)
    .bind(integer(contract.operations, "operations")?)
    .bind(integer(contract.operations_deprecated, "deprecated operations")?)
    .bind(contract.created_at.0)
    .execute(tx.conn()?)
    .await?;
    sqlx::query("INSERT INTO contract_source (contract, source) VALUES (?1, ?2)")
        .bind(contract.id.to_string())
        .bind(source)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, contract: ContractId) -> Result<Option<ContractRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, version, title, openapi, digest, file, base_paths, source_bytes, operations,
                operations_deprecated, created_at
         FROM contract WHERE id = ?1",
    )
    .bind(contract.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The contract of `surface` whose source has this digest.
pub async fn by_digest(
    tx: &mut Tx,
    surface: SurfaceId,
    digest: &str,
) -> Result<Option<ContractRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, version, title, openapi, digest, file, base_paths, source_bytes, operations,
                operations_deprecated, created_at
         FROM contract WHERE surface = ?1 AND digest = ?2",
    )
    .bind(surface.to_string())
    .bind(digest)
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn source(tx: &mut Tx, contract: ContractId) -> Result<Option<String>, StoreError> {
    let source = sqlx::query_scalar("SELECT source FROM contract_source WHERE contract = ?1")
        .bind(contract.to_string())
        .fetch_optional(tx.conn()?)
        .await?;
    Ok(source)
}

/// Newest first, at most `limit`, older than `before` (creation and id); of one surface or all.
pub async fn list(
    tx: &mut Tx,
    surface: Option<SurfaceId>,
    before: Option<(Micros, ContractId)>,
    limit: u32,
) -> Result<Vec<ContractRow>, StoreError> {
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.0, id.to_string()));
    let rows = sqlx::query(
        "SELECT id, surface, version, title, openapi, digest, file, base_paths, source_bytes, operations,
                operations_deprecated, created_at
         FROM contract
         WHERE (created_at < ?1 OR (created_at = ?1 AND id < ?2)) AND (?3 IS NULL OR surface = ?3)
         ORDER BY created_at DESC, id DESC LIMIT ?4",
    )
    .bind(at)
    .bind(id)
    .bind(surface.map(|id| id.to_string()))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Id, surface and version of every contract; there are as many as pushes, a few thousand at most.
pub async fn versions(tx: &mut Tx) -> Result<Vec<(ContractId, SurfaceId, String)>, StoreError> {
    let rows = sqlx::query("SELECT id, surface, version FROM contract")
        .fetch_all(tx.conn()?)
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                parsed(row, "id")?,
                parsed(row, "surface")?,
                row.try_get("version")?,
            ))
        })
        .collect()
}

fn read(row: &SqliteRow) -> Result<ContractRow, StoreError> {
    Ok(ContractRow {
        id: parsed(row, "id")?,
        surface: parsed(row, "surface")?,
        version: row.try_get("version")?,
        title: row.try_get("title")?,
        openapi: row.try_get("openapi")?,
        digest: row.try_get("digest")?,
        file: row.try_get("file")?,
        base_paths: row.try_get("base_paths")?,
        source_bytes: count(row, "source_bytes")?,
        operations: count(row, "operations")?,
        operations_deprecated: count(row, "operations_deprecated")?,
        created_at: micros(row, "created_at")?,
    })
}
