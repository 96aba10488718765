//! Versions and stages of a rollout on the wire: a gateway on a Snapshot of data, two upstreams, a real client.

mod gateway;

use ::gateway::{BrownoutSpec, ClosedSpec, GoneSpec, RolloutSpec};
use adoption::rollout::Segment;
use adoption::{ConsumerId, Micros, Origin};
use gateway::{BETA, CONCERNED, KNOWN, NEWCOMER, NOW, Running, STAYS};

use crate::support::eventually;

const MEDIA: &str = "application/vnd.acme.v2+json";
const AMOUNT: &str = r#"{"amount": 5}"#;
const NOTE: &str = r#"{"amount": 5, "note": "x"}"#;

type Lines = &'static [(&'static str, &'static str)];

#[test]
fn a_call_is_served_by_the_version_that_it_names_or_is_pinned_to() {
    let running = Running::start(|_| {});
    let cases: &[(&str, &str, Lines, &str)] = &[
        (NEWCOMER, "/shop/items", &[], "1"),
        (KNOWN, "/shop/items", &[], "2"),
        (BETA, "/shop/items", &[], "3"),
        (
            NEWCOMER,
            "/shop/items?x=1",
            &[("towpath-version", "2")],
            "2",
        ),
        (KNOWN, "/shop/v1/items?x=1", &[], "1"),
        (KNOWN, "/shop/v1/items", &[("Towpath-Version", "9")], "1"),
        (NEWCOMER, "/shop/items", &[("accept", MEDIA)], "2"),
        (
            NEWCOMER,
            "/shop/items",
            &[("accept", "*/*"), ("content-type", MEDIA)],
            "2",
        ),
        (
            BETA,
            "/shop/items",
            &[("towpath-version", "3"), ("towpath_version", "1")],
            "3",
        ),
    ];
    for (account, path, fields, expect) in cases {
        running.forget();
        let answer = running.call(account, &format!("GET {path}"), fields, "");
        assert_eq!(answer.status, 200, "{account} {path} {fields:?}");
        assert_eq!(
            answer.all("towpath-version"),
            [*expect],
            "{account} {path} {fields:?}"
        );
        assert_eq!(
            answer.all("x-upstream"),
            [*expect],
            "{account} {path} {fields:?}"
        );
        assert_eq!(
            answer.all("vary"),
            [
                "Origin",
                "towpath-version, authorization, accept, x-account"
            ]
        );
        let sent = running.received(expect);
        assert_eq!(sent.headers("towpath-version"), [*expect]);
        assert_eq!(sent.headers("towpath_version"), [""; 0]);
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let target = sent.line().split(' ').nth(1).unwrap();
        assert_eq!(target.split('?').next(), Some("/items"), "{path}");
        assert_eq!(target.split_once('?').map_or("", |(_, query)| query), query);
    }
    let expect: Vec<u64> = cases
        .iter()
        .map(|case| 100 + case.3.parse::<u64>().unwrap())
        .collect();
    let calls = running.journal();
    let contracts: Vec<u64> = calls.iter().map(|call| call.contract).collect();
    assert_eq!(contracts, expect);
    assert!(calls.iter().all(|call| call.origin == Origin::Upstream));
}

#[test]
fn what_cannot_be_served_is_refused_before_an_upstream_hears_of_it() {
    let running = Running::start(|_| {});
    let unknown = running.call(KNOWN, "GET /shop/items", &[("towpath-version", "9")], "");
    assert_eq!(unknown.problem(400), "version_unknown");
    let detail = unknown.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("`1`, `2`, `3` (private beta)"), "{detail}");

    let closed = running.call(KNOWN, "GET /shop/v3/items", &[], "");
    assert_eq!(closed.problem(403), "version_not_open");
    let detail = closed.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("ask the owner of this API"), "{detail}");

    assert_eq!(running.count(), 0);
    assert!(
        running
            .journal()
            .iter()
            .all(|call| call.origin == Origin::Consumer)
    );
}

#[test]
fn only_answers_to_touched_calls_say_what_goes() {
    let running = Running::start(|_| {});
    let told = |account, line, fields: &[(&str, &str)], body| {
        let answer = running.call(account, line, fields, body);
        assert_eq!(answer.status, 200, "{line} {body}");
        let fields = ["deprecation", "sunset", "link", "api-deprecated-reason"];
        let present = fields.map(|name| !answer.all(name).is_empty());
        assert!(
            present.iter().all(|is| *is == present[0]),
            "{line} {body} {present:?}"
        );
        answer.reasons()
    };
    let json = [("content-type", "application/json")];
    let create = "POST /shop/orders";
    assert_eq!(told(NEWCOMER, create, &json, AMOUNT), [""; 0]);
    assert_eq!(told(NEWCOMER, create, &json, NOTE), ["note"]);
    assert_eq!(told(NEWCOMER, create, &json, "{}"), ["amount"]);
    assert_eq!(
        told(NEWCOMER, create, &json, r#"{"note": 1}"#),
        ["note", "amount"]
    );
    assert_eq!(told(CONCERNED, create, &json, AMOUNT), [""; 0]);
    // Of what cannot be read, the concerned are told everything that may concern them.
    let packed = [json[0], ("content-encoding", "gzip")];
    assert_eq!(told(CONCERNED, create, &packed, NOTE), ["note", "amount"]);
    assert_eq!(told(NEWCOMER, create, &packed, NOTE), [""; 0]);
    // What consumers read of answers is known, not seen.
    assert_eq!(told(CONCERNED, "GET /shop/orders/7", &[], ""), ["status"]);
    assert_eq!(told(NEWCOMER, "GET /shop/orders/7", &[], ""), [""; 0]);
    assert_eq!(told(NEWCOMER, "GET /shop/export", &[], ""), ["export"]);
    assert_eq!(told(NEWCOMER, "GET /shop/items", &[], ""), [""; 0]);
    assert_eq!(told(NEWCOMER, "POST /shop/v2/orders", &json, NOTE), [""; 0]);
    // Reading the leaves early takes nothing from the evidence.
    let calls = running.journal();
    assert_eq!(calls.len(), 12);
    assert!(calls[1].request_leaves.is_some() && calls[5].request_leaves.is_none());
    assert_eq!(calls[1].request_leaves.as_deref(), Some(&[0b111][..]));
}

#[test]
fn the_headers_are_what_the_standards_say() {
    let running = Running::start(|_| {});
    let answer = running.call(
        NEWCOMER,
        "POST /shop/orders",
        &[("content-type", "application/json")],
        NOTE,
    );
    // RFC 9745 section 2.1: a date of RFC 9651, read by a parser that is not ours.
    let deprecation: sfv::Item = sfv::Parser::new(&answer.one("deprecation"))
        .parse()
        .unwrap();
    let seconds = deprecation.bare_item.as_date().unwrap().unix_seconds();
    assert_eq!(i64::from(seconds), NOW.seconds() - 1_000);
    assert_eq!(answer.one("sunset"), "Tue, 19 Jan 2027 08:00:00 GMT");
    assert_eq!(
        answer.one("link"),
        "<https://dev.example/guide>; rel=\"deprecation\"; type=\"text/html\", \
         <https://dev.example/guide>; rel=\"sunset\"; type=\"text/html\", \
         <https://api.example/v2>; rel=\"successor-version\""
    );
    let reason: sfv::List = sfv::Parser::new(&answer.one("api-deprecated-reason"))
        .parse()
        .unwrap();
    let [sfv::ListEntry::Item(item)] = &reason[..] else {
        panic!("{reason:?}");
    };
    assert_eq!(
        item.bare_item.as_string().unwrap().as_str(),
        "`note` \"goes\" \\ ?"
    );
    let names: Vec<&str> = item.params.keys().map(|key| key.as_str()).collect();
    assert_eq!(names, ["rollout", "item"]);

    let by_http2 = running.call_http2(NEWCOMER, "GET /shop/export");
    assert_eq!(by_http2.all("towpath-version"), ["1"]);
    assert_eq!(by_http2.all("vary").len(), 2);
    assert_eq!(by_http2.reasons(), ["export"]);
    assert_eq!(by_http2.one("deprecation"), answer.one("deprecation"));
}

/// What becomes of calls: the version that serves, or the code of the refusal.
fn expect(running: &Running, cases: &[(&str, &str, &str)]) {
    for (account, line, expect) in cases {
        let answer = running.call(account, line, &[], "");
        let found = match answer.status {
            200 => answer.one("x-upstream"),
            status => {
                assert_eq!(
                    answer.all("cache-control"),
                    ["no-store"],
                    "{account} {line}"
                );
                answer.problem(status)
            }
        };
        assert_eq!(found, *expect, "{account} {line}");
    }
}

#[test]
fn a_brownout_starts_and_ends_by_the_clock() {
    let running = Running::start(|rollout| {
        rollout.brownouts = vec![BrownoutSpec {
            segment: Segment::LongTail,
            from: NOW.plus_seconds(60),
            until: NOW.plus_seconds(120),
        }];
    });
    let create = "POST /shop/orders";
    expect(
        &running,
        &[
            (CONCERNED, create, "1"),
            (KNOWN, "POST /shop/v1/orders", "1"),
        ],
    );

    running.clock.advance_seconds(90);
    let mut answer = running.call(CONCERNED, create, &[], "");
    eventually("the brownout starts", || {
        answer = running.call(CONCERNED, create, &[], "");
        answer.status == 410
    });
    assert_eq!(answer.problem(410), "brownout");
    assert_eq!(answer.all("cache-control"), ["no-store"]);
    // Less than a second has passed on the clock that goes on between two ticks.
    let retry_after: u32 = answer.one("retry-after").parse().unwrap();
    assert!((1..=30).contains(&retry_after), "{retry_after}");
    for name in ["deprecation", "sunset", "link", "api-deprecated-reason"] {
        assert_eq!(answer.all(name).len(), 1, "{name}");
    }
    expect(
        &running,
        &[
            (CONCERNED, "GET /shop/items", "1"),
            (NEWCOMER, create, "1"),
            (STAYS, create, "1"),
            (CONCERNED, "POST /shop/v2/orders", "2"),
        ],
    );

    running.clock.advance_seconds(30);
    eventually("the brownout ends", || {
        running.call(CONCERNED, create, &[], "").status == 200
    });
    let refused = running.journal();
    let refused = refused.iter().filter(|call| call.status == 410);
    assert!(refused.clone().count() > 0);
    assert!(
        refused
            .clone()
            .all(|call| call.origin == Origin::Consumer && call.contract == 101)
    );
}

#[test]
fn each_stage_refuses_whom_it_must_and_nobody_else() {
    let running = Running::start(|_| {});
    let create = "POST /shop/orders";
    let closed = |rollout: &mut RolloutSpec| {
        rollout.closed = Some(ClosedSpec {
            since: NOW,
            known: [CONCERNED, KNOWN, STAYS].map(consumer).to_vec(),
        });
    };
    expect(&running, &[(KNOWN, "GET /shop/export", "2")]);
    running.publish(closed);
    expect(
        &running,
        &[
            (NEWCOMER, create, "closed_to_new_consumers"),
            (NEWCOMER, "GET /shop/items", "1"),
            (NEWCOMER, "POST /shop/v2/orders", "2"),
            (CONCERNED, create, "1"),
            (KNOWN, "GET /shop/v1/export", "1"),
            (KNOWN, "GET /shop/export", "operation_removed"),
        ],
    );
    let mut before = 0;
    let gone = |since: Micros| {
        move |rollout: &mut RolloutSpec| {
            closed(rollout);
            rollout.gone = Some(GoneSpec {
                since,
                stays: vec![consumer(STAYS)],
            });
        }
    };
    running.publish(gone(NOW.plus_seconds(600)));
    expect(&running, &[(CONCERNED, create, "1")]);
    running.publish(gone(NOW));
    before += running.count();
    expect(
        &running,
        &[
            (CONCERNED, create, "sunset"),
            (NEWCOMER, "POST /shop/v1/orders", "sunset"),
            (NEWCOMER, "GET /shop/export", "sunset"),
            (KNOWN, "GET /shop/export", "operation_removed"),
        ],
    );
    assert_eq!(
        running.count(),
        before,
        "a refused call reaches no upstream"
    );
    expect(
        &running,
        &[
            (NEWCOMER, create, "2"),
            (CONCERNED, "GET /shop/items", "2"),
            (NEWCOMER, "GET /shop/v1/items", "2"),
            (STAYS, create, "1"),
            (STAYS, "GET /shop/items", "1"),
        ],
    );
    let last = running.journal();
    let last: Vec<u64> = last[last.len() - 5..]
        .iter()
        .map(|call| call.contract)
        .collect();
    assert_eq!(last, [102, 102, 102, 101, 101]);

    let refused = running.call(CONCERNED, create, &[], "").json();
    assert_eq!(refused["successor_version"], "2");
    assert_eq!(refused["guide"], "https://dev.example/guide");
    assert_eq!(refused["items"], serde_json::json!(["note", "amount"]));
}

fn consumer(account: &str) -> ConsumerId {
    gateway::consumer(account)
}
