//! Which calls are told what, by what was seen of them.

use super::*;
use crate::phases::fixture::{CONCERNED, KNOWN, NEWCOMER, STAYS, compiled, head, spec};
use crate::phases::route;
use crate::phases::version::{Asked, Chosen};
use crate::snapshot::{CompileError, Snapshot};
use crate::spec::{DeprecationSpec, RolloutSpec};
use adoption::Micros;

/// The items that the answer to a call names, by id, when these leaves were seen of it.
fn items(consumer: ConsumerId, line: &str, leaves: &[u32], is_whole: bool) -> Vec<String> {
    let snapshot = compiled(|_| {});
    let told = of(&snapshot, consumer, line, Some((leaves, is_whole)));
    let Some(told) = told else {
        return Vec::new();
    };
    let reason = told.reason.as_ref().unwrap().to_str().unwrap();
    let ids = reason.split(";item=\"").skip(1);
    ids.map(|rest| rest[..rest.find('"').unwrap()].to_owned())
        .collect()
}

fn of(
    snapshot: &Snapshot,
    consumer: ConsumerId,
    line: &str,
    seen: Option<(&[u32], bool)>,
) -> Option<Arc<DeprecationHeaders>> {
    let (method, path) = line.split_once(' ').unwrap();
    let path = format!("/shop{path}");
    let head = head(&format!("{method} {path}"), &[]);
    let surface = &snapshot.surfaces[0];
    let chosen = Chosen {
        version: &surface.current,
        asked: Asked::No,
        path_length: 0,
    };
    let routed = route::route(surface, &chosen, &head, &path);
    let mut bits = Bits::default();
    for leaf in seen.iter().flat_map(|(leaves, _)| *leaves) {
        bits.set(*leaf);
    }
    let known = known(&routed);
    told(
        &known,
        consumer,
        seen.map(|(_, is_whole)| (&bits, is_whole)),
    )
}

#[test]
fn only_touched_items_are_told() {
    let check = |consumer, line, leaves: &[u32], expect: &[&str]| {
        assert_eq!(
            items(consumer, line, leaves, true),
            expect,
            "{consumer} {line} {leaves:?}"
        );
    };
    let create = "POST /orders";
    check(NEWCOMER, create, &[0, 1], &[]);
    check(NEWCOMER, create, &[0, 1, 2], &["note"]);
    check(NEWCOMER, create, &[0], &["amount"]);
    check(NEWCOMER, create, &[0, 2], &["note", "amount"]);
    // No body, so nothing stands where `amount` would have to.
    check(NEWCOMER, create, &[], &[]);
    // Leaves of another table cannot be compared.
    check(CONCERNED, create, &[0, 1], &["unseen"]);
    check(CONCERNED, "GET /orders/7", &[], &["status"]);
    check(STAYS, "GET /orders/7", &[], &["status"]);
    check(KNOWN, "GET /orders/7", &[], &[]);
    check(NEWCOMER, "GET /export", &[], &["export"]);
    check(CONCERNED, "GET /items", &[], &[]);
}

#[test]
fn what_was_not_read_whole_concerns_the_concerned() {
    let check = |consumer, leaves: &[u32], expect: &[&str]| {
        assert_eq!(
            items(consumer, "POST /orders", leaves, false),
            expect,
            "{consumer} {leaves:?}"
        );
    };
    check(NEWCOMER, &[0, 2], &["note"]);
    check(NEWCOMER, &[0], &[]);
    check(CONCERNED, &[0], &["note", "amount", "unseen"]);
    let unseen = of(&compiled(|_| {}), NEWCOMER, "POST /orders", None);
    assert_eq!(unseen, None);
    assert!(of(&compiled(|_| {}), CONCERNED, "POST /orders", None).is_some());
}

#[test]
fn what_is_said_joins_the_rollout_and_the_operation() {
    let mut spec = spec();
    let operations = &mut spec.surfaces[0].contract.as_mut().unwrap().operations;
    operations[0].deprecation = Some(DeprecationSpec {
        deprecated_at: Micros::from_seconds(2_000),
        sunset_at: Some(Micros::from_seconds(8_000)),
        deprecation_link: None,
        sunset_link: None,
        successor_link: Some("/own".to_owned()),
    });
    let snapshot = Snapshot::compile(&spec).unwrap();
    let told = of(&snapshot, CONCERNED, "POST /orders", Some((&[0, 2], true))).unwrap();
    let mut text = String::new();
    told.for_each(|name, value| {
        let (name, value) = (std::str::from_utf8(name), std::str::from_utf8(value));
        text += &format!("{}: {}\n", name.unwrap(), value.unwrap());
    });
    insta::assert_snapshot!(text, @r#"
    deprecation: @1000
    sunset: Thu, 01 Jan 1970 02:13:20 GMT
    link: </own>; rel="successor-version", <https://dev.example/guide>; rel="deprecation"; type="text/html", <https://dev.example/guide>; rel="sunset"; type="text/html", <https://api.example/v2>; rel="successor-version"
    api-deprecated-reason: "`note` \"goes\"";rollout="roll_000000000002g";item="note", "`amount` is a must";rollout="roll_000000000002g";item="amount", "?lan";rollout="roll_000000000002g";item="unseen"
    "#);
}

#[test]
fn the_reason_is_bounded() {
    let snapshot = compiled(|rollout| {
        let export = rollout.items.pop().unwrap();
        rollout.items = (0..40)
            .map(|i| {
                let mut item = export.clone();
                (item.id, item.summary) = (format!("{i}{}", "\"".repeat(999)), "é".repeat(9_999));
                item
            })
            .collect();
    });
    let told = of(&snapshot, NEWCOMER, "GET /export", None).unwrap();
    let reason = told.reason.as_ref().unwrap().to_str().unwrap();
    assert_eq!(reason.matches(";rollout=").count(), 8);
    assert!(reason.len() < 5_000, "{}", reason.len());
}

#[test]
fn nothing_is_said_before_the_announcement() {
    let snapshot = compiled(|rollout| rollout.warn = None);
    assert_eq!(of(&snapshot, CONCERNED, "GET /export", None), None);
}

#[test]
fn a_snapshot_says_which_rollout_of_which_surface_is_wrong() {
    let broken = |change: fn(&mut RolloutSpec)| {
        let mut spec = spec();
        change(&mut spec.surfaces[0].rollouts[0]);
        match Snapshot::compile(&spec) {
            Err(error @ CompileError::Rollout { .. }) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let mut found = vec![
        broken(|rollout| rollout.new = "4".to_owned()),
        broken(|rollout| rollout.new = "1".to_owned()),
        broken(|rollout| rollout.warn.as_mut().unwrap().sunset_at = Micros(1)),
        broken(|rollout| rollout.warn.as_mut().unwrap().guide = Some("a>; b".to_owned())),
        broken(|rollout| rollout.warn.as_mut().unwrap().successor = Some("é".to_owned())),
    ];
    let mut twice = spec();
    let again = twice.surfaces[0].rollouts[0].clone();
    twice.surfaces[0].rollouts.push(again);
    found.push(Snapshot::compile(&twice).unwrap_err().to_string());
    insta::assert_snapshot!(found.join("\n"), @r#"
    roll_000000000002g of surface "orders" cannot be carried out: it names version "4", which the surface has not
    roll_000000000002g of surface "orders" cannot be carried out: its old version is its new one
    roll_000000000002g of surface "orders" cannot be carried out: it ends the old before it deprecates it
    roll_000000000002g of surface "orders" cannot be carried out: its guide or successor "a>; b" is not an address that a header can hold
    roll_000000000002g of surface "orders" cannot be carried out: its guide or successor "é" is not an address that a header can hold
    roll_000000000002g of surface "orders" cannot be carried out: another rollout of the surface has its id
    "#);
}
