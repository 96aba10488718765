//! Calls that an item touches by what they hold: by consumer and day, from how many were read and what was in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use adoption::{ConsumerId, ContractId, OperationId};
use store::rollout_use::{LeafDay, ReadDay, Under, leaf_days, read_days};
use store::{StoreError, Tx};

use super::uses::LeafUse;

/// The items of one operation that leaves decide.
#[derive(Default)]
pub(super) struct Watched<'a> {
    items: Vec<WatchedItem<'a>>,
}

struct WatchedItem<'a> {
    item: &'a str,
    leaves: &'a [LeafUse],
    /// Proven not to break by it: what was not read of their calls is not held against them.
    spared: HashSet<ConsumerId>,
}

impl<'a> Watched<'a> {
    pub(super) fn add(&mut self, item: &'a str, leaves: &'a [LeafUse]) {
        self.items.push(WatchedItem {
            item,
            leaves,
            spared: HashSet::new(),
        });
    }

    pub(super) fn spare<'b>(
        &mut self,
        consumer: ConsumerId,
        items: impl Iterator<Item = &'b str> + Clone,
    ) {
        for own in &mut self.items {
            if items.clone().any(|item| item == own.item) {
                own.spared.insert(consumer);
            }
        }
    }
}

/// Successful calls of one consumer of one operation on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) consumer: ConsumerId,
    pub(super) day: i64,
    /// At most; at least 1 where any may have been touched.
    pub(super) touched: u64,
    /// The others.
    pub(super) untouched: u64,
}

/// What decides for one operation.
pub(super) struct LeafUses<'a> {
    watched: &'a Watched<'a>,
    /// The leaves asked for, and where each stands.
    places: HashMap<&'a str, usize>,
    /// The leaves that each contract has: what a contract has not was seen by nobody under it.
    names: BTreeMap<ContractId, BTreeSet<String>>,
}

/// Leaves asked for in one statement at most.
const LEAVES_MAX: usize = 500;

impl<'a> LeafUses<'a> {
    /// Days with successful calls, by consumer and day.
    pub(super) async fn read(
        tx: &mut Tx,
        operation: OperationId,
        watched: &'a Watched<'a>,
        under: Under,
        days: (i64, i64),
    ) -> Result<Vec<Touch>, StoreError> {
        let items = watched.items.iter();
        let leaves: BTreeSet<&'a str> = items
            .flat_map(|item| item.leaves.iter().flat_map(LeafUse::names))
            .map(String::as_str)
            .collect();
        let names: Vec<String> = leaves.iter().map(|name| (*name).to_owned()).collect();
        let read = read_days(tx, operation, under, days).await?;
        let mut held = Vec::new();
        for (chunk, some) in names.chunks(LEAVES_MAX).enumerate() {
            let found = leaf_days(tx, operation, some, under, days).await?;
            held.extend(found.into_iter().map(|one| LeafDay {
                leaf: one.leaf + chunk * LEAVES_MAX,
                ..one
            }));
        }
        held.sort_by_key(|one| (one.consumer, one.day, one.contract));
        let uses = Self {
            watched,
            places: leaves
                .into_iter()
                .enumerate()
                .map(|(at, name)| (name, at))
                .collect(),
            names: known_names(tx, operation, &read).await?,
        };
        Ok(uses.touches(&read, &held))
    }

    /// Both sides are in order of consumer, day and contract.
    fn touches(&self, read: &[ReadDay], held: &[LeafDay]) -> Vec<Touch> {
        let mut touches: Vec<Touch> = Vec::new();
        let mut held = held;
        for day in read {
            let key = (day.consumer, day.day, day.contract);
            let before = held.partition_point(|one| (one.consumer, one.day, one.contract) < key);
            held = &held[before..];
            let own = held.partition_point(|one| (one.consumer, one.day, one.contract) == key);
            if day.successes == 0 {
                continue;
            }
            let touched = self.touched(day, &held[..own]).min(day.successes);
            let untouched = day.successes - touched;
            match touches.last_mut() {
                Some(last) if (last.consumer, last.day) == (day.consumer, day.day) => {
                    last.touched += touched;
                    last.untouched += untouched;
                }
                _ => touches.push(Touch {
                    consumer: day.consumer,
                    day: day.day,
                    touched,
                    untouched,
                }),
            }
        }
        touches
    }

    /// The most calls that any one item may touch.
    fn touched(&self, day: &ReadDay, held: &[LeafDay]) -> u64 {
        let items = self.watched.items.iter();
        let each = items.map(|item| {
            let is_spared = item.spared.contains(&day.consumer);
            let each = item
                .leaves
                .iter()
                .map(|leaf| self.met(leaf, day, held, is_spared));
            each.max().unwrap_or(0)
        });
        each.max().unwrap_or(0)
    }

    /// Calls that met one condition, and those that were not read for it.
    fn met(&self, leaf: &LeafUse, day: &ReadDay, held: &[LeafDay], is_spared: bool) -> u64 {
        let calls = |name: &str| -> u64 {
            let place = self.places.get(name);
            let own = held.iter().filter(|one| Some(&one.leaf) == place);
            own.map(|one| one.calls).sum()
        };
        let (needed, read, met) = match leaf {
            LeafUse::Sends { key } => (Some(key), day.sent, calls(key)),
            LeafUse::Receives { key } => (Some(key), day.delivered, calls(key)),
            LeafUse::Lacks { key, under } => {
                // A key that no contract has is sent by nobody as far as is known; what it stands under decides.
                let is_known = self.names.values().any(|names| names.contains(key));
                let needed = if is_known { Some(key) } else { under.as_ref() };
                let could = under.as_deref().map_or(day.sent, calls).min(day.sent);
                (needed, day.sent, could.saturating_sub(calls(key)))
            }
        };
        let names = self.names.get(&day.contract);
        let is_seen = needed.is_none_or(|leaf| names.is_some_and(|names| names.contains(leaf)));
        let (read, met) = if is_seen { (read, met) } else { (0, 0) };
        match is_spared {
            true => met,
            false => met.saturating_add(day.answered.saturating_sub(read)),
        }
    }
}

async fn known_names(
    tx: &mut Tx,
    operation: OperationId,
    read: &[ReadDay],
) -> Result<BTreeMap<ContractId, BTreeSet<String>>, StoreError> {
    let contracts: BTreeSet<ContractId> = read.iter().map(|day| day.contract).collect();
    let mut all = BTreeMap::new();
    for contract in contracts {
        if let Some((_, names)) = store::leaves::names(tx, contract, operation).await? {
            let names = serde_json::from_str(&names).map_err(|_| StoreError::Decode {
                column: "names",
                text: operation.to_string(),
            })?;
            all.insert(contract, names);
        }
    }
    Ok(all)
}
