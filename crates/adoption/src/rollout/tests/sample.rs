//! A small world for the tests: consumers of every kind, the weak answer, and the plan made strong.

use jiff::civil::{Date, date};

use crate::call::ClientClass;
use crate::clock::Micros;
use crate::consumer::ConsumerKind;
use crate::ids::{ConsumerId, RolloutId};
use crate::rollout::day::start_of;
use crate::rollout::*;

pub const TODAY: Date = date(2026, 3, 2);

pub const ROLLOUT: RolloutId = RolloutId::from_raw(77);

/// "Deprecate it and write a guide."
pub const WEAK: &str = r#"
name = "Payments v2"
surface = "surf_0000000000020"
guide = "https://docs.example.com/v2"

[[items]]
id = "00000000000000aa"
subject = "POST /payments"
rule = "request-property-removed"
summary = "`note` is no longer taken"
breaks = ["wire"]
touch = "sent"

[[items]]
id = "00000000000000bb"
subject = "GET /payments/{id}"
rule = "response-property-removed"
summary = "`fee` is no longer given"
breaks = ["wire", "sdk"]
touch = "received"
"#;

pub fn now() -> Micros {
    start_of(TODAY).plus_seconds(9 * 3_600)
}

pub fn id(n: u64) -> ConsumerId {
    ConsumerId::from_raw(100 + n)
}

/// A daily consumer with `calls` in 180 days, affected by the first item, on plan `gold`.
pub fn consumer(n: u64, calls: u64) -> ConsumerImpact {
    ConsumerImpact {
        consumer: id(n),
        name: format!("consumer-{n}"),
        kind: ConsumerKind::Developer,
        client: ClientClass::Sdk,
        plan: Some("gold".to_owned()),
        sla: None,
        calls,
        share_ppm: share_ppm(calls, 10_000_000),
        first_seen: Some(now().plus_seconds(-180 * 86_400)),
        last_seen: Some(now().plus_seconds(-86_400)),
        rhythm: Rhythm {
            active_days: 179,
            gap_days: Some(1),
        },
        release_cycle_days: None,
        verdicts: vec![verdict("00000000000000aa", Verdict::Affected, calls)],
    }
}

pub fn verdict(item: &str, verdict: Verdict, calls: u64) -> ItemVerdict {
    ItemVerdict {
        item: item.to_owned(),
        verdict,
        grade: None,
        calls,
        share_ppm: share_ppm(calls, 10_000_000),
        first_seen: None,
        last_seen: None,
        gaps: Vec::new(),
    }
}

/// Twelve concerned consumers in every segment but dormant, of which 3 have production scale; and one proven to be
/// unaffected on a plan that nobody else has.
pub fn impact() -> Impact {
    let mut consumers: Vec<_> = (0..12).map(|n| consumer(n, 2_000_000 >> n)).collect();
    consumers[1].release_cycle_days = Some(45);
    consumers[3].client = ClientClass::Agent;
    consumers[4].kind = ConsumerKind::Squad;
    consumers[5].plan = Some("free tier".to_owned());
    let mut bystander = consumer(12, 500);
    bystander.plan = Some("platinum".to_owned());
    bystander.verdicts[0].verdict = Verdict::UnaffectedProven;
    consumers.push(bystander);
    Impact {
        from: date(2025, 9, 3),
        until: TODAY,
        volume_calls: 10_000_000,
        consumers,
        cut_over_days: (1..=100).collect(),
    }
}

pub fn weak() -> Plan {
    toml::from_str(WEAK).unwrap()
}

/// The weak plan with everything it lacks.
pub fn strong(impact: &Impact) -> Plan {
    strengthened(&weak(), impact, now(), None).unwrap()
}

pub fn freeze(scope: FreezeScope, from: Date, until: Date) -> Freeze {
    Freeze {
        scope,
        from,
        until,
        reason: "year end closing".to_owned(),
    }
}
