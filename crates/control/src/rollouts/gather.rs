//! What is read for a rollout: whose calls there were, what was seen of them, and whose they are.

use std::collections::{BTreeMap, BTreeSet};

use adoption::rollout::{Gap, release_cycle_days};
use adoption::{ClientClass, ConsumerId, ContractId, Micros, OperationId, SurfaceId};
use contract::leaves::{self, Condition, Touched};
use store::consumer::ConsumerRow;
use store::field::ObservedSum;
use store::impact::Use;
use store::{Store, StoreError, Tx};

/// Whole UTC days since the epoch, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) until: i64,
}

impl Window {
    /// `days` days, the last of which is the day of `now`.
    pub(super) fn ending_today(now: Micros, days: u32) -> Self {
        let until = now.day() + 1;
        Self {
            from: until - i64::from(days),
            until,
        }
    }

    pub(super) const fn days(&self) -> (i64, i64) {
        (self.from, self.until)
    }

    pub(super) fn length_days(&self) -> u32 {
        u32::try_from(self.until - self.from).unwrap_or(0)
    }
}

/// Calls of one consumer of one operation.
#[derive(Default)]
pub(super) struct CallSum {
    pub(super) calls: u64,
    /// Answered by the gateway itself.
    pub(super) ours: u64,
    /// UTC days since the epoch with a call, ascending.
    pub(super) days: Vec<i64>,
}

/// What was counted of one operation, by consumer.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) calls: BTreeMap<ConsumerId, CallSum>,
    pub(super) observed: Observed,
    /// The first day of which anything is known; `None` where nothing is.
    pub(super) day_first: Option<i64>,
    /// Somebody whom nobody knows was answered by the upstream: any consumer, perhaps.
    pub(super) has_strangers: bool,
}

/// What was seen of the calls of one operation.
#[derive(Default)]
pub(super) struct Observed {
    /// One for each contract.
    pub(super) sums: BTreeMap<ConsumerId, Vec<ObservedSum>>,
    /// Calls with a leaf, by consumer, then name and contract.
    pub(super) fields: BTreeMap<ConsumerId, BTreeMap<(String, ContractId), u64>>,
    /// The leaves that each contract has of it: a leaf that a contract had not was seen by nobody under it.
    pub(super) names: BTreeMap<ContractId, BTreeSet<String>>,
}

/// The whole surface as one thing that is called.
pub(super) struct Volume {
    pub(super) calls: BTreeMap<ConsumerId, u64>,
    pub(super) client: BTreeMap<ConsumerId, ClientClass>,
    pub(super) total: u64,
}

/// Everything that is read of consumers and their use, before any of it is judged.
pub(super) struct Gathered {
    pub(super) volume: Volume,
    pub(super) counted: BTreeMap<OperationId, Counted>,
    pub(super) known: Known,
    /// What was missed of everybody.
    pub(super) gaps: Vec<Gap>,
}

/// What is known of the consumers beside their calls.
pub(super) struct Known {
    pub(super) cycles: BTreeMap<ConsumerId, u32>,
    pub(super) rows: BTreeMap<ConsumerId, ConsumerRow>,
}

/// What is read for `touched`, and over which window.
pub(super) struct Asked<'a> {
    pub(super) surface: SurfaceId,
    pub(super) window: Window,
    pub(super) touched: &'a [&'a Touched],
    /// Some calls of everybody may be missing.
    pub(super) is_journal_damaged: bool,
}

/// Reads what the changes are judged by, as it stands in one transaction.
pub(super) async fn gather(tx: &mut Tx, asked: &Asked<'_>) -> Result<Gathered, StoreError> {
    let called = gather_calls(tx, asked).await?;
    let known = gather_known(tx, asked.surface).await?;
    let observed = gather_observed(tx, asked).await?;
    Ok(called.with(known, observed))
}

/// Reads the same in half the time, from a transaction each. Calls that were applied between their beginnings count as
/// not read, or as read and not counted: neither proves anybody safe who is not.
pub(super) async fn gather_at_once(
    store: &Store,
    asked: &Asked<'_>,
) -> Result<Gathered, StoreError> {
    let called = async {
        let mut tx = store.read().await?;
        gather_calls(&mut tx, asked).await
    };
    let beside = async {
        let mut tx = store.read().await?;
        let known = gather_known(&mut tx, asked.surface).await?;
        let observed = gather_observed(&mut tx, asked).await?;
        Ok((known, observed))
    };
    let (called, (known, observed)) = tokio::try_join!(called, beside)?;
    Ok(called.with(known, observed))
}

/// Everybody's calls.
struct Called {
    volume: Volume,
    counted: BTreeMap<OperationId, Counted>,
    gaps: Vec<Gap>,
}

impl Called {
    fn with(mut self, known: Known, observed: BTreeMap<OperationId, Observed>) -> Gathered {
        for (operation, observed) in observed {
            self.counted.entry(operation).or_default().observed = observed;
        }
        Gathered {
            volume: self.volume,
            counted: self.counted,
            known,
            gaps: self.gaps,
        }
    }
}

async fn gather_calls(tx: &mut Tx, asked: &Asked<'_>) -> Result<Called, StoreError> {
    let kept = store::retention::kept(tx).await?;
    let mut gaps = Vec::new();
    if kept.day > asked.window.from {
        gaps.push(Gap::Retention);
    }
    if asked.is_journal_damaged {
        gaps.push(Gap::Journal);
    }
    let touched = asked.touched.iter();
    let operations: BTreeSet<OperationId> = touched
        .filter_map(|touched| operation_of(asked.surface, touched))
        .collect();
    let operations: Vec<OperationId> = operations.into_iter().collect();
    let days = asked.window.days();
    let uses = store::impact::uses(tx, asked.surface, days, &operations).await?;
    Ok(Called {
        volume: volume(&uses),
        counted: called(uses, &operations),
        gaps,
    })
}

async fn gather_known(tx: &mut Tx, surface: SurfaceId) -> Result<Known, StoreError> {
    Ok(Known {
        cycles: release_cycles(tx, surface).await?,
        rows: consumers(tx).await?,
    })
}

fn volume(uses: &[Use]) -> Volume {
    let mut by_class: BTreeMap<(ConsumerId, ClientClass), u64> = BTreeMap::new();
    for one in uses {
        *by_class.entry((one.consumer, one.class)).or_default() += one.calls;
    }
    let mut volume = Volume {
        calls: BTreeMap::new(),
        client: BTreeMap::new(),
        total: 0,
    };
    let mut most: BTreeMap<ConsumerId, u64> = BTreeMap::new();
    for ((consumer, class), calls) in by_class {
        volume.total += calls;
        *volume.calls.entry(consumer).or_default() += calls;
        let known = most.entry(consumer).or_default();
        if calls > *known {
            *known = calls;
            volume.client.insert(consumer, class);
        }
    }
    volume
}

/// The leaves that decide, of each operation that a change touches.
fn leaves_of(surface: SurfaceId, touched: &[&Touched]) -> BTreeMap<OperationId, BTreeSet<String>> {
    let mut leaves_of: BTreeMap<OperationId, BTreeSet<String>> = BTreeMap::new();
    for touched in touched {
        let Some(operation) = operation_of(surface, touched) else {
            continue;
        };
        let names = leaves_of.entry(operation).or_default();
        if let leaves::Evidence::Calls(conditions) = &touched.evidence {
            names.extend(conditions.iter().flat_map(names_of));
        }
    }
    leaves_of
}

/// Whose calls `uses` are, of each of these operations.
fn called(uses: Vec<Use>, operations: &[OperationId]) -> BTreeMap<OperationId, Counted> {
    let none = operations.iter().map(|id| (*id, Counted::default()));
    let mut all: BTreeMap<OperationId, Counted> = none.collect();
    for one in uses {
        let Some(counted) = all.get_mut(&one.operation) else {
            continue;
        };
        let sum = counted.calls.entry(one.consumer).or_default();
        sum.calls += one.calls;
        sum.ours += one.ours;
        sum.days.extend(one.days);
    }
    for counted in all.values_mut() {
        for sum in counted.calls.values_mut() {
            sum.days.sort_unstable();
            sum.days.dedup();
        }
        let first = |sum: &CallSum| sum.days.first().copied();
        counted.day_first = counted.calls.values().filter_map(first).min();
        let strangers = [ConsumerId::ANONYMOUS, ConsumerId::UNKNOWN];
        counted.has_strangers = strangers.iter().any(|stranger| {
            let sum = counted.calls.get(stranger);
            sum.is_some_and(|sum| sum.calls > sum.ours)
        });
    }
    all
}

/// What was seen of the calls of each operation of which a leaf decides.
async fn gather_observed(
    tx: &mut Tx,
    asked: &Asked<'_>,
) -> Result<BTreeMap<OperationId, Observed>, StoreError> {
    let mut all = BTreeMap::new();
    for (operation, leaves) in leaves_of(asked.surface, asked.touched) {
        if !leaves.is_empty() {
            let observed = observed(tx, &asked.window, operation, leaves).await?;
            all.insert(operation, observed);
        }
    }
    Ok(all)
}

async fn observed(
    tx: &mut Tx,
    window: &Window,
    operation: OperationId,
    leaves: BTreeSet<String>,
) -> Result<Observed, StoreError> {
    let days = window.days();
    let mut observed = Observed::default();
    for sum in store::field::observed(tx, operation, days).await? {
        observed.sums.entry(sum.consumer).or_default().push(sum);
    }
    let sums = observed.sums.values().flatten();
    let contracts: BTreeSet<ContractId> = sums.map(|sum| sum.contract).collect();
    for contract in contracts {
        if let Some((_, known)) = store::leaves::names(tx, contract, operation).await? {
            let known = serde_json::from_str(&known).map_err(|_| StoreError::Decode {
                column: "names",
                text: operation.to_string(),
            })?;
            observed.names.insert(contract, known);
        }
    }
    let leaves: Vec<String> = leaves.into_iter().collect();
    for some in leaves.chunks(500) {
        for sum in store::field::fields(tx, operation, days, some).await? {
            let own = observed.fields.entry(sum.consumer).or_default();
            own.insert((sum.leaf, sum.contract), sum.calls);
        }
    }
    Ok(observed)
}

fn names_of(condition: &Condition) -> Vec<String> {
    match condition {
        Condition::Sends { key, .. } | Condition::Receives { key } => vec![key.clone()],
        Condition::Lacks { key, under, .. } => under.iter().chain([key]).cloned().collect(),
    }
}

async fn release_cycles(
    tx: &mut Tx,
    surface: SurfaceId,
) -> Result<BTreeMap<ConsumerId, u32>, StoreError> {
    let seen = store::impact::clients_seen(tx, surface).await?;
    let cycles = seen.chunk_by(|one, other| one.consumer == other.consumer);
    Ok(cycles
        .filter_map(|group| {
            let seen: Vec<adoption::rollout::Seen<'_>> = group
                .iter()
                .map(|one| adoption::rollout::Seen {
                    day: one.day_first,
                    client: &one.client,
                    version: &one.version,
                })
                .collect();
            Some((group[0].consumer, release_cycle_days(&seen)?))
        })
        .collect())
}

/// Every consumer by id; ten thousand take some 10 MB for a moment.
async fn consumers(tx: &mut Tx) -> Result<BTreeMap<ConsumerId, ConsumerRow>, StoreError> {
    let rows = store::consumer::list(tx, None, u32::MAX).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

pub(super) fn operation_of(surface: SurfaceId, touched: &Touched) -> Option<OperationId> {
    let operation = touched.operation.as_ref()?;
    let (method, path) = (&operation.method, &operation.path);
    Some(OperationId::of(surface, method, path))
}
