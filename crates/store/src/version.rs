//! Statements over the versions that rollouts lead to, their operations, and pins.

use adoption::{ConsumerId, ContractId, Micros, OperationId, RolloutId, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::operation::OperationRow;
use crate::row::{micros, parsed};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    pub rollout: RolloutId,
    pub surface: SurfaceId,
    /// Of the version that consumers leave.
    pub name_old: String,
    pub name: String,
    pub contract: ContractId,
    /// JSON.
    pub settings: String,
    pub created_at: Micros,
    pub outcome: Option<VersionOutcome>,
}

/// How a version ended as one beside the running one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionOutcome {
    /// It is the one that runs, or ran until a later one took over.
    Running,
    /// Its rollout was given up.
    Dropped,
}

impl VersionOutcome {
    const ALL: [Self; 2] = [Self::Running, Self::Dropped];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Dropped => "dropped",
        }
    }
}

pub async fn insert(tx: &mut WriteTx, row: &VersionRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO version (rollout, surface, name_old, name, contract, settings, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(row.rollout.to_string())
    .bind(row.surface.to_string())
    .bind(&row.name_old)
    .bind(&row.name)
    .bind(row.contract.to_string())
    .bind(&row.settings)
    .bind(row.created_at.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Notes how the version of `rollout` ended.
pub async fn end(
    tx: &mut WriteTx,
    rollout: RolloutId,
    outcome: VersionOutcome,
    now: Micros,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE version SET outcome = ?2, ended_at = ?3 WHERE rollout = ?1")
        .bind(rollout.to_string())
        .bind(outcome.as_str())
        .bind(now.0)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

pub async fn by_rollout(tx: &mut Tx, rollout: RolloutId) -> Result<Option<VersionRow>, StoreError> {
    let row = sqlx::query(
        "SELECT rollout, surface, name_old, name, contract, settings, created_at, outcome
         FROM version WHERE rollout = ?1",
    )
    .bind(rollout.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The version beside the running one of `surface`.
pub async fn open(tx: &mut Tx, surface: SurfaceId) -> Result<Option<VersionRow>, StoreError> {
    let row = sqlx::query(
        "SELECT rollout, surface, name_old, name, contract, settings, created_at, outcome
         FROM version WHERE surface = ?1 AND outcome IS NULL",
    )
    .bind(surface.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The version that a rollout made the running one of `surface` last.
pub async fn running(tx: &mut Tx, surface: SurfaceId) -> Result<Option<VersionRow>, StoreError> {
    let row = sqlx::query(
        "SELECT rollout, surface, name_old, name, contract, settings, created_at, outcome
         FROM version WHERE surface = ?1 AND outcome = 'running' ORDER BY ended_at DESC, rollout LIMIT 1",
    )
    .bind(surface.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Notes the operations of a version; rows of `operation` with their ids must exist.
pub async fn insert_operations(
    tx: &mut WriteTx,
    rollout: RolloutId,
    operations: &[OperationRow],
) -> Result<(), StoreError> {
    for operation in operations {
        sqlx::query(
            "INSERT INTO version_operation (rollout, operation, operation_id, summary, deprecation)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(rollout.to_string())
        .bind(operation.id.to_string())
        .bind(&operation.operation_id)
        .bind(&operation.summary)
        .bind(&operation.deprecation)
        .execute(tx.conn()?)
        .await?;
    }
    Ok(())
}

/// The operations of the version of `rollout`, in order of path and method, as its contract has them.
pub async fn operations(
    tx: &mut Tx,
    version: &VersionRow,
) -> Result<Vec<OperationRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT o.id, o.method, o.path, v.operation_id, v.summary, v.deprecation, o.contract_first
         FROM version_operation v JOIN operation o ON o.id = v.operation
         WHERE v.rollout = ?1 ORDER BY o.path, o.method",
    )
    .bind(version.rollout.to_string())
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(OperationRow {
                id: parsed(row, "id")?,
                surface: version.surface,
                method: row.try_get("method")?,
                path: row.try_get("path")?,
                operation_id: row.try_get("operation_id")?,
                summary: row.try_get("summary")?,
                deprecation: row.try_get("deprecation")?,
                contract_first: parsed(row, "contract_first")?,
                contract_last: version.contract,
            })
        })
        .collect()
}

/// Pins every consumer that ever called `surface` under another contract than `contract` to `version`; who is pinned
/// stays where it is.
pub async fn pin_callers(
    tx: &mut WriteTx,
    surface: SurfaceId,
    contract: ContractId,
    version: &str,
    now: Micros,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pin (surface, consumer, version, pinned_at)
         SELECT DISTINCT surface, consumer, ?3, ?4 FROM usage_day
         WHERE surface = ?1 AND contract <> ?2 AND calls > ours
         ON CONFLICT (surface, consumer) DO NOTHING",
    )
    .bind(surface.to_string())
    .bind(contract.to_string())
    .bind(version)
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Forgets the pins of `surface`.
pub async fn unpin_all(tx: &mut WriteTx, surface: SurfaceId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM pin WHERE surface = ?1")
        .bind(surface.to_string())
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Consumers that are pinned on `surface`, and to which version; by consumer.
pub async fn pins(
    tx: &mut Tx,
    surface: SurfaceId,
) -> Result<Vec<(ConsumerId, String)>, StoreError> {
    let rows =
        sqlx::query("SELECT consumer, version FROM pin WHERE surface = ?1 ORDER BY consumer")
            .bind(surface.to_string())
            .fetch_all(tx.conn()?)
            .await?;
    rows.iter()
        .map(|row| Ok((parsed(row, "consumer")?, row.try_get("version")?)))
        .collect()
}

/// Consumers that ever called one of `operations` under another contract than `contract`, and were let pass; by id.
pub async fn callers(
    tx: &mut Tx,
    surface: SurfaceId,
    operations: &[OperationId],
    contract: ContractId,
) -> Result<Vec<ConsumerId>, StoreError> {
    let mut found = std::collections::BTreeSet::new();
    for operation in operations {
        let rows = sqlx::query(
            "SELECT DISTINCT consumer FROM usage_day
             WHERE surface = ?1 AND operation = ?2 AND contract <> ?3 AND calls > ours",
        )
        .bind(surface.to_string())
        .bind(operation.to_string())
        .bind(contract.to_string())
        .fetch_all(tx.conn()?)
        .await?;
        for row in &rows {
            found.insert(parsed(row, "consumer")?);
        }
    }
    Ok(found.into_iter().collect())
}

fn read(row: &SqliteRow) -> Result<VersionRow, StoreError> {
    let outcome: Option<String> = row.try_get("outcome")?;
    Ok(VersionRow {
        rollout: parsed(row, "rollout")?,
        surface: parsed(row, "surface")?,
        name_old: row.try_get("name_old")?,
        name: row.try_get("name")?,
        contract: parsed(row, "contract")?,
        settings: row.try_get("settings")?,
        created_at: micros(row, "created_at")?,
        outcome: outcome.and_then(|text| {
            let mut all = VersionOutcome::ALL.into_iter();
            all.find(|outcome| outcome.as_str() == text)
        }),
    })
}
