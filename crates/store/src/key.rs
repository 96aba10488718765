//! Statements over keys; a key's text never comes here.

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, SurfaceId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{micros, micros_optional, named, parsed, parsed_optional};
use crate::tx::{Tx, WriteTx};

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOrigin {
    /// Made here.
    Towpath,
    /// A credential of the existing API.
    Native,
}

impl KeyOrigin {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Towpath => "towpath",
            Self::Native => "native",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        [Self::Towpath, Self::Native]
            .into_iter()
            .find(|origin| origin.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: KeyId,
    pub surface: SurfaceId,
    pub consumer: ConsumerId,
    pub kind: KeyKind,
    pub origin: KeyOrigin,
    pub digest: KeyDigest,
    pub start: String,
    pub created_at: Micros,
    pub expires_at: Option<Micros>,
    pub revoked_at: Option<Micros>,
    pub rotated_from: Option<KeyId>,
}

/// A key with what a reader wants to see beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    pub key: KeyRow,
    pub surface_name: String,
    pub consumer_name: String,
    /// The last minute with a call.
    pub seen_minute: Option<i64>,
}

pub async fn insert(tx: &mut WriteTx, key: &KeyRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO key (id, surface, consumer, kind, origin, digest, start, created_at, expires_at, revoked_at,
                          rotated_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )
    .bind(key.id.to_string())
    .bind(key.surface.to_string())
    .bind(key.consumer.to_string())
    .bind(key.kind.as_str())
    .bind(key.origin.as_str())
    .bind(key.digest.to_string())
    .bind(&key.start)
    .bind(key.created_at.0)
    .bind(key.expires_at.map(|at| at.0))
    .bind(key.revoked_at.map(|at| at.0))
    .bind(key.rotated_from.map(|id| id.to_string()))
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

/// Writes what may change of a key: consumer, kind, expiry and revocation.
pub async fn update(tx: &mut WriteTx, key: &KeyRow) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE key SET consumer = ?2, kind = ?3, expires_at = ?4, revoked_at = ?5 WHERE id = ?1",
    )
    .bind(key.id.to_string())
    .bind(key.consumer.to_string())
    .bind(key.kind.as_str())
    .bind(key.expires_at.map(|at| at.0))
    .bind(key.revoked_at.map(|at| at.0))
    .execute(tx.conn()?)
    .await?;
    Ok(())
}

pub async fn by_digest(
    tx: &mut Tx,
    surface: SurfaceId,
    digest: KeyDigest,
) -> Result<Option<KeyRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, surface, consumer, kind, origin, digest, start, created_at, expires_at, revoked_at, rotated_from
         FROM key WHERE surface = ?1 AND digest = ?2",
    )
    .bind(surface.to_string())
    .bind(digest.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_id(tx: &mut Tx, key: KeyId) -> Result<Option<KeyView>, StoreError> {
    let row = sqlx::query(
        "SELECT k.id, k.surface, k.consumer, k.kind, k.origin, k.digest, k.start, k.created_at, k.expires_at,
                k.revoked_at, k.rotated_from, s.name AS surface_name, c.name AS consumer_name,
                (SELECT n.minute FROM key_seen n WHERE n.key = k.id) AS seen_minute
         FROM key k JOIN surface s ON s.id = k.surface JOIN consumer c ON c.id = k.consumer
         WHERE k.id = ?1",
    )
    .bind(key.to_string())
    .fetch_optional(tx.conn()?)
    .await?;
    row.as_ref().map(read_view).transpose()
}

/// Keys with exactly this start, at most two: enough to know whether it names one.
pub async fn by_start(tx: &mut Tx, start: &str) -> Result<Vec<KeyView>, StoreError> {
    let rows = sqlx::query(
        "SELECT k.id, k.surface, k.consumer, k.kind, k.origin, k.digest, k.start, k.created_at, k.expires_at,
                k.revoked_at, k.rotated_from, s.name AS surface_name, c.name AS consumer_name,
                (SELECT n.minute FROM key_seen n WHERE n.key = k.id) AS seen_minute
         FROM key k JOIN surface s ON s.id = k.surface JOIN consumer c ON c.id = k.consumer
         WHERE k.start = ?1 ORDER BY k.created_at, k.id LIMIT 2",
    )
    .bind(start)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read_view).collect()
}

/// The key that replaces `key`.
pub async fn successor(tx: &mut Tx, key: KeyId) -> Result<Option<KeyId>, StoreError> {
    let row = sqlx::query("SELECT id FROM key WHERE rotated_from = ?1")
        .bind(key.to_string())
        .fetch_optional(tx.conn()?)
        .await?;
    row.as_ref().map(|row| parsed(row, "id")).transpose()
}

/// In order of creation, at most `limit`, after `after` (creation and id); of one consumer, one surface, or all.
pub async fn list(
    tx: &mut Tx,
    consumer: Option<ConsumerId>,
    surface: Option<SurfaceId>,
    after: Option<(Micros, KeyId)>,
    limit: u32,
) -> Result<Vec<KeyView>, StoreError> {
    let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| (at.0, id.to_string()));
    let rows = sqlx::query(
        "SELECT k.id, k.surface, k.consumer, k.kind, k.origin, k.digest, k.start, k.created_at, k.expires_at,
                k.revoked_at, k.rotated_from, s.name AS surface_name, c.name AS consumer_name,
                (SELECT n.minute FROM key_seen n WHERE n.key = k.id) AS seen_minute
         FROM key k JOIN surface s ON s.id = k.surface JOIN consumer c ON c.id = k.consumer
         WHERE (k.created_at > ?1 OR (k.created_at = ?1 AND k.id > ?2))
           AND (?3 IS NULL OR k.consumer = ?3) AND (?4 IS NULL OR k.surface = ?4)
         ORDER BY k.created_at, k.id LIMIT ?5",
    )
    .bind(at)
    .bind(id)
    .bind(consumer.map(|id| id.to_string()))
    .bind(surface.map(|id| id.to_string()))
    .bind(limit)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read_view).collect()
}

/// Every key that works at `now`, or will: what the gateway must know.
pub async fn working(tx: &mut Tx, now: Micros) -> Result<Vec<KeyRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, surface, consumer, kind, origin, digest, start, created_at, expires_at, revoked_at, rotated_from
         FROM key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)",
    )
    .bind(now.0)
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: parsed(row, "id")?,
        surface: parsed(row, "surface")?,
        consumer: parsed(row, "consumer")?,
        kind: named(row, "kind", KeyKind::from_text)?,
        origin: named(row, "origin", KeyOrigin::from_text)?,
        digest: parsed(row, "digest")?,
        start: row.try_get("start")?,
        created_at: micros(row, "created_at")?,
        expires_at: micros_optional(row, "expires_at")?,
        revoked_at: micros_optional(row, "revoked_at")?,
        rotated_from: parsed_optional(row, "rotated_from")?,
    })
}

fn read_view(row: &SqliteRow) -> Result<KeyView, StoreError> {
    Ok(KeyView {
        key: read(row)?,
        surface_name: row.try_get("surface_name")?,
        consumer_name: row.try_get("consumer_name")?,
        seen_minute: row.try_get("seen_minute")?,
    })
}
