//! What a doctor asks of the database itself.

use crate::error::StoreError;
use crate::tx::Tx;

/// The version of the SQLite library in use.
pub async fn library_version(tx: &mut Tx) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(tx.conn()?)
        .await?)
}

/// `PRAGMA quick_check`: at most ten findings; empty when the file is sound.
pub async fn findings(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let lines: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(10)")
        .fetch_all(tx.conn()?)
        .await?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// Bytes of the database by its own count of pages.
pub async fn size_bytes(tx: &mut Tx) -> Result<u64, StoreError> {
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(tx.conn()?)
        .await?;
    let page_bytes: i64 = sqlx::query_scalar("PRAGMA page_size")
        .fetch_one(tx.conn()?)
        .await?;
    Ok(pages.unsigned_abs() * page_bytes.unsigned_abs())
}

/// Asks for one trivial answer.
pub async fn ping(tx: &mut Tx) -> Result<(), StoreError> {
    let _: i64 = sqlx::query_scalar("SELECT 1").fetch_one(tx.conn()?).await?;
    Ok(())
}
