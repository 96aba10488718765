//! The bar's commitments: the notice promised to each concerned plan or agreement is stated and kept.

use jiff::civil::Date;

use super::finding::Finding;
use super::needs::promised;
use super::{Edit, Fix, Place, Strength, quoted};
use crate::clock::Micros;
use crate::rollout::day::{date_of, days_between, plus_days};
use crate::rollout::impact::Impact;
use crate::rollout::plan::Plan;

/// `strong` is the plan made strong.
pub fn find(
    plan: &Plan,
    strong: &Plan,
    impact: &Impact,
    now: Micros,
    announced: Option<Date>,
) -> Finding {
    let promised = promised(impact);
    let stated = promised
        .iter()
        .filter(|name| plan.sla.contains_key(**name))
        .count();
    let mut defects = Vec::new();
    for name in &promised {
        match plan.sla.get(*name) {
            None => {
                let days = strong
                    .sla
                    .get(*name)
                    .map_or(plan.policy.floor_days, |c| c.notice_days);
                let reason = format!("the notice period of `{name}` is not stated");
                defects.push((reason, stated_fix(name, days)));
            }
            Some(commitment) => defects.extend(unkept(
                plan,
                strong,
                name,
                commitment.notice_days,
                now,
                announced,
            )),
        }
    }
    let below = if stated == 0 {
        Strength::Missing
    } else {
        Strength::Weak
    };
    Finding::of(below, defects)
}

fn stated_fix(name: &str, days: u32) -> Fix {
    Fix {
        text: "what the agreement says, or the policy's floor where it says nothing".to_owned(),
        edits: vec![Edit {
            place: Place::Table(format!("sla.{}", quoted(name))),
            key: "notice_days",
            value: days.to_string(),
        }],
    }
}

/// What breaks the promise of `days` under `name`; `None` when it is kept.
fn unkept(
    plan: &Plan,
    strong: &Plan,
    name: &str,
    days: u32,
    now: Micros,
    announced: Option<Date>,
) -> Option<(String, Fix)> {
    let sunset_fix = |text: &str| {
        let sunset = strong.window.as_ref().map(|window| window.sunset.date);
        Fix {
            text: text.to_owned(),
            edits: sunset.map_or_else(Vec::new, |date| {
                vec![Edit {
                    place: Place::Table("window.sunset".to_owned()),
                    key: "date",
                    value: quoted(&date.to_string()),
                }]
            }),
        }
    };
    let Some(window) = &plan.window else {
        let reason = format!("`{name}` promises {days} days of notice and no date keeps it");
        return Some((
            reason,
            sunset_fix("the earliest date that keeps every promise"),
        ));
    };
    let told = announced.unwrap_or_else(|| window.announce.date.max(date_of(now)));
    let earliest = plus_days(told, i64::from(days));
    (window.sunset.date < earliest).then(|| {
        let kept = days_between(told, window.sunset.date);
        let reason = format!("`{name}` promises {days} days of notice, the window gives {kept}; {earliest} would keep it");
        (reason, sunset_fix("the earliest date that keeps every promise"))
    })
}
