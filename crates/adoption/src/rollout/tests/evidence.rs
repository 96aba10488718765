//! Which evidence gives which verdict.

use proptest::prelude::*;

use crate::rollout::*;

const WIRE: &[Breaks] = &[Breaks::Wire];

/// 100 uses, all read whole, in which the leaf never was.
fn clean() -> Evidence {
    Evidence {
        calls: 100,
        sent_observed: 100,
        delivered_observed: 100,
        ..Evidence::default()
    }
}

fn check(
    touch: Touch,
    change: impl Fn(&mut Evidence),
    verdict: Verdict,
    grade: Option<Grade>,
    calls: u64,
) {
    let mut evidence = clean();
    change(&mut evidence);
    let found = evidence.verdict(touch, WIRE);
    assert_eq!(
        found,
        Found {
            verdict,
            grade,
            calls
        },
        "{touch:?} {evidence:?}"
    );
}

#[test]
fn what_it_sends_is_exact() {
    use Verdict::{Affected, Likely, Possible, UnaffectedProven};
    check(Touch::Any, |_| {}, Affected, None, 100);
    check(
        Touch::Any,
        |e| *e = Evidence::default(),
        UnaffectedProven,
        None,
        0,
    );
    check(
        Touch::Sent,
        |e| e.sent = 3,
        Affected,
        Some(Grade::Requested),
        3,
    );
    check(Touch::Sent, |_| {}, UnaffectedProven, None, 0);
    check(Touch::Sent, |e| e.sent_observed = 99, Possible, None, 1);
    check(
        Touch::Sent,
        |e| e.gaps = vec![Gap::Journal],
        Possible,
        None,
        0,
    );
    check(
        Touch::Sent,
        |e| e.declared = Statement::Uses,
        Likely,
        Some(Grade::Declared),
        0,
    );
    check(
        Touch::SentSome,
        |e| e.sent = 3,
        Likely,
        Some(Grade::Requested),
        3,
    );
    check(Touch::Omitted, |e| e.sent = 100, UnaffectedProven, None, 0);
    check(
        Touch::Omitted,
        |e| e.sent = 98,
        Affected,
        Some(Grade::Requested),
        2,
    );
    // What was not read is not taken for an omission.
    check(
        Touch::Omitted,
        |e| (e.sent, e.sent_observed) = (90, 90),
        Possible,
        None,
        10,
    );
    check(Touch::Unobserved, |_| {}, Likely, None, 100);
}

#[test]
fn delivery_is_never_called_use() {
    use Verdict::{Affected, Likely, Possible, UnaffectedProven};
    check(
        Touch::Received,
        |e| e.delivered = 100,
        Possible,
        Some(Grade::Delivered),
        100,
    );
    check(Touch::Received, |_| {}, UnaffectedProven, None, 0);
    check(
        Touch::Received,
        |e| e.delivered_observed = 0,
        Possible,
        None,
        100,
    );
    check(
        Touch::Received,
        |e| e.declared = Statement::Uses,
        Likely,
        Some(Grade::Declared),
        0,
    );
    check(
        Touch::Received,
        |e| (e.delivered, e.declared) = (9, Statement::Uses),
        Affected,
        Some(Grade::Declared),
        9,
    );
    check(
        Touch::Received,
        |e| e.reported = Statement::Uses,
        Affected,
        Some(Grade::Reported),
        100,
    );
    // Its word that it does not use it proves nothing.
    let denied = |e: &mut Evidence| {
        (e.delivered, e.declared, e.reported) = (9, Statement::DoesNotUse, Statement::DoesNotUse);
    };
    check(Touch::Received, denied, Possible, Some(Grade::Delivered), 9);
}

#[test]
fn what_does_not_break_the_wire_is_at_most_likely() {
    let found = clean().verdict(Touch::Any, &[Breaks::Sdk, Breaks::Agent]);
    assert_eq!((found.verdict, found.calls), (Verdict::Likely, 100));
}

#[test]
fn a_window_shorter_than_the_rhythm_is_a_gap() {
    let monthly = Rhythm::of(&[0, 31, 59, 90]);
    assert_eq!(window_gaps(31, monthly), []);
    assert_eq!(window_gaps(30, monthly), [Gap::WindowTooShort]);
    assert_eq!(window_gaps(400, Rhythm::default()), [Gap::RhythmUnknown]);
}

fn touches() -> impl Strategy<Value = Touch> {
    use Touch::{Any, Omitted, Received, Sent, SentSome, Unobserved};
    prop::sample::select(vec![Any, Sent, SentSome, Omitted, Received, Unobserved])
}

fn statements() -> impl Strategy<Value = Statement> {
    prop::sample::select(vec![
        Statement::Silent,
        Statement::Uses,
        Statement::DoesNotUse,
    ])
}

fn gaps() -> impl Strategy<Value = Vec<Gap>> {
    use Gap::{
        Journal, NotObserved, NotParsed, Retention, RhythmUnknown, Unattributed, WindowTooShort,
    };
    let all = vec![
        NotParsed,
        Journal,
        Retention,
        WindowTooShort,
        RhythmUnknown,
        NotObserved,
        Unattributed,
    ];
    prop::collection::vec(prop::sample::select(all), 0..3)
}

prop_compose! {
    fn evidences()(calls in 0u64..50)(
        calls in Just(calls),
        sent_observed in 0..=calls,
        delivered_observed in 0..=calls,
        sent in 0u64..50,
        delivered in 0u64..50,
        declared in statements(),
        reported in statements(),
        gaps in gaps(),
    ) -> Evidence {
        Evidence {
            calls,
            sent_observed,
            sent: sent.min(sent_observed),
            delivered_observed,
            delivered: delivered.min(delivered_observed),
            declared,
            reported,
            gaps,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_gap_is_ever_called_proven(evidence in evidences(), touch in touches()) {
        let verdict = evidence.verdict(touch, WIRE).verdict;
        if verdict == Verdict::UnaffectedProven {
            prop_assert!(evidence.gaps.is_empty() && evidence.is_complete(touch));
        }
        let mut gapped = evidence.clone();
        gapped.gaps.push(Gap::Retention);
        prop_assert!(gapped.verdict(touch, WIRE).verdict > Verdict::UnaffectedProven);
        prop_assert!(gapped.verdict(touch, WIRE).verdict >= verdict);
    }

    #[test]
    fn delivery_alone_is_at_most_possible(mut evidence in evidences()) {
        evidence.declared = Statement::Silent;
        evidence.reported = Statement::DoesNotUse;
        prop_assert!(evidence.verdict(Touch::Received, WIRE).verdict <= Verdict::Possible);
    }

    /// Whoever truly breaks, and was seen or could have been missed, is never proven to be unaffected.
    #[test]
    fn whoever_breaks_is_concerned(breaking in 1u64..20, fine in 0u64..20, unread in 0u64..40, touch in touches()) {
        let calls = breaking + fine;
        let missed = unread.min(calls);
        // The worst case: what went unread is what breaks.
        let seen = breaking.saturating_sub(missed);
        let observed = calls - missed;
        let sent = if touch == Touch::Omitted { observed - seen } else { seen };
        let evidence = Evidence {
            calls,
            sent_observed: observed,
            sent,
            delivered_observed: observed,
            delivered: seen,
            ..Evidence::default()
        };
        prop_assert!(evidence.verdict(touch, WIRE).verdict > Verdict::UnaffectedProven);
    }
}
