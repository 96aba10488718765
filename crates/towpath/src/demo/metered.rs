//! What the usage store says: the roll-ups as control reports them, and when they hold everything.

use std::collections::HashMap;
use std::time::Duration;

use adoption::{ClientClass, ConsumerId, Micros, OperationId};
use anyhow::Context as _;
use control::{Control, DeprecatedReport, UsageBy, UsageFigures, UsageQuery, UsageReport};

use super::summary::Metered;
use super::tally::{Answers, Cell};

/// Rows that the live view asks for: more than it can show.
const VIEW_ROWS: u32 = 200;
/// The journal reaches the disk every 100 ms, and only then the roll-ups; the rest is slack for a busy machine.
const SYNC: Duration = Duration::from_millis(300);
/// How long the roll-ups may take to hold everything. They take under a second on an idle machine.
const APPLIED_LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// Reads the usage of one run.
#[derive(Clone)]
pub struct Reader {
    control: Control,
    /// Start of the minute in which the run began.
    since: Micros,
}

/// What the live view shows of the roll-ups.
#[derive(Debug, Clone)]
pub struct Usage {
    pub consumers: UsageReport,
    pub operations: UsageReport,
    pub deprecated: DeprecatedReport,
    pub lag_ms: Option<u64>,
}

impl Reader {
    pub fn new(control: Control) -> Self {
        let now = control.clock().now();
        let since = Micros::from_seconds(now.minute() * 60);
        Self { control, since }
    }

    pub fn now(&self) -> Micros {
        self.control.clock().now()
    }

    /// The figures for the live view.
    pub async fn usage(&self) -> anyhow::Result<Usage> {
        let until = self.until();
        let deprecated = self.control.who_calls_deprecated(self.since, until, None, VIEW_ROWS).await?;
        Ok(Usage {
            consumers: self.report(UsageBy::Consumer, None).await?,
            operations: self.report(UsageBy::Operation, None).await?,
            deprecated,
            lag_ms: self.control.health().await.usage_lag_ms,
        })
    }

    /// All calls of every consumer by operation.
    pub async fn cells(&self) -> anyhow::Result<HashMap<Cell, Metered>> {
        let mut cells = HashMap::new();
        for consumer in self.report(UsageBy::Consumer, None).await?.rows {
            let id: ConsumerId = consumer.id.parse().with_context(|| format!("consumer {}", consumer.name))?;
            for row in self.report(UsageBy::Operation, Some(filter(id))).await?.rows {
                let operation: OperationId = row.id.parse().with_context(|| format!("operation {}", row.name))?;
                cells.insert(Cell { consumer: id, operation }, metered(&row.figures));
            }
        }
        Ok(cells)
    }

    /// Of one cell, the calls by people at a terminal or in a browser: none of the cast is either. This tells the
    /// reader's own calls without a key from those of the cast.
    pub async fn by_people(&self, cell: Cell) -> anyhow::Result<Metered> {
        let mut query = self.query(UsageBy::Client, Some(filter(cell.consumer)));
        query.operation = Some(cell.operation);
        let people = [ClientClass::Cli, ClientClass::Browser].map(ClientClass::as_str);
        let rows = self.control.usage(&query).await?.rows;
        let sum = rows.iter().filter(|row| people.contains(&row.id.as_str())).fold(
            Metered::default(),
            |sum, row| sum.plus(metered(&row.figures)),
        );
        Ok(sum)
    }

    /// Waits until the roll-ups hold everything that was counted before this call.
    /// Errors: they do not within 20 s.
    pub async fn wait_until_applied(&self, answered: Answers) -> anyhow::Result<()> {
        let complete_from = Micros(self.now().0 + SYNC.as_micros() as i64);
        let applied = async {
            loop {
                let health = self.control.health().await;
                let caught_up = health.usage_lag_ms.map(|lag_ms| self.now().0 - lag_ms as i64 * 1_000);
                if caught_up.is_some_and(|at| at >= complete_from.0) {
                    return;
                }
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::time::timeout(APPLIED_LIMIT, applied).await.with_context(|| {
            format!("{} calls were answered, but the roll-ups did not catch up within 20 s", answered.calls)
        })
    }

    async fn report(&self, by: UsageBy, consumer: Option<String>) -> anyhow::Result<UsageReport> {
        Ok(self.control.usage(&self.query(by, consumer)).await?)
    }

    fn query(&self, by: UsageBy, consumer: Option<String>) -> UsageQuery {
        UsageQuery { consumer, ..UsageQuery::new(by, self.since, self.until()) }
    }

    fn until(&self) -> Micros {
        self.now().plus_seconds(60)
    }
}

/// How a query names a consumer: the reserved ones by name.
fn filter(consumer: ConsumerId) -> String {
    match consumer {
        ConsumerId::ANONYMOUS => "(anonymous)".to_owned(),
        ConsumerId::UNKNOWN => "(unknown key)".to_owned(),
        registered => registered.to_string(),
    }
}

const fn metered(figures: &UsageFigures) -> Metered {
    Metered { calls: figures.calls, errors: figures.errors, ours: figures.ours, attempts: figures.attempts }
}
