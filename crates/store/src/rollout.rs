//! Statements over rollouts and the contracts that they lead to.

use adoption::{Micros, RolloutId, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, integer, micros, parsed};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutRow {
    pub id: RolloutId,
    pub surface: SurfaceId,
    pub name: String,
    pub phase: String,
    /// Grows by one with every change.
    pub edition: u64,
    /// JSON.
    pub rollout: String,
    /// JSON.
    pub impact: String,
    /// JSON.
    pub proposal: String,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// Stores a new rollout with the contract that it leads to, and as JSON the calls that each item touches.
pub async fn insert(
    tx: &mut WriteTx,
    row: &RolloutRow,
    file: &str,
    source: &str,
    touched: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO rollout (id, surface, name, phase, edition, rollout, impact, proposal, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(row.id.to_string())
    .bind(row.surface.to_string())
    .bind(&row.name)
    .bind(&row.phase)
    .bind(integer(row.edition, "edition")?)
    .bind(&row.rollout)
    .bind(&row.impact)
    .bind(&row.proposal)
    .bind(row.created_at.0)
    .bind(row.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    sqlx::query("INSERT INTO rollout_revision (rollout, file, source) VALUES (?1, ?2, ?3)")
        .bind(row.id.to_string())
        .bind(file)
        .bind(source)
        .execute(tx.conn()?)
        .await?;
    sqlx::query("INSERT INTO rollout_touched (rollout, touched) VALUES (?1, ?2)")
        .bind(row.id.to_string())
        .bind(touched)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Writes what may change, if the row still has the edition before; `false` when another was faster.
pub async fn update(tx: &mut WriteTx, row: &RolloutRow) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE rollout SET name = ?2, phase = ?3, edition = ?4, rollout = ?5, impact = ?6, updated_at = ?7
         WHERE id = ?1 AND edition = ?4 - 1",
    )
    .bind(row.id.to_string())
    .bind(&row.name)
    .bind(&row.phase)
    .bind(integer(row.edition, "edition")?)
    .bind(&row.rollout)
    .bind(&row.impact)
    .bind(row.updated_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn by_id(tx: &mut Tx, id: RolloutId) -> Result<Option<RolloutRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, name, phase, edition, rollout, impact, proposal, created_at, updated_at
         FROM rollout WHERE id = ?1",
    )
    .bind(id.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// How often a rollout has changed; cheap to ask before reading all of it.
pub async fn edition(tx: &mut Tx, id: RolloutId) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("SELECT edition FROM rollout WHERE id = ?1")
        .bind(id.to_string())
        .fetch_optional(tx.conn()?)
        .await?;
    row.as_ref().map(|row| count(row, "edition")).transpose()
}

/// Newest first, at most `limit`, of one surface or all, after `before` (created at and id).
pub async fn list(
    tx: &mut Tx,
    surface: Option<SurfaceId>,
    before: Option<(Micros, RolloutId)>,
    limit: u32,
) -> Result<Vec<RolloutRow>, StoreError> {
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.0, id.to_string()));
    let rows = sqlx::query(
        "SELECT id, surface, name, phase, edition, rollout, impact, proposal, created_at, updated_at
         FROM rollout
         WHERE (?1 IS NULL OR surface = ?1) AND (created_at < ?2 OR (created_at = ?2 AND id < ?3))
         ORDER BY created_at DESC, id DESC LIMIT ?4",
    )
    .bind(surface.map(|id| id.to_string()))
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Ids and editions of the rollouts in this phase that changed last, at most `limit`, the latest first.
pub async fn in_phase(
    tx: &mut Tx,
    phase: &str,
    limit: u32,
) -> Result<Vec<(RolloutId, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, edition FROM rollout WHERE phase = ?1 ORDER BY updated_at DESC, id DESC LIMIT ?2",
    )
    .bind(phase)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| Ok((parsed(row, "id")?, count(row, "edition")?)))
        .collect()
}

/// File name and text of the contract that a rollout leads to.
pub async fn revision(tx: &mut Tx, id: RolloutId) -> Result<Option<(String, String)>, StoreError> {
    let row = sqlx::query("SELECT file, source FROM rollout_revision WHERE rollout = ?1")
        .bind(id.to_string())
        .fetch_optional(tx.conn()?)
        .await?;
    row.map(|row| Ok((row.try_get("file")?, row.try_get("source")?)))
        .transpose()
}

/// What each item of a rollout touches, and who had used it when it was closed to others; both JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchedRow {
    pub touched: String,
    /// `None` before it was closed.
    pub known: Option<String>,
}

/// `None` for a rollout that was proposed before this was kept.
pub async fn touched(tx: &mut Tx, id: RolloutId) -> Result<Option<TouchedRow>, StoreError> {
    let row = sqlx::query("SELECT touched, known FROM rollout_touched WHERE rollout = ?1")
        .bind(id.to_string())
        .fetch_optional(tx.conn()?)
        .await?;
    row.map(|row| {
        Ok(TouchedRow {
            touched: row.try_get("touched")?,
            known: row.try_get("known")?,
        })
    })
    .transpose()
}

/// Notes who had used what the rollout touches.
pub async fn set_known(tx: &mut WriteTx, id: RolloutId, known: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE rollout_touched SET known = ?2 WHERE rollout = ?1")
        .bind(id.to_string())
        .bind(known)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Ids of the rollouts that are in one of `phases`, oldest first; at most a thousand.
pub async fn ids_in(tx: &mut Tx, phases: &[&str]) -> Result<Vec<RolloutId>, StoreError> {
    let mut ids = Vec::new();
    for phase in phases {
        let rows = sqlx::query(
            "SELECT id FROM rollout WHERE phase = ?1 ORDER BY created_at, id LIMIT 1000",
        )
        .bind(*phase)
        .fetch_all(tx.conn()?)
        .await?;
        for row in &rows {
            ids.push(parsed(row, "id")?);
        }
    }
    Ok(ids)
}

fn read(row: &SqliteRow) -> Result<RolloutRow, StoreError> {
    Ok(RolloutRow {
        id: parsed(row, "id")?,
        surface: parsed(row, "surface")?,
        name: row.try_get("name")?,
        phase: row.try_get("phase")?,
        edition: count(row, "edition")?,
        rollout: row.try_get("rollout")?,
        impact: row.try_get("impact")?,
        proposal: row.try_get("proposal")?,
        created_at: micros(row, "created_at")?,
        updated_at: micros(row, "updated_at")?,
    })
}
