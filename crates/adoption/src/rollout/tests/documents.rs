//! What is stored and edited reads back as it was.

use super::sample::{ROLLOUT, freeze, impact, now, strong, weak};
use crate::rollout::*;
use jiff::civil::date;

#[test]
fn a_plan_survives_toml_and_json() {
    let mut plan = strong(&impact());
    plan.freezes.push(freeze(
        FreezeScope::Segment(Segment::Mid),
        date(2026, 12, 1),
        date(2027, 1, 5),
    ));
    plan.freezes.push(freeze(
        FreezeScope::All,
        date(2027, 12, 1),
        date(2028, 1, 5),
    ));
    plan.items[0].bridge = BridgeSlot::Shim {
        name: "payments-v1".to_owned(),
        proof: None,
    };
    plan.overrides.push(Override {
        dimension: Covers::Timeline,
        who: "Ada".to_owned(),
        reason: "contract ends".to_owned(),
        expires: date(2026, 9, 1),
    });
    let text = toml::to_string(&plan).unwrap();
    assert_eq!(toml::from_str::<Plan>(&text).unwrap(), plan, "{text}");
    let rollout = Rollout::draft(ROLLOUT, plan, now());
    let json = serde_json::to_string(&rollout).unwrap();
    assert_eq!(serde_json::from_str::<Rollout>(&json).unwrap(), rollout);
}

#[test]
fn unknown_keys_are_refused_where_people_edit() {
    for (old, new) in [
        ("guide", "guied"),
        ("touch", "tuoch"),
        ("[[items]]", "[[itms]]"),
    ] {
        let text = super::sample::WEAK.replacen(old, new, 1);
        assert!(toml::from_str::<Plan>(&text).is_err(), "{new}");
    }
}

#[test]
fn the_plan_file_reads_like_this() {
    let mut plan = weak();
    plan.items.truncate(1);
    let impact = impact();
    plan = strengthened(&plan, &impact, now(), None).unwrap();
    for name in DateName::ALL {
        plan.window
            .as_mut()
            .unwrap()
            .get_mut(name)
            .reasons
            .truncate(1);
    }
    insta::assert_snapshot!(toml::to_string(&plan).unwrap());
}

#[test]
fn an_item_counts_its_consumers() {
    let (impact, plan) = (impact(), weak());
    let counts = impact.of_item(&plan.items[0]);
    assert_eq!((counts.affected, counts.unaffected_proven), (12, 1));
    let calls: u64 = (0..12).map(|n| 2_000_000u64 >> n).sum();
    assert_eq!((counts.calls, counts.share_ppm), (calls, 399_902));
    assert_eq!(impact.of_item(&plan.items[1]), ItemImpact::default());
}
