//! The roll-ups of usage: added to, never overwritten.

use std::sync::LazyLock;

use adoption::KeyId;
use meter::rollup::{ClientRow, Grain, LatencyRow, UsageRow};

use crate::error::StoreError;
use crate::many_rows::{ManyRows, RowValues, Texts};
use crate::tx::WriteTx;

static USAGE_MINUTE: LazyLock<ManyRows> = LazyLock::new(|| usage_upsert("minute"));
static USAGE_HOUR: LazyLock<ManyRows> = LazyLock::new(|| usage_upsert("hour"));
static USAGE_DAY: LazyLock<ManyRows> = LazyLock::new(|| usage_upsert("day"));
static LATENCY_MINUTE: LazyLock<ManyRows> = LazyLock::new(|| latency_upsert("minute"));
static LATENCY_HOUR: LazyLock<ManyRows> = LazyLock::new(|| latency_upsert("hour"));
static LATENCY_DAY: LazyLock<ManyRows> = LazyLock::new(|| latency_upsert("day"));

static CLIENT_DAY: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO client_day (day, surface, key, client, version, calls) VALUES ",
        6,
        " ON CONFLICT (day, surface, key, client, version) DO UPDATE SET calls = calls + excluded.calls",
    )
});

static KEY_SEEN: LazyLock<ManyRows> = LazyLock::new(|| {
    ManyRows::new(
        "INSERT INTO key_seen (key, minute) VALUES ",
        2,
        " ON CONFLICT (key) DO UPDATE SET minute = excluded.minute WHERE excluded.minute > minute",
    )
});

// A sum past 2^63 - 1 becomes a REAL in SQLite, which the STRICT table refuses: an error, never a wrong figure.
fn usage_upsert(grain: &str) -> ManyRows {
    let head = format!(
        "INSERT INTO usage_{grain} ({grain}, surface, consumer, key, operation, contract, status_class, client_class,
             calls, errors, ours, attempts, interrupted, units, bytes_in, bytes_out, latency_us_sum, latency_us_max)
         VALUES "
    );
    let tail = format!(
        " ON CONFLICT ({grain}, surface, consumer, key, operation, contract, status_class, client_class)
         DO UPDATE SET calls = calls + excluded.calls, errors = errors + excluded.errors,
             ours = ours + excluded.ours, attempts = attempts + excluded.attempts,
             interrupted = interrupted + excluded.interrupted, units = units + excluded.units,
             bytes_in = bytes_in + excluded.bytes_in, bytes_out = bytes_out + excluded.bytes_out,
             latency_us_sum = latency_us_sum + excluded.latency_us_sum,
             latency_us_max = CASE WHEN excluded.latency_us_max > latency_us_max
                                   THEN excluded.latency_us_max ELSE latency_us_max END"
    );
    ManyRows::new(&head, 18, &tail)
}

fn latency_upsert(grain: &str) -> ManyRows {
    let head = format!(
        "INSERT INTO latency_{grain} ({grain}, surface, operation, contract, status_class, bucket, n) VALUES "
    );
    let tail = format!(
        " ON CONFLICT ({grain}, surface, operation, contract, status_class, bucket) DO UPDATE SET n = n + excluded.n"
    );
    ManyRows::new(&head, 7, &tail)
}

/// Adds usage rows of one grain; each key at most once.
pub async fn add_usage(
    tx: &mut WriteTx,
    grain: Grain,
    rows: &[UsageRow],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let statement = match grain {
        Grain::Minute => &USAGE_MINUTE,
        Grain::Hour => &USAGE_HOUR,
        Grain::Day => &USAGE_DAY,
    };
    let bind = |values: &mut RowValues<'_>, row: &UsageRow| {
        let (key, counts) = (&row.key, &row.counts);
        values.integer(key.period)?;
        values.text(texts.surface(key.surface))?;
        values.text(texts.consumer(key.consumer))?;
        values.text(texts.key(key.key))?;
        values.text(texts.operation(key.operation))?;
        values.text(texts.contract(key.contract))?;
        values.integer(i64::from(key.status_class.digit()))?;
        values.text(texts.client_class(key.client_class))?;
        values.count(counts.calls, "calls")?;
        values.count(counts.errors, "errors")?;
        values.count(counts.ours, "ours")?;
        values.count(counts.attempts, "attempts")?;
        values.count(counts.interrupted, "interrupted")?;
        values.count(counts.units, "units")?;
        values.count(counts.bytes_in, "bytes_in")?;
        values.count(counts.bytes_out, "bytes_out")?;
        values.count(counts.latency_us_sum, "latency_us_sum")?;
        values.count(counts.latency_us_max, "latency_us_max")
    };
    statement.run(tx, rows, bind).await
}

/// Adds latency rows of one grain; each key at most once.
pub async fn add_latency(
    tx: &mut WriteTx,
    grain: Grain,
    rows: &[LatencyRow],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let statement = match grain {
        Grain::Minute => &LATENCY_MINUTE,
        Grain::Hour => &LATENCY_HOUR,
        Grain::Day => &LATENCY_DAY,
    };
    let bind = |values: &mut RowValues<'_>, row: &LatencyRow| {
        values.integer(row.key.period)?;
        values.text(texts.surface(row.key.surface))?;
        values.text(texts.operation(row.key.operation))?;
        values.text(texts.contract(row.key.contract))?;
        values.integer(i64::from(row.key.status_class.digit()))?;
        values.integer(i64::from(row.key.bucket.0))?;
        values.count(row.n, "calls in a latency bucket")
    };
    statement.run(tx, rows, bind).await
}

/// Adds client rows; each key at most once.
pub async fn add_clients(
    tx: &mut WriteTx,
    rows: &[ClientRow],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let bind = |values: &mut RowValues<'_>, row: &ClientRow| {
        values.integer(row.key.day)?;
        values.text(texts.surface(row.key.surface))?;
        values.text(texts.key(row.key.key))?;
        values.text(row.key.client.as_str().into())?;
        values.text(row.key.version.as_str().into())?;
        values.count(row.calls, "calls of a client")
    };
    CLIENT_DAY.run(tx, rows, bind).await
}

/// Notes the last minute in which keys were used; an earlier minute changes nothing.
pub async fn see_keys(
    tx: &mut WriteTx,
    rows: &[(KeyId, i64)],
    texts: &mut Texts,
) -> Result<(), StoreError> {
    let bind = |values: &mut RowValues<'_>, (key, minute): &(KeyId, i64)| {
        values.text(texts.key(*key))?;
        values.integer(*minute)
    };
    KEY_SEEN.run(tx, rows, bind).await
}
