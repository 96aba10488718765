//! Every consumer in exactly one segment.

use proptest::prelude::*;

use super::sample::{consumer, id, impact, now, strong};
use crate::call::ClientClass;
use crate::consumer::ConsumerKind;
use crate::rollout::*;

fn check(change: impl Fn(&mut ConsumerImpact), expect: Segment) {
    let mut one = consumer(0, 180 * 500);
    one.share_ppm = 0;
    change(&mut one);
    assert_eq!(
        Thresholds::default().segment_of(&one, 180, now()),
        expect,
        "{one:?}"
    );
}

#[test]
fn by_volume_and_kind() {
    check(|_| {}, Segment::Mid);
    check(|c| c.calls = 180 * 100 - 1, Segment::LongTail);
    check(|c| c.calls = 180 * 10_000, Segment::ProductionScale);
    check(|c| c.share_ppm = 10_000, Segment::ProductionScale);
    check(
        |c| (c.share_ppm, c.client) = (10_000, ClientClass::Agent),
        Segment::Agents,
    );
    check(|c| c.kind = ConsumerKind::Agent, Segment::Agents);
    check(|c| c.kind = ConsumerKind::Squad, Segment::Internal);
    check(|c| c.last_seen = None, Segment::Dormant);
    check(
        |c| c.last_seen = Some(now().plus_seconds(-32 * 86_400)),
        Segment::Dormant,
    );
    check(
        |c| c.last_seen = Some(now().plus_seconds(-29 * 86_400)),
        Segment::Mid,
    );
    check(
        |c| (c.last_seen, c.kind) = (None, ConsumerKind::Squad),
        Segment::Internal,
    );
}

#[test]
fn a_person_may_place_one() {
    let impact = impact();
    let mut plan = strong(&impact);
    let first = &impact.consumers[0];
    assert_eq!(plan.segment_of(first, 180, now()), Segment::ProductionScale);
    plan.segmentation
        .as_mut()
        .unwrap()
        .placed
        .insert(id(0), Segment::LongTail);
    assert_eq!(plan.segment_of(first, 180, now()), Segment::LongTail);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_each(
        calls in any::<u64>(),
        share_ppm in 0u32..=1_000_000,
        kind in prop::sample::select(ConsumerKind::ALL.to_vec()),
        client in prop::sample::select(ClientClass::ALL.to_vec()),
        seen in prop::option::of(-1_000i64..1_000),
        window_days in 0u32..1_000,
        bounds in any::<(u32, u64, u64)>(),
    ) {
        let mut one = consumer(0, calls);
        (one.share_ppm, one.kind, one.client) = (share_ppm, kind, client);
        one.last_seen = seen.map(|days| now().plus_seconds(days * 86_400));
        let thresholds = Thresholds {
            production_scale_share_ppm: bounds.0,
            production_scale_calls_per_day: bounds.1,
            mid_calls_per_day: bounds.2,
        };
        let segment = thresholds.segment_of(&one, window_days, now());
        prop_assert_eq!(Segment::ALL.into_iter().filter(|s| *s == segment).count(), 1);
        // Each says of itself what its name says, so that no two can hold at once.
        let major = thresholds.is_major(&one, window_days);
        let squad = kind == ConsumerKind::Squad;
        let quiet = one.rhythm.is_quiet(one.last_seen, now());
        let agent = kind == ConsumerKind::Agent || client == ClientClass::Agent;
        prop_assert_eq!(segment == Segment::Internal, squad);
        prop_assert_eq!(segment == Segment::Dormant, !squad && quiet);
        prop_assert_eq!(segment == Segment::Agents, !squad && !quiet && agent);
        prop_assert_eq!(segment == Segment::ProductionScale, !squad && !quiet && !agent && major);
    }
}
