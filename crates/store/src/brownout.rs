//! Reads of the roll-ups while a brownout runs: whether calls fail that it does not refuse.

use adoption::SurfaceId;

use crate::error::StoreError;
use crate::row::count;
use crate::tx::Tx;

/// Calls of a surface, and the ones that failed on the owner's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallsFailed {
    /// Without those that the gateway refused as the consumer's fault, which is what a brownout does.
    pub calls: u64,
    /// Answered with 5xx, by the upstream or for it.
    pub failed: u64,
}

/// Calls of `surface` in the minutes `from..until` since the epoch.
pub async fn calls_failed(
    tx: &mut Tx,
    surface: SurfaceId,
    (from, until): (i64, i64),
) -> Result<CallsFailed, StoreError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN status_class = 4 THEN calls - ours ELSE calls END), 0) AS BIGINT)
                    AS calls_sum,
                CAST(COALESCE(SUM(CASE WHEN status_class = 5 THEN calls ELSE 0 END), 0) AS BIGINT) AS failed_sum
         FROM usage_minute WHERE minute >= ?2 AND minute < ?3 AND surface = ?1",
    )
    .bind(surface.to_string())
    .bind(from)
    .bind(until)
    .fetch_one(tx.conn()?)
    .await?;
    Ok(CallsFailed {
        calls: count(&row, "calls_sum")?,
        failed: count(&row, "failed_sum")?,
    })
}
