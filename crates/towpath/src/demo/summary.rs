//! Holds three counts of the same calls against each other: the clients', the meter's and the sample upstream's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use adoption::{ConsumerId, OperationId};
use serde::Serialize;

use super::tally::{Answers, Cell};
use crate::drill::report::Report;

/// What the meter's roll-ups say of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Metered {
    pub calls: u64,
    /// Status 400 and above.
    pub errors: u64,
    /// Answered by the gateway rather than by the upstream.
    pub ours: u64,
    /// Requests sent upstream, retries included.
    pub attempts: u64,
}

impl Metered {
    pub const fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            errors: self.errors + other.errors,
            ours: self.ours + other.ours,
            attempts: self.attempts + other.attempts,
        }
    }

    /// What came since `before`; roll-ups only grow.
    pub const fn since(self, before: Self) -> Self {
        Self {
            calls: self.calls.saturating_sub(before.calls),
            errors: self.errors.saturating_sub(before.errors),
            ours: self.ours.saturating_sub(before.ours),
            attempts: self.attempts.saturating_sub(before.attempts),
        }
    }
}

/// The three counts before they are compared.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    pub clients: HashMap<Cell, Answers>,
    pub metered: HashMap<Cell, Metered>,
    /// Requests that the upstream received.
    pub upstream: HashMap<Cell, u64>,
    /// The consumers whose calls the demo's clients made: others call by hand and have no client count.
    pub cast: HashSet<ConsumerId>,
}

/// The counts of one cell, comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub cell: Cell,
    pub client: Answers,
    pub metered: Metered,
    /// Requests received upstream, as they were counted there.
    pub received: u64,
}

impl Line {
    /// The upstream's own count, plus the answers that the gateway made, minus the retries. Retries are the attempts
    /// beyond one for each answer that came from upstream, so that the two corrections are `calls - attempts` together.
    pub const fn upstream(&self) -> i64 {
        self.received as i64 + self.metered.calls as i64 - self.metered.attempts as i64
    }

    /// How many of the two comparisons fail: clients against meter (calls and errors), upstream against attempts.
    pub const fn mismatches(&self) -> u64 {
        let clients_differ =
            self.client.calls != self.metered.calls || self.client.errors != self.metered.errors;
        clients_differ as u64 + (self.received != self.metered.attempts) as u64
    }
}

/// Every cell that anyone counted something in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconciliation {
    /// In order of consumer and operation.
    pub lines: Vec<Line>,
    /// Calls of consumers that are not in the cast, such as the reader's own curl; in no line.
    pub by_hand: u64,
}

impl Reconciliation {
    pub fn of(counted: &Counted) -> Self {
        let cells: BTreeSet<Cell> = counted
            .clients
            .keys()
            .chain(counted.metered.keys())
            .chain(counted.upstream.keys())
            .copied()
            .collect();
        let (cast, others): (Vec<Cell>, Vec<Cell>) = cells
            .into_iter()
            .partition(|cell| counted.cast.contains(&cell.consumer));

        let lines = cast.into_iter().map(|cell| Line {
            cell,
            client: counted.clients.get(&cell).copied().unwrap_or_default(),
            metered: counted.metered.get(&cell).copied().unwrap_or_default(),
            received: counted.upstream.get(&cell).copied().unwrap_or_default(),
        });
        let by_hand = others
            .iter()
            .filter_map(|cell| counted.metered.get(cell))
            .map(|metered| metered.calls)
            .sum();
        Self {
            lines: lines.collect(),
            by_hand,
        }
    }

    pub fn mismatches(&self) -> u64 {
        self.lines.iter().map(Line::mismatches).sum()
    }

    pub fn total(&self) -> Sum {
        Sum::of(self.lines.iter())
    }

    /// Sums by operation, most metered calls first.
    pub fn by_operation(&self) -> Vec<(OperationId, Sum)> {
        self.grouped(|line| line.cell.operation)
    }

    /// Sums by consumer, most metered calls first.
    pub fn by_consumer(&self) -> Vec<(ConsumerId, Sum)> {
        self.grouped(|line| line.cell.consumer)
    }

    fn grouped<K: Ord + Copy>(&self, key: impl Fn(&Line) -> K) -> Vec<(K, Sum)> {
        let mut groups: BTreeMap<K, Vec<&Line>> = BTreeMap::new();
        for line in &self.lines {
            groups.entry(key(line)).or_default().push(line);
        }
        let mut sums: Vec<(K, Sum)> = groups
            .into_iter()
            .map(|(key, lines)| (key, Sum::of(lines.into_iter())))
            .collect();
        sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.metered));
        sums
    }
}

/// Sums over cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub client: u64,
    pub metered: u64,
    /// Corrected as `Line::upstream` says.
    pub upstream: i64,
    pub received: u64,
    pub ours: u64,
    pub attempts: u64,
    pub errors: u64,
}

impl Sum {
    fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        lines.fold(Self::default(), |sum, line| Self {
            client: sum.client + line.client.calls,
            metered: sum.metered + line.metered.calls,
            upstream: sum.upstream + line.upstream(),
            received: sum.received + line.received,
            ours: sum.ours + line.metered.ours,
            attempts: sum.attempts + line.metered.attempts,
            errors: sum.errors + line.metered.errors,
        })
    }

    /// Attempts beyond one for each answer that came from upstream. Negative only when the meter is wrong.
    pub const fn retries(&self) -> i64 {
        self.attempts as i64 - (self.metered as i64 - self.ours as i64)
    }
}

/// The one line of `--format json`.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub schema_version: u32,
    pub duration_s: f64,
    pub gateway: String,
    pub web: String,
    pub seed: u64,
    pub rate: f64,
    /// Response heads that the clients counted.
    pub calls_client: u64,
    /// The upstream's own count, plus the answers that the gateway made, minus the retries.
    pub calls_upstream: i64,
    /// From the roll-ups of the usage store.
    pub calls_metered: u64,
    /// Pairs of consumer and operation whose counts differ, clients against meter or upstream against attempts.
    pub mismatches: u64,
    pub pairs: usize,
    pub received_upstream: u64,
    pub answered_by_gateway: u64,
    pub retries: i64,
    pub errors: u64,
    /// Calls that got no response at all; not counted by anyone.
    pub unanswered: u64,
    /// Responses whose body broke off; they count.
    pub cut_short: u64,
    /// Calls of consumers outside of the cast, such as the reader's own curl; in no other figure.
    pub by_hand: u64,
    /// Responses that announced a deprecation.
    pub deprecation_notices: u64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// Most calls first.
    pub by_operation: Vec<OperationSummary>,
    /// Most calls first.
    pub by_consumer: Vec<ConsumerSummary>,
    /// Who still calls deprecated operations, soonest sunset first.
    pub deprecated: Vec<DeprecatedSummary>,
    /// Each pair that differs.
    pub differences: Vec<Difference>,
    /// What went wrong for the clients, by its text.
    pub failures: BTreeMap<String, u64>,
    /// The rollout that was carried beside the load, with consumers of its own; in no figure above.
    pub rollout: Report,
}

#[derive(Debug, Serialize)]
pub struct OperationSummary {
    pub operation: String,
    pub operation_id: Option<String>,
    pub deprecated: bool,
    pub client: u64,
    pub metered: u64,
    pub upstream: i64,
    pub errors: u64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct ConsumerSummary {
    pub consumer: String,
    pub role: &'static str,
    pub client: u64,
    pub metered: u64,
    pub upstream: i64,
    pub errors: u64,
}

#[derive(Debug, Serialize)]
pub struct DeprecatedSummary {
    pub operation: String,
    /// RFC 3339.
    pub sunset_at: Option<String>,
    /// The path of its successor.
    pub replaced_by: Option<String>,
    /// Most calls first.
    pub consumers: Vec<DeprecatedCaller>,
}

#[derive(Debug, Serialize)]
pub struct DeprecatedCaller {
    pub consumer: String,
    pub calls: u64,
}

#[derive(Debug, Serialize)]
pub struct Difference {
    pub consumer: String,
    pub operation: String,
    pub client_calls: u64,
    pub client_errors: u64,
    pub metered_calls: u64,
    pub metered_errors: u64,
    pub metered_attempts: u64,
    pub received_upstream: u64,
}

/// Microseconds as milliseconds with three digits.
pub fn milliseconds(us: u64) -> f64 {
    us as f64 / 1e3
}

/// Seconds with three digits.
pub fn seconds(duration: Duration) -> f64 {
    duration.as_millis() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ConsumerId = ConsumerId::from_raw(100);
    const B: ConsumerId = ConsumerId::from_raw(200);
    const GET: OperationId = OperationId::from_raw(1_000);
    const POST: OperationId = OperationId::from_raw(2_000);

    fn cell(consumer: ConsumerId, operation: OperationId) -> Cell {
        Cell {
            consumer,
            operation,
        }
    }

    /// Ten calls of A, one of them retried, two answered by the gateway; three of B.
    fn exact() -> Counted {
        let metered = |calls, errors, ours, attempts| Metered {
            calls,
            errors,
            ours,
            attempts,
        };
        Counted {
            clients: HashMap::from([
                (
                    cell(A, GET),
                    Answers {
                        calls: 10,
                        errors: 2,
                    },
                ),
                (
                    cell(B, POST),
                    Answers {
                        calls: 3,
                        errors: 0,
                    },
                ),
            ]),
            metered: HashMap::from([
                (cell(A, GET), metered(10, 2, 2, 9)),
                (cell(B, POST), metered(3, 0, 0, 3)),
            ]),
            upstream: HashMap::from([(cell(A, GET), 9), (cell(B, POST), 3)]),
            cast: HashSet::from([A, B]),
        }
    }

    #[test]
    fn equal_counts_have_no_mismatch_and_one_total() {
        let reconciliation = Reconciliation::of(&exact());
        assert_eq!(reconciliation.mismatches(), 0);
        let total = reconciliation.total();
        assert_eq!((total.client, total.metered, total.upstream), (13, 13, 13));
        assert_eq!(
            (total.received, total.ours, total.retries(), total.errors),
            (12, 2, 1, 2)
        );
        assert_eq!(
            reconciliation
                .by_consumer()
                .iter()
                .map(|(id, sum)| (*id, sum.metered))
                .collect::<Vec<_>>(),
            [(A, 10), (B, 3)]
        );
        assert_eq!(reconciliation.by_operation()[1].0, POST);
    }

    /// Each change is one mismatch, also where the totals agree.
    #[test]
    fn every_difference_is_found() {
        let check = |change: fn(&mut Counted), expect: u64| {
            let mut counted = exact();
            change(&mut counted);
            assert_eq!(Reconciliation::of(&counted).mismatches(), expect);
        };
        check(
            |counted| counted.clients.get_mut(&cell(A, GET)).unwrap().calls += 1,
            1,
        );
        check(
            |counted| counted.clients.get_mut(&cell(A, GET)).unwrap().errors += 1,
            1,
        );
        check(
            |counted| *counted.upstream.get_mut(&cell(A, GET)).unwrap() -= 1,
            1,
        );
        check(
            |counted| counted.metered.get_mut(&cell(B, POST)).unwrap().calls += 1,
            1,
        );
        check(
            |counted| counted.metered.get_mut(&cell(B, POST)).unwrap().attempts += 1,
            1,
        );
        check(
            |counted| counted.metered.retain(|cell, _| cell.consumer != B),
            2,
        );
        check(
            |counted| counted.clients.retain(|cell, _| cell.consumer != B),
            1,
        );
        // One call too many here, one too few there.
        check(
            |counted| {
                counted.clients.get_mut(&cell(A, GET)).unwrap().calls += 1;
                counted.clients.get_mut(&cell(B, POST)).unwrap().calls -= 1;
            },
            2,
        );
    }

    #[test]
    fn calls_by_hand_are_told_apart() {
        let mut counted = exact();
        let metered = Metered {
            calls: 4,
            errors: 0,
            ours: 0,
            attempts: 4,
        };
        counted
            .metered
            .insert(cell(ConsumerId::from_raw(300), GET), metered);
        let reconciliation = Reconciliation::of(&counted);
        assert_eq!(
            (reconciliation.mismatches(), reconciliation.by_hand),
            (0, 4)
        );
        assert_eq!(reconciliation.total().metered, 13);
    }

    #[test]
    fn what_was_there_before_does_not_count() {
        let before = Metered {
            calls: 5,
            errors: 1,
            ours: 1,
            attempts: 4,
        };
        let now = Metered {
            calls: 8,
            errors: 1,
            ours: 2,
            attempts: 6,
        };
        assert_eq!(
            now.since(before),
            Metered {
                calls: 3,
                errors: 0,
                ours: 1,
                attempts: 2
            }
        );
    }
}
