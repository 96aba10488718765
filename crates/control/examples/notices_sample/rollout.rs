//! A rollout as a sample: two brownouts ahead, one consumer of each kind of evidence, and texts that formats must escape.

use std::collections::{BTreeMap, BTreeSet};

use adoption::rollout::{
    Brownout, BrownoutOutcome, ConsumerImpact, Grade, Impact, ItemVerdict, Notice, NoticeKind,
    Phase, Plan, Recipient, Rhythm, Rollout, Segment, State, Verdict, day,
};
use adoption::{ClientClass, ConsumerId, ConsumerKind, Micros, RolloutId, SurfaceId};

/// 2027-01-15T08:00:00Z.
pub const NOW: Micros = Micros(1_800_000_000_000_000);
pub const ROLLOUT: RolloutId = RolloutId::from_raw(77);
pub const SURFACE: SurfaceId = SurfaceId::from_raw(20);
/// Sends what goes.
pub const AFFECTED: ConsumerId = ConsumerId::from_raw(101);
/// Was given what goes.
pub const POSSIBLE: ConsumerId = ConsumerId::from_raw(102);

const PLAN: &str = r#"
name = "Zahlungen 1.8.0 to 2.0.0, <new & better>; see \"guide\""
surface = "surf_000000000000m"
guide = "https://docs.example.com/v2?from=mail&to=you"
successor = "2.0.0"

[window]
sequence = 2
announce = { date = "2026-12-07" }
deprecate = { date = "2026-12-21" }
close = { date = "2027-03-07" }
brownouts = { date = "2027-05-08" }
sunset = { date = "2027-06-05" }
remove = { date = "2027-07-05" }

[communication]
channels = ["headers", "changelog", "status", "banner"]

[[items]]
id = "aa"
subject = "POST /payments"
rule = "request-property-removed"
summary = "`note` is no longer taken"
breaks = ["wire"]
touch = "sent"
bridge = { kind = "codemod", name = "drop-note" }

[[items]]
id = "bb"
subject = "GET /payments/{id}"
rule = "response-property-removed"
summary = "`fee` is no longer given, ask /fees instead"
breaks = ["wire", "sdk"]
touch = "received"
bridge = { kind = "parallel" }
"#;

/// In brownouts, revision 2 of its window.
pub fn rollout() -> Rollout {
    let plan: Plan = toml::from_str(PLAN).expect("the sample is a plan");
    let mut rollout = Rollout::draft(ROLLOUT, plan, Micros(NOW.0 - 60 * day::DAY_US));
    rollout.state = State::Running {
        phase: Phase::Brownouts,
    };
    rollout.told = BTreeSet::from([AFFECTED, POSSIBLE]);
    rollout.entered = BTreeMap::from([(Phase::Draft, Micros(NOW.0 - 60 * day::DAY_US))]);
    let from = |days: i64| {
        let start = day::start_of(jiff::civil::date(2027, 5, 8));
        Micros(start.0 + days * day::DAY_US).plus_seconds(14 * 3_600)
    };
    let brownout = |segment, stage, days, minutes: i64| Brownout {
        segment,
        stage,
        from: from(days),
        until: from(days).plus_seconds(minutes * 60),
        outcome: BrownoutOutcome::Planned,
    };
    rollout.brownouts = vec![
        brownout(Segment::LongTail, 0, 0, 1),
        brownout(Segment::ProductionScale, 0, 1, 5),
    ];
    rollout
}

/// One that sends what goes, one that was given it.
pub fn impact() -> Impact {
    let consumer = |id, name: &str, calls, item: &str, verdict, grade| ConsumerImpact {
        consumer: id,
        name: name.to_owned(),
        kind: ConsumerKind::Developer,
        client: ClientClass::Sdk,
        plan: None,
        sla: None,
        calls,
        share_ppm: adoption::rollout::share_ppm(calls, 1_000_000),
        first_seen: Some(Micros(NOW.0 - 90 * day::DAY_US)),
        last_seen: Some(Micros(NOW.0 - day::DAY_US)),
        rhythm: Rhythm {
            active_days: 90,
            gap_days: Some(1),
        },
        release_cycle_days: None,
        verdicts: vec![ItemVerdict {
            item: item.to_owned(),
            verdict,
            grade: Some(grade),
            calls,
            share_ppm: 0,
            first_seen: None,
            last_seen: None,
            gaps: vec![],
        }],
    };
    Impact {
        from: jiff::civil::date(2026, 10, 17),
        until: jiff::civil::date(2027, 1, 15),
        volume_calls: 1_000_000,
        consumers: vec![
            consumer(
                AFFECTED,
                "Küstrel Food",
                123_456,
                "aa",
                Verdict::Affected,
                Grade::Requested,
            ),
            consumer(
                POSSIBLE,
                "Nimbus",
                12,
                "bb",
                Verdict::Possible,
                Grade::Delivered,
            ),
        ],
        cut_over_days: vec![],
    }
}

pub fn notice(kind: NoticeKind, recipient: Recipient) -> Notice {
    Notice::new(ROLLOUT, kind, recipient, 2)
}
