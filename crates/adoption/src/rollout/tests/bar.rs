//! The bar: at least 25 plans, the weak answer among them, and the printed fixes followed to the letter.

use jiff::civil::date;
use toml::{Table, Value};

use super::sample::{TODAY, WEAK, consumer, freeze, id, impact, now, strong, weak};
use crate::rollout::day::plus_days;
use crate::rollout::*;

/// The dimensions that hold a plan back, with their strength.
fn refused(plan: &Plan, impact: &Impact) -> String {
    let bar = judge(plan, impact, now(), None);
    let told = bar
        .refused()
        .into_iter()
        .map(|j| format!("{} {}", j.dimension.as_str(), j.strength.as_str()));
    told.collect::<Vec<_>>().join(", ")
}

/// A strong plan, changed, is held back by just `expect`, and its own printed fixes make it strong again.
fn check(what: &str, change: impl Fn(&mut Plan, &mut Impact), expect: &str) {
    let mut impact = impact();
    let mut plan = strong(&impact);
    change(&mut plan, &mut impact);
    assert_eq!(refused(&plan, &impact), expect, "{what}");
    let by_hand = judge(&plan, &impact, now(), None)
        .judgements
        .iter()
        .flat_map(|j| j.fixes.clone())
        .any(|fix| fix.edits.is_empty());
    if !by_hand {
        let document = Value::try_from(&plan).unwrap().as_table().unwrap().clone();
        let fixed = follow(document, &printed(&plan, &impact));
        assert_eq!(refused(&fixed, &impact), "", "{what}, fixed");
    }
}

fn printed(plan: &Plan, impact: &Impact) -> Vec<String> {
    let bar = judge(plan, impact, now(), None);
    bar.judgements
        .iter()
        .flat_map(|j| &j.fixes)
        .map(ToString::to_string)
        .collect()
}

/// Does what the sentences say, as a person would who has only them and the file: "in `[table]` set `key = value`".
fn follow(mut document: Table, sentences: &[String]) -> Plan {
    for sentence in sentences {
        let code: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
        let mut at = 0;
        while at + 1 < code.len() {
            if code[at] == "[[items]]" && code[at + 1].starts_with("id = ") {
                let wanted: Table = toml::from_str(code[at + 1]).unwrap();
                let items = document["items"].as_array_mut().unwrap();
                let item = items
                    .iter_mut()
                    .find(|item| item["id"] == wanted["id"])
                    .unwrap();
                set(item.as_table_mut().unwrap(), code[at + 2]);
                at += 3;
            } else if code[at].starts_with('[') && code[at + 1].contains(" = ") {
                set(table(&mut document, code[at]), code[at + 1]);
                at += 2;
            } else {
                at += 1;
            }
        }
    }
    toml::from_str(&toml::to_string(&document).unwrap()).unwrap()
}

fn set(table: &mut Table, line: &str) {
    table.extend(toml::from_str::<Table>(line).unwrap());
}

/// The table under `header`, such as `[sla."free tier"]`, made where it is missing.
fn table<'a>(document: &'a mut Table, header: &str) -> &'a mut Table {
    let mut path: Table = toml::from_str(header).unwrap();
    let mut at = document;
    while let Some((key, rest)) = path.into_iter().next() {
        at = at
            .entry(key)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .unwrap();
        path = rest.as_table().unwrap().clone();
    }
    at
}

#[test]
fn the_weak_answer_is_refused_for_five_reasons() {
    let (plan, impact) = (weak(), impact());
    assert_eq!(
        refused(&plan, &impact),
        "timeline missing, segmentation missing, migration_tooling missing, sla_commitments missing, prior_communication missing"
    );
    let bar = judge(&plan, &impact, now(), None);
    let told = bar.refused().into_iter().map(|j| {
        let fixes: Vec<_> = j.fixes.iter().map(|fix| format!("  fix: {fix}")).collect();
        format!(
            "{}: {}\n{}",
            j.dimension.as_str(),
            j.reasons.join("; "),
            fixes.join("\n")
        )
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    timeline: no window: nobody knows when to have moved
      fix: in `[window.announce]` set `date = "2026-03-16"`; in `[window.deprecate]` set `date = "2026-03-30"`; in `[window.close]` set `date = "2026-06-14"`; in `[window.brownouts]` set `date = "2026-08-15"`; in `[window.sunset]` set `date = "2026-09-12"`; in `[window.remove]` set `date = "2026-10-12"`: the earliest dates that every reason allows; later ones are free
    segmentation: no segmentation: an agent, a monthly batch and the largest consumer would be told the same
      fix: in `[segmentation.thresholds]` set `production_scale_share_ppm = 10000`; in `[segmentation.thresholds]` set `production_scale_calls_per_day = 10000`; in `[segmentation.thresholds]` set `mid_calls_per_day = 100`: these bounds put every consumer into exactly one segment; other numbers are free
    migration_tooling: POST /payments (00000000000000aa): no bridge, and no reason why none is feasible; GET /payments/{id} (00000000000000bb): no bridge, and no reason why none is feasible
      fix: in the `[[items]]` with `id = "00000000000000aa"` set `bridge = { kind = "parallel" }`: or name a shim, a codemod or a template, or say why none is feasible with kind not_feasible and a reason
      fix: in the `[[items]]` with `id = "00000000000000bb"` set `bridge = { kind = "parallel" }`: or name a shim, a codemod or a template, or say why none is feasible with kind not_feasible and a reason
    sla_commitments: the notice period of `free tier` is not stated; the notice period of `gold` is not stated
      fix: in `[sla."free tier"]` set `notice_days = 180`: what the agreement says, or the policy's floor where it says nothing
      fix: in `[sla."gold"]` set `notice_days = 180`: what the agreement says, or the policy's floor where it says nothing
    prior_communication: no private beta: the public would be the first to try it; nobody is told by headers, changelog, status, banner; a person writes to 0 consumers, not to the 10 heaviest
      fix: in `[beta]` set `opens = "2026-03-02"`; in `[beta]` set `cohort = ["cons_0000000000034", "cons_0000000000035", "cons_0000000000036", "cons_0000000000037", "cons_0000000000038", "cons_0000000000039", "cons_000000000003a", "cons_000000000003b", "cons_000000000003c", "cons_000000000003d"]`; in `[beta]` set `exit = { rule = "friction_closed" }`: the heaviest concerned consumers try it first; others are free with a reason
      fix: in `[communication]` set `channels = ["headers", "changelog", "status", "banner"]`: each reaches someone whom the others do not
      fix: in `[communication]` set `outreach_top = 10`: a person writes to so many of the heaviest concerned consumers
    "#);
}

#[test]
fn the_printed_fixes_alone_make_it_pass() {
    let impact = impact();
    let sentences = printed(&weak(), &impact);
    let document: Table = toml::from_str(WEAK).unwrap();
    let fixed = follow(document.clone(), &sentences);
    assert!(
        judge(&fixed, &impact, now(), None).passes(),
        "{}",
        refused(&fixed, &impact)
    );
    // Each is needed: leave one out, and it is held back.
    for left_out in 0..sentences.len() {
        let mut fewer = sentences.clone();
        let sentence = fewer.remove(left_out);
        let fixed = follow(document.clone(), &fewer);
        assert!(
            !judge(&fixed, &impact, now(), None).passes(),
            "not needed: {sentence}"
        );
    }
}

fn sunset(plan: &mut Plan) -> &mut Milestone {
    &mut plan.window.as_mut().unwrap().sunset
}

#[test]
fn timelines() {
    let dates = |plan: &mut Plan, name: DateName, days: i64| {
        let milestone = plan.window.as_mut().unwrap().get_mut(name);
        milestone.date = plus_days(milestone.date, days);
    };
    check("strong", |_, _| {}, "");
    check(
        "no window",
        |plan, _| plan.window = None,
        "timeline missing, sla_commitments weak",
    );
    check(
        "sunset tomorrow",
        |plan, _| sunset(plan).date = plus_days(TODAY, 1),
        "timeline weak, sla_commitments weak",
    );
    check(
        "a year later",
        |plan, _| {
            [DateName::Sunset, DateName::Remove]
                .map(|name| dates(plan, name, 365))
                .into_iter()
                .collect()
        },
        "",
    );
    check(
        "removal at once",
        |plan, _| dates(plan, DateName::Remove, -1),
        "timeline weak",
    );
    check(
        "brownouts before it is closed",
        |plan, _| dates(plan, DateName::Brownouts, -100),
        "timeline weak",
    );
    check(
        "closed before it is deprecated",
        |plan, _| dates(plan, DateName::Close, -90),
        "timeline weak",
    );
    check(
        "announced without a beta period",
        |plan, _| plan.window.as_mut().unwrap().announce.date = TODAY,
        "timeline weak, prior_communication weak",
    );
    check(
        "one release cycle too short",
        |_, impact| impact.consumers[0].release_cycle_days = Some(200),
        "timeline weak",
    );
    check(
        "slower than past rollouts",
        |_, impact| impact.cut_over_days = vec![300; 20],
        "timeline weak",
    );
    let frozen = |plan: &mut Plan, _: &mut Impact| {
        let day = sunset(plan).date;
        plan.freezes
            .push(freeze(FreezeScope::All, day, plus_days(day, 9)));
    };
    check("sunset in a freeze", frozen, "timeline weak");
    let endless = |plan: &mut Plan, _: &mut Impact| {
        plan.freezes
            .push(freeze(FreezeScope::All, TODAY, jiff::civil::Date::MAX))
    };
    check("frozen for ever", endless, "timeline weak");
    check(
        "no brownouts",
        |plan, _| plan.brownouts.stages_minutes.clear(),
        "timeline weak",
    );
    check(
        "a brownout of no length",
        |plan, _| plan.brownouts.stages_minutes[0] = 0,
        "timeline weak",
    );
}

#[test]
fn segmentations() {
    check(
        "none",
        |plan, _| plan.segmentation = None,
        "segmentation missing",
    );
    let upside_down = |plan: &mut Plan, _: &mut Impact| {
        plan.segmentation
            .as_mut()
            .unwrap()
            .thresholds
            .mid_calls_per_day = 20_000;
    };
    check(
        "mid above production scale",
        upside_down,
        "segmentation weak",
    );
    check(
        "thirty days of evidence",
        |_, impact| impact.from = plus_days(impact.until, -30),
        "segmentation weak",
    );
    check(
        "a yearly batch",
        |_, impact| impact.consumers[9].rhythm.gap_days = Some(365),
        "segmentation weak",
    );
    let stated = |plan: &mut Plan, impact: &mut Impact| {
        impact.from = plus_days(impact.until, -30);
        plan.segmentation.as_mut().unwrap().short_window_reason =
            Some("the surface is 30 days old".to_owned());
    };
    check("thirty days, with a reason", stated, "");
    check(
        "a quiet bystander's rhythm",
        |_, impact| impact.consumers[12].rhythm.gap_days = None,
        "",
    );
}

#[test]
fn tooling() {
    let bridge = |slot: BridgeSlot| {
        move |plan: &mut Plan, _: &mut Impact| plan.items[0].bridge = slot.clone()
    };
    let nameless = BridgeSlot::Codemod {
        name: " ".to_owned(),
    };
    let reason = |reason: &str| BridgeSlot::NotFeasible {
        reason: reason.to_owned(),
    };
    check(
        "one without",
        bridge(BridgeSlot::Missing),
        "migration_tooling weak",
    );
    check("nameless", bridge(nameless), "migration_tooling weak");
    check(
        "not feasible, just so",
        bridge(reason("")),
        "migration_tooling weak",
    );
    check(
        "not feasible, for a reason",
        bridge(reason("the value is no longer known")),
        "",
    );
    check(
        "no items",
        |plan, _| plan.items.clear(),
        "migration_tooling missing",
    );
    let twice = |plan: &mut Plan, _: &mut Impact| plan.items[1].id = plan.items[0].id.clone();
    check("one id twice", twice, "migration_tooling weak");
}

#[test]
fn commitments() {
    check(
        "nothing stated",
        |plan, _| plan.sla.clear(),
        "sla_commitments missing",
    );
    check(
        "one not stated",
        |plan, _| plan.sla.retain(|name, _| name != "free tier"),
        "sla_commitments weak",
    );
    let longer =
        |plan: &mut Plan, _: &mut Impact| plan.sla.get_mut("gold").unwrap().notice_days = 400;
    check(
        "a year is promised",
        longer,
        "timeline weak, sla_commitments weak",
    );
    let agreement = |_: &mut Plan, impact: &mut Impact| {
        impact.consumers[0].sla = Some("99.9 \"plus\"".to_owned())
    };
    check(
        "an agreement beside the plan",
        agreement,
        "sla_commitments weak",
    );
    let nobody = |plan: &mut Plan, impact: &mut Impact| {
        plan.sla.clear();
        for consumer in &mut impact.consumers {
            consumer.plan = None;
        }
    };
    check("nobody has a plan", nobody, "");
}

#[test]
fn communication() {
    let beta = |change: fn(&mut Beta)| {
        move |plan: &mut Plan, _: &mut Impact| change(plan.beta.as_mut().unwrap())
    };
    check(
        "nobody is told",
        |plan, _| (plan.beta, plan.communication) = (None, Communication::default()),
        "prior_communication missing",
    );
    check(
        "no beta",
        |plan, _| plan.beta = None,
        "prior_communication weak",
    );
    check(
        "no changelog",
        |plan, _| {
            plan.communication
                .channels
                .retain(|c| *c != Channel::Changelog)
        },
        "prior_communication weak",
    );
    check(
        "outreach to two",
        |plan, _| plan.communication.outreach_top = 2,
        "prior_communication weak",
    );
    check(
        "a cohort of four",
        beta(|beta| beta.cohort.truncate(4)),
        "prior_communication weak",
    );
    check(
        "a cohort of eleven",
        beta(|beta| beta.cohort.push(id(10))),
        "prior_communication weak",
    );
    check(
        "one twice",
        beta(|beta| beta.cohort[1] = id(0)),
        "prior_communication weak",
    );
    check(
        "a bystander in it",
        beta(|beta| beta.cohort[9] = id(12)),
        "prior_communication weak",
    );
    check(
        "the small ones, without a reason",
        beta(|beta| beta.cohort.retain(|id| *id > super::sample::id(4))),
        "prior_communication weak",
    );
    let declined = |beta: &mut Beta| {
        beta.cohort.retain(|id| *id > super::sample::id(4));
        beta.reason = Some("the heaviest five declined".to_owned());
    };
    check("the small ones, with a reason", beta(declined), "");
    check(
        "an exit nobody reaches",
        beta(|beta| beta.exit = ExitRule::CutOver { consumers: 11 }),
        "prior_communication weak",
    );
    let late =
        |plan: &mut Plan, _: &mut Impact| plan.beta.as_mut().unwrap().opens = plus_days(TODAY, 60);
    check(
        "a beta after the announcement",
        late,
        "timeline weak, prior_communication weak",
    );
    let few = |plan: &mut Plan, impact: &mut Impact| {
        impact.consumers = vec![consumer(0, 9_000), consumer(1, 8_000)];
        *plan = strong(impact);
    };
    check("two are concerned, both are in", few, "");
    let nobody = |plan: &mut Plan, impact: &mut Impact| {
        impact.consumers.clear();
        *plan = strong(impact);
    };
    check("nobody is concerned", nobody, "");
}

#[test]
fn an_override_counts_until_it_expires_and_stays_visible() {
    let impact = impact();
    let mut plan = strong(&impact);
    plan.segmentation = None;
    let granted = |who: &str, expires| Override {
        dimension: Covers::Segmentation,
        who: who.to_owned(),
        reason: "one consumer only".to_owned(),
        expires,
    };
    plan.overrides = vec![granted("Ada", date(2026, 3, 3))];
    let on = |plan: &Plan, days: i64| {
        let bar = judge(plan, &impact, now().plus_seconds(days * 86_400), None);
        let judgement = bar.judgements[1].clone();
        (
            bar.refused()
                .iter()
                .any(|j| j.dimension == Dimension::Segmentation),
            judgement.overrides.len(),
            judgement.void.len(),
        )
    };
    assert_eq!(on(&plan, 0), (false, 1, 0));
    assert_eq!(on(&plan, 1), (true, 0, 1));
    plan.overrides = vec![granted(" ", date(2027, 3, 3))];
    assert_eq!(on(&plan, 0), (true, 0, 1));
    // Someone who stands for one dimension stands for no other.
    plan.overrides[0].who = "Ada".to_owned();
    plan.sla.clear();
    assert_eq!(refused(&plan, &impact), "sla_commitments missing");
}
