//! Changes joined with what consumers were seen to use, over one window of whole days.

use std::collections::{BTreeMap, BTreeSet};

use adoption::rollout::{
    ConsumerImpact, Evidence, Found, Gap, Impact, ItemVerdict, Rhythm, Touch, Verdict, day,
    share_ppm, window_gaps,
};
use adoption::{ClientClass, ConsumerId, ConsumerKind, ContractId, Micros, OperationId, SurfaceId};
use contract::leaves::{self, Certainty, Condition, Touched};
use store::consumer::ConsumerRow;

use super::gather::{CallSum, Counted, Gathered, Observed, Volume, Window, operation_of};

/// Which consumer breaks by which change, and how heavily. `ids` name the changes of `touched`, one each. Tens of
/// thousands of consumers take it long enough to keep others waiting: it belongs on a thread that may block.
pub(super) fn impact(
    gathered: &Gathered,
    surface: SurfaceId,
    window: &Window,
    ids: &[String],
    touched: &[&Touched],
) -> Impact {
    let operations = touched
        .iter()
        .map(|touched| operation_of(surface, touched))
        .collect();
    let volume = &gathered.volume;
    let joined = Joined {
        operations,
        window,
        ids,
        touched,
        volume,
        counted: &gathered.counted,
        gaps: &gathered.gaps,
    };
    let (rows, cycles) = (&gathered.known.rows, &gathered.known.cycles);
    let consumers = volume
        .calls
        .keys()
        .map(|consumer| joined.consumer(*consumer, rows.get(consumer), cycles.get(consumer)))
        .collect();
    Impact {
        from: day::plus_days(day::date_of(Micros(0)), window.from),
        until: day::plus_days(day::date_of(Micros(0)), window.until),
        volume_calls: volume.total,
        consumers,
        cut_over_days: Vec::new(),
    }
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
    /// Of each change; `None` for one of the whole surface, or of no call.
    operations: Vec<Option<OperationId>>,
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
        let operations: BTreeSet<OperationId> = self.operations.iter().flatten().copied().collect();
        let is_of_all = self
            .touched
            .iter()
            .any(|touched| touched.operation.is_none());
        let own = operations.iter().filter_map(|id| self.counted.get(id));
        let own = own.filter_map(|counted| counted.calls.get(&consumer));
        let sums: Vec<&CallSum> = own.collect();
        let days: Vec<i64> = sums.iter().flat_map(|sum| &sum.days).copied().collect();
        let rhythm = Rhythm::of(&days);
        let whole = self.volume.calls.get(&consumer).copied().unwrap_or(0);
        let calls = match is_of_all {
            true => whole,
            false => sums.iter().map(|sum| sum.calls).sum(),
        };
        let verdicts = (0..self.touched.len()).filter_map(|at| self.verdict(consumer, at));
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
            first_seen: days.iter().min().map(|day| instant(*day)),
            last_seen: days.iter().max().map(|day| instant(*day)),
            rhythm,
            release_cycle_days: cycle.copied(),
            verdicts: verdicts.collect(),
        }
    }

    /// `None` where the consumer never called what the change touches, or was never let through.
    fn verdict(&self, consumer: ConsumerId, at: usize) -> Option<ItemVerdict> {
        let touched = self.touched[at];
        let counted = self.operations[at].and_then(|id| self.counted.get(&id));
        let sum = counted.and_then(|counted| counted.calls.get(&consumer));
        let is_no_call = matches!(touched.evidence, leaves::Evidence::NoCall);
        let calls = match touched.operation {
            Some(_) if !is_no_call => sum.filter(|sum| sum.calls > sum.ours)?.calls,
            _ => self.volume.calls.get(&consumer).copied()?,
        };
        let mut gaps = self.gaps_of(consumer, counted);
        let (found, is_read) = match &touched.evidence {
            leaves::Evidence::AnyCall(_) => {
                let evidence = Evidence {
                    calls,
                    gaps: gaps.clone(),
                    ..Evidence::default()
                };
                (evidence.verdict(touch_of(touched), &WIRE), true)
            }
            leaves::Evidence::NoCall => {
                gaps.push(Gap::NotObserved);
                let evidence = Evidence {
                    gaps: gaps.clone(),
                    ..Evidence::default()
                };
                (evidence.verdict(Touch::Unobserved, &WIRE), true)
            }
            leaves::Evidence::Calls(conditions) => {
                let seen = Seen {
                    observed: &counted?.observed,
                    consumer,
                    calls,
                    gaps: &gaps,
                };
                let each = conditions
                    .iter()
                    .map(|condition| seen.of_condition(condition));
                each.reduce(worse)?
            }
        };
        if !is_read {
            gaps.push(Gap::NotParsed);
        }
        if found.verdict == Verdict::UnaffectedProven {
            gaps.clear();
        }
        Some(ItemVerdict {
            item: self.ids[at].clone(),
            verdict: found.verdict,
            grade: found.grade,
            calls: found.calls,
            share_ppm: share_ppm(found.calls, self.volume.total),
            first_seen: sum
                .and_then(|sum| sum.days.first())
                .map(|day| instant(*day)),
            last_seen: sum.and_then(|sum| sum.days.last()).map(|day| instant(*day)),
            gaps,
        })
    }

    /// What may have been missed of one consumer. The window is as long as anything is known of the operation: the days
    /// before the first call of anybody prove nothing.
    fn gaps_of(&self, consumer: ConsumerId, counted: Option<&Counted>) -> Vec<Gap> {
        let mut gaps = self.gaps.to_vec();
        let sum = counted.and_then(|counted| counted.calls.get(&consumer));
        let rhythm = Rhythm::of(sum.map_or(&[], |sum| sum.days.as_slice()));
        let first = counted.and_then(|counted| counted.day_first);
        let from = first.unwrap_or(self.window.until).max(self.window.from);
        let known = Window {
            from,
            until: self.window.until,
        };
        gaps.extend(window_gaps(known.length_days(), rhythm));
        let is_known = ![ConsumerId::ANONYMOUS, ConsumerId::UNKNOWN].contains(&consumer);
        if is_known && counted.is_some_and(|counted| counted.has_strangers) {
            gaps.push(Gap::Unattributed);
        }
        gaps
    }
}

/// Who breaks beyond the wire is told by the item; here the worst of its conditions counts.
const WIRE: [adoption::rollout::Breaks; 1] = [adoption::rollout::Breaks::Wire];

/// What was seen of one consumer's calls of one operation.
struct Seen<'a> {
    observed: &'a Observed,
    consumer: ConsumerId,
    calls: u64,
    gaps: &'a [Gap],
}

impl Seen<'_> {
    /// What one condition comes to, and whether all calls were read for it. Calls under a contract that had not the leaf
    /// count as not read.
    fn of_condition(&self, condition: &Condition) -> (Found, bool) {
        let needed = match condition {
            Condition::Sends { key, .. } | Condition::Receives { key } => Some(key),
            // A key that no contract has yet is sent by nobody as far as is known; what it stands under decides.
            Condition::Lacks { key, under, .. } => match self.is_known(key) {
                true => Some(key),
                false => under.as_ref(),
            },
        };
        let has = |contract: &ContractId| {
            needed.is_none_or(|leaf| {
                let names = self.observed.names.get(contract);
                names.is_some_and(|names| names.contains(leaf))
            })
        };
        let mut evidence = Evidence {
            calls: self.calls,
            gaps: self.gaps.to_vec(),
            ..Evidence::default()
        };
        let sums = self.observed.sums.get(&self.consumer);
        for sum in sums.into_iter().flatten().filter(|sum| has(&sum.contract)) {
            evidence.sent_observed += sum.sent;
            evidence.delivered_observed += sum.delivered;
        }
        let fields = self.observed.fields.get(&self.consumer);
        let seen = |leaf: &str| -> u64 {
            let own = fields.into_iter().flatten();
            let own = own.filter(|((name, contract), _)| name == leaf && has(contract));
            own.map(|(_, calls)| calls).sum()
        };
        match condition {
            Condition::Sends { key, .. } => evidence.sent = seen(key),
            Condition::Receives { key } => evidence.delivered = seen(key),
            // Whoever has the key has what it stands under: calls without either lack nothing.
            Condition::Lacks { key, under, .. } => {
                let under = under.as_deref().map_or(evidence.sent_observed, &seen);
                let lacking = under.min(evidence.sent_observed).saturating_sub(seen(key));
                evidence.sent = evidence.sent_observed.saturating_sub(lacking);
            }
        }
        let touch = touch_of_condition(condition);
        let mut found = evidence.verdict(touch, &WIRE);
        let may_only = matches!(
            condition,
            Condition::Lacks {
                certainty: Certainty::MayBreak,
                ..
            }
        );
        if may_only {
            found.verdict = found.verdict.min(Verdict::Likely);
        }
        let is_read = match condition {
            Condition::Receives { .. } => evidence.delivered_observed >= self.calls,
            _ => evidence.sent_observed >= self.calls,
        };
        (found, is_read)
    }

    fn is_known(&self, leaf: &str) -> bool {
        let mut all = self.observed.names.values();
        all.any(|names| names.contains(leaf))
    }
}

/// The worse of two; read only where both were.
fn worse(
    (one, is_one_read): (Found, bool),
    (other, is_other_read): (Found, bool),
) -> (Found, bool) {
    let is_read = is_one_read && is_other_read;
    match (other.verdict, other.calls) > (one.verdict, one.calls) {
        true => (other, is_read),
        false => (one, is_read),
    }
}

fn instant(day: i64) -> Micros {
    Micros(day.saturating_mul(day::DAY_US))
}

pub(super) fn reserved_name(consumer: ConsumerId) -> String {
    match consumer {
        ConsumerId::ANONYMOUS => "(anonymous)".to_owned(),
        ConsumerId::UNKNOWN => "(unknown)".to_owned(),
        other => other.to_string(),
    }
}
