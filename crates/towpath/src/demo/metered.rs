//! What the usage store says: the roll-ups as control reports them, and when they hold everything.

use std::collections::HashMap;

use adoption::{ClientClass, ConsumerId, Micros, OperationId};
use anyhow::Context as _;
use control::{
    Control, ControlError, DeprecatedReport, UsageBy, UsageFigures, UsageQuery, UsageReport,
};
use tokio::task::JoinSet;

use super::summary::Metered;
use super::tally::Cell;

/// Rows that the live view asks for: more than it can show.
const VIEW_ROWS: u32 = 200;
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

    /// The figures for the live view. A reading first has the roll-ups brought up to date, which those that are under
    /// way at the same time share.
    pub async fn usage(&self) -> anyhow::Result<Usage> {
        let (consumers, operations, deprecated) = tokio::try_join!(
            self.report(UsageBy::Consumer, None),
            self.report(UsageBy::Operation, None),
            self.control
                .who_calls_deprecated(self.since, self.until(), None, VIEW_ROWS),
        )?;
        let lag_ms = self.control.health().await.usage_lag_ms;
        Ok(Usage {
            consumers,
            operations,
            deprecated,
            lag_ms,
        })
    }

    /// All calls of every consumer by operation.
    pub async fn cells(&self) -> anyhow::Result<HashMap<Cell, Metered>> {
        let mut reports = JoinSet::new();
        for row in self.report(UsageBy::Consumer, None).await?.rows {
            let consumer: ConsumerId = row
                .id
                .parse()
                .with_context(|| format!("consumer {}", row.name))?;
            let reader = self.clone();
            reports.spawn(async move {
                let report = reader
                    .report(UsageBy::Operation, Some(filter(consumer)))
                    .await;
                report.map(|report| (consumer, report))
            });
        }

        let mut cells = HashMap::new();
        while let Some(report) = reports.join_next().await {
            let (consumer, report) = report.context("a reading was broken off")??;
            for row in report.rows {
                let operation: OperationId = row
                    .id
                    .parse()
                    .with_context(|| format!("operation {}", row.name))?;
                cells.insert(
                    Cell {
                        consumer,
                        operation,
                    },
                    metered(&row.figures),
                );
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
        let sum = rows
            .iter()
            .filter(|row| people.contains(&row.id.as_str()))
            .fold(Metered::default(), |sum, row| {
                sum.plus(metered(&row.figures))
            });
        Ok(sum)
    }

    async fn report(
        &self,
        by: UsageBy,
        consumer: Option<String>,
    ) -> Result<UsageReport, ControlError> {
        self.control.usage(&self.query(by, consumer)).await
    }

    fn query(&self, by: UsageBy, consumer: Option<String>) -> UsageQuery {
        UsageQuery {
            consumer,
            ..UsageQuery::new(by, self.since, self.until())
        }
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
    Metered {
        calls: figures.calls,
        errors: figures.errors,
        ours: figures.ours,
        attempts: figures.attempts,
    }
}
