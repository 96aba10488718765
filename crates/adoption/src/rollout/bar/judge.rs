//! Judges a plan in all five dimensions.

use jiff::civil::Date;

use super::finding::Finding;
use super::strengthen::strengthened;
use super::{Bar, Dimension, Judgement};
use crate::clock::Micros;
use crate::rollout::day::date_of;
use crate::rollout::impact::Impact;
use crate::rollout::plan::Plan;

/// What the bar says of `plan`. `announced` is the day on which the public was told, `None` before.
pub fn judge(plan: &Plan, impact: &Impact, now: Micros, announced: Option<Date>) -> Bar {
    let strong = strengthened(plan, impact, now, announced);
    // Without a lawful window the other fixes are still good: they do not read it.
    let target = strong.as_ref().unwrap_or(plan);
    let finding = |dimension| match dimension {
        Dimension::Timeline => super::timeline::find(plan, strong.as_ref(), impact, now, announced),
        Dimension::Segmentation => super::segmentation::find(plan, target, impact),
        Dimension::MigrationTooling => super::tooling::find(plan),
        Dimension::SlaCommitments => super::sla::find(plan, target, impact, now, announced),
        Dimension::PriorCommunication => super::communication::find(plan, target, impact),
    };
    let today = date_of(now);
    let judgement = |dimension: Dimension| {
        let Finding {
            strength,
            reasons,
            fixes,
        } = finding(dimension);
        let named = plan
            .overrides
            .iter()
            .filter(|o| o.dimension == dimension.covers());
        let (overrides, void) = named.cloned().partition(|o| o.counts(today));
        Judgement {
            dimension,
            strength,
            reasons,
            fixes,
            overrides,
            void,
        }
    };
    Bar {
        judgements: Dimension::ALL.into_iter().map(judgement).collect(),
    }
}
