//! Changes joined with what consumers were seen to use, over one window of whole days.

use std::collections::{BTreeMap, BTreeSet};

use adoption::rollout::{
    ConsumerImpact, Evidence, Found, Gap, Impact, ItemVerdict, Rhythm, Seen, Touch, Verdict, day,
    release_cycle_days, share_ppm, window_gaps,
};
use adoption::{ClientClass, ConsumerId, ConsumerKind, Micros, OperationId, SurfaceId};
use contract::leaves::{self, Certainty, Condition, Touched};
use store::consumer::ConsumerRow;
use store::field::ObservedSum;
use store::impact::CallSum;
use store::{StoreError, Tx};

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

    const fn days(&self) -> (i64, i64) {
        (self.from, self.until)
    }

    fn length_days(&self) -> u32 {
        u32::try_from(self.until - self.from).unwrap_or(0)
    }
}

/// What was counted of one operation, by consumer.
#[derive(Default)]
struct Counted {
    calls: BTreeMap<ConsumerId, CallSum>,
    observed: BTreeMap<ConsumerId, ObservedSum>,
    /// Calls with a leaf, by consumer and name.
    fields: BTreeMap<ConsumerId, BTreeMap<String, u64>>,
    days: BTreeMap<ConsumerId, Vec<i64>>,
}

/// The whole surface as one thing that is called.
struct Volume {
    calls: BTreeMap<ConsumerId, u64>,
    client: BTreeMap<ConsumerId, ClientClass>,
    total: u64,
}

/// Which consumer breaks by which change, and how heavily. `ids` name the changes of `touched`, one each.
pub(super) async fn impact(
    tx: &mut Tx,
    surface: SurfaceId,
    window: &Window,
    ids: &[String],
    touched: &[&Touched],
    is_journal_damaged: bool,
) -> Result<Impact, StoreError> {
    let volume = volume(tx, surface, window).await?;
    let counted = counted(tx, surface, window, touched).await?;
    let cycles = release_cycles(tx, surface).await?;
    let kept = store::retention::kept(tx).await?;
    let mut gaps = Vec::new();
    if kept.day > window.from {
        gaps.push(Gap::Retention);
    }
    if is_journal_damaged {
        gaps.push(Gap::Journal);
    }
    let rows = consumers(tx).await?;

    let joined = Joined {
        surface,
        window,
        ids,
        touched,
        volume: &volume,
        counted: &counted,
        gaps: &gaps,
    };
    let consumers = volume
        .calls
        .keys()
        .map(|consumer| joined.consumer(*consumer, rows.get(consumer), cycles.get(consumer)))
        .collect();
    Ok(Impact {
        from: day::plus_days(day::date_of(Micros(0)), window.from),
        until: day::plus_days(day::date_of(Micros(0)), window.until),
        volume_calls: volume.total,
        consumers,
        cut_over_days: Vec::new(),
    })
}

/// What use of the subject a change breaks; of several conditions, the one that proves most.
pub(super) fn touch_of(touched: &Touched) -> Touch {
    match &touched.evidence {
        leaves::Evidence::AnyCall(Certainty::Breaks) => Touch::Any,
        leaves::Evidence::AnyCall(Certainty::MayBreak) | leaves::Evidence::NoCall => {
            Touch::Unobserved
        }
        leaves::Evidence::Calls(conditions) => {
            let touches = conditions.iter().map(touch_of_condition);
            touches.min().unwrap_or(Touch::Unobserved)
        }
    }
}

const fn touch_of_condition(condition: &Condition) -> Touch {
    match condition {
        Condition::Sends {
            certainty: Certainty::Breaks,
            ..
        } => Touch::Sent,
        Condition::Sends { .. } => Touch::SentSome,
        Condition::Lacks { .. } => Touch::Omitted,
        Condition::Receives { .. } => Touch::Received,
    }
}

struct Joined<'a> {
    surface: SurfaceId,
    window: &'a Window,
    ids: &'a [String],
    touched: &'a [&'a Touched],
    volume: &'a Volume,
    counted: &'a BTreeMap<OperationId, Counted>,
    /// What was missed of everybody.
    gaps: &'a [Gap],
}

impl Joined<'_> {
    fn consumer(
        &self,
        consumer: ConsumerId,
        row: Option<&ConsumerRow>,
        cycle: Option<&u32>,
    ) -> ConsumerImpact {
        let operations: BTreeSet<OperationId> = self
            .touched
            .iter()
            .filter_map(|touched| self.operation(touched))
            .collect();
        let is_of_all = self
            .touched
            .iter()
            .any(|touched| touched.operation.is_none());
        let own = operations.iter().filter_map(|id| self.counted.get(id));
        let sums: Vec<&CallSum> = own
            .clone()
            .filter_map(|counted| counted.calls.get(&consumer))
            .collect();
        let days: Vec<i64> = own
            .filter_map(|counted| counted.days.get(&consumer))
            .flatten()
            .copied()
            .collect();
        let rhythm = Rhythm::of(&days);
        let whole = self.volume.calls.get(&consumer).copied().unwrap_or(0);
        let calls = match is_of_all {
            true => whole,
            false => sums.iter().map(|sum| sum.calls).sum(),
        };
        let mut gaps = self.gaps.to_vec();
        gaps.extend(window_gaps(self.window.length_days(), rhythm));
        let verdicts = self.touched.iter().zip(self.ids);
        ConsumerImpact {
            consumer,
            name: row.map_or_else(|| reserved_name(consumer), |row| row.name.clone()),
            kind: row.map_or(ConsumerKind::Developer, |row| row.kind),
            client: self
                .volume
                .client
                .get(&consumer)
                .copied()
                .unwrap_or(ClientClass::Unknown),
            plan: row.and_then(|row| row.plan.clone()),
            sla: row.and_then(|row| row.sla.clone()),
            calls,
            share_ppm: share_ppm(calls, self.volume.total),
            first_seen: sums.iter().map(|sum| instant(sum.day_first)).min(),
            last_seen: sums.iter().map(|sum| instant(sum.day_last)).max(),
            rhythm,
            release_cycle_days: cycle.copied(),
            verdicts: verdicts
                .filter_map(|(touched, id)| self.verdict(consumer, touched, id, &gaps))
                .collect(),
        }
    }

    /// `None` where the consumer never called what the change touches, or never with success.
    fn verdict(
        &self,
        consumer: ConsumerId,
        touched: &Touched,
        id: &str,
        gaps: &[Gap],
    ) -> Option<ItemVerdict> {
        let operation = self.operation(touched);
        let counted = operation.and_then(|id| self.counted.get(&id));
        let sum = counted.and_then(|counted| counted.calls.get(&consumer));
        let calls = match touched.operation {
            // What never succeeded cannot be broken.
            Some(_) => sum.filter(|sum| sum.succeeded > 0)?.calls,
            None => self.volume.calls.get(&consumer).copied()?,
        };
        let observed = counted.and_then(|counted| counted.observed.get(&consumer));
        let fields = counted.and_then(|counted| counted.fields.get(&consumer));
        let base = Evidence {
            calls,
            sent_observed: observed.map_or(0, |seen| seen.sent),
            delivered_observed: observed.map_or(0, |seen| seen.delivered),
            gaps: gaps.to_vec(),
            ..Evidence::default()
        };
        let seen = |leaf: &str| {
            fields
                .and_then(|known| known.get(leaf))
                .copied()
                .unwrap_or(0)
        };
        // Who breaks beyond the wire is told by the item; here the worst of its conditions counts.
        let wire = [adoption::rollout::Breaks::Wire];
        let found = match &touched.evidence {
            leaves::Evidence::AnyCall(_) => base.verdict(touch_of(touched), &wire),
            leaves::Evidence::NoCall => {
                let mut evidence = base;
                evidence.calls = 0;
                evidence.gaps.push(Gap::NotObserved);
                evidence.verdict(Touch::Unobserved, &wire)
            }
            leaves::Evidence::Calls(conditions) => {
                let each = conditions
                    .iter()
                    .map(|condition| of_condition(&base, condition, seen));
                each.reduce(worse)?
            }
        };
        let gaps = match found.verdict {
            Verdict::UnaffectedProven => Vec::new(),
            _ => gaps.to_vec(),
        };
        Some(ItemVerdict {
            item: id.to_owned(),
            verdict: found.verdict,
            grade: found.grade,
            calls: found.calls,
            share_ppm: share_ppm(found.calls, self.volume.total),
            first_seen: sum.map(|sum| instant(sum.day_first)),
            last_seen: sum.map(|sum| instant(sum.day_last)),
            gaps,
        })
    }

    fn operation(&self, touched: &Touched) -> Option<OperationId> {
        let operation = touched.operation.as_ref()?;
        Some(OperationId::of(
            self.surface,
            &operation.method,
            &operation.path,
        ))
    }
}

fn of_condition(base: &Evidence, condition: &Condition, seen: impl Fn(&str) -> u64) -> Found {
    let mut evidence = base.clone();
    match condition {
        Condition::Sends { key, .. } => evidence.sent = seen(key),
        Condition::Receives { key } => evidence.delivered = seen(key),
        // Whoever has the key has what it stands under: calls without either lack nothing.
        Condition::Lacks { key, under, .. } => {
            let under = under
                .as_deref()
                .map_or(evidence.sent_observed, &seen)
                .min(evidence.sent_observed);
            let lacking = under.saturating_sub(seen(key));
            evidence.sent = evidence.sent_observed.saturating_sub(lacking);
        }
    }
    evidence.verdict(
        touch_of_condition(condition),
        &[adoption::rollout::Breaks::Wire],
    )
}

fn worse(one: Found, other: Found) -> Found {
    match (other.verdict, other.calls) > (one.verdict, one.calls) {
        true => other,
        false => one,
    }
}

fn instant(day: i64) -> Micros {
    Micros(day.saturating_mul(day::DAY_US))
}

fn reserved_name(consumer: ConsumerId) -> String {
    match consumer {
        ConsumerId::ANONYMOUS => "(anonymous)".to_owned(),
        ConsumerId::UNKNOWN => "(unknown)".to_owned(),
        other => other.to_string(),
    }
}

async fn volume(tx: &mut Tx, surface: SurfaceId, window: &Window) -> Result<Volume, StoreError> {
    let mut volume = Volume {
        calls: BTreeMap::new(),
        client: BTreeMap::new(),
        total: 0,
    };
    let mut most: BTreeMap<ConsumerId, u64> = BTreeMap::new();
    for (consumer, class, calls) in store::impact::volume(tx, surface, window.days()).await? {
        volume.total += calls;
        *volume.calls.entry(consumer).or_default() += calls;
        let known = most.entry(consumer).or_default();
        if calls > *known {
            *known = calls;
            volume.client.insert(consumer, class);
        }
    }
    Ok(volume)
}

async fn counted(
    tx: &mut Tx,
    surface: SurfaceId,
    window: &Window,
    touched: &[&Touched],
) -> Result<BTreeMap<OperationId, Counted>, StoreError> {
    let mut leaves_of: BTreeMap<OperationId, BTreeSet<String>> = BTreeMap::new();
    for touched in touched {
        let Some(operation) = &touched.operation else {
            continue;
        };
        let id = OperationId::of(surface, &operation.method, &operation.path);
        let names = leaves_of.entry(id).or_default();
        if let leaves::Evidence::Calls(conditions) = &touched.evidence {
            names.extend(conditions.iter().flat_map(names_of));
        }
    }
    let days = window.days();
    let mut all = BTreeMap::new();
    for (operation, names) in leaves_of {
        let mut counted = Counted::default();
        for sum in store::impact::calls(tx, operation, days).await? {
            counted.calls.insert(sum.consumer, sum);
        }
        for (consumer, day) in store::impact::active_days(tx, operation, days).await? {
            counted.days.entry(consumer).or_default().push(day);
        }
        if !names.is_empty() {
            for sum in store::field::observed(tx, operation, days).await? {
                counted.observed.insert(sum.consumer, sum);
            }
            let names: Vec<String> = names.into_iter().collect();
            for some in names.chunks(500) {
                for sum in store::field::fields(tx, operation, days, some).await? {
                    let own = counted.fields.entry(sum.consumer).or_default();
                    own.insert(sum.leaf, sum.calls);
                }
            }
        }
        all.insert(operation, counted);
    }
    Ok(all)
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
            let seen: Vec<Seen<'_>> = group
                .iter()
                .map(|one| Seen {
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
