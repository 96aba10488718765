//! Who is concerned by a contract to come, from forty days of calls.

use adoption::{KeyId, Micros, OperationId, Origin};
use meter::{Call, Lane, Settlement, Shapes};

use super::world::{DECLARED, SETTLEMENT, START, World, apply_all, call};
use crate::rollouts::{Proposed, RolloutView};
use crate::{Actor, IssuedKey};

const DAYS: i64 = 40;

/// `currency` as any text, then one of three, then one less; in the last `note` is required, and a webhook has lost `old`.
pub(super) fn contract(version: &str, currency: &str, required: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: Payments, version: {version}}}
paths:
  /payments:
    post:
      requestBody: {{content: {{application/json: {{schema: {{required: [{required}], properties: {{amount: {{type: integer}}, currency: {currency}, note: {{type: string}}}}}}}}}}}}
      responses: {{201: {{description: fine}}}}
webhooks:
  paid:
    post:
      requestBody: {{content: {{application/json: {{schema: {{{payload}}}}}}}}}
      responses: {{200: {{description: fine}}}}
",
        payload = match version {
            "3" => "properties: {event: {type: string}}",
            _ => "required: [old], properties: {event: {type: string}, old: {type: string}}",
        },
    )
}

/// The leaves of the operation under the running contract, and what they are journalled by.
pub(super) struct Watched {
    pub(super) call: Call,
    pub(super) digest: u32,
    pub(super) names: Vec<String>,
}

impl Watched {
    pub(super) async fn of(world: &World) -> Self {
        let running = world
            .control
            .show_contract("payments")
            .await
            .unwrap()
            .contract;
        let operation = OperationId::of(running.surface, "POST", "/payments");
        let mut tx = world.control.store().read().await.unwrap();
        let names = store::leaves::names(&mut tx, running.id, operation)
            .await
            .unwrap();
        let (digest, names) = names.unwrap();
        let call = Call {
            surface: running.surface,
            operation,
            contract: running.id,
            ..call(START, 0)
        };
        Self {
            call,
            digest,
            names: serde_json::from_str(&names).unwrap(),
        }
    }

    pub(super) fn bits(&self, sent: &[&str]) -> [u8; 64] {
        let mut bits = [0; 64];
        for name in sent {
            let at = self.names.iter().position(|known| known == name);
            let at = at.unwrap_or_else(|| panic!("{name}: {:?}", self.names));
            bits[at / 8] |= 1 << (at % 8);
        }
        bits
    }

    /// One call a day that sends these leaves, up to yesterday.
    pub(super) fn daily(&self, lane: &Lane, key: &IssuedKey, sent: &[&str]) {
        let bits = self.bits(sent);
        for day in 1..=DAYS {
            let call = Call {
                consumer: key.key.consumer,
                key: key_id(key),
                started_at: Micros(START.0 - day * 86_400 * Micros::PER_SECOND),
                ..self.call
            };
            let reservation = lane.reserve(&call, 201, Origin::Upstream, 1).unwrap();
            let shapes = Shapes {
                request: lane.shape(self.digest, &bits),
                response: lane.shape(self.digest, &[]),
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
}

fn key_id(key: &IssuedKey) -> KeyId {
    key.key.id
}

pub(super) async fn proposed(world: &World) -> RolloutView {
    let revision = contract("3", "{enum: [USD, GBP]}", "amount, note");
    let proposed = Proposed {
        surface: "payments",
        file: "next.yaml",
        revision: &revision,
        name: None,
        evidence_days: 90,
    };
    world
        .control
        .propose_rollout(Actor::Cli, proposed)
        .await
        .unwrap()
}

/// Affected, likely, possible, proven.
fn verdicts(view: &RolloutView, word: &str) -> [u64; 4] {
    let found = view
        .changes
        .iter()
        .find(|change| change.summary.contains(word));
    let change = found.unwrap_or_else(|| panic!("{word}: {:?}", view.changes));
    [
        change.affected,
        change.likely,
        change.possible,
        change.unaffected_proven,
    ]
}

#[tokio::test]
async fn who_was_read_whole_and_does_not_break_is_proven_and_nobody_else() {
    let world = World::new().await;
    world.surface("payments").await;
    let push = async |text: String| {
        let control = &world.control;
        let pushed = control.push_contract(Actor::Cli, "payments", "p.yaml", &text, DECLARED);
        pushed.await.unwrap()
    };
    let mut keys = Vec::new();
    for name in ["euros", "dollars", "early", "noted"] {
        world.consumer(name).await;
        keys.push(world.key(name, "payments").await);
    }
    let [euros, dollars, early, noted] = &keys[..] else {
        unreachable!()
    };
    let body = [
        "request.content.application/json",
        "request.body",
        "request.body.amount",
        "request.body.currency",
    ];
    let with = |more: &[&'static str]| [&body[..], more].concat();

    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    push(contract("1", "{type: string}", "amount")).await;
    // Under this contract nobody could see which currency it was.
    Watched::of(&world)
        .await
        .daily(&lane, early, &with(&["request.body.note"]));
    push(contract("2", "{enum: [EUR, USD, GBP]}", "amount")).await;
    let watched = Watched::of(&world).await;
    watched.daily(&lane, euros, &with(&["request.body.currency=EUR"]));
    watched.daily(&lane, dollars, &with(&["request.body.currency=USD"]));
    watched.daily(
        &lane,
        noted,
        &with(&["request.body.currency=USD", "request.body.note"]),
    );
    drop(lane);
    apply_all(&world, journal).await;

    let view = proposed(&world).await;
    assert_eq!(verdicts(&view, "`EUR`"), [1, 0, 1, 2]);
    // Under either contract it could be seen who sends it.
    assert_eq!(verdicts(&view, "`note`"), [2, 0, 0, 2]);
    // What the provider sends is not seen, so everybody may be concerned.
    assert_eq!(verdicts(&view, "`old`"), [0, 0, 4, 0]);
    assert_eq!(view.volume_calls, 160);
    assert_eq!(view.consumers[0].rhythm_days, Some(1));
    assert_eq!(view.consumers.len(), 4);
}

#[tokio::test]
async fn a_proposal_is_written_only_while_what_it_compared_still_runs() {
    let world = World::new().await;
    let surface = world.surface("payments").await;
    let push = async |text: String| {
        let control = &world.control;
        let pushed = control.push_contract(Actor::Cli, "payments", "p.yaml", &text, DECLARED);
        pushed.await.unwrap().contract.id
    };
    let first = push(contract("1", "{type: string}", "amount")).await;
    let check = async |compared| {
        let mut tx = world.control.store().write().await.unwrap();
        let row = store::surface::by_id(&mut tx, surface.id).await.unwrap();
        crate::rollouts::check_running(&mut tx, &row.unwrap(), compared).await
    };
    check(first).await.unwrap();
    push(contract("2", "{enum: [EUR, USD, GBP]}", "amount")).await;
    let refused = check(first).await.unwrap_err();
    assert!(
        matches!(
            refused,
            crate::ControlError::State {
                code: "contract_moved",
                ..
            }
        ),
        "{refused}"
    );
}
