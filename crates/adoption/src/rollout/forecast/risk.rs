//! Who is at risk of still calling the old version at the sunset, and the plain reasons beside the probability.

use serde::{Deserialize, Serialize};

use super::course::{ConsumerCourse, Course};
use super::standing::{Silences, Standing};
use super::trail::decile;
use crate::ids::ConsumerId;

/// The list is cut where it holds this part of all consumers that are expected to be late.
pub const RECALL_AIMED: f64 = 0.95;
/// Whoever is likelier late than in time is on the list in any case.
const LIKELY: f64 = 0.5;

/// A plain fact about a consumer that speaks against its being in time. A rule states it, no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Reason {
    /// It has not called the new version once.
    NoTestCall,
    /// It is silent, but has been so for longer before: this proves nothing yet.
    SilentWithinRhythm { days: u32, explained_days: u32 },
    /// It releases more seldom than the days that are left.
    ReleaseCycleTooLong { cycle_days: u32, days_left: u32 },
    /// It is among the tenth with the most calls.
    HighVolume { calls_before: u64 },
    /// It had cut over and came back.
    CameBack { times: u32 },
}

/// One consumer that is not cut over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    pub consumer: ConsumerId,
    /// The probability that it is not cut over at the sunset.
    pub late: f64,
    pub standing: Standing,
    pub calls_before: u64,
    /// Whether it is on the at-risk list.
    pub at_risk: bool,
    /// In the order of `Reason`; empty when no rule speaks against it.
    pub reasons: Vec<Reason>,
}

/// Every consumer that is not proven to have cut over: those at risk first, then by the volume expected to be late (all by
/// probability where nobody had called), then by id. `late` is in the order of the course's consumers.
pub fn risks(course: &Course, late: &[f64]) -> Vec<Risk> {
    let mut volumes: Vec<u64> = course
        .consumers()
        .iter()
        .map(|one| one.traits.calls_before)
        .collect();
    volumes.sort_unstable();
    let mut risks: Vec<Risk> = course
        .consumers()
        .iter()
        .zip(late)
        .filter_map(|(one, late)| risk(course, one, *late, &volumes))
        .collect();
    mark_at_risk(&mut risks);
    risks.sort_by(|a, b| {
        let lost = |risk: &Risk| risk.late * risk.calls_before as f64;
        b.at_risk
            .cmp(&a.at_risk)
            .then(lost(b).total_cmp(&lost(a)))
            .then(b.late.total_cmp(&a.late))
            .then(a.consumer.cmp(&b.consumer))
    });
    risks
}

fn risk(course: &Course, one: &ConsumerCourse, late: f64, volumes: &[u64]) -> Option<Risk> {
    let standing = Silences::of(course, one).standing(course.today());
    (!matches!(standing, Standing::CutOver { .. })).then(|| Risk {
        consumer: one.consumer,
        late,
        standing,
        calls_before: one.traits.calls_before,
        at_risk: false,
        reasons: reasons(course, one, standing, volumes),
    })
}

fn mark_at_risk(risks: &mut [Risk]) {
    risks.sort_by(|a, b| b.late.total_cmp(&a.late).then(a.consumer.cmp(&b.consumer)));
    let expected: f64 = risks.iter().map(|risk| risk.late).sum();
    let mut listed = 0.0;
    for risk in risks {
        risk.at_risk = risk.late >= LIKELY || listed < RECALL_AIMED * expected;
        listed += risk.late;
    }
}

fn reasons(
    course: &Course,
    one: &ConsumerCourse,
    standing: Standing,
    volumes: &[u64],
) -> Vec<Reason> {
    let days_left = u32::try_from(course.sunset() - course.today()).unwrap_or(0);
    let mut reasons = Vec::new();
    if one.tested_on.is_none() {
        reasons.push(Reason::NoTestCall);
    }
    if let Standing::Silent { days, .. } = standing {
        reasons.push(Reason::SilentWithinRhythm {
            days,
            explained_days: one.explained_days.max(one.rhythm_days).max(1),
        });
    }
    let cycle = one.traits.release_cycle_days;
    if let Some(cycle_days) = cycle.filter(|cycle| *cycle > days_left) {
        reasons.push(Reason::ReleaseCycleTooLong {
            cycle_days,
            days_left,
        });
    }
    if decile(volumes, one.traits.calls_before) == 10 {
        reasons.push(Reason::HighVolume {
            calls_before: one.traits.calls_before,
        });
    }
    let times = Silences::of(course, one).comebacks().len() as u32;
    if times > 0 {
        reasons.push(Reason::CameBack { times });
    }
    reasons
}
