//! The bar's timeline: the window obeys its law, freezes included, and leads up to the sunset by brownouts.

use jiff::civil::Date;

use super::finding::Finding;
use super::{Edit, Fix, Place, Strength, quoted};
use crate::clock::Micros;
use crate::rollout::brownout::NoRoom;
use crate::rollout::impact::Impact;
use crate::rollout::law::Law;
use crate::rollout::plan::{BrownoutRules, Plan};
use crate::rollout::window::DateName;

/// `strong` is the plan made strong, or why no window is lawful.
pub fn find(
    plan: &Plan,
    strong: Result<&Plan, &NoRoom>,
    impact: &Impact,
    now: Micros,
    announced: Option<Date>,
) -> Finding {
    let strong = match strong {
        Ok(strong) => strong,
        Err(no_room) => return without_room(no_room),
    };
    let Some(window) = &plan.window else {
        let reason = "no window: nobody knows when to have moved".to_owned();
        let fix = dates_fix(
            plan,
            strong,
            "the earliest dates that every reason allows; later ones are free",
        );
        return Finding::of(Strength::Missing, vec![(reason, fix)]);
    };
    let mut defects = Vec::new();
    if let Some(defect) = plan.brownouts.defect() {
        defects.push((defect, brownouts_fix(&strong.brownouts)));
    }
    match Law::new(plan, impact, now, announced).breaches(window) {
        Ok(breaches) => defects.extend(breaches.iter().map(|breach| {
            let text = "the earliest dates that every reason allows, with the dates that follow";
            (breach.to_string(), dates_fix(plan, strong, text))
        })),
        Err(no_room) => return without_room(&no_room),
    }
    // The other fixes may lengthen the window, by a beta or a promise that the plan still lacks.
    let lacking = Law::new(strong, impact, now, announced).breaches(window);
    let outgrown = defects.is_empty() && lacking.is_ok_and(|lacking| !lacking.is_empty());
    if outgrown {
        let reason =
            "the window has no room for the beta and the promises that the plan still lacks"
                .to_owned();
        defects.push((
            reason,
            dates_fix(
                plan,
                strong,
                "the earliest dates once they are written down",
            ),
        ));
    }
    Finding::of(Strength::Weak, defects)
}

fn without_room(no_room: &NoRoom) -> Finding {
    let fix = Fix {
        text: "shorten or drop a `[[freezes]]`: no window can be lawful beside them".to_owned(),
        edits: Vec::new(),
    };
    Finding::of(Strength::Weak, vec![(no_room.to_string(), fix)])
}

fn brownouts_fix(rules: &BrownoutRules) -> Fix {
    let place = || Place::Table("brownouts".to_owned());
    Fix {
        text:
            "each stage is longer than the one before, so that a consumer meets a short one first"
                .to_owned(),
        edits: vec![
            Edit {
                place: place(),
                key: "stages_minutes",
                value: format!("{:?}", rules.stages_minutes),
            },
            Edit {
                place: place(),
                key: "hour",
                value: rules.hour.to_string(),
            },
        ],
    }
}

/// Every date in which `strong` differs from `plan`.
fn dates_fix(plan: &Plan, strong: &Plan, text: &str) -> Fix {
    let target = strong
        .window
        .as_ref()
        .expect("a strengthened plan has a window");
    let differs = |name: &DateName| {
        let old = plan.window.as_ref().map(|window| window.get(*name).date);
        old != Some(target.get(*name).date)
    };
    let edit = |name: DateName| Edit {
        place: Place::Table(format!("window.{}", name.as_str())),
        key: "date",
        value: quoted(&target.get(name).date.to_string()),
    };
    Fix {
        text: text.to_owned(),
        edits: DateName::ALL
            .into_iter()
            .filter(differs)
            .map(edit)
            .collect(),
    }
}
