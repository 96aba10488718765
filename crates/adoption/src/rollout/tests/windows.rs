//! The law of the window.

use jiff::civil::{Date, date};

use super::sample::{TODAY, consumer, freeze, id, impact, now, strong};
use crate::rollout::day::{days_between, plus_days};
use crate::rollout::law::percentile90;
use crate::rollout::*;

fn reasons(milestone: &Milestone) -> String {
    let lines: Vec<_> = milestone
        .reasons
        .iter()
        .map(|r| format!("{}: {}", r.earliest, r.text))
        .collect();
    lines.join("\n")
}

#[test]
fn every_date_tells_why() {
    let impact = impact();
    let mut plan = strong(&impact);
    plan.sla
        .insert("gold".to_owned(), Commitment { notice_days: 200 });
    plan.window = None;
    let window = strengthened(&plan, &impact, now(), None)
        .unwrap()
        .window
        .unwrap();
    let told: Vec<_> = DateName::ALL
        .into_iter()
        .map(|name| {
            format!(
                "{} {}\n{}",
                name.as_str(),
                window.get(name).date,
                reasons(window.get(name))
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"), @r#"
    announce 2026-03-16
    2026-03-16: the beta opens on 2026-03-02 and the policy gives it 14 days
    2026-03-02: nothing is announced in the past

    deprecate 2026-03-30
    2026-03-30: the policy deprecates 14 days after the announcement

    close 2026-06-24
    2026-06-24: half of the 200 days of notice remain to those who stay
    2026-03-30: only what is deprecated is closed to new consumers

    brownouts 2026-09-04
    2026-09-04: the last 28 days before the sunset are for brownouts
    2026-06-24: brownouts start when nobody new can come

    sunset 2026-10-02
    2026-10-02: `gold` promises 200 days of notice; it holds for 11 concerned consumers, the heaviest is `consumer-0`
    2026-10-02: the policy gives the brownouts 28 days
    2026-09-24: 20 brownouts, one a day outside the freezes, end on 2026-09-23
    2026-09-12: the policy gives at least 180 days
    2026-09-12: `free tier` promises 180 days of notice; it holds for 1 concerned consumers, the heaviest is `consumer-5`
    2026-06-14: nine of ten of 100 consumers in finished rollouts had moved after 90 days
    2026-04-30: `consumer-1` releases every 45 days and makes 10.0 % of the calls

    remove 2026-11-01
    2026-11-01: the policy removes 30 days after the sunset
    "#);
}

/// Days from announcement to sunset.
fn check(change: impl Fn(&mut Plan, &mut Impact), days: i64, cause: Cause) {
    let mut impact = impact();
    impact.cut_over_days.clear();
    let mut plan = strong(&impact);
    plan.window = None;
    change(&mut plan, &mut impact);
    let window = Law::new(&plan, &impact, now(), None).window(None).unwrap();
    let found = days_between(window.announce.date, window.sunset.date);
    assert_eq!(
        (found, window.sunset.reasons[0].cause),
        (days, cause),
        "{}",
        reasons(&window.sunset)
    );
}

#[test]
fn the_longest_reason_decides() {
    check(|_, _| {}, 180, Cause::Policy);
    check(
        |plan, _| plan.sla.get_mut("gold").unwrap().notice_days = 365,
        365,
        Cause::Sla,
    );
    // A promise to someone who is not concerned forces nothing.
    check(
        |plan, _| {
            plan.sla
                .insert("platinum".to_owned(), Commitment { notice_days: 999 });
        },
        180,
        Cause::Policy,
    );
    check(
        |_, impact| impact.consumers[0].release_cycle_days = Some(220),
        220,
        Cause::ReleaseCycle,
    );
    // Not a major one: its cycle does not count.
    check(
        |_, impact| impact.consumers[11].release_cycle_days = Some(220),
        180,
        Cause::Policy,
    );
    check(
        |_, impact| impact.cut_over_days = (1..=300).collect(),
        270,
        Cause::CutOver,
    );
    check(|plan, _| plan.policy.floor_days = 1, 180, Cause::Sla);
    let sunset_frozen = |plan: &mut Plan, _: &mut Impact| {
        plan.freezes.push(freeze(
            FreezeScope::Consumer(id(2)),
            date(2026, 9, 10),
            date(2026, 10, 1),
        ));
    };
    check(sunset_frozen, 199, Cause::Freeze);
    // A freeze of someone who is not concerned holds nothing.
    let stranger = |plan: &mut Plan, _: &mut Impact| {
        plan.freezes.push(freeze(
            FreezeScope::Consumer(id(12)),
            date(2026, 9, 1),
            date(2026, 10, 1),
        ));
    };
    check(stranger, 180, Cause::Policy);
    // Frozen in summer, the brownouts need until autumn.
    let brownouts = |plan: &mut Plan, _: &mut Impact| {
        plan.freezes.push(freeze(
            FreezeScope::Segment(Segment::Mid),
            date(2026, 8, 1),
            date(2026, 9, 20),
        ));
    };
    check(brownouts, 192, Cause::Brownouts);
}

#[test]
fn earlier_is_refused_with_the_reason_and_the_date() {
    let impact = impact();
    let plan = strong(&impact);
    let law = Law::new(&plan, &impact, now(), None);
    let lawful = plan.window.clone().unwrap();
    assert_eq!(law.breaches(&lawful).unwrap(), []);
    let mut early = lawful.clone();
    early.sunset.date = plus_days(lawful.sunset.date, -1);
    let breaches = law.breaches(&early).unwrap();
    let told: Vec<_> = breaches.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @"sunset on 2026-09-11 is too early: the policy gives at least 180 days; the earliest date allowed is 2026-09-12");
}

#[test]
fn told_late_the_notice_is_as_much_shorter() {
    let impact = impact();
    let plan = strong(&impact);
    let window = plan.window.clone().unwrap();
    let on = |day: Date| {
        Law::new(&plan, &impact, day::start_of(day), None)
            .breaches(&window)
            .unwrap()
    };
    assert_eq!(on(window.announce.date), []);
    let late = on(plus_days(window.announce.date, 1));
    assert!(
        late.iter().any(|breach| breach.name == DateName::Sunset),
        "{late:?}"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]

    /// The window that the law gives obeys it, keeps later wishes, and is the law's own answer again.
    #[test]
    fn the_computed_window_is_lawful(
        floor in 0u32..500, promise in 0u32..500, cycle in 0u32..500,
        freezes in proptest::collection::vec((0i64..900, 0i64..80, 0u8..4), 0..6),
        wishes in proptest::collection::vec(-50i64..900, 6),
    ) {
        let mut impact = impact();
        impact.consumers[0].release_cycle_days = Some(cycle);
        let mut plan = strong(&impact);
        plan.policy.floor_days = floor;
        plan.sla.insert("gold".to_owned(), Commitment { notice_days: promise });
        for (start, days, scope) in freezes {
            let from = plus_days(TODAY, start);
            let scope = [FreezeScope::All, FreezeScope::Segment(Segment::Agents), FreezeScope::Consumer(id(0)), FreezeScope::Consumer(id(12))][scope as usize];
            plan.freezes.push(freeze(scope, from, plus_days(from, days)));
        }
        let mut keep = plan.window.clone().unwrap();
        for (name, wish) in DateName::ALL.into_iter().zip(wishes) {
            keep.get_mut(name).date = plus_days(TODAY, wish);
        }
        let law = Law::new(&plan, &impact, now(), None);
        for keep in [None, Some(&keep)] {
            let window = law.window(keep).unwrap();
            proptest::prop_assert_eq!(law.breaches(&window).unwrap(), vec![]);
            proptest::prop_assert_eq!(law.window(Some(&window)).unwrap().dates(), window.dates());
            for name in DateName::ALL {
                let milestone = window.get(name);
                proptest::prop_assert_eq!(milestone.reasons[0].earliest, milestone.date);
                proptest::prop_assert!(keep.is_none_or(|keep| keep.get(name).date <= milestone.date));
            }
        }
    }
}

#[test]
fn ninetieth_percentile_is_a_value_that_was_seen() {
    assert_eq!(percentile90(&[]), None);
    assert_eq!(percentile90(&[7]), Some(7));
    assert_eq!(percentile90(&[10, 1, 2, 3, 4, 5, 6, 7, 8, 9]), Some(9));
    assert_eq!(consumer(0, 5).commitments().collect::<Vec<_>>(), ["gold"]);
}
