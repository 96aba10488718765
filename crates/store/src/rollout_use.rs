//! Reads of the roll-ups for a rollout under way: who still calls the old, who calls the new, day by day and to the minute.

use adoption::{ConsumerId, ContractId, OperationId, SurfaceId};
use meter::rollup::Grain;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::row::{count, parsed};
use crate::tx::Tx;

/// The operations that are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Every operation that the surface ever had.
    Surface(SurfaceId),
    Operations(&'a [OperationId]),
}

/// The contracts under which calls count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    Any,
    Only(ContractId),
    AnyBut(ContractId),
}

/// Calls of one consumer on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySum {
    pub consumer: ConsumerId,
    /// UTC days since the epoch.
    pub day: i64,
    /// At least 1.
    pub calls: u64,
}

// A success is what the upstream did not refuse: statuses below 400. 1xx as a last status is a switch of protocols.
const SUCCESS: &str = "status_class >= 1 AND status_class <= 3";

/// Successful calls over UTC days `from..until`, by consumer and day, in this order.
pub async fn days(
    tx: &mut Tx,
    scope: Scope<'_>,
    under: Under,
    (from, until): (i64, i64),
) -> Result<Vec<DaySum>, StoreError> {
    sums(tx, "calls", SUCCESS, scope, under, (from, until)).await
}

/// Calls that the gateway refused as the consumer's fault, such as those of the old after its sunset; in the same order.
pub async fn refused_days(
    tx: &mut Tx,
    scope: Scope<'_>,
    under: Under,
    days: (i64, i64),
) -> Result<Vec<DaySum>, StoreError> {
    let refused = "status_class = 4 AND ours > 0";
    sums(tx, "ours", refused, scope, under, days).await
}

async fn sums(
    tx: &mut Tx,
    column: &str,
    condition: &str,
    scope: Scope<'_>,
    under: Under,
    (from, until): (i64, i64),
) -> Result<Vec<DaySum>, StoreError> {
    let mut asked = Asked::default();
    let filter = asked.filter(scope, under)?;
    let (from, until) = (asked.add(from)?, asked.add(until)?);
    let sql = format!(
        "SELECT consumer, day, CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS calls_sum
         FROM usage_day WHERE {filter} AND day >= {from} AND day < {until} AND {condition}
         GROUP BY consumer, day ORDER BY consumer, day"
    );
    let mut last = LastConsumer::default();
    asked
        .rows(tx, sql, |row| {
            Ok(DaySum {
                consumer: last.read(row)?,
                day: row.try_get("day")?,
                calls: count(row, "calls_sum")?,
            })
        })
        .await
}

/// The last minute, hour or day with a successful call of one consumer of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    pub consumer: ConsumerId,
    pub operation: OperationId,
    /// Minutes, hours or days since the epoch, as asked.
    pub period: i64,
}

/// The latest successes within `from..until`, which count periods of `grain`; by consumer and operation.
pub async fn latest(
    tx: &mut Tx,
    grain: Grain,
    scope: Scope<'_>,
    under: Under,
    (from, until): (i64, i64),
) -> Result<Vec<Latest>, StoreError> {
    let grain = match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
    };
    let mut asked = Asked::default();
    let filter = asked.filter(scope, under)?;
    let (from, until) = (asked.add(from)?, asked.add(until)?);
    let sql = format!(
        "SELECT consumer, operation, MAX({grain}) AS period_max
         FROM usage_{grain} WHERE {grain} >= {from} AND {grain} < {until} AND {filter} AND {SUCCESS}
         GROUP BY consumer, operation ORDER BY consumer, operation"
    );
    asked
        .rows(tx, sql, |row| {
            Ok(Latest {
                consumer: parsed(row, "consumer")?,
                operation: parsed(row, "operation")?,
                period: row.try_get("period_max")?,
            })
        })
        .await
}

/// What is known of one consumer's calls of one operation under one contract on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDay {
    pub consumer: ConsumerId,
    pub contract: ContractId,
    pub day: i64,
    pub successes: u64,
    /// Answered by the upstream, refusals of its own among them.
    pub answered: u64,
    /// Of which what was sent, and what was delivered, was read whole.
    pub sent: u64,
    pub delivered: u64,
}

/// Calls of `operation` and how many of them were read, over UTC days `from..until`, by consumer, day and contract.
pub async fn read_days(
    tx: &mut Tx,
    operation: OperationId,
    under: Under,
    (from, until): (i64, i64),
) -> Result<Vec<ReadDay>, StoreError> {
    let mut asked = Asked::default();
    let filter = asked.filter(Scope::Operations(&[operation]), under)?;
    let (from, until) = (asked.add(from)?, asked.add(until)?);
    // Successes apart from the rest: those are answered from the index alone.
    let sql = format!(
        "SELECT consumer, day, contract,
                CAST(COALESCE(SUM(success_n), 0) AS BIGINT) AS success_sum,
                CAST(COALESCE(SUM(answered_n), 0) AS BIGINT) AS answered_sum,
                CAST(COALESCE(SUM(sent_n), 0) AS BIGINT) AS sent_sum,
                CAST(COALESCE(SUM(delivered_n), 0) AS BIGINT) AS delivered_sum
         FROM (
             SELECT consumer, day, contract, calls AS success_n, calls AS answered_n, 0 AS sent_n, 0 AS delivered_n
             FROM usage_day WHERE {filter} AND day >= {from} AND day < {until} AND {SUCCESS}
             UNION ALL
             SELECT consumer, day, contract, 0, calls - ours, 0, 0
             FROM usage_day WHERE {filter} AND day >= {from} AND day < {until} AND NOT ({SUCCESS})
             UNION ALL
             SELECT consumer, day, contract, 0, 0, sent, delivered
             FROM observed_day WHERE {filter} AND day >= {from} AND day < {until}
         ) GROUP BY consumer, day, contract ORDER BY consumer, day, contract"
    );
    let mut last = LastConsumer::default();
    asked
        .rows(tx, sql, |row| {
            Ok(ReadDay {
                consumer: last.read(row)?,
                contract: parsed(row, "contract")?,
                day: row.try_get("day")?,
                successes: count(row, "success_sum")?,
                answered: count(row, "answered_sum")?,
                sent: count(row, "sent_sum")?,
                delivered: count(row, "delivered_sum")?,
            })
        })
        .await
}

/// Calls of one consumer on one day under one contract that held one leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafDay {
    pub consumer: ConsumerId,
    pub contract: ContractId,
    pub day: i64,
    /// Where the leaf stands among those asked for.
    pub leaf: usize,
    pub calls: u64,
}

/// Calls of `operation` with each of `leaves` over UTC days `from..until`, by consumer, day, contract and leaf.
pub async fn leaf_days(
    tx: &mut Tx,
    operation: OperationId,
    leaves: &[String],
    under: Under,
    (from, until): (i64, i64),
) -> Result<Vec<LeafDay>, StoreError> {
    let mut ids: Vec<(i64, usize)> = Vec::with_capacity(leaves.len());
    for (at, name) in leaves.iter().enumerate() {
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM leaf WHERE name = ?1")
            .bind(name)
            .fetch_optional(tx.conn()?)
            .await?;
        ids.extend(id.map(|id| (id, at)));
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut asked = Asked::default();
    let filter = asked.filter(Scope::Operations(&[operation]), under)?;
    let (from, until) = (asked.add(from)?, asked.add(until)?);
    let places = asked.places(ids.iter().map(|(id, _)| *id))?;
    let sql = format!(
        "SELECT consumer, day, contract, leaf, CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls_sum
         FROM field_day WHERE {filter} AND leaf IN ({places}) AND day >= {from} AND day < {until}
         GROUP BY consumer, day, contract, leaf ORDER BY consumer, day, contract, leaf"
    );
    let mut last = LastConsumer::default();
    asked
        .rows(tx, sql, |row| {
            let leaf: i64 = row.try_get("leaf")?;
            let found = ids.iter().find(|(id, _)| *id == leaf);
            Ok(LeafDay {
                consumer: last.read(row)?,
                contract: parsed(row, "contract")?,
                day: row.try_get("day")?,
                leaf: found.expect("only these leaves were asked for").1,
                calls: count(row, "calls_sum")?,
            })
        })
        .await
}

/// Rows come in order of consumer: its text is parsed once.
#[derive(Default)]
struct LastConsumer(Option<(String, ConsumerId)>);

impl LastConsumer {
    fn read(&mut self, row: &SqliteRow) -> Result<ConsumerId, StoreError> {
        let text: &str = row.try_get("consumer")?;
        if let Some((known, id)) = &self.0
            && known == text
        {
            return Ok(*id);
        }
        let id = parsed(row, "consumer")?;
        self.0 = Some((text.to_owned(), id));
        Ok(id)
    }
}

/// The arguments of one statement. Every text in it is a constant of this file; every value is bound.
#[derive(Default)]
struct Asked(SqliteArguments);

impl Asked {
    /// Binds a value; its place.
    fn add<'q, T>(&mut self, value: T) -> Result<String, StoreError>
    where
        T: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        let added = self.0.add(value);
        added.map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))?;
        Ok(format!("?{}", self.0.len()))
    }

    fn places<'q, T>(&mut self, values: impl Iterator<Item = T>) -> Result<String, StoreError>
    where
        T: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        let places: Result<Vec<String>, StoreError> = values.map(|value| self.add(value)).collect();
        Ok(places?.join(", "))
    }

    fn filter(&mut self, scope: Scope<'_>, under: Under) -> Result<String, StoreError> {
        let operations = match scope {
            Scope::Surface(surface) => {
                let place = self.add(surface.to_string())?;
                format!("SELECT id FROM operation WHERE surface = {place}")
            }
            Scope::Operations(operations) => {
                self.places(operations.iter().map(ToString::to_string))?
            }
        };
        let contract = match under {
            Under::Any => String::new(),
            Under::Only(id) => format!(" AND contract = {}", self.add(id.to_string())?),
            Under::AnyBut(id) => format!(" AND contract <> {}", self.add(id.to_string())?),
        };
        Ok(format!("operation IN ({operations}){contract}"))
    }

    /// Reads row by row: a million of them are never held as the database gave them.
    async fn rows<T: Send + Unpin>(
        self,
        tx: &mut Tx,
        sql: String,
        mut read: impl FnMut(&SqliteRow) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        let rows = sqlx::query_with(AssertSqlSafe(sql), self.0).map(|row| read(&row));
        rows.fetch_all(tx.conn()?).await?.into_iter().collect()
    }
}
