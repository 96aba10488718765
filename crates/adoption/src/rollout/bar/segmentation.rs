//! The bar's segmentation: every concerned consumer is in a segment, by evidence that is long enough.

use super::finding::Finding;
use super::needs::{is_blank, longest_rhythm};
use super::{Edit, Fix, Place, Strength, quoted};
use crate::rollout::impact::Impact;
use crate::rollout::plan::{Plan, Segmentation};
use crate::rollout::segment::Thresholds;

/// `strong` is the plan made strong.
pub fn find(plan: &Plan, strong: &Plan, impact: &Impact) -> Finding {
    let mut defects = Vec::new();
    let below = match &plan.segmentation {
        Some(segmentation) => {
            let thresholds = segmentation.thresholds;
            if thresholds.mid_calls_per_day > thresholds.production_scale_calls_per_day {
                let reason = format!(
                    "mid starts at {} calls a day, above production scale at {}: nobody would be in it",
                    thresholds.mid_calls_per_day, thresholds.production_scale_calls_per_day
                );
                defects.push((reason, thresholds_fix(Thresholds::default())));
            }
            Strength::Weak
        }
        None => {
            let reason = "no segmentation: an agent, a monthly batch and the largest consumer would be told the same".to_owned();
            let thresholds = strong
                .segmentation
                .as_ref()
                .map_or_else(Thresholds::default, |s| s.thresholds);
            defects.push((reason, thresholds_fix(thresholds)));
            Strength::Missing
        }
    };
    let reason_given = plan
        .segmentation
        .as_ref()
        .and_then(|s| s.short_window_reason.as_deref());
    let (window_days, rhythm_days) = (impact.window_days(), longest_rhythm(impact));
    if window_days < rhythm_days && is_blank(reason_given) {
        let reason = format!(
            "evidence covers {window_days} days, the longest rhythm of a concerned consumer is {rhythm_days} days"
        );
        defects.push((reason, short_window_fix(strong.segmentation.as_ref())));
    }
    Finding::of(below, defects)
}

fn thresholds_fix(thresholds: Thresholds) -> Fix {
    let edit = |key, value: u64| Edit {
        place: Place::Table("segmentation.thresholds".to_owned()),
        key,
        value: value.to_string(),
    };
    Fix {
        text: "these bounds put every consumer into exactly one segment; other numbers are free"
            .to_owned(),
        edits: vec![
            edit(
                "production_scale_share_ppm",
                thresholds.production_scale_share_ppm.into(),
            ),
            edit(
                "production_scale_calls_per_day",
                thresholds.production_scale_calls_per_day,
            ),
            edit("mid_calls_per_day", thresholds.mid_calls_per_day),
        ],
    }
}

fn short_window_fix(strong: Option<&Segmentation>) -> Fix {
    let reason = strong
        .and_then(|s| s.short_window_reason.as_deref())
        .unwrap_or("say why it is enough");
    Fix {
        text: "or propose again when the evidence covers it".to_owned(),
        edits: vec![Edit {
            place: Place::Table("segmentation".to_owned()),
            key: "short_window_reason",
            value: quoted(reason),
        }],
    }
}
