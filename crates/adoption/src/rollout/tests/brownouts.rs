//! The brownout schedule keeps clear of every freeze.

use jiff::civil::date;
use proptest::prelude::*;

use super::sample::{TODAY, freeze, id, impact, now, strong};
use crate::rollout::day::{plus_days, start_of};
use crate::rollout::*;

#[test]
fn one_a_day_stage_by_stage() {
    let impact = impact();
    let mut plan = strong(&impact);
    plan.brownouts.stages_minutes = vec![1, 120];
    plan.freezes.push(freeze(
        FreezeScope::Consumer(id(0)),
        date(2026, 8, 1),
        date(2026, 8, 9),
    ));
    let turns = turns(&plan, &impact, now());
    let laid = lay_out(&plan, &impact, now(), &turns, date(2026, 8, 3)).unwrap();
    let lines: Vec<_> = laid
        .iter()
        .map(|b| {
            let seconds = b.from.seconds() - start_of(date(2026, 8, 3)).seconds();
            let minutes = (b.until.seconds() - b.from.seconds()) / 60;
            format!(
                "day {} hour {}: {} for {minutes} min",
                seconds / 86_400,
                seconds % 86_400 / 3_600,
                b.segment.as_str()
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    day 0 hour 14: internal for 1 min
    day 1 hour 14: long_tail for 1 min
    day 2 hour 14: agents for 1 min
    day 3 hour 14: mid for 1 min
    day 4 hour 14: internal for 120 min
    day 5 hour 14: long_tail for 120 min
    day 6 hour 14: production_scale for 1 min
    day 7 hour 14: agents for 120 min
    day 8 hour 14: mid for 120 min
    day 9 hour 14: production_scale for 120 min
    "#);
}

#[test]
fn freezes_without_an_end_leave_no_room() {
    let impact = impact();
    let mut plan = strong(&impact);
    plan.freezes.push(freeze(
        FreezeScope::Segment(Segment::Agents),
        TODAY,
        jiff::civil::Date::MAX,
    ));
    let turns = turns(&plan, &impact, now());
    let refused = lay_out(&plan, &impact, now(), &turns, TODAY).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "freezes leave no day for stage 1 of segment agents"
    );
}

#[test]
fn the_error_budget_breaks_one_off() {
    let rules = BrownoutRules::default();
    let health = |calls, errors| Health {
        calls,
        errors,
        incident: None,
    };
    assert_eq!(rules.breaks_off(&health(0, 0)), None);
    assert_eq!(rules.breaks_off(&health(1_000, 10)), None);
    insta::assert_snapshot!(rules.breaks_off(&health(1_000, 11)).unwrap(), @"11 of 1000 calls outside the brownout failed, the budget is 10000 in a million");
    let incident = Health {
        incident: Some("card network down".to_owned()),
        ..health(1_000, 0)
    };
    insta::assert_snapshot!(rules.breaks_off(&incident).unwrap(), @"incident: card network down");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_in_a_freeze_never_two_at_once(
        freezes in prop::collection::vec((0i64..200, -3i64..40, 0usize..5), 0..10),
        stages in prop::collection::vec(1u32..=1_440, 1..6),
        hour in 0u8..24,
    ) {
        let impact = impact();
        let mut plan = strong(&impact);
        plan.brownouts.stages_minutes = stages;
        plan.brownouts.hour = hour;
        let scopes = [FreezeScope::All, FreezeScope::Segment(Segment::Mid), FreezeScope::Segment(Segment::ProductionScale), FreezeScope::Consumer(id(0)), FreezeScope::Consumer(id(7))];
        for (start, days, scope) in freezes {
            let from = plus_days(TODAY, start);
            plan.freezes.push(freeze(scopes[scope], from, plus_days(from, days)));
        }
        let turns = turns(&plan, &impact, now());
        let laid = lay_out(&plan, &impact, now(), &turns, TODAY).unwrap();
        prop_assert_eq!(laid.len(), turns.len());
        for two in laid.windows(2) {
            prop_assert!(two[0].until <= two[1].from);
        }
        for brownout in &laid {
            prop_assert!(brownout.from < brownout.until);
            for freeze in &plan.freezes {
                let concerns = match freeze.scope {
                    FreezeScope::All => true,
                    FreezeScope::Segment(segment) => segment == brownout.segment,
                    FreezeScope::Consumer(id) => {
                        let one = impact.consumers.iter().find(|c| c.consumer == id).unwrap();
                        plan.segment_of(one, impact.window_days(), now()) == brownout.segment
                    }
                };
                let overlaps = start_of(freeze.from) < brownout.until && brownout.from < start_of(freeze.until) && freeze.from < freeze.until;
                prop_assert!(!(concerns && overlaps), "{:?} {:?}", brownout, freeze);
            }
            let earlier = laid.iter().filter(|b| b.segment == brownout.segment && b.stage < brownout.stage);
            prop_assert!(earlier.clone().all(|b| b.until <= brownout.from));
            prop_assert_eq!(earlier.count() as u32, brownout.stage);
        }
    }
}
