//! Reads of the roll-ups: sums over a period, put together from minute, hour and day rows.

use std::ops::Range;

use adoption::{ConsumerId, LatencyBucket, Micros, OperationId, SurfaceId};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::row::{count, parsed};
use crate::tx::Tx;

/// What one row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// Of one surface: the buckets for unmatched and refused calls are shared by all.
    Operation,
    Consumer,
    /// Of one consumer: anonymous and unknown callers share the absent key.
    Key,
    /// Of one surface: calls before the first contract share the absent one.
    Version,
    Client,
}

impl GroupBy {
    /// The two columns that make a group; the second is its id.
    const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Operation => ("surface", "operation"),
            Self::Consumer => ("''", "consumer"),
            Self::Key => ("consumer", "key"),
            Self::Version => ("surface", "contract"),
            Self::Client => ("''", "client_class"),
        }
    }
}

/// Disjoint ranges of whole rows that together are the period; an empty range reads nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    pub minutes_before: Range<i64>,
    pub hours_before: Range<i64>,
    pub days: Range<i64>,
    pub hours_after: Range<i64>,
    pub minutes_after: Range<i64>,
}

impl Coverage {
    /// Grain, its length in microseconds, and the range, of each part.
    fn parts(&self) -> [(&'static str, i64, &Range<i64>); 5] {
        const MINUTE: i64 = 60 * Micros::PER_SECOND;
        [
            ("minute", MINUTE, &self.minutes_before),
            ("hour", 60 * MINUTE, &self.hours_before),
            ("day", 1_440 * MINUTE, &self.days),
            ("hour", 60 * MINUTE, &self.hours_after),
            ("minute", MINUTE, &self.minutes_after),
        ]
    }
}

/// Which usage is wanted; an absent filter takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub surface: Option<SurfaceId>,
    pub consumer: Option<ConsumerId>,
    pub operation: Option<OperationId>,
}

/// Sums of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    pub calls: u64,
    pub errors: u64,
    pub ours: u64,
    pub attempts: u64,
    pub interrupted: u64,
    pub units: u64,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub latency_us_sum: u64,
    pub latency_us_max: u64,
    /// Start of the last row with a call.
    pub seen: Option<Micros>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The surface of an operation or version, the consumer of a key; else empty.
    pub of: String,
    pub id: String,
    pub sums: Sums,
}

const SUMMED: [&str; 9] = [
    "calls",
    "errors",
    "ours",
    "attempts",
    "interrupted",
    "units",
    "bytes_in",
    "bytes_out",
    "latency_us_sum",
];

/// The busiest groups, at most `limit`, most calls first, then by id.
pub async fn groups(
    tx: &mut Tx,
    by: GroupBy,
    coverage: &Coverage,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Group>, StoreError> {
    let (of, id) = by.columns();
    let (rows, mut arguments) = usage_rows(of, id, coverage, filter)?;
    let sums = sums_of_rows();
    add(&mut arguments, i64::from(limit))?;
    let limit_place = arguments.len();
    let sql = format!(
        "SELECT group_of, group_id, {sums} FROM ({rows}) GROUP BY group_of, group_id
         ORDER BY calls_sum DESC, group_id, group_of LIMIT ?{limit_place}"
    );
    let rows = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_all(tx.conn()?)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                of: row.try_get("group_of")?,
                id: row.try_get("group_id")?,
                sums: read_sums(row)?,
            })
        })
        .collect()
}

/// How many groups there are, and the sums of all of them.
pub async fn total(
    tx: &mut Tx,
    by: GroupBy,
    coverage: &Coverage,
    filter: &Filter,
) -> Result<(u64, Sums), StoreError> {
    let (of, id) = by.columns();
    let (rows, arguments) = usage_rows(of, id, coverage, filter)?;
    let sums = sums_of_rows();
    let sql = format!(
        "SELECT COUNT(DISTINCT group_of || '/' || group_id) AS groups, {sums} FROM ({rows})"
    );
    let row = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_one(tx.conn()?)
        .await?;
    Ok((count(&row, "groups")?, read_sums(&row)?))
}

/// Calls per latency bucket of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatencyGroup {
    pub of: String,
    pub id: String,
    /// In ascending order.
    pub buckets: Vec<(LatencyBucket, u64)>,
}

/// Latency of operations or versions; a filter by consumer cannot be answered and is not looked at.
pub async fn latencies(
    tx: &mut Tx,
    by: GroupBy,
    coverage: &Coverage,
    filter: &Filter,
) -> Result<Vec<LatencyGroup>, StoreError> {
    let (of, id) = match by {
        GroupBy::Operation | GroupBy::Version => by.columns(),
        GroupBy::Consumer | GroupBy::Key | GroupBy::Client => ("''", "''"),
    };
    let mut arguments = SqliteArguments::default();
    add_filter(&mut arguments, filter)?;
    let mut parts = Vec::new();
    for (grain, _, range) in coverage.parts() {
        let (from, to) = add_range(&mut arguments, range)?;
        parts.push(format!(
            "SELECT {of} AS group_of, {id} AS group_id, bucket, n FROM latency_{grain}
             WHERE {grain} >= ?{from} AND {grain} < ?{to} AND (?1 IS NULL OR surface = ?1)
               AND (?3 IS NULL OR operation = ?3)"
        ));
    }
    let rows = parts.join(" UNION ALL ");
    let sql = format!(
        "SELECT group_of, group_id, bucket, CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n_sum FROM ({rows})
         GROUP BY group_of, group_id, bucket ORDER BY group_of, group_id, bucket"
    );
    let rows = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_all(tx.conn()?)
        .await?;

    let mut groups: Vec<LatencyGroup> = Vec::new();
    for row in &rows {
        let (of, id): (&str, &str) = (row.try_get("group_of")?, row.try_get("group_id")?);
        let bucket: i64 = row.try_get("bucket")?;
        let bucket = i16::try_from(bucket).map_err(|_| StoreError::Decode {
            column: "bucket",
            text: bucket.to_string(),
        })?;
        let entry = (LatencyBucket(bucket), count(row, "n_sum")?);
        match groups.last_mut() {
            Some(last) if last.of == of && last.id == id => last.buckets.push(entry),
            _ => groups.push(LatencyGroup {
                of: of.to_owned(),
                id: id.to_owned(),
                buckets: vec![entry],
            }),
        }
    }
    Ok(groups)
}

/// A consumer's calls of an operation that its running contract deprecates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeprecatedRow {
    pub operation: OperationId,
    pub consumer: ConsumerId,
    pub calls: u64,
    pub seen: Option<Micros>,
}

/// Who called deprecated operations, most calls first, at most `limit`.
pub async fn deprecated(
    tx: &mut Tx,
    coverage: &Coverage,
    surface: Option<SurfaceId>,
    limit: u32,
) -> Result<Vec<DeprecatedRow>, StoreError> {
    let (rows, mut arguments) = deprecated_rows(coverage, surface)?;
    add(&mut arguments, i64::from(limit))?;
    let limit_place = arguments.len();
    let sql = format!(
        "SELECT group_of, group_id, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum, MAX(seen_at) AS seen_max
         FROM ({rows}) GROUP BY group_of, group_id
         ORDER BY calls_sum DESC, group_of, group_id LIMIT ?{limit_place}"
    );
    let rows = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_all(tx.conn()?)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(DeprecatedRow {
                operation: parsed(row, "group_of")?,
                consumer: parsed(row, "group_id")?,
                calls: count(row, "calls_sum")?,
                seen: row.try_get::<Option<i64>, _>("seen_max")?.map(Micros),
            })
        })
        .collect()
}

/// Pairs of operation and consumer, and distinct consumers, among calls of deprecated operations.
pub async fn deprecated_total(
    tx: &mut Tx,
    coverage: &Coverage,
    surface: Option<SurfaceId>,
) -> Result<(u64, u64), StoreError> {
    let (rows, arguments) = deprecated_rows(coverage, surface)?;
    let sql = format!(
        "SELECT COUNT(DISTINCT group_of || '/' || group_id) AS pairs, COUNT(DISTINCT group_id) AS consumers
         FROM ({rows})"
    );
    let row = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_one(tx.conn()?)
        .await?;
    Ok((count(&row, "pairs")?, count(&row, "consumers")?))
}

fn deprecated_rows(
    coverage: &Coverage,
    surface: Option<SurfaceId>,
) -> Result<(String, SqliteArguments), StoreError> {
    let filter = Filter {
        surface,
        ..Filter::default()
    };
    let (rows, arguments) = usage_rows("operation", "consumer", coverage, &filter)?;
    let sql = format!(
        "SELECT group_of, group_id, calls, seen_at FROM ({rows}) WHERE group_of IN (
             SELECT o.id FROM operation o JOIN surface s ON s.id = o.surface AND s.contract = o.contract_last
             WHERE o.deprecation IS NOT NULL)"
    );
    Ok((sql, arguments))
}

/// The rows of every part of the coverage as one SELECT, with its arguments. Every text in it is a constant of
/// this file; every value is bound.
fn usage_rows(
    of: &str,
    id: &str,
    coverage: &Coverage,
    filter: &Filter,
) -> Result<(String, SqliteArguments), StoreError> {
    let mut arguments = SqliteArguments::default();
    add_filter(&mut arguments, filter)?;
    let columns = SUMMED.join(", ");
    let mut parts = Vec::new();
    for (grain, length_us, range) in coverage.parts() {
        let (from, to) = add_range(&mut arguments, range)?;
        parts.push(format!(
            "SELECT {of} AS group_of, {id} AS group_id, {columns}, latency_us_max, {grain} * {length_us} AS seen_at
             FROM usage_{grain}
             WHERE {grain} >= ?{from} AND {grain} < ?{to} AND (?1 IS NULL OR surface = ?1)
               AND (?2 IS NULL OR consumer = ?2) AND (?3 IS NULL OR operation = ?3)"
        ));
    }
    Ok((parts.join(" UNION ALL "), arguments))
}

fn sums_of_rows() -> String {
    let sums =
        SUMMED.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS {column}_sum"));
    format!(
        "{}, COALESCE(MAX(latency_us_max), 0) AS latency_max, MAX(seen_at) AS seen_max",
        sums.join(", ")
    )
}

fn read_sums(row: &SqliteRow) -> Result<Sums, StoreError> {
    Ok(Sums {
        calls: count(row, "calls_sum")?,
        errors: count(row, "errors_sum")?,
        ours: count(row, "ours_sum")?,
        attempts: count(row, "attempts_sum")?,
        interrupted: count(row, "interrupted_sum")?,
        units: count(row, "units_sum")?,
        bytes_in: count(row, "bytes_in_sum")?,
        bytes_out: count(row, "bytes_out_sum")?,
        latency_us_sum: count(row, "latency_us_sum_sum")?,
        latency_us_max: count(row, "latency_max")?,
        seen: row.try_get::<Option<i64>, _>("seen_max")?.map(Micros),
    })
}

/// Places 1 to 3.
fn add_filter(arguments: &mut SqliteArguments, filter: &Filter) -> Result<(), StoreError> {
    add(arguments, filter.surface.map(|id| id.to_string()))?;
    add(arguments, filter.consumer.map(|id| id.to_string()))?;
    add(arguments, filter.operation.map(|id| id.to_string()))
}

fn add_range(
    arguments: &mut SqliteArguments,
    range: &Range<i64>,
) -> Result<(usize, usize), StoreError> {
    add(arguments, range.start)?;
    add(arguments, range.end)?;
    Ok((arguments.len() - 1, arguments.len()))
}

fn add<'q, T>(arguments: &mut SqliteArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    arguments
        .add(value)
        .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))
}
