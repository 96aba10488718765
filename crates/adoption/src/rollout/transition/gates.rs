//! What must be known before a step: the bar, the exit of the beta, the brownouts, that nobody uses the old.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::brownouts;
use crate::clock::Micros;
use crate::ids::ConsumerId;
use crate::rollout::bar::judge::judge;
use crate::rollout::bar::{Covers, Override};
use crate::rollout::day::{date_of, plus_days};
use crate::rollout::event::{Facts, Live};
use crate::rollout::impact::ConsumerImpact;
use crate::rollout::plan::ExitRule;
use crate::rollout::refusal::{InUse, Refusal};
use crate::rollout::rhythm::UNKNOWN_DAYS;
use crate::rollout::state::{Phase, Rollout};

/// The overrides that were needed to pass; empty when it passed by itself.
pub type Passed = Vec<Override>;

/// A beta needs something to try, and someone who is concerned to try it.
pub fn into_beta(rollout: &Rollout, facts: &Facts<'_>) -> Result<Passed, Refusal> {
    let mut missing = Vec::new();
    if rollout.plan.items.is_empty() {
        missing.push("no items".to_owned());
    }
    match &rollout.plan.beta {
        Some(beta) => missing.extend(crate::rollout::bar::cohort_defects(beta, facts.impact)),
        None => missing.push("no beta".to_owned()),
    }
    if missing.is_empty() {
        Ok(Vec::new())
    } else {
        Err(Refusal::Incomplete { missing })
    }
}

/// The public hears of it only after the beta has ended, and when the bar lets the plan pass.
pub fn into_public(rollout: &Rollout, facts: &Facts<'_>, now: Micros) -> Result<Passed, Refusal> {
    let mut passed = match beta_open(rollout, facts, now) {
        Some(evidence) => {
            stand_for(rollout, Covers::BetaExit, now).ok_or(Refusal::BetaUnfinished { evidence })?
        }
        None => Vec::new(),
    };
    let bar = judge(&rollout.plan, facts.impact, now, None);
    if !bar.passes() {
        return Err(Refusal::Bar { bar: Box::new(bar) });
    }
    let weak = bar
        .judgements
        .into_iter()
        .filter(|j| j.strength < crate::rollout::bar::Strength::Strong);
    passed.extend(weak.flat_map(|judgement| judgement.overrides));
    Ok(passed)
}

/// Every brownout has run to its end.
pub fn into_sunset(rollout: &Rollout, now: Micros) -> Result<Passed, Refusal> {
    let left = brownouts::unfinished(rollout);
    if left.is_empty() {
        return Ok(Vec::new());
    }
    stand_for(rollout, Covers::BrownoutsUnfinished, now)
        .ok_or(Refusal::BrownoutsUnfinished { left })
}

/// Nothing of the old succeeds any more.
pub fn into_removal(rollout: &Rollout, facts: &Facts<'_>, now: Micros) -> Result<Passed, Refusal> {
    let impact = facts
        .impact
        .consumers
        .iter()
        .map(|c| (c.consumer, c))
        .collect();
    let mut in_use: Vec<_> = facts
        .live
        .iter()
        .filter_map(|live| still_used(rollout, &impact, live, now))
        .collect();
    if in_use.is_empty() {
        return Ok(Vec::new());
    }
    in_use.sort_by_key(|use_| (Reverse(use_.last_success), use_.consumer));
    stand_for(rollout, Covers::RemovalInUse, now).ok_or(Refusal::InUse { in_use })
}

/// Why the beta is still open; `None` when its exit rule holds.
fn beta_open(rollout: &Rollout, facts: &Facts<'_>, now: Micros) -> Option<String> {
    let beta = rollout.plan.beta.as_ref()?;
    match beta.exit {
        ExitRule::CutOver { consumers } => {
            let days = rollout.plan.policy.cut_over_days;
            let in_cohort = |id: &ConsumerId| beta.cohort.contains(id);
            let moved = facts
                .live
                .iter()
                .filter(|live| in_cohort(&live.consumer) && live.has_cut_over(days, now));
            let moved = moved.count();
            (moved < consumers as usize)
                .then(|| format!("{moved} of {consumers} consumers of the cohort have cut over"))
        }
        ExitRule::FrictionClosed => {
            let open = rollout
                .friction
                .iter()
                .filter(|f| f.resolution.is_none())
                .count();
            if open > 0 {
                return Some(format!("{open} friction entries are open"));
            }
            let untried = rollout.opted_in.is_empty() && !beta.cohort.is_empty();
            untried.then(|| "nobody of the cohort has opted in".to_owned())
        }
    }
}

type ById<'a> = BTreeMap<ConsumerId, &'a ConsumerImpact>;

/// Whether `live` holds back the removal. A success before the sunset of a consumer who is refused since then does
/// not; that of a consumer whose bridge stayed does, for as long as its own rhythm explains the silence.
fn still_used(rollout: &Rollout, impact: &ById<'_>, live: &Live, now: Micros) -> Option<InUse> {
    let last_success = live.old_success?;
    let consumer = impact.get(&live.consumer).copied();
    let refused_since = rollout.entered.get(&Phase::Sunset).copied();
    let refused = refused_since.is_some_and(|since| last_success < since);
    if refused && !keeps_bridge(rollout, consumer) {
        return None;
    }
    let explained = consumer.map_or(UNKNOWN_DAYS, |c| c.rhythm.explained_days());
    let days = explained.max(rollout.plan.policy.removal_quiet_days);
    let quiet_on = plus_days(date_of(last_success), i64::from(days) + 1);
    (date_of(now) < quiet_on).then_some(InUse {
        consumer: live.consumer,
        last_success,
        quiet_on,
    })
}

fn keeps_bridge(rollout: &Rollout, consumer: Option<&ConsumerImpact>) -> bool {
    let stays = &rollout.plan.sunset.bridge_stays_for;
    match consumer {
        Some(consumer) => consumer
            .commitments()
            .any(|name| stays.iter().any(|stay| stay == name)),
        // Of whom nothing is known the worse is assumed.
        None => !stays.is_empty(),
    }
}

/// The overrides of `covers` that count today; `None` when there is none.
fn stand_for(rollout: &Rollout, covers: Covers, now: Micros) -> Option<Passed> {
    let today = date_of(now);
    let counting = rollout
        .plan
        .overrides
        .iter()
        .filter(|o| o.dimension == covers && o.counts(today));
    let counting: Vec<_> = counting.cloned().collect();
    (!counting.is_empty()).then_some(counting)
}
