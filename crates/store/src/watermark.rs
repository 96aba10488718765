//! Watermarks: how far each journal stream is applied, moved by compare-and-set only.

use adoption::Micros;
use meter::StreamId;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::row::{count, integer, named};
use crate::tx::{Tx, WriteTx};

/// Where a stream stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatermarkState {
    /// More entries may come.
    Live,
    /// Read to its end; its open calls are settled.
    Closed,
    /// Entries past the watermark cannot be read.
    Damaged,
}

impl WatermarkState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Closed => "closed",
            Self::Damaged => "damaged",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        [Self::Live, Self::Closed, Self::Damaged]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatermarkRow {
    pub stream: StreamId,
    /// Everything through this sequence is applied.
    pub seq: u64,
    pub state: WatermarkState,
    pub updated_at: Micros,
}

/// A gateway's id as its column holds it: 16 hexadecimal digits.
pub(crate) fn gateway_text(gateway: u64) -> String {
    format!("{gateway:016x}")
}

pub(crate) fn read_stream(row: &SqliteRow) -> Result<StreamId, StoreError> {
    let text: &str = row.try_get("gateway")?;
    let gateway = u64::from_str_radix(text, 16).map_err(|_| StoreError::Decode {
        column: "gateway",
        text: text.to_owned(),
    })?;
    let lane: i64 = row.try_get("lane")?;
    let lane = u16::try_from(lane).map_err(|_| StoreError::Decode {
        column: "lane",
        text: lane.to_string(),
    })?;
    Ok(StreamId {
        gateway,
        epoch: count(row, "epoch")?,
        lane,
    })
}

/// Moves the watermark of `stream` from `from` to `to`, making it when `from` is 0.
/// Errors: [`StoreError::WatermarkMoved`] when it is not at `from`, or closed.
pub async fn advance(
    tx: &mut WriteTx,
    stream: StreamId,
    from: u64,
    to: u64,
    state: WatermarkState,
    now: Micros,
) -> Result<(), StoreError> {
    let epoch = integer(stream.epoch, "epoch")?;
    let lane = i64::from(stream.lane);
    let gateway = gateway_text(stream.gateway);
    let (from_seq, to_seq) = (integer(from, "sequence")?, integer(to, "sequence")?);
    if from == 0 {
        sqlx::query(
            "INSERT INTO watermark (gateway, epoch, lane, seq, state, updated_at) VALUES (?1, ?2, ?3, 0, 'live', ?4)
             ON CONFLICT (gateway, epoch, lane) DO NOTHING",
        )
        .bind(&gateway)
        .bind(epoch)
        .bind(lane)
        .bind(now.0)
        .execute(tx.conn()?)
        .await?;
    }
    let moved = sqlx::query(
        "UPDATE watermark SET seq = ?5, state = ?6, updated_at = ?7
         WHERE gateway = ?1 AND epoch = ?2 AND lane = ?3 AND seq = ?4 AND state <> 'closed'",
    )
    .bind(&gateway)
    .bind(epoch)
    .bind(lane)
    .bind(from_seq)
    .bind(to_seq)
    .bind(state.as_str())
    .bind(now.0)
    .execute(tx.conn()?)
    .await?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    Err(StoreError::WatermarkMoved {
        epoch: stream.epoch,
        lane: stream.lane,
        expected: from,
    })
}

/// Every stream there ever was, a few for each start of a gateway.
pub async fn list(tx: &mut Tx) -> Result<Vec<WatermarkRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT gateway, epoch, lane, seq, state, updated_at FROM watermark ORDER BY gateway, epoch, lane",
    )
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(WatermarkRow {
                stream: read_stream(row)?,
                seq: count(row, "seq")?,
                state: named(row, "state", WatermarkState::from_text)?,
                updated_at: Micros(row.try_get("updated_at")?),
            })
        })
        .collect()
}
