//! Who still uses the old: by successful calls, by what they hold, and told to the minute.

use adoption::rollout::{ConsumerImpact, Impact, ItemVerdict, Live, Rhythm, Verdict, day};
use adoption::{ClientClass, ConsumerKind, ContractId, Micros, Origin};
use meter::{Call, Lane, Settlement, Shapes};

use super::rollouts::{Watched, contract};
use super::world::{DECLARED, SETTLEMENT, START, World, apply_all};
use crate::rollouts::live::{DayUse, Followed, follow, live};
use crate::rollouts::uses::{ItemUse, LeafUse, Shown, Uses};
use crate::{Actor, IssuedKey};

const DAY: i64 = day::DAY_US;
const NEW: ContractId = ContractId::from_raw(900);

/// One consumer's traffic on the operation that is watched.
struct Traffic<'a> {
    watched: &'a Watched,
    lane: &'a Lane,
    key: &'a IssuedKey,
}

impl Traffic<'_> {
    fn call(&self, days_ago: i64, status: u16, contract: ContractId, sent: Option<&[&str]>) {
        let call = Call {
            consumer: self.key.key.consumer,
            key: self.key.key.id,
            contract,
            started_at: Micros(START.0 - days_ago * DAY),
            ..self.watched.call
        };
        let origin = match status {
            410 => Origin::Gateway,
            _ => Origin::Upstream,
        };
        let reservation = self.lane.reserve(&call, status, origin, 1).unwrap();
        let shapes = match sent {
            Some(sent) => Shapes {
                request: self
                    .lane
                    .shape(self.watched.digest, &self.watched.bits(sent)),
                response: self.lane.shape(self.watched.digest, &[]),
            },
            None => SETTLEMENT.shapes,
        };
        self.lane.settle(
            reservation,
            &Settlement {
                shapes,
                ..SETTLEMENT
            },
        );
    }

    /// Successful calls on the old that send these leaves.
    fn old(&self, days_ago: std::ops::RangeInclusive<i64>, sent: &[&str]) {
        for ago in days_ago {
            self.call(ago, 201, self.watched.call.contract, Some(sent));
        }
    }
}

/// An installation with two consumers, and a contract whose `EUR` is to go.
async fn world() -> (World, Watched, [IssuedKey; 2]) {
    let world = World::new().await;
    world.surface("payments").await;
    let text = contract("2", "{enum: [EUR, USD, GBP]}", "amount");
    let pushed = world
        .control
        .push_contract(Actor::Cli, "payments", "p.yaml", &text, DECLARED);
    pushed.await.unwrap();
    world.consumer("one").await;
    world.consumer("other").await;
    let keys = [
        world.key("one", "payments").await,
        world.key("other", "payments").await,
    ];
    let watched = Watched::of(&world).await;
    (world, watched, keys)
}

fn uses(watched: &Watched, shown: Shown) -> Uses {
    Uses {
        surface: watched.call.surface,
        new_contract: Some(NEW),
        items: vec![ItemUse {
            item: "item".to_owned(),
            operations: vec![watched.call.operation],
            shown,
        }],
        since: Micros(START.0 - 90 * DAY),
        now: START,
        sunset_at: None,
    }
}

fn euros() -> Shown {
    Shown::Leaves(vec![LeafUse::Sends {
        key: "request.body.currency=EUR".to_owned(),
    }])
}

/// Every consumer with this verdict on the one item.
fn impact(keys: &[IssuedKey], verdict: Verdict) -> Impact {
    let consumer = |key: &IssuedKey| ConsumerImpact {
        consumer: key.key.consumer,
        name: "somebody".to_owned(),
        kind: ConsumerKind::Developer,
        client: ClientClass::Sdk,
        plan: None,
        sla: None,
        calls: 1,
        share_ppm: 1,
        first_seen: None,
        last_seen: None,
        rhythm: Rhythm::default(),
        release_cycle_days: None,
        verdicts: vec![ItemVerdict {
            item: "item".to_owned(),
            verdict,
            grade: None,
            calls: 1,
            share_ppm: 1,
            first_seen: None,
            last_seen: None,
            gaps: vec![],
        }],
    };
    Impact {
        from: day::date_of(Micros(START.0 - 90 * DAY)),
        until: day::date_of(START),
        volume_calls: 2,
        consumers: keys.iter().map(consumer).collect(),
        cut_over_days: vec![],
    }
}

async fn lives(world: &World, uses: &Uses, impact: &Impact) -> Vec<Live> {
    let mut tx = world.control.store().read().await.unwrap();
    live(&mut tx, uses, impact).await.unwrap()
}

async fn followed(world: &World, uses: &Uses, impact: &Impact) -> Vec<Followed> {
    let mut tx = world.control.store().read().await.unwrap();
    follow(&mut tx, uses, impact).await.unwrap()
}

fn of<'a>(lives: &'a [Live], key: &IssuedKey) -> &'a Live {
    let found = lives.iter().find(|live| live.consumer == key.key.consumer);
    found.unwrap()
}

#[tokio::test]
async fn successes_count_and_refusals_do_not() {
    let (world, watched, keys) = world().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let [moved, stuck] = &keys;
    let traffic = |key| Traffic {
        watched: &watched,
        lane: &lane,
        key,
    };
    traffic(moved).old(20..=30, &[]);
    traffic(moved).call(1, 200, NEW, None);
    traffic(stuck).old(1..=40, &[]);
    // A retry loop that is refused since.
    traffic(stuck).call(0, 410, watched.call.contract, None);
    drop(lane);
    apply_all(&world, journal).await;

    let impact = impact(&keys, Verdict::Affected);
    let lives = lives(&world, &uses(&watched, Shown::Call), &impact).await;
    let moved = of(&lives, moved);
    assert_eq!(
        moved.old_success.map(Micros::day),
        Some(START.day() - 20),
        "older than the minutes that are asked for: its day"
    );
    assert_eq!(
        moved.new_success,
        Some(Micros(START.0 - DAY)),
        "to the minute"
    );
    assert!(moved.has_cut_over(20, START));
    let stuck = of(&lives, stuck);
    assert_eq!(stuck.old_success, Some(Micros(START.0 - DAY)));
    assert_eq!(stuck.new_success, None);
}

#[tokio::test]
async fn who_stops_sending_what_goes_has_moved() {
    let (world, watched, keys) = world().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let [moved, unread] = &keys;
    let traffic = |key| Traffic {
        watched: &watched,
        lane: &lane,
        key,
    };
    traffic(moved).old(11..=30, &["request.body.currency=EUR"]);
    traffic(moved).old(1..=10, &["request.body.currency=USD"]);
    traffic(unread).old(11..=30, &["request.body.currency=EUR"]);
    traffic(unread).old(1..=10, &["request.body.currency=USD"]);
    traffic(unread).call(2, 201, watched.call.contract, None);
    drop(lane);
    apply_all(&world, journal).await;

    let uses = uses(&watched, euros());
    let affected = impact(&keys, Verdict::Affected);
    let all = lives(&world, &uses, &affected).await;
    assert_eq!(
        of(&all, moved).old_success.map(Micros::day),
        Some(START.day() - 11)
    );
    assert!(of(&all, moved).has_cut_over(10, START));
    assert_eq!(
        of(&all, unread).old_success,
        Some(Micros(START.0 - 2 * DAY)),
        "what was not read may have held it"
    );

    let days = followed(&world, &uses, &affected).await;
    let own = days
        .iter()
        .find(|one| one.live.consumer == unread.key.consumer)
        .unwrap();
    let ago = |days: i64| {
        let day = START.day() - days;
        own.days.iter().copied().find(|one| one.day == day)
    };
    let expected = |days: i64, old, untouched| DayUse {
        day: START.day() - days,
        old,
        untouched,
        ..DayUse::default()
    };
    assert_eq!(ago(11), Some(expected(11, 1, 0)));
    assert_eq!(ago(2), Some(expected(2, 1, 1)));
    assert_eq!(ago(1), Some(expected(1, 0, 1)));

    // Held against nobody who was proven not to break, as long as nothing was seen.
    let proven = impact(&keys, Verdict::UnaffectedProven);
    let all = lives(&world, &uses, &proven).await;
    assert_eq!(
        of(&all, unread).old_success.map(Micros::day),
        Some(START.day() - 11)
    );
}

#[tokio::test]
async fn nobody_moves_who_never_used_the_old() {
    let (world, watched, keys) = world().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    for key in &keys {
        let traffic = Traffic {
            watched: &watched,
            lane: &lane,
            key,
        };
        traffic.old(1..=30, &["request.body.currency=USD"]);
    }
    drop(lane);
    apply_all(&world, journal).await;

    let possible = impact(&keys, Verdict::Possible);
    let all = lives(&world, &uses(&watched, euros()), &possible).await;
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|live| live.old_success.is_none()));
    assert!(all.iter().all(|live| !live.has_cut_over(1, START)));
    // Those that nothing concerns are not followed.
    let proven = impact(&keys, Verdict::UnaffectedProven);
    assert_eq!(lives(&world, &uses(&watched, euros()), &proven).await, []);
}

#[tokio::test]
async fn what_no_call_shows_is_followed_by_contract() {
    let (world, watched, keys) = world().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let traffic = |key| Traffic {
        watched: &watched,
        lane: &lane,
        key,
    };
    traffic(&keys[0]).old(5..=30, &[]);
    traffic(&keys[0]).call(3, 200, NEW, None);
    traffic(&keys[1]).old(1..=30, &[]);
    drop(lane);
    apply_all(&world, journal).await;

    let impact = impact(&keys, Verdict::Possible);
    let mut uses = uses(&watched, Shown::Nothing);
    uses.items[0].operations.clear();
    let all = lives(&world, &uses, &impact).await;
    let days = |key| {
        let live = of(&all, key);
        [live.old_success, live.new_success].map(|at| at.map(|at| START.day() - at.day()))
    };
    assert_eq!(days(&keys[0]), [Some(5), Some(3)]);
    assert_eq!(days(&keys[1]), [Some(1), None]);
}
