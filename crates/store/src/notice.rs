//! Statements over notices: what is to be told, to whom, and whether its deliveries are written.

use std::sync::LazyLock;

use adoption::{Micros, NoticeId, RolloutId, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::many_rows::ManyRows;
use crate::row::{micros, parsed};
use crate::tx::{Tx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub rollout: RolloutId,
    pub surface: SurfaceId,
    /// `adoption::rollout::NoticeKind::as_str`.
    pub kind: String,
    /// `adoption::rollout::Recipient::key`: the id of a consumer, or `changelog`, `status`, `banner`.
    pub recipient: String,
    pub revision: u32,
    pub created_at: Micros,
}

/// Stores notices that are to be delivered; one whose id is there already is the same notice and stays as it is.
pub async fn append(tx: &mut WriteTx, notices: &[NoticeRow]) -> Result<(), StoreError> {
    static INSERT: LazyLock<ManyRows> = LazyLock::new(|| {
        ManyRows::new(
            "INSERT INTO notice (id, rollout, surface, kind, recipient, revision, created_at) VALUES ",
            7,
            " ON CONFLICT (id) DO NOTHING",
        )
    });
    INSERT
        .run(tx, notices, |values, notice| {
            values.text(notice.id.to_string().into())?;
            values.text(notice.rollout.to_string().into())?;
            values.text(notice.surface.to_string().into())?;
            values.text(notice.kind.as_str().into())?;
            values.text(notice.recipient.as_str().into())?;
            values.integer(notice.revision.into())?;
            values.integer(notice.created_at.0)
        })
        .await
}

/// Notices whose deliveries are not written yet, oldest first, at most `limit`.
pub async fn unplanned(tx: &mut Tx, limit: u32) -> Result<Vec<NoticeRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, rollout, surface, kind, recipient, revision, created_at FROM notice
         WHERE planned_at IS NULL ORDER BY created_at, id LIMIT ?1",
    )
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

/// Notes that the deliveries of `notice` are written.
pub async fn mark_planned(
    tx: &mut WriteTx,
    notice: NoticeId,
    now: Micros,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE notice SET planned_at = ?2 WHERE id = ?1")
        .bind(notice.to_string())
        .bind(now.0)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Lets the deliveries of `notice` be written again: those that are there stay.
pub async fn plan_again(tx: &mut WriteTx, notice: NoticeId) -> Result<(), StoreError> {
    sqlx::query("UPDATE notice SET planned_at = NULL WHERE id = ?1")
        .bind(notice.to_string())
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, notice: NoticeId) -> Result<Option<NoticeRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, rollout, surface, kind, recipient, revision, created_at FROM notice WHERE id = ?1",
    )
    .bind(notice.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

/// What `recipient` was told of a surface, newest first, at most `limit`, after `before` (created at and id).
pub async fn feed(
    tx: &mut Tx,
    surface: SurfaceId,
    recipient: &str,
    before: Option<(Micros, NoticeId)>,
    limit: u32,
) -> Result<Vec<NoticeRow>, StoreError> {
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.0, id.to_string()));
    let rows = sqlx::query(
        "SELECT id, rollout, surface, kind, recipient, revision, created_at FROM notice
         WHERE surface = ?1 AND recipient = ?2 AND (created_at < ?3 OR (created_at = ?3 AND id < ?4))
         ORDER BY created_at DESC, id DESC LIMIT ?5",
    )
    .bind(surface.to_string())
    .bind(recipient)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: parsed(row, "id")?,
        rollout: parsed(row, "rollout")?,
        surface: parsed(row, "surface")?,
        kind: row.try_get("kind")?,
        recipient: row.try_get("recipient")?,
        revision: row.try_get("revision")?,
        created_at: micros(row, "created_at")?,
    })
}
