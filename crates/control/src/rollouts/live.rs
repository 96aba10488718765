//! Who still uses the old and who the new, as known now: by consumer and day, and the latest of each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use adoption::rollout::{Impact, Live, Verdict, day};
use adoption::{ConsumerId, Micros, OperationId};
use meter::rollup::Grain;
use store::rollout_use::{Latest, Scope, Under, days, latest, refused_days};
use store::{StoreError, Tx};

use super::leaf_use::{LeafUses, Touch, Watched};
use super::uses::{Shown, Uses};
use crate::error::ControlError;

/// Successful calls of one consumer on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct DayUse {
    /// UTC days since the epoch.
    pub(crate) day: i64,
    /// Calls that the rollout takes away. Where leaves decide it, those that were seen to be touched and those that were
    /// not read.
    pub(crate) old: u64,
    /// Calls under the new contract.
    pub(crate) new: u64,
    /// Calls of the touched operations under another contract that were read whole and that no item touches.
    pub(crate) untouched: u64,
    /// Calls of the touched operations that the gateway refused since the sunset: who still tries has not moved.
    pub(crate) refused: u64,
}

/// What is known of one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    /// Only days with calls, ascending.
    pub(crate) days: Vec<DayUse>,
    pub(crate) live: Live,
}

/// The latest use of old and new, of every consumer that is concerned or was seen to use the old; by consumer.
///
/// Told to the minute where minutes are kept, to the hour on the day of the sunset, else to the day: its start.
pub(crate) async fn live(
    tx: &mut Tx,
    uses: &Uses,
    impact: &Impact,
) -> Result<Vec<Live>, ControlError> {
    let followed = follow(tx, uses, impact).await?;
    Ok(followed.into_iter().map(|one| one.live).collect())
}

/// The same with every day of [`Uses::days`].
///
/// A consumer uses the old with each successful call of an operation that an item takes away. Where leaves decide an
/// item, only calls that the item touches, and calls of concerned consumers that were not read: who stops sending what
/// goes has moved without a new version, and `new_success` is then the last day of such calls. A consumer that is
/// concerned only by what no call shows uses the old with every call under another contract.
pub(crate) async fn follow(
    tx: &mut Tx,
    uses: &Uses,
    impact: &Impact,
) -> Result<Vec<Followed>, ControlError> {
    let concern = Concern::of(uses, impact);
    let mut found = Found::default();
    found.add_old(tx, uses, &concern).await?;
    found.add_touched(tx, uses, &concern).await?;
    found.add_new(tx, uses).await?;
    found.add_refused(tx, uses, &concern).await?;
    found
        .consumers
        .retain(|consumer, one| concern.concerned.contains(consumer) || one.has_old());
    found.tell_exactly(tx, uses, &concern).await?;
    let consumers = found.consumers.into_iter();
    Ok(consumers
        .map(|(consumer, one)| one.followed(consumer))
        .collect())
}

/// How each item bears on operations and consumers.
struct Concern<'a> {
    /// Every call of the surface is taken away.
    is_whole: bool,
    /// Operations of which every call is taken away.
    operations: Vec<OperationId>,
    /// Operations of which leaves decide.
    watched: BTreeMap<OperationId, Watched<'a>>,
    concerned: HashSet<ConsumerId>,
    /// Of these, the ones that are concerned only by what no call shows.
    unshown: HashSet<ConsumerId>,
}

impl<'a> Concern<'a> {
    fn of(uses: &'a Uses, impact: &'a Impact) -> Self {
        let calls = uses.items.iter().filter(|item| item.shown == Shown::Call);
        let whole: BTreeSet<OperationId> = calls
            .clone()
            .flat_map(|item| item.operations.iter().copied())
            .collect();
        let mut watched: BTreeMap<OperationId, Watched<'a>> = BTreeMap::new();
        for item in &uses.items {
            let Shown::Leaves(leaves) = &item.shown else {
                continue;
            };
            for operation in item.operations.iter().filter(|id| !whole.contains(id)) {
                let known = watched.entry(*operation).or_default();
                known.add(&item.item, leaves);
            }
        }
        let nothing = uses
            .items
            .iter()
            .filter(|item| item.shown == Shown::Nothing);
        let nothing: HashSet<&str> = nothing.map(|item| item.item.as_str()).collect();
        let mut concern = Self {
            is_whole: calls.clone().any(|item| item.operations.is_empty()),
            operations: whole.into_iter().collect(),
            watched,
            concerned: HashSet::new(),
            unshown: HashSet::new(),
        };
        for consumer in &impact.consumers {
            let concerning = |verdict| verdict > Verdict::UnaffectedProven;
            let (own, proven): (Vec<_>, Vec<_>) = consumer
                .verdicts
                .iter()
                .partition(|found| concerning(found.verdict));
            for watched in concern.watched.values_mut() {
                watched.spare(
                    consumer.consumer,
                    proven.iter().map(|found| found.item.as_str()),
                );
            }
            if !own.is_empty() {
                concern.concerned.insert(consumer.consumer);
                if own
                    .iter()
                    .all(|found| nothing.contains(found.item.as_str()))
                {
                    concern.unshown.insert(consumer.consumer);
                }
            }
        }
        concern
    }
}

impl Concern<'_> {
    fn all_operations(&self) -> Vec<OperationId> {
        let watched = self.watched.keys();
        self.operations.iter().chain(watched).copied().collect()
    }

    /// All that anybody's use of the old is told by.
    fn scope<'b>(&self, uses: &Uses, operations: &'b [OperationId]) -> Scope<'b> {
        match self.is_whole || !self.unshown.is_empty() {
            true => Scope::Surface(uses.surface),
            false => Scope::Operations(operations),
        }
    }
}

/// One consumer while it is being followed.
#[derive(Default)]
struct One {
    days: Vec<DayUse>,
    /// The operations of which leaves decided that its last day with the old is one.
    touched: Vec<OperationId>,
    touched_day: i64,
    /// What the finer grains say of its last day with each.
    old_at: Option<Micros>,
    new_at: Option<Micros>,
}

impl One {
    fn has_old(&self) -> bool {
        self.days.iter().any(|day| day.old > 0)
    }

    fn last(&self, of: impl Fn(&DayUse) -> u64) -> Option<i64> {
        let used = self.days.iter().filter(|day| of(day) > 0);
        used.map(|day| day.day).max()
    }

    fn followed(mut self, consumer: ConsumerId) -> Followed {
        let old = self.last(|day| day.old);
        // Before the last use of the old these calls show no move, and nobody moves who was never there.
        let moved = self
            .last(|day| day.untouched)
            .filter(|day| Some(*day) > old && old.is_some());
        let new = self.last(|day| day.new);
        let at = |day: i64| Micros(day.saturating_mul(day::DAY_US));
        let live = Live {
            consumer,
            old_success: self.old_at.or(old.map(at)),
            new_success: self.new_at.or(new.map(at)).max(moved.map(at)),
        };
        self.days.sort_unstable_by_key(|day| day.day);
        self.days.dedup_by(|later, kept| {
            let is_same = later.day == kept.day;
            if is_same {
                kept.old += later.old;
                kept.new += later.new;
                kept.untouched += later.untouched;
                kept.refused += later.refused;
            }
            is_same
        });
        Followed {
            days: self.days,
            live,
        }
    }
}

#[derive(Default)]
struct Found {
    consumers: BTreeMap<ConsumerId, One>,
}

impl Found {
    fn add(&mut self, consumer: ConsumerId, day: DayUse) {
        self.consumers.entry(consumer).or_default().days.push(day);
    }

    /// Calls that are taken away whatever they hold.
    async fn add_old(
        &mut self,
        tx: &mut Tx,
        uses: &Uses,
        concern: &Concern<'_>,
    ) -> Result<(), StoreError> {
        let under = old_contracts(uses);
        if !concern.is_whole && !concern.operations.is_empty() {
            let scope = Scope::Operations(&concern.operations);
            for sum in days(tx, scope, under, uses.days()).await? {
                if !concern.unshown.contains(&sum.consumer) {
                    self.add(sum.consumer, old_day(sum.day, sum.calls));
                }
            }
        }
        if concern.is_whole || !concern.unshown.is_empty() {
            for sum in days(tx, Scope::Surface(uses.surface), under, uses.days()).await? {
                if concern.is_whole || concern.unshown.contains(&sum.consumer) {
                    self.add(sum.consumer, old_day(sum.day, sum.calls));
                }
            }
        }
        Ok(())
    }

    /// Calls that are taken away by what they hold.
    async fn add_touched(
        &mut self,
        tx: &mut Tx,
        uses: &Uses,
        concern: &Concern<'_>,
    ) -> Result<(), StoreError> {
        if concern.is_whole {
            return Ok(());
        }
        for (operation, watched) in &concern.watched {
            let read = LeafUses::read(tx, *operation, watched, old_contracts(uses), uses.days());
            let touches = read.await?;
            for Touch {
                consumer,
                day,
                touched,
                untouched,
            } in touches
            {
                if concern.unshown.contains(&consumer) {
                    continue;
                }
                let one = self.consumers.entry(consumer).or_default();
                if touched > 0 && day >= one.touched_day {
                    if day > one.touched_day {
                        one.touched.clear();
                        one.touched_day = day;
                    }
                    one.touched.push(*operation);
                }
                one.days.push(DayUse {
                    day,
                    old: touched,
                    untouched,
                    ..DayUse::default()
                });
            }
        }
        Ok(())
    }

    async fn add_new(&mut self, tx: &mut Tx, uses: &Uses) -> Result<(), StoreError> {
        let Some(new) = uses.new_contract else {
            return Ok(());
        };
        let scope = Scope::Surface(uses.surface);
        for sum in days(tx, scope, Under::Only(new), uses.days()).await? {
            self.add(
                sum.consumer,
                DayUse {
                    day: sum.day,
                    new: sum.calls,
                    ..DayUse::default()
                },
            );
        }
        Ok(())
    }

    async fn add_refused(
        &mut self,
        tx: &mut Tx,
        uses: &Uses,
        concern: &Concern<'_>,
    ) -> Result<(), StoreError> {
        let Some(sunset) = uses.sunset_at else {
            return Ok(());
        };
        let operations = concern.all_operations();
        let scope = concern.scope(uses, &operations);
        let days = (sunset.day(), uses.days().1);
        for sum in refused_days(tx, scope, old_contracts(uses), days).await? {
            let refused = DayUse {
                day: sum.day,
                refused: sum.calls,
                ..DayUse::default()
            };
            self.add(sum.consumer, refused);
        }
        Ok(())
    }

    /// Asks the finer grains when on its last day a consumer used each; only days of which they are kept.
    async fn tell_exactly(
        &mut self,
        tx: &mut Tx,
        uses: &Uses,
        concern: &Concern<'_>,
    ) -> Result<(), StoreError> {
        let last_days: HashMap<ConsumerId, (Option<i64>, Option<i64>)> = self
            .consumers
            .iter()
            .map(|(id, one)| (*id, (one.last(|day| day.old), one.last(|day| day.new))))
            .collect();
        let kept = store::retention::kept(tx).await?;
        for part in parts(uses, kept.minute, kept.hour) {
            let operations = concern.all_operations();
            let scope = concern.scope(uses, &operations);
            let old = latest(tx, part.grain, scope, old_contracts(uses), part.range).await?;
            for found in old {
                let Some(one) = self.consumers.get_mut(&found.consumer) else {
                    continue;
                };
                let counts = concern.is_whole
                    || concern.unshown.contains(&found.consumer)
                    || concern.operations.binary_search(&found.operation).is_ok()
                    || (one.touched_day == part.day && one.touched.contains(&found.operation));
                if counts && last_days[&found.consumer].0 == Some(part.day) {
                    one.old_at = one.old_at.max(Some(part.at(&found)));
                }
            }
            let Some(new) = uses.new_contract else {
                continue;
            };
            let scope = Scope::Surface(uses.surface);
            for found in latest(tx, part.grain, scope, Under::Only(new), part.range).await? {
                if let Some(one) = self.consumers.get_mut(&found.consumer)
                    && last_days[&found.consumer].1 == Some(part.day)
                {
                    one.new_at = one.new_at.max(Some(part.at(&found)));
                }
            }
        }
        Ok(())
    }
}

fn old_day(day: i64, old: u64) -> DayUse {
    DayUse {
        day,
        old,
        ..DayUse::default()
    }
}

const fn old_contracts(uses: &Uses) -> Under {
    match uses.new_contract {
        Some(new) => Under::AnyBut(new),
        None => Under::Any,
    }
}

/// One day as a finer grain has it.
struct Part {
    day: i64,
    grain: Grain,
    /// Periods of the grain, half open.
    range: (i64, i64),
}

impl Part {
    fn at(&self, found: &Latest) -> Micros {
        let seconds = match self.grain {
            Grain::Minute => 60,
            Grain::Hour => 3_600,
            Grain::Day => 86_400,
        };
        Micros(found.period.saturating_mul(seconds * Micros::PER_SECOND))
    }
}

/// Days of which minutes are asked for: retention keeps two by default, and three are touched by them.
const MINUTE_DAYS: i64 = 3;

/// Hours of the day of the sunset and of the day that has lost some of its minutes; then minutes of the last days.
fn parts(uses: &Uses, minute_first: i64, hour_first: i64) -> Vec<Part> {
    let today = uses.now.day();
    let minute_from = minute_first.max((today + 1 - MINUTE_DAYS) * 1_440);
    let hours: BTreeSet<i64> = [
        uses.sunset_at.map(Micros::day),
        Some(minute_from.div_euclid(1_440)),
    ]
    .into_iter()
    .flatten()
    .filter(|day| *day <= today && *day * 24 >= hour_first)
    .collect();
    let hours = hours.into_iter().map(|day| Part {
        day,
        grain: Grain::Hour,
        range: (day * 24, (day + 1) * 24),
    });
    let minutes = (minute_from.div_euclid(1_440)..=today).map(|day| Part {
        day,
        grain: Grain::Minute,
        range: ((day * 1_440).max(minute_from), (day + 1) * 1_440),
    });
    hours.chain(minutes).collect()
}
