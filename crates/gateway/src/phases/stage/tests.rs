//! Each stage of a rollout, for each kind of consumer.

use super::*;
use crate::phases::fixture::{CONCERNED, KNOWN, NEWCOMER, STAYS, compiled, head, identified};
use crate::phases::route;
use crate::phases::version::choose;
use crate::snapshot::Snapshot;
use crate::spec::{BrownoutSpec, ClosedSpec, GoneSpec, RolloutSpec};
use adoption::KeyId;
use adoption::rollout::Segment;

const NOW: Micros = Micros::from_seconds(5_000);

fn staged(snapshot: &Snapshot, consumer: ConsumerId, line: &str) -> Result<String, Box<Refused>> {
    let (method, path) = line.split_once(' ').unwrap();
    let path = format!("/shop{path}");
    let head = head(&format!("{method} {path}"), &[]);
    let surface = &snapshot.surfaces[0];
    let identified = identified(consumer, KeyId::NONE);
    let chosen = choose(surface, &identified, &head.fields, &path[5..]).unwrap();
    let mut routed = route::route(surface, &chosen, &head, &path);
    match stage(&mut routed, consumer, NOW, &head, &path) {
        Some(refused) => Err(refused),
        None => {
            let name = routed.version.name.as_ref().unwrap();
            Ok(name.value.to_str().unwrap().to_owned())
        }
    }
}

/// What becomes of a call: the version that serves it, or the code of its refusal.
fn check(change: impl FnOnce(&mut RolloutSpec), cases: &[(ConsumerId, &str, &str)]) {
    let snapshot = compiled(change);
    for (consumer, line, expect) in cases {
        let found = match staged(&snapshot, *consumer, line) {
            Ok(version) => version,
            Err(refused) => {
                assert_eq!(refused.problem.status, StatusCode::GONE);
                refused.problem.code.to_owned()
            }
        };
        assert_eq!(found, *expect, "{consumer} {line}");
    }
}

fn gone(since: i64) -> Option<GoneSpec> {
    Some(GoneSpec {
        since: Micros::from_seconds(since),
        stays: vec![STAYS],
    })
}

fn closed(since: i64) -> Option<ClosedSpec> {
    Some(ClosedSpec {
        since: Micros::from_seconds(since),
        known: vec![CONCERNED, KNOWN, STAYS],
    })
}

#[test]
fn a_warning_refuses_nobody() {
    check(
        |_| {},
        &[
            (CONCERNED, "POST /orders", "1"),
            (NEWCOMER, "GET /export", "1"),
            (KNOWN, "GET /items", "2"),
            // Version 2 has it not, but nothing is closed yet: the upstream answers.
            (KNOWN, "GET /export", "2"),
        ],
    );
}

#[test]
fn what_is_closed_is_refused_to_newcomers_on_what_changes() {
    check(
        |rollout| rollout.closed = closed(5_000),
        &[
            (NEWCOMER, "POST /orders", "closed_to_new_consumers"),
            (
                ConsumerId::ANONYMOUS,
                "GET /export",
                "closed_to_new_consumers",
            ),
            (NEWCOMER, "GET /items", "1"),
            (CONCERNED, "POST /orders", "1"),
            (KNOWN, "GET /export", "operation_removed"),
            (KNOWN, "POST /export", "2"),
            (KNOWN, "GET /never", "2"),
        ],
    );
    check(
        |rollout| rollout.closed = closed(5_001),
        &[(NEWCOMER, "POST /orders", "1"), (KNOWN, "GET /export", "2")],
    );
}

#[test]
fn a_brownout_refuses_the_concerned_of_its_segment_from_its_start_to_before_its_end() {
    let brownout = |segment, from, until| {
        move |rollout: &mut RolloutSpec| {
            rollout.brownouts = vec![BrownoutSpec {
                segment,
                from: Micros(NOW.0 + from),
                until: Micros(NOW.0 + until),
            }];
        }
    };
    let cases = |concerned| {
        [
            (CONCERNED, "POST /orders", concerned),
            (CONCERNED, "GET /items", "1"),
            (STAYS, "POST /orders", "1"),
            (NEWCOMER, "POST /orders", "1"),
        ]
    };
    check(brownout(Segment::LongTail, 0, 1), &cases("brownout"));
    check(brownout(Segment::LongTail, 1, 2), &cases("1"));
    check(brownout(Segment::LongTail, -1, 0), &cases("1"));
    check(brownout(Segment::Mid, -9, 9), &cases("1"));

    let snapshot = compiled(brownout(Segment::LongTail, 0, 1_000_001));
    let refused = staged(&snapshot, CONCERNED, "POST /orders").unwrap_err();
    let retry_after = &refused.problem.headers[0];
    assert_eq!(
        (&retry_after.0, retry_after.1.as_bytes()),
        (&RETRY_AFTER, &b"2"[..])
    );
}

#[test]
fn after_the_end_the_new_serves_whom_it_does_not_break() {
    check(
        |rollout| rollout.gone = gone(5_000),
        &[
            (CONCERNED, "POST /orders", "sunset"),
            (NEWCOMER, "POST /orders", "2"),
            (NEWCOMER, "POST /v1/orders", "sunset"),
            (NEWCOMER, "GET /export", "sunset"),
            (KNOWN, "GET /export", "operation_removed"),
            (NEWCOMER, "GET /v1/items", "2"),
            (CONCERNED, "GET /items", "2"),
            (STAYS, "POST /orders", "1"),
            (STAYS, "GET /v1/export", "1"),
            (STAYS, "GET /items", "1"),
            (NEWCOMER, "GET /never", "2"),
        ],
    );
    check(
        |rollout| rollout.gone = gone(5_001),
        &[
            (CONCERNED, "POST /orders", "1"),
            (NEWCOMER, "GET /v1/items", "1"),
        ],
    );
}

#[test]
fn two_rollouts_on_end_lead_from_one_version_to_the_last_and_a_circle_of_them_ends() {
    let mut spec = crate::phases::fixture::spec();
    let surface = &mut spec.surfaces[0];
    surface.versions.as_mut().unwrap().others[1].access = crate::spec::Access::Everyone;
    surface.rollouts[0].gone = gone(1);
    let mut second = surface.rollouts[0].clone();
    (second.old, second.new) = ("2".to_owned(), "3".to_owned());
    second.id = adoption::RolloutId::from_raw(81);
    surface.rollouts.push(second.clone());
    let snapshot = Snapshot::compile(&spec).unwrap();
    assert_eq!(staged(&snapshot, NEWCOMER, "GET /v1/items").unwrap(), "3");
    assert_eq!(staged(&snapshot, NEWCOMER, "POST /orders").unwrap(), "3");
    let refused = staged(&snapshot, NEWCOMER, "POST /v2/orders").unwrap_err();
    assert_eq!(refused.problem.code, "sunset");

    (second.old, second.new) = ("3".to_owned(), "1".to_owned());
    second.id = adoption::RolloutId::from_raw(82);
    spec.surfaces[0].rollouts.push(second);
    let snapshot = Snapshot::compile(&spec).unwrap();
    assert_eq!(staged(&snapshot, NEWCOMER, "GET /v1/items").unwrap(), "1");
}

#[test]
fn a_refusal_says_what_to_do_instead() {
    let text = |change: fn(&mut RolloutSpec), consumer, line| {
        let refused = staged(&compiled(change), consumer, line).unwrap_err();
        let (_, body) = refused.problem.render("req_1");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let mut text = serde_json::to_string_pretty(&body).unwrap();
        refused.headers.unwrap().for_each(|name, value| {
            let value = std::str::from_utf8(value).unwrap();
            text += &format!("\n{}: {value}", std::str::from_utf8(name).unwrap());
        });
        text
    };
    insta::assert_snapshot!(text(|rollout| rollout.gone = gone(5_000), CONCERNED, "POST /orders"), @r#"
    {
      "code": "sunset",
      "detail": "version `1` of this operation ended on 1970-01-01T01:23:20Z; call version `2` instead: send `Towpath-Version: 2` or the path prefix `/v2`; what changes: `note` \"goes\"; `amount` is a must; élan; guide: https://dev.example/guide",
      "guide": "https://dev.example/guide",
      "items": [
        "note",
        "amount",
        "unseen"
      ],
      "origin": "consumer",
      "request_id": "req_1",
      "rollout": "roll_000000000002g",
      "status": 410,
      "successor": "https://api.example/v2",
      "successor_version": "2",
      "sunset_at": "1970-01-01T02:30:00Z",
      "title": "This version has ended",
      "type": "urn:towpath:problem:sunset",
      "version": "1"
    }
    deprecation: @1000
    sunset: Thu, 01 Jan 1970 02:30:00 GMT
    link: <https://dev.example/guide>; rel="deprecation"; type="text/html", <https://dev.example/guide>; rel="sunset"; type="text/html", <https://api.example/v2>; rel="successor-version"
    api-deprecated-reason: "`note` \"goes\"";rollout="roll_000000000002g";item="note", "`amount` is a must";rollout="roll_000000000002g";item="amount", "?lan";rollout="roll_000000000002g";item="unseen"
    "#);
    insta::assert_snapshot!(text(|rollout| rollout.closed = closed(1), KNOWN, "GET /export"), @r#"
    {
      "code": "operation_removed",
      "detail": "version `2` has no GET /export, which version `1` had; what changes: the operation goes; guide: https://dev.example/guide",
      "guide": "https://dev.example/guide",
      "items": [
        "export"
      ],
      "origin": "consumer",
      "request_id": "req_1",
      "rollout": "roll_000000000002g",
      "status": 410,
      "successor": "https://api.example/v2",
      "successor_version": "2",
      "sunset_at": "1970-01-01T02:30:00Z",
      "title": "Operation removed",
      "type": "urn:towpath:problem:operation_removed",
      "version": "1"
    }
    deprecation: @1000
    sunset: Thu, 01 Jan 1970 02:30:00 GMT
    link: <https://dev.example/guide>; rel="deprecation"; type="text/html", <https://dev.example/guide>; rel="sunset"; type="text/html", <https://api.example/v2>; rel="successor-version"
    api-deprecated-reason: "the operation goes";rollout="roll_000000000002g";item="export"
    "#);
    let detail = |change: fn(&mut RolloutSpec), consumer| {
        let refused = staged(&compiled(change), consumer, "GET /orders/7").unwrap_err();
        refused.problem.detail.into_owned()
    };
    insta::assert_snapshot!(detail(|rollout| rollout.closed = closed(1), NEWCOMER), @r#"version `1` of this operation takes no new consumers and ends on 1970-01-01T02:30:00Z; call version `2` instead: send `Towpath-Version: 2` or the path prefix `/v2`; what changes: `status` goes from answers; guide: https://dev.example/guide"#);
    let brownout = |rollout: &mut RolloutSpec| {
        rollout.brownouts = vec![BrownoutSpec {
            segment: Segment::LongTail,
            from: Micros(0),
            until: Micros::from_seconds(6_000),
        }];
    };
    insta::assert_snapshot!(detail(brownout, CONCERNED), @r#"version `1` of this operation is off until 1970-01-01T01:40:00Z, as announced and ends for good on 1970-01-01T02:30:00Z; call version `2` instead: send `Towpath-Version: 2` or the path prefix `/v2`; what changes: `status` goes from answers; guide: https://dev.example/guide"#);
}
