//! The steps: what leads on, what is refused and why, and that nothing happens twice.

use jiff::civil::date;

use super::sample::{ROLLOUT, id};
use super::world::{World, ago_of, policy, recipients};
use crate::ids::KeyId;
use crate::rollout::*;

#[test]
fn by_the_book_from_draft_to_removed() {
    let mut world = World::new();
    world.reach(Phase::Removed);
    let steps: Vec<_> = world
        .rollout
        .history
        .iter()
        .filter(|step| step.from != step.to)
        .map(|step| step.what.as_str())
        .collect();
    assert_eq!(
        steps,
        [
            "went from draft to beta",
            "went from beta to announced",
            "went from announced to deprecated",
            "went from deprecated to closed",
            "went from closed to brownouts",
            "went from brownouts to sunset",
            "went from sunset to removed",
        ]
    );
    assert!(
        world
            .rollout
            .history
            .iter()
            .all(|step| step.overrides.is_empty())
    );
    assert_eq!(
        world.refused(Event::Resume),
        "ended: it has ended: it is removed []"
    );
}

#[test]
fn the_beta_is_private_and_the_announcement_is_not() {
    let mut world = World::new();
    let invited = world.go(Phase::Beta).unwrap();
    let kinds = recipients(&invited);
    assert_eq!(kinds.len(), 10);
    assert!(kinds.iter().all(
        |(kind, who)| *kind == NoticeKind::BetaInvited && matches!(who, Recipient::Consumer(_))
    ));
    assert_eq!(policy(&invited).warn, None);
    let key = KeyId::from_raw(50);
    assert_eq!(
        world.refused(Event::OptIn {
            key,
            consumer: id(11)
        }),
        format!(
            "not_in_cohort: {} is not in the cohort of the beta []",
            id(11)
        )
    );
    let opted = world
        .ask(Event::OptIn {
            key,
            consumer: id(0),
        })
        .unwrap();
    assert_eq!(policy(&opted).opted_in, [key]);
    world.on(world.window().announce.date);
    let announced = world.go(Phase::Announced).unwrap();
    let kinds = recipients(&announced);
    // 12 concerned consumers, changelog, status, banner; not the one that is proven to be unaffected.
    assert_eq!(kinds.len(), 15);
    assert!(!kinds.contains(&(NoticeKind::Announced, Recipient::Consumer(id(12)))));
    assert!(policy(&announced).warn.is_some());
}

#[test]
fn no_step_comes_before_its_time() {
    let mut world = World::new();
    assert_eq!(
        world.refused(Event::Advance {
            to: Phase::Announced
        }),
        "skips: announced does not follow draft: no step is skipped []"
    );
    world.reach(Phase::Beta);
    assert_eq!(
        world.refused(Event::Advance {
            to: Phase::Announced
        }),
        "not_yet: announced is planned for 2026-03-16, today is 2026-03-02 []"
    );
    world.reach(Phase::Deprecated);
    assert_eq!(world.go(Phase::Announced), Ok(Vec::new()));
    world.on(date(2026, 3, 1));
    assert!(
        world
            .refused(Event::Advance { to: Phase::Closed })
            .starts_with("not_yet")
    );
}

#[test]
fn the_beta_ends_by_its_rule_or_by_a_named_person() {
    let mut world = World::new();
    world.reach(Phase::Beta);
    world.on(world.window().announce.date);
    let announce = || Event::Advance {
        to: Phase::Announced,
    };
    assert_eq!(
        world.refused(announce()),
        "beta_unfinished: the beta has not ended: nobody of the cohort has opted in [BetaExit]"
    );
    world
        .ask(Event::OptIn {
            key: KeyId::from_raw(50),
            consumer: id(0),
        })
        .unwrap();
    let friction = Friction {
        id: "f1".to_owned(),
        consumer: id(0),
        item: None,
        text: "the new id is longer".to_owned(),
        at: world.now,
        resolution: None,
    };
    world
        .ask(Event::AddFriction {
            friction: friction.clone(),
        })
        .unwrap();
    assert_eq!(world.ask(Event::AddFriction { friction }), Ok(Vec::new()));
    assert_eq!(
        world.refused(announce()),
        "beta_unfinished: the beta has not ended: 1 friction entries are open [BetaExit]"
    );
    let unknown = Event::CloseFriction {
        id: "f2".to_owned(),
        resolution: "told".to_owned(),
    };
    assert_eq!(
        world.refused(unknown),
        "unknown: there is no friction entry `f2` []"
    );
    let granted = |expires| Event::Override {
        granted: Override {
            dimension: Covers::BetaExit,
            who: "Ada".to_owned(),
            reason: "harmless".to_owned(),
            expires,
        },
    };
    assert!(
        world
            .refused(granted(date(2026, 3, 16)))
            .starts_with("void_override")
    );
    world.ask(granted(date(2026, 3, 17))).unwrap();
    world.go(Phase::Announced).unwrap();
    assert_eq!(world.rollout.history.last().unwrap().overrides.len(), 1);
}

#[test]
fn a_cohort_has_cut_over_when_the_old_is_silent() {
    let mut world = World::new();
    world.rollout.plan.beta.as_mut().unwrap().exit = ExitRule::CutOver { consumers: 2 };
    world.reach(Phase::Beta);
    world.on(world.window().announce.date);
    let ago = |days: i64| Some(world.now.plus_seconds(-days * 86_400));
    let live = |n, old_success, new_success| Live {
        consumer: id(n),
        old_success,
        new_success,
    };
    world.live = vec![
        live(0, None, ago(1)),
        live(1, ago(6), ago(0)),
        live(2, ago(30), None),
        live(11, None, ago(1)),
    ];
    let announce = || Event::Advance {
        to: Phase::Announced,
    };
    assert_eq!(
        world.refused(announce()),
        "beta_unfinished: the beta has not ended: 1 of 2 consumers of the cohort have cut over [BetaExit]"
    );
    world.live[1].old_success = ago_of(world.now, 7);
    world.go(Phase::Announced).unwrap();
}

#[test]
fn a_refusal_says_whose_word_would_do() {
    let in_use = Refusal::InUse { in_use: Vec::new() };
    insta::assert_snapshot!(in_use.way_round().unwrap(), @"or a named person stands for it: an entry in `[[overrides]]` for `removal_in_use` with who, reason and expires");
    assert_eq!(Refusal::ItemsChanged.way_round(), None);
}

#[test]
fn the_bar_stands_before_the_public() {
    let mut world = World::new();
    world.reach(Phase::Beta);
    world
        .ask(Event::OptIn {
            key: KeyId::from_raw(50),
            consumer: id(0),
        })
        .unwrap();
    let mut plan = world.rollout.plan.clone();
    plan.sla.clear();
    world
        .ask(Event::Edit {
            plan: Box::new(plan),
        })
        .unwrap();
    world.on(world.window().announce.date);
    let refused = world.refused(Event::Advance {
        to: Phase::Announced,
    });
    assert!(
        refused.starts_with("bar: the bar refuses: sla_commitments is missing")
            && refused.ends_with("[SlaCommitments]"),
        "{refused}"
    );
}

#[test]
fn ids_are_the_same_on_every_machine() {
    let notice =
        |kind, revision| Notice::new(ROLLOUT, kind, Recipient::Consumer(id(0)), revision).id;
    assert_eq!(
        notice(NoticeKind::Moved, 3).to_string(),
        "ntc_ckfe9qa798qqr"
    );
    assert_ne!(notice(NoticeKind::Moved, 3), notice(NoticeKind::Moved, 4));
    assert_ne!(notice(NoticeKind::Moved, 3), notice(NoticeKind::Paused, 3));
}
