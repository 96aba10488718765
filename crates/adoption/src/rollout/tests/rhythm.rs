//! Rhythm and release cycles.

use super::sample::{TODAY, now};
use crate::rollout::*;

fn check(days: &[i64], gap_days: Option<u32>, explained_days: u32) {
    let rhythm = Rhythm::of(days);
    assert_eq!(
        (rhythm.gap_days, rhythm.explained_days()),
        (gap_days, explained_days),
        "{days:?}"
    );
}

#[test]
fn the_longest_regular_gap_counts() {
    check(&[], None, 92);
    check(&[5, 5, 5], None, 92);
    check(&[1, 40], None, 92);
    // Daily.
    check(&(0..90).collect::<Vec<_>>(), Some(1), 31);
    // Monthly, in any order.
    check(&[59, 0, 31, 90], Some(31), 31);
    // Quarterly, with a second run the day after.
    check(&[0, 1, 90, 91, 182, 183], Some(91), 91);
    // Three years of working days and one long holiday of 20 days: the holiday is the one in a hundred that is set aside.
    let mut days: Vec<i64> = (0..200).collect();
    days.extend(219..400);
    check(&days, Some(1), 31);
}

#[test]
fn silence_is_judged_by_its_own_rhythm() {
    let seen = |days: i64| Some(now().plus_seconds(-days * 86_400));
    let monthly = Rhythm::of(&[0, 31, 59, 90]);
    let yearly = Rhythm::of(&[0, 365, 730]);
    assert_eq!(monthly.silence(seen(29), now()), Silence::Explained);
    assert_eq!(monthly.silence(seen(31), now()), Silence::Explained);
    assert_eq!(monthly.silence(seen(32), now()), Silence::Quiet);
    assert!(!yearly.is_quiet(seen(300), now()));
    assert!(yearly.is_quiet(seen(366), now()));
    assert_eq!(monthly.silence(None, now()), Silence::NeverSeen);
    // The clock went back: the last call lies ahead.
    assert_eq!(monthly.silence(seen(-400), now()), Silence::Explained);
    assert!(Rhythm::of(&[i64::MIN, 0, i64::MAX]).gap_days == Some(u32::MAX));
}

#[test]
fn a_release_is_the_first_day_of_a_new_version() {
    let cycle = |seen: &[(i64, &str, &str)]| {
        let seen: Vec<_> = seen
            .iter()
            .map(|(day, client, version)| Seen {
                day: *day,
                client,
                version,
            })
            .collect();
        release_cycle_days(&seen)
    };
    assert_eq!(cycle(&[]), None);
    assert_eq!(cycle(&[(1, "sdk", "1"), (400, "sdk", "1")]), None);
    // One release: nobody knows how long the version before had been there.
    assert_eq!(cycle(&[(1, "sdk", "1"), (31, "sdk", "2")]), None);
    assert_eq!(
        cycle(&[(1, "sdk", "1"), (31, "sdk", "2"), (75, "sdk", "3")]),
        Some(44)
    );
    // A rolling deploy, a rollback and a day seen twice are no releases.
    let rolling = [
        (75, "sdk", "3"),
        (76, "sdk", "2"),
        (77, "sdk", "3"),
        (31, "sdk", "2"),
        (1, "sdk", "1"),
        (31, "sdk", "2"),
    ];
    assert_eq!(cycle(&rolling), Some(44));
    // Intervals of 10, 20 and 90 days: the median is 20. Of two clients the slower one counts.
    let two = [
        (0, "a", "1"),
        (5, "a", "2"),
        (15, "a", "3"),
        (35, "a", "4"),
        (125, "a", "5"),
        (0, "b", "1"),
        (1, "b", "2"),
        (31, "b", "3"),
    ];
    assert_eq!(cycle(&two), Some(30));
    assert_eq!(cycle(&two[..5]), Some(20));
    assert_eq!(TODAY.to_string(), "2026-03-02");
}
