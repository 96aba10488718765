//! What changes on the way: dates, freezes, brownouts that are broken off, pauses, and the last look before the removal.

use jiff::civil::date;

use super::sample::{freeze, id};
use super::world::{World, ago_of, policy, recipients};
use crate::clock::Micros;
use crate::ids::KeyId;
use crate::rollout::day::{plus_days, start_of};
use crate::rollout::*;

#[test]
fn later_moves_every_notice_and_earlier_is_refused() {
    let mut world = World::new();
    world.reach(Phase::Deprecated);
    let window = world.window();
    let extend = |days| Event::Extend {
        sunset: plus_days(window.sunset.date, days),
        reason: "holidays".to_owned(),
    };
    assert_eq!(
        world.refused(extend(-1)),
        "too_early: brownouts on 2026-08-14 is too early: 2026-08-15 was announced to consumers, who plan by it; the earliest date allowed is 2026-08-15 []"
    );
    let moved = world.ask(extend(10)).unwrap();
    let kinds = recipients(&moved);
    assert_eq!(kinds.len(), 15);
    assert!(kinds.iter().all(|(kind, _)| *kind == NoticeKind::Moved));
    assert_eq!(world.window().sequence, 1);
    assert_eq!(
        world.window().remove.date,
        plus_days(window.remove.date, 10)
    );
    assert_eq!(
        policy(&moved).warn.as_ref().unwrap().sunset,
        start_of(world.window().sunset.date)
    );
    let said = "Ada moved the sunset by 10 days: holidays";
    assert!(
        world
            .window()
            .sunset
            .reasons
            .iter()
            .any(|reason| reason.text == said)
    );
    // What is in force does not move.
    let mut plan = world.rollout.plan.clone();
    plan.window.as_mut().unwrap().announce.date = plus_days(window.announce.date, 1);
    assert!(
        world
            .refused(Event::Edit {
                plan: Box::new(plan)
            })
            .contains("it is in force since 2026-03-16")
    );
    let mut plan = world.rollout.plan.clone();
    plan.items.pop();
    assert!(
        world
            .refused(Event::Edit {
                plan: Box::new(plan)
            })
            .starts_with("items_changed")
    );
}

#[test]
fn in_a_draft_a_date_is_refused_only_when_the_law_forbids_it() {
    let mut world = World::new();
    let mut plan = world.rollout.plan.clone();
    plan.window.as_mut().unwrap().sunset.date = date(2026, 4, 1);
    let edit = |plan: &Plan| Event::Edit {
        plan: Box::new(plan.clone()),
    };
    let refused = world.refused(edit(&plan));
    assert!(
        refused.starts_with("too_early: sunset on 2026-04-01 is too early"),
        "{refused}"
    );
    plan.overrides.push(Override {
        dimension: Covers::Timeline,
        who: "Ada".to_owned(),
        reason: "the vendor ends it".to_owned(),
        expires: date(2026, 5, 1),
    });
    world.ask(edit(&plan)).unwrap();
    assert_eq!(world.window().sunset.date, date(2026, 4, 1));
}

#[test]
fn told_late_the_plan_says_so() {
    let mut world = World::new();
    world.reach(Phase::Beta);
    world
        .ask(Event::OptIn {
            key: KeyId::from_raw(50),
            consumer: id(0),
        })
        .unwrap();
    let announce = world.window().announce.date;
    let mut plan = world.rollout.plan.clone();
    let window = plan.window.as_mut().unwrap();
    for name in [DateName::Deprecate, DateName::Sunset, DateName::Remove] {
        let milestone = window.get_mut(name);
        milestone.date = plus_days(milestone.date, 3);
    }
    world.on(plus_days(announce, 4));
    assert!(
        world
            .refused(Event::Advance {
                to: Phase::Announced
            })
            .starts_with("bar: the bar refuses: timeline is weak")
    );
    world.on(announce);
    world
        .ask(Event::Edit {
            plan: Box::new(plan),
        })
        .unwrap();
    let late = plus_days(world.window().announce.date, 3);
    world.on(late);
    world.go(Phase::Announced).unwrap();
    assert_eq!(world.window().announce.date, late);
    assert_eq!(world.window().sequence, 2);
}

#[test]
fn a_freeze_holds_back_the_sunset() {
    let mut world = World::new();
    world.reach(Phase::Brownouts);
    let sunset = world.window().sunset.date;
    let mut plan = world.rollout.plan.clone();
    plan.freezes.push(freeze(
        FreezeScope::Consumer(id(3)),
        sunset,
        plus_days(sunset, 5),
    ));
    world
        .ask(Event::Edit {
            plan: Box::new(plan),
        })
        .unwrap();
    world.on(sunset);
    assert_eq!(
        world.refused(Event::Advance { to: Phase::Sunset }),
        "frozen: a freeze (year end closing) holds back sunset until 2026-09-17 []"
    );
}

#[test]
fn a_brownout_that_was_broken_off_is_laid_out_again() {
    let mut world = World::new();
    world.reach(Phase::Brownouts);
    let first = world.rollout.brownouts[0].clone();
    let turn = (first.segment, first.stage);
    let completed = |(segment, stage)| Event::BrownoutCompleted { segment, stage };
    assert!(world.refused(completed(turn)).starts_with("still_running"));
    world.now = first.from;
    let planned = world.rollout.brownouts.len();
    let effects = world
        .ask(Event::BrownoutAborted {
            segment: turn.0,
            stage: turn.1,
            reason: "errors".to_owned(),
        })
        .unwrap();
    assert!(
        recipients(&effects)
            .iter()
            .all(|(kind, _)| *kind == NoticeKind::BrownoutsMoved)
    );
    assert_eq!(policy(&effects).brownouts.len(), planned);
    assert!(
        policy(&effects)
            .brownouts
            .iter()
            .all(|b| b.from > first.until)
    );
    world.on(world.window().sunset.date);
    let refused = world.refused(Event::Advance { to: Phase::Sunset });
    assert!(
        refused.starts_with("brownouts_unfinished: 20 brownouts have not run")
            && refused.ends_with("[BrownoutsUnfinished]"),
        "{refused}"
    );
}

#[test]
fn a_pause_takes_nothing_from_anyone() {
    let mut world = World::new();
    world.reach(Phase::Brownouts);
    let paused = world
        .ask(Event::Pause {
            reason: "incident".to_owned(),
        })
        .unwrap();
    assert!(policy(&paused).brownouts.is_empty() && policy(&paused).warn.is_some());
    assert!(
        world
            .refused(Event::Advance { to: Phase::Sunset })
            .starts_with("paused: it is paused by Ada (incident)")
    );
    let resumed = world.ask(Event::Resume).unwrap();
    assert_eq!(policy(&resumed).brownouts.len(), 20);
    let mut world = World::new();
    world.reach(Phase::Sunset);
    assert!(world.rollout.gateway_policy().gone.is_some());
    let paused = world
        .ask(Event::Pause {
            reason: "a forgotten batch".to_owned(),
        })
        .unwrap();
    assert_eq!(policy(&paused).gone, None);
    let aborted = world
        .ask(Event::Abort {
            reason: "the old stays".to_owned(),
        })
        .unwrap();
    assert_eq!(
        (&policy(&aborted).warn, policy(&aborted).closed_since),
        (&None, None)
    );
    assert!(world.refused(Event::Resume).starts_with("ended"));
}

#[test]
fn removal_waits_while_calls_succeed_but_not_for_a_retry_loop() {
    let mut world = World::new();
    world.impact.consumers[2].plan = Some("gold".to_owned());
    world.reach(Phase::Sunset);
    let sunset = world.now;
    world.on(world.window().remove.date);
    let live = |n, old_success| Live {
        consumer: id(n),
        old_success,
        new_success: None,
    };
    // The last success was before the sunset, all that came later was refused.
    world.live = vec![live(0, Some(Micros(sunset.0 - 1)))];
    let mut retry_loop = World {
        rollout: world.rollout.clone(),
        impact: world.impact.clone(),
        live: world.live.clone(),
        now: world.now,
        commands: 1_000,
    };
    retry_loop.go(Phase::Removed).unwrap();
    // The bridge stays for gold: the same silence of a month may be a batch.
    world.rollout.plan.sunset.bridge_stays_for = vec!["gold".to_owned()];
    let refused = world.refused(Event::Advance { to: Phase::Removed });
    assert_eq!(
        refused,
        format!(
            "in_use: calls of 1 consumers still succeed on the old, the latest of {} [RemovalInUse]",
            id(0)
        )
    );
    world.now = world.now.plus_seconds(5 * 86_400);
    world.live = vec![
        live(0, ago_of(world.now, 32)),
        live(5, ago_of(world.now, 14)),
    ];
    assert!(
        world
            .refused(Event::Advance { to: Phase::Removed })
            .contains(&id(5).to_string())
    );
    let granted = Override {
        dimension: Covers::RemovalInUse,
        who: "Ada".to_owned(),
        reason: "told by phone".to_owned(),
        expires: date(2027, 1, 1),
    };
    world.ask(Event::Override { granted }).unwrap();
    let removed = world.go(Phase::Removed).unwrap();
    assert_eq!(
        policy(&removed).gone,
        Some(Gone {
            bridge_stays_for: Vec::new()
        })
    );
}
