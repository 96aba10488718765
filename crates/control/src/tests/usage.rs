//! Reports: names, shares, quantiles, filters, limits, deprecated calls.

use adoption::{Clock, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin};
use insta::assert_snapshot;
use meter::{Call, Settlement};

use super::world::{DECLARED, SETTLEMENT, World, answer, apply_all, call};
use crate::{Actor, ClientQuery, PageRequest, UsageBy, UsageQuery, UsageReport};

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Payments, version: 7.1.0}
paths:
  /payments: {get: {operationId: listPayments}}
  /charges: {get: {operationId: listCharges, deprecated: true, x-replaced-by: listPayments}}
";

fn shown(report: &UsageReport) -> String {
    let row = |row: &crate::UsageRow| {
        let of = [&row.surface, &row.consumer]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join("/");
        let figures = row.figures;
        format!(
            "{} [{of}] {} calls {:.2} share, {} errors, {} ours, {} attempts, p99 {:?}{}",
            row.name,
            figures.calls,
            row.share,
            figures.errors,
            figures.ours,
            figures.attempts,
            figures.p99_us,
            if row.deprecated { ", deprecated" } else { "" }
        )
    };
    report.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// 10 calls of acme to a deprecated operation, 5 of beta and 1 anonymous to another, 1 unknown key, 2 unmatched.
async fn traffic(world: &World) {
    let surface = world.surface("payments").await;
    let contract = world
        .control
        .push_contract(Actor::Cli, "payments", "c.yaml", CONTRACT, DECLARED)
        .await
        .unwrap()
        .contract;
    let (acme, beta) = (world.consumer("acme").await, world.consumer("beta").await);
    let (acme_key, beta_key) = (
        world.key("acme", "payments").await,
        world.key("beta", "payments").await,
    );
    let (list, charges) = (
        OperationId::of(surface.id, "GET", "/payments"),
        OperationId::of(surface.id, "GET", "/charges"),
    );
    let base = Call {
        surface: surface.id,
        contract: contract.id,
        ..call(world.clock.now(), 0)
    };
    let of = |consumer, key, operation| Call {
        consumer,
        key,
        operation,
        ..base
    };
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let answer = |call: Call, status: u16, origin, attempts, latency_us| {
        let reservation = lane.reserve(&call, status, origin, attempts).unwrap();
        lane.settle(
            reservation,
            &Settlement {
                latency_us,
                ..SETTLEMENT
            },
        );
    };
    for n in 0..10 {
        answer(
            of(acme.id, acme_key.key.id, charges),
            200,
            Origin::Upstream,
            1,
            1_000 * (n + 1),
        );
    }
    for _ in 0..5 {
        answer(
            of(beta.id, beta_key.key.id, list),
            500,
            Origin::Upstream,
            2,
            700,
        );
    }
    answer(
        of(ConsumerId::ANONYMOUS, KeyId::NONE, list),
        200,
        Origin::Upstream,
        1,
        100,
    );
    answer(
        of(ConsumerId::UNKNOWN, KeyId::NONE, list),
        401,
        Origin::Consumer,
        0,
        50,
    );
    for _ in 0..2 {
        let unmatched = Call {
            contract: ContractId::NONE,
            ..of(acme.id, acme_key.key.id, OperationId::UNMATCHED)
        };
        answer(unmatched, 404, Origin::Consumer, 0, 10);
    }
    drop(lane);
    apply_all(world, journal).await;
}

#[tokio::test]
async fn rows_are_named_shared_and_in_order() {
    let world = World::new().await;
    traffic(&world).await;
    assert_snapshot!(shown(&world.usage(UsageBy::Operation).await), @"
    GET /charges [payments] 10 calls 0.53 share, 0 errors, 0 ours, 10 attempts, p99 Some(10624), deprecated
    GET /payments [payments] 7 calls 0.37 share, 6 errors, 1 ours, 11 attempts, p99 Some(724)
    (unmatched) [payments] 2 calls 0.11 share, 2 errors, 2 ours, 0 attempts, p99 Some(10)
    ");
    assert_snapshot!(shown(&world.usage(UsageBy::Consumer).await), @"
    acme [] 12 calls 0.63 share, 2 errors, 2 ours, 10 attempts, p99 None
    beta [] 5 calls 0.26 share, 5 errors, 0 ours, 10 attempts, p99 None
    (anonymous) [] 1 calls 0.05 share, 0 errors, 0 ours, 1 attempts, p99 None
    (unknown key) [] 1 calls 0.05 share, 1 errors, 1 ours, 0 attempts, p99 None
    ");
    assert_snapshot!(shown(&world.usage(UsageBy::Version).await), @"
    7.1.0 [payments] 17 calls 0.89 share, 6 errors, 1 ours, 21 attempts, p99 Some(10624)
    (none) [payments] 2 calls 0.11 share, 2 errors, 2 ours, 0 attempts, p99 Some(10)
    ");
    assert_snapshot!(shown(&world.usage(UsageBy::Client).await), @"sdk [] 19 calls 1.00 share, 8 errors, 3 ours, 21 attempts, p99 None");
    let keys = world.usage(UsageBy::Key).await;
    let names: Vec<_> = keys
        .rows
        .iter()
        .map(|row| (&row.name[..9], row.consumer.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            ("twp_live_", Some("acme")),
            ("twp_live_", Some("beta")),
            ("(anonymou", Some("(anonymous)")),
            ("(unknown ", Some("(unknown key)")),
        ]
    );
    assert_eq!(
        keys.total.p50_us,
        world.usage(UsageBy::Operation).await.total.p50_us
    );
}

#[tokio::test]
async fn filters_narrow_limits_cut_and_totals_stay_whole() {
    let world = World::new().await;
    traffic(&world).await;
    let now = world.clock.now();
    let query = UsageQuery::new(
        UsageBy::Operation,
        now.plus_seconds(-3_600),
        now.plus_seconds(60),
    );
    let acme = UsageQuery {
        consumer: Some("acme".to_owned()),
        ..query.clone()
    };
    let report = world.control.usage(&acme).await.unwrap();
    assert_eq!(
        (report.rows_total, report.total.calls, report.total.p50_us),
        (2, 12, None)
    );
    let nobody = UsageQuery {
        consumer: Some("(anonymous)".to_owned()),
        ..query.clone()
    };
    assert_eq!(world.control.usage(&nobody).await.unwrap().total.calls, 1);
    let cut = world
        .control
        .usage(&UsageQuery {
            limit: 1,
            ..query.clone()
        })
        .await
        .unwrap();
    assert_eq!(
        (cut.rows.len(), cut.rows_total, cut.total.calls),
        (1, 3, 19)
    );
    let operation = cut.rows[0].id.parse().unwrap();
    let one = UsageQuery {
        operation: Some(operation),
        by: UsageBy::Consumer,
        ..query.clone()
    };
    assert_eq!(
        shown(&world.control.usage(&one).await.unwrap()),
        "acme [] 10 calls 1.00 share, 0 errors, 0 ours, 10 attempts, p99 None"
    );
    let other = UsageQuery {
        surface: Some("payments".to_owned()),
        since: now.plus_seconds(120),
        until: now.plus_seconds(180),
        ..query.clone()
    };
    assert_eq!(world.control.usage(&other).await.unwrap().total.calls, 0);
    let empty = UsageQuery {
        until: query.since,
        ..query.clone()
    };
    assert_eq!(
        world.control.usage(&empty).await.unwrap_err().code(),
        "invalid_field"
    );
    let unknown = UsageQuery {
        surface: Some("nowhere".to_owned()),
        ..query
    };
    assert_eq!(
        world.control.usage(&unknown).await.unwrap_err().code(),
        "not_found"
    );
}

#[tokio::test]
async fn who_calls_deprecated_operations_is_known_until_the_contract_says_otherwise() {
    let world = World::new().await;
    traffic(&world).await;
    let now = world.clock.now();
    let ask = async || {
        world
            .control
            .who_calls_deprecated(
                now.plus_seconds(-60),
                now.plus_seconds(60),
                Some("payments"),
                10,
            )
            .await
            .unwrap()
    };
    let report = ask().await;
    assert_eq!((report.rows_total, report.consumers), (1, 1));
    let row = &report.rows[0];
    assert_eq!(
        (row.consumer.as_str(), row.path.as_str(), row.calls),
        ("acme", "/charges", 10)
    );
    assert_eq!(row.replaced_by.as_deref(), Some("/payments"));
    let kept = CONTRACT.replace(", deprecated: true, x-replaced-by: listPayments", "");
    world
        .control
        .push_contract(Actor::Cli, "payments", "c.yaml", &kept, DECLARED)
        .await
        .unwrap();
    assert_eq!(ask().await.rows_total, 0);
}

#[tokio::test]
async fn keys_and_consumers_know_when_they_were_last_seen() {
    let world = World::new().await;
    traffic(&world).await;
    let minute = adoption::Micros::from_seconds(world.clock.now().minute() * 60);
    let keys = world
        .control
        .list_keys(None, None, &PageRequest::default())
        .await
        .unwrap()
        .items;
    assert!(
        keys.iter().all(|key| key.last_used == Some(minute)),
        "{keys:?}"
    );
    assert_eq!(
        world.control.consumer("beta").await.unwrap().last_seen,
        Some(minute)
    );
    world.consumer("quiet").await;
    assert_eq!(
        world.control.consumer("quiet").await.unwrap().last_seen,
        None
    );
}

/// Clients by name and version; the consumer is found through its keys, the period is whole days.
#[tokio::test]
async fn clients_are_counted_by_name_and_version() {
    let world = World::new().await;
    let surfaces = [
        world.surface("payments").await,
        world.surface("refunds").await,
    ];
    let (acme, beta) = (world.consumer("acme").await, world.consumer("beta").await);
    let acme_key = world.key("acme", "payments").await.key.id;
    let beta_key = world.key("beta", "refunds").await.key.id;
    let now = world.clock.now();
    let midnight = Micros::from_seconds(now.day() * 86_400);
    let yesterday = midnight.plus_seconds(-1);
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let calls = [
        (5, "axios", "1.6.8", 0, acme.id, acme_key, now),
        (3, "axios", "1.7.0", 1, beta.id, beta_key, now),
        (2, "axios", "1.6.8", 1, beta.id, beta_key, yesterday),
        (1, "curl", "", 0, ConsumerId::ANONYMOUS, KeyId::NONE, now),
    ];
    for (count, client, version, surface, consumer, key, at) in calls {
        let client = lane.client(client, version);
        for n in 0..count {
            let call = Call {
                surface: surfaces[surface].id,
                client,
                consumer,
                key,
                ..call(at, n)
            };
            answer(&lane, &call, 200);
        }
    }
    drop(lane);
    apply_all(&world, journal).await;

    let all = ClientQuery {
        since: yesterday,
        until: now.plus_seconds(60),
        surface: None,
        consumer: None,
        limit: 100,
    };
    let shown = async |query: ClientQuery| {
        let report = world.control.usage_of_clients(&query).await.unwrap();
        let row = |row: &crate::ClientUsage| {
            let day = row.last_seen.day() - now.day();
            let (client, version) = (&row.client, &row.version);
            format!("{client} {version:?} {} {:.2} {day}", row.calls, row.share)
        };
        let rows: Vec<_> = report.rows.iter().map(row).collect();
        let total = format!(
            "{} of {} rows, {} calls",
            rows.len(),
            report.rows_total,
            report.calls
        );
        format!("{}\n{total}", rows.join("\n"))
    };
    assert_snapshot!(shown(all.clone()).await, @r#"
    axios "1.6.8" 7 0.64 0
    axios "1.7.0" 3 0.27 0
    curl "" 1 0.09 0
    3 of 3 rows, 11 calls
    "#);
    let only = |surface: Option<&str>, consumer: Option<&str>| ClientQuery {
        surface: surface.map(str::to_owned),
        consumer: consumer.map(str::to_owned),
        ..all.clone()
    };
    assert_snapshot!(shown(only(Some("payments"), None)).await, @r#"
    axios "1.6.8" 5 0.83 0
    curl "" 1 0.17 0
    2 of 2 rows, 6 calls
    "#);
    assert_snapshot!(shown(only(None, Some("beta"))).await, @r#"
    axios "1.7.0" 3 0.60 0
    axios "1.6.8" 2 0.40 -1
    2 of 2 rows, 5 calls
    "#);
    assert_snapshot!(shown(ClientQuery { limit: 1, ..all.clone() }).await, @r#"
    axios "1.6.8" 7 0.64 0
    1 of 3 rows, 11 calls
    "#);

    // Today alone, asked for from its last second on, is today whole.
    let today = ClientQuery {
        since: midnight.plus_seconds(86_399),
        until: midnight.plus_seconds(86_400),
        ..all.clone()
    };
    let report = world.control.usage_of_clients(&today).await.unwrap();
    let whole = (midnight, midnight.plus_seconds(86_400), 9);
    assert_eq!((report.since, report.until, report.calls), whole);

    for (query, code) in [
        (only(None, Some("(anonymous)")), "invalid_field"),
        (only(None, Some("nobody")), "not_found"),
        (
            ClientQuery {
                until: all.since,
                ..all.clone()
            },
            "invalid_field",
        ),
    ] {
        let refused = world.control.usage_of_clients(&query).await.unwrap_err();
        assert_eq!(refused.code(), code, "{query:?}");
    }
}
