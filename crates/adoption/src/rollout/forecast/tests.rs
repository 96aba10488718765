//! The forecast at its boundary: what a rollout's calls say, and what may never happen to a band.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::consumer::ConsumerKind;
use crate::ids::ConsumerId;

const ANNOUNCED: Day = 20_000;
const WINDOW: Day = 100;

/// A daily consumer whose last call was `calls_until` days after the announcement.
fn daily(id: u64, calls_until: Day) -> ConsumerCourse {
    let days = ANNOUNCED..=ANNOUNCED + calls_until;
    ConsumerCourse {
        consumer: ConsumerId::from_raw(100 + id),
        traits: Traits {
            kind: ConsumerKind::Developer,
            agent: false,
            calls_before: 10 * id,
            release_cycle_days: None,
        },
        rhythm_days: 3,
        explained_days: 7,
        tested_on: None,
        calls: days.map(|day| DayCalls { day, calls: 10 }).collect(),
    }
}

fn course(today: Day, consumers: Vec<ConsumerCourse>) -> Course {
    Course::new(ANNOUNCED, ANNOUNCED + WINDOW, ANNOUNCED + today, consumers).unwrap()
}

/// A finished rollout in which consumer `i` of `n` left on day `leave(i)`.
fn finished(n: Day, leave: impl Fn(Day) -> Option<Day>) -> Finished {
    let consumers = (0..n).map(|i| FinishedConsumer {
        traits: daily(i as u64 + 1, 0).traits,
        tested_on: None,
        cut_over_on: leave(i).map(|day| ANNOUNCED + day),
    });
    Finished::new(
        ANNOUNCED,
        ANNOUNCED + WINDOW,
        ANNOUNCED + 150,
        consumers.collect(),
    )
    .unwrap()
}

/// The burn-down on some days and its events, counted from the announcement.
fn burnt(today: Day, consumers: Vec<ConsumerCourse>) -> String {
    let burnt = burn_down(&course(today, consumers));
    let mut text = String::new();
    for at in burnt.days.iter().step_by(5) {
        let day = at.day - ANNOUNCED;
        text += &format!(
            "{day}: {} left, {} ppm, {} calls\n",
            at.remaining, at.volume_ppm, at.calls
        );
    }
    for event in &burnt.events {
        text += &format!(
            "{} {:?} {}\n",
            event.day - ANNOUNCED,
            event.kind,
            event.consumer.raw()
        );
    }
    text
}

#[test]
fn burn_down_shows_three_lines_and_who_came_back() {
    let mut back = daily(2, 4);
    back.calls.push(DayCalls {
        day: ANNOUNCED + 15,
        calls: 1,
    });
    assert_snapshot!(burnt(20, vec![daily(1, 20), back, daily(7, 9)]), @r"
    0: 3 left, 1000000 ppm, 30 calls
    5: 2 left, 800000 ppm, 20 calls
    10: 1 left, 100000 ppm, 10 calls
    15: 2 left, 300000 ppm, 11 calls
    20: 2 left, 300000 ppm, 10 calls
    5 CutOver 102
    10 CutOver 107
    15 CameBack 102
    ");
}

#[test]
fn silence_is_judged_by_the_consumers_own_rhythm() {
    let standing = |calls_until, explained_days| {
        let one = ConsumerCourse {
            explained_days,
            ..daily(1, calls_until)
        };
        let course = course(29, vec![one]);
        Silences::of(&course, &course.consumers()[0]).standing(course.today())
    };
    assert_eq!(standing(29, 7), Standing::Calling);
    assert_eq!(standing(21, 7), Standing::CutOver { on: ANNOUNCED + 22 });
    assert!(matches!(standing(22, 7), Standing::Silent { days: 7, moved } if moved > 0.5));
    assert!(matches!(standing(28, 7), Standing::Silent { days: 1, moved } if moved < 0.1));
    assert!(
        matches!(standing(0, 31), Standing::Silent { days: 29, .. }),
        "a monthly batch"
    );
}

#[test]
fn a_deadline_in_the_past_is_expected_again() {
    let bunched = |seed: Day| {
        finished(80, move |i| {
            Some(if i < 10 { i } else { 90 + (7 * i + seed) % 12 })
        })
    };
    let slow = |seed: Day| finished(40, move |i| (i < 15).then_some((13 * i + seed) % 140));
    let middle = |past: &[Finished]| {
        let consumers = (1..=60)
            .map(|id| daily(id, if id < 8 { 3 } else { 70 }))
            .collect();
        let made = forecast(&course(70, consumers), &Experience::learn(past, 1), 1);
        assert_eq!(made.basis, Basis::Pooled { rollouts: 3 });
        made.left_at_sunset.p50
    };
    let (bunched, slow) = ([0, 1, 2].map(bunched), [0, 1, 2].map(slow));
    assert!(middle(&bunched) + 6 < middle(&slow));
}

#[test]
fn experience_is_back_tested_from_the_third_rollout_on() {
    let past: Vec<Finished> = (0..3)
        .map(|seed| finished(30, move |i| (i % 9 != 0).then_some((i * 17 + seed) % 110)))
        .collect();
    assert_eq!(
        Experience::learn(&past[..2], 5).back_test(),
        &BackTest::default()
    );
    let learnt = Experience::learn(&past, 5);
    let lines = learnt.back_test().lines();
    assert_eq!(
        lines
            .iter()
            .map(|line| line.window_percent)
            .collect::<Vec<_>>(),
        [25, 50, 75]
    );
    for line in &lines {
        assert_eq!(line.forecasts, 3);
        assert!((0.0..=1.0).contains(&line.brier_consumers));
        assert!((0.0..=1.0).contains(&line.brier_done));
        assert!(line.coverage90 >= 0.5, "{lines:?}");
    }
    assert!(learnt.spread() >= 1.0);
}

#[test]
fn those_at_risk_come_with_plain_reasons() {
    let mut slow = daily(9, 90);
    slow.traits.release_cycle_days = Some(60);
    let mut tested = daily(2, 90);
    tested.tested_on = Some(ANNOUNCED + 80);
    let mut batch = daily(3, 78);
    batch.explained_days = 31;
    let made = forecast(
        &course(90, vec![slow, tested, batch, daily(4, 20)]),
        &Experience::shipped(),
        3,
    );
    let told: String = made
        .risks
        .iter()
        .map(|risk| {
            format!(
                "{} {} {:?}\n",
                risk.consumer.raw(),
                risk.at_risk,
                risk.reasons
            )
        })
        .collect();
    assert_snapshot!(told, @r"
    109 true [NoTestCall, ReleaseCycleTooLong { cycle_days: 60, days_left: 10 }, HighVolume { calls_before: 90 }]
    102 true []
    103 true [NoTestCall, SilentWithinRhythm { days: 12, explained_days: 31 }]
    ");
    assert_eq!(made.basis, Basis::Prior { rollouts: 0 });
}

#[test]
fn the_end_is_known_when_everyone_has_left() {
    let made = forecast(
        &course(60, vec![daily(1, 5), daily(2, 30)]),
        &Experience::shipped(),
        1,
    );
    assert_eq!(made.completion.p95, Reach::On(ANNOUNCED + 60));
    assert_eq!(
        (made.completion.by_sunset, made.completion.never),
        (1.0, 0.0)
    );
    assert!(made.risks.is_empty());
}

#[test]
fn a_course_past_its_sunset_can_be_finished() {
    let consumers = || vec![daily(1, 20), daily(2, 120), daily(3, 117)];
    assert!(finish(&course(99, vec![daily(1, 20)])).is_err());
    let finished = finish(&course(120, consumers())).unwrap();
    let days: Vec<_> = finished
        .consumers()
        .iter()
        .map(|one| one.cut_over_on)
        .collect();
    assert_eq!(
        days,
        [Some(ANNOUNCED + 21), None, None],
        "three quiet days prove nothing"
    );
}

#[test]
fn impossible_courses_are_refused() {
    let refused = |announced, sunset, today, consumers| {
        Course::new(announced, sunset, today, consumers)
            .unwrap_err()
            .to_string()
    };
    let twice = vec![daily(1, 0), daily(1, 0)];
    assert_snapshot!(refused(10, 10, 10, vec![]), @"the sunset (day 10) must lie 1 to 3660 days after the announcement (day 10)");
    assert_snapshot!(refused(10, 20, 9, vec![]), @"today (day 9) lies before the announcement (day 10) or 7320 days and more after it");
    assert_snapshot!(refused(ANNOUNCED, ANNOUNCED + 9, ANNOUNCED, twice), @"cons_0000000000035 is named twice");
    assert_snapshot!(refused(ANNOUNCED, ANNOUNCED + 9, ANNOUNCED, vec![daily(1, 1)]), @"the calls of cons_0000000000035 are not in ascending order of days, or reach beyond today");
    assert!(Course::new(Day::MIN, Day::MAX, 0, vec![]).is_err());
}

prop_compose! {
    fn any_consumer(id: u64, today: Day)(
        days in prop::collection::btree_map(0..=today, 0..1_000_u64, 0..20),
        calls_before in prop_oneof![Just(0), 1..1_000_000_u64, Just(u64::MAX)],
        rhythm_days in 0..40_u32,
        explained_days in 0..40_u32,
        tested in prop::option::of(-5..=today),
        release_cycle_days in prop::option::of(prop_oneof![0..400_u32, Just(u32::MAX)]),
        agent in any::<bool>(),
    ) -> ConsumerCourse {
        let calls = days.into_iter().map(|(day, calls)| DayCalls { day: ANNOUNCED + day, calls });
        let kind = if agent { ConsumerKind::Agent } else { ConsumerKind::Squad };
        ConsumerCourse {
            consumer: ConsumerId::from_raw(100 + id),
            traits: Traits { kind, agent, calls_before, release_cycle_days },
            rhythm_days,
            explained_days,
            tested_on: tested.map(|day| ANNOUNCED + day),
            calls: calls.collect(),
        }
    }
}

fn any_course() -> impl Strategy<Value = Course> {
    (1..50_i64, 0..70_i64, 0..8_u64).prop_flat_map(|(window, today, n)| {
        let consumers: Vec<_> = (0..n).map(|id| any_consumer(id, today)).collect();
        consumers.prop_map(move |consumers| {
            Course::new(ANNOUNCED, ANNOUNCED + window, ANNOUNCED + today, consumers).unwrap()
        })
    })
}

fn is_ordered(band: &Band) -> bool {
    let Band {
        p05,
        p10,
        p50,
        p90,
        p95,
    } = *band;
    [p05, p10, p50, p90, p95].is_sorted()
}

fn check_dates(date: &DateBand) {
    assert!([date.p05, date.p10, date.p50, date.p90, date.p95].is_sorted());
    assert!((0.0..=1.0).contains(&date.never) && (0.0..=1.0).contains(&date.by_sunset));
    assert!(date.never + date.by_sunset <= 1.0 + 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn bands_are_ordered_and_chances_are_chances(course in any_course(), seed in any::<u64>()) {
        let made = forecast(&course, &Experience::shipped(), seed);
        prop_assert_eq!(&made, &forecast(&course, &Experience::shipped(), seed));
        prop_assert_eq!((made.days[0].day, made.days.last().unwrap().day), (course.today(), made.horizon));

        for day in &made.days {
            prop_assert!(is_ordered(&day.remaining) && is_ordered(&day.volume_ppm), "{day:?}");
            prop_assert!(day.remaining.p95 as usize <= course.consumers().len());
            prop_assert!(day.volume_ppm.p95 <= 1_000_000);
        }
        for pair in made.days.windows(2) {
            let falls = |of: fn(&Band) -> u32| of(&pair[1].remaining) <= of(&pair[0].remaining)
                && of(&pair[1].volume_ppm) <= of(&pair[0].volume_ppm);
            prop_assert!(falls(|band| band.p05) && falls(|band| band.p50) && falls(|band| band.p95));
        }
        check_dates(&made.completion);
        for pair in made.milestones.windows(2) {
            prop_assert!(pair[0].date.p50 <= pair[1].date.p50 && pair[1].date.p50 <= made.completion.p50);
        }
        for milestone in &made.milestones {
            check_dates(&milestone.date);
        }
        for risk in &made.risks {
            prop_assert!((0.0..=1.0).contains(&risk.late));
        }
        let burnt = burn_down(&course);
        let proven = burnt.days.last().unwrap().remaining;
        prop_assert_eq!(made.risks.len(), proven as usize);
        prop_assert!(made.days[0].remaining.p95 <= proven);
    }
}
