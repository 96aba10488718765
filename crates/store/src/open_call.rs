//! Calls that have a reserve and no settle yet.

use std::sync::{Arc, LazyLock};

use adoption::{ClientClass, Micros, StatusClass};
use meter::{OpenCall, StreamId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::many_rows::{ManyRows, RowValues, Texts};
use crate::row::{count, integer, named, parsed};
use crate::tx::{Tx, WriteTx};
use crate::watermark::{gateway_text, read_stream};

static INSERT: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO open_call (gateway, epoch, lane, seq, surface, consumer, key, operation, contract, status_class,
                                client_class, started_at) VALUES ",
        12,
        "",
    )
});

static DELETE: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "DELETE FROM open_call WHERE (gateway, epoch, lane, seq) IN (VALUES ",
        4,
        ")",
    )
});

pub async fn insert(
    tx: &mut WriteTx,
    stream: StreamId,
    calls: &[OpenCall],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let gateway: Arc<str> = gateway_text(stream.gateway).into();
    let epoch = integer(stream.epoch, "epoch")?;
    let bind = |row: &mut RowValues<'_>, call: &OpenCall| {
        row.text(gateway.clone())?;
        row.integer(epoch)?;
        row.integer(i64::from(stream.lane))?;
        row.count(call.seq, "sequence")?;
        row.text(texts.surface(call.surface))?;
        row.text(texts.consumer(call.consumer))?;
        row.text(texts.key(call.key))?;
        row.text(texts.operation(call.operation))?;
        row.text(texts.contract(call.contract))?;
        row.integer(i64::from(call.status_class.digit()))?;
        row.text(texts.client_class(call.client_class))?;
        row.integer(call.started_at.0)
    };
    INSERT.run(tx, calls, bind).await
}

pub async fn delete(
    tx: &mut WriteTx,
    stream: StreamId,
    calls: &[OpenCall],
) -> Result<(), StoreError> {
    let gateway: Arc<str> = gateway_text(stream.gateway).into();
    let epoch = integer(stream.epoch, "epoch")?;
    let bind = |row: &mut RowValues<'_>, call: &OpenCall| {
        row.text(gateway.clone())?;
        row.integer(epoch)?;
        row.integer(i64::from(stream.lane))?;
        row.count(call.seq, "sequence")
    };
    DELETE.run(tx, calls, bind).await
}

/// Every open call of every stream; at most as many as connections were open.
pub async fn list(tx: &mut Tx) -> Result<Vec<(StreamId, OpenCall)>, StoreError> {
    let rows = sqlx::query(
        "SELECT gateway, epoch, lane, seq, surface, consumer, key, operation, contract, status_class, client_class,
                started_at
         FROM open_call ORDER BY gateway, epoch, lane, seq",
    )
    .fetch_all(tx.conn()?)
    .await?;
    rows.iter()
        .map(|row| Ok((read_stream(row)?, read(row)?)))
        .collect()
}

fn read(row: &SqliteRow) -> Result<OpenCall, StoreError> {
    let status_class = count(row, "status_class")?;
    Ok(OpenCall {
        seq: count(row, "seq")?,
        surface: parsed(row, "surface")?,
        consumer: parsed(row, "consumer")?,
        key: parsed(row, "key")?,
        operation: parsed(row, "operation")?,
        contract: parsed(row, "contract")?,
        // The class of 404 is that of 400: only the hundreds count.
        status_class: StatusClass::of(u16::try_from(status_class).unwrap_or(0) * 100),
        client_class: named(row, "client_class", client_class)?,
        started_at: Micros(row.try_get("started_at")?),
    })
}

fn client_class(text: &str) -> Option<ClientClass> {
    ClientClass::ALL
        .into_iter()
        .find(|class| class.as_str() == text)
}
