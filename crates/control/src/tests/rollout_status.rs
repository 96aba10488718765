//! How a rollout stands: who is left, in which state, and what is forecast of it.

use adoption::rollout::{Phase, Rollout, State};
use adoption::{Micros, Origin};
use meter::{Call, Settlement, Shapes};

use super::rollouts::{Watched, contract, proposed};
use super::world::{DECLARED, SETTLEMENT, START, World, apply_all};
use crate::Actor;
use crate::rollouts::{Outlook, RolloutStatus};

const DAY: i64 = 86_400 * Micros::PER_SECOND;

/// Forty days of four consumers that send `EUR`, which goes; each stops so many days ago.
async fn world(stops: [i64; 4]) -> World {
    let world = World::new().await;
    world.surface("payments").await;
    let text = contract("2", "{enum: [EUR, USD, GBP]}", "amount");
    let pushed = world
        .control
        .push_contract(Actor::Cli, "payments", "p.yaml", &text, DECLARED);
    pushed.await.unwrap();
    let watched = Watched::of(&world).await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    for (at, stop) in stops.into_iter().enumerate() {
        let name = format!("consumer-{at}");
        world.consumer(&name).await;
        let key = world.key(&name, "payments").await;
        for ago in 0..40 {
            let currency = match ago < stop {
                true => "request.body.currency=USD",
                false => "request.body.currency=EUR",
            };
            let sent = watched.bits(&["request.body.currency", "request.body.note", currency]);
            let call = Call {
                consumer: key.key.consumer,
                key: key.key.id,
                started_at: Micros(START.0 - ago * DAY),
                ..watched.call
            };
            let reservation = lane.reserve(&call, 201, Origin::Upstream, 1).unwrap();
            let shapes = Shapes {
                request: lane.shape(watched.digest, &sent),
                response: lane.shape(watched.digest, &[]),
            };
            lane.settle(
                reservation,
                &Settlement {
                    shapes,
                    ..SETTLEMENT
                },
            );
        }
    }
    drop(lane);
    apply_all(&world, journal).await;
    world
}

/// As if it had been announced so many days ago.
async fn announce(world: &World, days_ago: i64) {
    let id = proposed(world).await.summary.id;
    let mut tx = world.control.store().write().await.unwrap();
    let mut row = store::rollout::by_id(&mut tx, id).await.unwrap().unwrap();
    let mut rollout: Rollout = serde_json::from_str(&row.rollout).unwrap();
    rollout
        .plan
        .items
        .retain(|item| item.summary.contains("`EUR`"));
    rollout.state = State::Running {
        phase: Phase::Announced,
    };
    let at = Micros(START.0 - days_ago * DAY);
    rollout.entered.insert(Phase::Announced, at);
    row.rollout = serde_json::to_string(&rollout).unwrap();
    row.phase = "announced".to_owned();
    row.edition += 1;
    assert!(store::rollout::update(&mut tx, &row).await.unwrap());
    tx.commit().await.unwrap();
}

async fn status(world: &World) -> RolloutStatus {
    world.control.rollout_status("payments").await.unwrap()
}

fn states(status: &RolloutStatus) -> Vec<(&'static str, u64)> {
    let present = status.states.iter().copied();
    present.filter(|(_, count)| *count > 0).collect()
}

#[tokio::test]
async fn a_draft_counts_and_forecasts_nothing() {
    let world = world([0, 0, 0, 0]).await;
    proposed(&world).await;
    let status = status(&world).await;
    assert_eq!((status.consumers, status.remaining), (4, 4));
    assert_eq!(states(&status), [("untouched", 4)]);
    assert!(matches!(status.outlook, Outlook::NotMade(why) if why.contains("not announced")));
    assert!(
        status
            .people
            .iter()
            .all(|one| one.late.is_none() && !one.at_risk)
    );
}

#[tokio::test]
async fn a_rollout_under_way_shows_who_is_left_and_by_when() {
    // Two moved without a new version; of them one so long ago that it is settled. One may only be between two calls.
    let world = world([0, 3, 10, 25]).await;
    announce(&world, 30).await;
    let status = status(&world).await;
    assert_eq!((status.consumers, status.remaining), (4, 2));
    assert_eq!(
        states(&status),
        [
            ("untouched", 1),
            ("silent", 1),
            ("cut_over", 1),
            ("stable", 1)
        ]
    );
    let left: Vec<u64> = status.days.iter().map(|day| day.remaining).collect();
    assert_eq!(left.len(), 31);
    assert_eq!((left[0], left[10], left[25], left[30]), (4, 3, 2, 2));
    assert!(
        status.volume_ppm.abs_diff(500_000) < 1_000,
        "{}",
        status.volume_ppm
    );

    let Outlook::Made(made) = &status.outlook else {
        panic!("{:?}", status.outlook)
    };
    assert_eq!(
        (made.basis, made.rollouts, made.coverage90),
        ("prior", 0, None)
    );
    let band = made.left_at_sunset;
    assert!(band.p05 <= band.p50 && band.p50 <= band.p95 && band.p95 <= 2);
    assert_eq!(status.next[0].name, "deprecate");

    // Those to call stand first; who has moved is no risk.
    let first = &status.people[0];
    assert!(first.at_risk && first.late.is_some());
    let moved: Vec<_> = status
        .people
        .iter()
        .filter(|one| one.late.is_none())
        .collect();
    assert_eq!(moved.len(), 2);
    assert!(
        moved
            .iter()
            .all(|one| !one.at_risk && one.new_last.is_some())
    );
}
