//! The end of a run: collects the three counts, compares them, and tells the result to people or to programs.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use adoption::{ConsumerId, OperationId};
use control::UsageRow;

use super::cast::CAST;
use super::deprecated::{by_operation, instant};
use super::metered::{Reader, Usage};
use super::setup::Stage;
use super::summary::{
    ConsumerSummary, Counted, DeprecatedCaller, DeprecatedSummary, Difference, Metered,
    OperationSummary, Reconciliation, Summary, milliseconds, seconds,
};
use super::tally::{Cell, Counts, metered_operation};
use super::traces::Target;
use crate::drill::report::Report;
use crate::output::{self, Align, Colour, Table};

/// What a run was, apart from its counts.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub duration: Duration,
    pub seed: u64,
    pub rate: f64,
}

/// How long the last calls may be on their way to the roll-ups: five times the 2 s within which usage is to be visible.
const APPLIED_LIMIT: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(200);

/// Compares everything that was counted. `before` is what the roll-ups held when the run began.
pub async fn summarise(
    stage: &Stage,
    reader: &Reader,
    clients: &Counts,
    before: &HashMap<Cell, Metered>,
    run: Run,
    rollout: Report,
) -> anyhow::Result<Summary> {
    let limit = Instant::now() + APPLIED_LIMIT;
    let (reconciliation, by_people) = loop {
        let compared = reconcile(stage, reader, clients, before).await?;
        // Roll-ups only grow: what is missing may still come, what is too much stays.
        if compared.0.mismatches() == 0 || Instant::now() >= limit {
            break compared;
        }
        tokio::time::sleep(AGAIN).await;
    };
    let usage = reader.usage().await?;
    let names = Names {
        consumers: usage
            .consumers
            .rows
            .iter()
            .map(|row| (row.id.clone(), row))
            .collect(),
        operations: usage
            .operations
            .rows
            .iter()
            .map(|row| (row.id.clone(), row))
            .collect(),
    };
    let total = reconciliation.total();
    Ok(Summary {
        schema_version: 1,
        duration_s: seconds(run.duration),
        gateway: format!("http://{}", stage.running.gateway_addr),
        web: format!("http://{}", stage.running.web_addr),
        seed: run.seed,
        rate: run.rate,
        calls_client: total.client,
        calls_upstream: total.upstream,
        calls_metered: total.metered,
        mismatches: reconciliation.mismatches(),
        pairs: reconciliation.lines.len(),
        received_upstream: total.received,
        answered_by_gateway: total.ours,
        retries: total.retries(),
        errors: total.errors,
        unanswered: clients.unanswered.values().sum(),
        cut_short: clients.cut_short.values().sum(),
        by_hand: reconciliation.by_hand + by_people,
        deprecation_notices: clients.notices,
        p50_ms: usage.operations.total.p50_us.map(milliseconds),
        p99_ms: usage.operations.total.p99_us.map(milliseconds),
        by_operation: names.operation_summaries(&reconciliation),
        by_consumer: names.consumer_summaries(&reconciliation),
        deprecated: deprecated(&usage),
        differences: names.differences(&reconciliation),
        failures: clients
            .unanswered
            .iter()
            .chain(&clients.cut_short)
            .map(|(text, n)| (text.clone(), *n))
            .collect(),
        rollout,
    })
}

/// The counts as they are now, and how many calls of people were taken out of the reserved buckets.
async fn reconcile(
    stage: &Stage,
    reader: &Reader,
    clients: &Counts,
    before: &HashMap<Cell, Metered>,
) -> anyhow::Result<(Reconciliation, u64)> {
    let mut metered = reader.cells().await?;
    for (cell, metered) in &mut metered {
        *metered = metered.since(before.get(cell).copied().unwrap_or_default());
    }
    metered.retain(|_, metered| *metered != Metered::default());
    let by_people = take_out_people(reader, clients, &mut metered).await?;

    let reconciliation = Reconciliation::of(&Counted {
        clients: clients.cells.clone(),
        metered,
        upstream: received(stage),
        cast: stage.cast.clone(),
    });
    Ok((reconciliation, by_people))
}

/// In the reserved buckets the reader's own calls stand beside those of the cast: takes them out and returns how many.
async fn take_out_people(
    reader: &Reader,
    clients: &Counts,
    metered: &mut HashMap<Cell, Metered>,
) -> anyhow::Result<u64> {
    let mut taken = 0;
    for (cell, metered) in metered {
        let shared = cell.consumer == ConsumerId::ANONYMOUS || cell.consumer == ConsumerId::UNKNOWN;
        let known = clients.cells.get(cell).map_or(0, |answers| answers.calls);
        if shared && metered.calls != known {
            let people = reader.by_people(*cell).await?;
            *metered = metered.since(people);
            taken += people.calls;
        }
    }
    Ok(taken)
}

/// The upstream's counts in the meter's terms.
fn received(stage: &Stage) -> HashMap<Cell, u64> {
    let mut cells = HashMap::new();
    for ((consumer, operation), count) in stage.upstream.received() {
        let cell = Cell {
            // Without the gateway's word on who calls, it is nobody.
            consumer: consumer.parse().unwrap_or(ConsumerId::ANONYMOUS),
            operation: metered_operation(
                stage.surface,
                operation.map_or(Target::Unmatched, Target::Operation),
            ),
        };
        *cells.entry(cell).or_default() += count;
    }
    cells
}

/// The names and latencies that the usage store has for ids.
struct Names<'u> {
    consumers: HashMap<String, &'u UsageRow>,
    operations: HashMap<String, &'u UsageRow>,
}

impl Names<'_> {
    fn consumer(&self, id: ConsumerId) -> String {
        let id = id.to_string();
        self.consumers.get(&id).map_or(id, |row| row.name.clone())
    }

    fn operation(&self, id: OperationId) -> String {
        let id = id.to_string();
        self.operations.get(&id).map_or(id, |row| row.name.clone())
    }

    fn operation_summaries(&self, reconciliation: &Reconciliation) -> Vec<OperationSummary> {
        let summary = |(id, sum): (OperationId, super::summary::Sum)| {
            let row = self.operations.get(&id.to_string());
            OperationSummary {
                operation: self.operation(id),
                operation_id: row.and_then(|row| row.operation_id.clone()),
                deprecated: row.is_some_and(|row| row.deprecated),
                client: sum.client,
                metered: sum.metered,
                upstream: sum.upstream,
                errors: sum.errors,
                p50_ms: row.and_then(|row| row.figures.p50_us).map(milliseconds),
                p99_ms: row.and_then(|row| row.figures.p99_us).map(milliseconds),
            }
        };
        reconciliation
            .by_operation()
            .into_iter()
            .map(summary)
            .collect()
    }

    fn consumer_summaries(&self, reconciliation: &Reconciliation) -> Vec<ConsumerSummary> {
        let summary = |(id, sum): (ConsumerId, super::summary::Sum)| {
            let consumer = self.consumer(id);
            let role = CAST
                .iter()
                .find(|character| character.name == consumer)
                .map_or("reserved", |c| c.role.label());
            ConsumerSummary {
                role,
                consumer,
                client: sum.client,
                metered: sum.metered,
                upstream: sum.upstream,
                errors: sum.errors,
            }
        };
        reconciliation
            .by_consumer()
            .into_iter()
            .map(summary)
            .collect()
    }

    fn differences(&self, reconciliation: &Reconciliation) -> Vec<Difference> {
        let lines = reconciliation
            .lines
            .iter()
            .filter(|line| line.mismatches() > 0);
        let difference = |line: &super::summary::Line| Difference {
            consumer: self.consumer(line.cell.consumer),
            operation: self.operation(line.cell.operation),
            client_calls: line.client.calls,
            client_errors: line.client.errors,
            metered_calls: line.metered.calls,
            metered_errors: line.metered.errors,
            metered_attempts: line.metered.attempts,
            received_upstream: line.received,
        };
        lines.map(difference).collect()
    }
}

fn deprecated(usage: &Usage) -> Vec<DeprecatedSummary> {
    let caller = |(consumer, calls)| DeprecatedCaller { consumer, calls };
    by_operation(&usage.deprecated.rows)
        .into_iter()
        .map(|operation| DeprecatedSummary {
            operation: operation.operation,
            sunset_at: operation.sunset_at.map(instant),
            replaced_by: operation.replaced_by,
            consumers: operation.callers.into_iter().map(caller).collect(),
        })
        .collect()
}

/// The summary for people: who called, what, who must move, and whether the counts agree.
pub fn render(summary: &Summary, colour: Colour) -> String {
    let mut text = format!(
        "\n{} calls in {:.0} s by {} consumers, {} errors\n\n",
        output::count(summary.calls_metered),
        summary.duration_s,
        summary.by_consumer.len(),
        output::count(summary.errors),
    );
    let parts = [
        consumers(summary, colour),
        operations(summary, colour),
        moving(summary, colour),
        rollout(&summary.rollout),
        counts(summary),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    text.push_str(&parts.join("\n"));
    for difference in &summary.differences {
        _ = writeln!(
            text,
            "  {} of {}: clients {} ({} errors), metered {} ({} errors), sent upstream {}, received there {}",
            difference.operation,
            difference.consumer,
            difference.client_calls,
            difference.client_errors,
            difference.metered_calls,
            difference.metered_errors,
            difference.metered_attempts,
            difference.received_upstream,
        );
    }
    for (failure, count) in &summary.failures {
        _ = writeln!(text, "  {count} times: {failure}");
    }
    text.push_str("\nIn front of your own API:\n  towpath up --contract openapi.yaml --upstream http://127.0.0.1:9000\n");
    text
}

/// The busiest consumers.
fn consumers(summary: &Summary, colour: Colour) -> String {
    const SHOWN: usize = 10;
    let mut table = Table::new(&[
        ("consumer", Align::Left),
        ("", Align::Left),
        ("clients", Align::Right),
        ("upstream", Align::Right),
        ("metered", Align::Right),
        ("errors", Align::Right),
    ]);
    for row in summary.by_consumer.iter().take(SHOWN) {
        table.row(vec![
            row.consumer.clone(),
            row.role.to_owned(),
            output::count(row.client),
            signed(row.upstream),
            output::count(row.metered),
            output::count(row.errors),
        ]);
    }
    let others = summary.by_consumer.len().saturating_sub(SHOWN);
    let more = if others > 0 {
        format!("and {others} more\n")
    } else {
        String::new()
    };
    table.render(colour) + &more
}

/// Who has to move before a sunset; empty when nobody has to.
fn moving(summary: &Summary, colour: Colour) -> String {
    if summary.deprecated.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("deprecated", Align::Left),
        ("sunset", Align::Left),
        ("instead", Align::Left),
        ("still called by", Align::Left),
    ]);
    for row in &summary.deprecated {
        let callers: Vec<String> = row
            .consumers
            .iter()
            .map(|caller| format!("{} {}", caller.consumer, output::count(caller.calls)))
            .collect();
        table.row(vec![
            row.operation.clone(),
            row.sunset_at
                .as_deref()
                .map_or("-", |instant| instant.split('T').next().unwrap_or(instant))
                .to_owned(),
            row.replaced_by.clone().unwrap_or_else(|| "-".to_owned()),
            callers.join(", "),
        ]);
    }
    table.render(colour)
}

/// The course of the rollout and what it cost; empty when it had not begun.
fn rollout(report: &Report) -> String {
    if report.course.is_empty() {
        return String::new();
    }
    format!(
        "Rollout of Orders 2.0.0, of 40 other consumers\n{}",
        report.text()
    )
}

fn operations(summary: &Summary, colour: Colour) -> String {
    let mut table = Table::new(&[
        ("operation", Align::Left),
        ("clients", Align::Right),
        ("upstream", Align::Right),
        ("metered", Align::Right),
        ("errors", Align::Right),
        ("p50", Align::Right),
        ("p99", Align::Right),
        ("", Align::Left),
    ]);
    let latency = |ms: Option<f64>| {
        ms.map_or_else(|| "-".to_owned(), |ms| output::latency((ms * 1e3) as u64))
    };
    for row in &summary.by_operation {
        table.row(vec![
            row.operation.clone(),
            output::count(row.client),
            signed(row.upstream),
            output::count(row.metered),
            output::count(row.errors),
            latency(row.p50_ms),
            latency(row.p99_ms),
            if row.deprecated {
                "deprecated".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    table.render(colour)
}

fn counts(summary: &Summary) -> String {
    let rows = [
        (
            "clients counted",
            output::count(summary.calls_client),
            String::new(),
        ),
        (
            "upstream counted",
            signed(summary.calls_upstream),
            format!(
                "  {} received + {} answered by the gateway - {} retries",
                output::count(summary.received_upstream),
                output::count(summary.answered_by_gateway),
                signed(summary.retries),
            ),
        ),
        (
            "metered",
            output::count(summary.calls_metered),
            String::new(),
        ),
        (
            "mismatches",
            output::count(summary.mismatches),
            format!(
                "  over {} pairs of consumer and operation",
                output::count(summary.pairs as u64)
            ),
        ),
    ];
    let mut text = String::new();
    for (name, value, remark) in rows {
        _ = writeln!(text, "{name:<16}  {value:>9}{remark}");
    }
    for (name, value) in [
        ("by hand", summary.by_hand),
        ("unanswered", summary.unanswered),
        ("cut short", summary.cut_short),
    ] {
        if value > 0 {
            _ = writeln!(text, "{name:<16}  {:>9}", output::count(value));
        }
    }
    text
}

/// With thousands parted; negative only when something is wrong.
fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", output::count(number.unsigned_abs()))
}
