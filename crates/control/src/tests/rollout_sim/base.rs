//! The installation that every seed begins with: four consumers seen for forty days, and a rollout that may start.

use std::path::Path;

use adoption::RolloutId;
use adoption::rollout::{Event, Impact, Rollout, strengthened};

use crate::notices::settings::WebhookTargets;
use crate::rollouts::{Asked, Proposed};
use crate::tests::rollouts::{Watched, contract};
use crate::tests::world::{DECLARED, World, apply_all, new_consumer};
use crate::{Actor, Contact, Control, IssuedKey, NewConsumer, NewWebhook};

/// An address that takes nothing, for ever.
pub(super) const DEAD: &str = "gone@bounced.example";

/// Made once; each seed gets a copy of its folder.
pub(super) struct Base {
    folder: tempfile::TempDir,
    pub(super) rollout: RolloutId,
    pub(super) keys: Vec<IssuedKey>,
}

impl Base {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        world.surface("payments").await;
        let running = contract("2", "{enum: [EUR, USD, GBP]}", "amount");
        let pushed =
            world
                .control
                .push_contract(Actor::Cli, "payments", "p.yaml", &running, DECLARED);
        pushed.await.unwrap();
        let keys = consumers(&world).await;
        let journal = world.journal();
        let lane = journal.lane(0).unwrap();
        let watched = Watched::of(&world).await;
        let sent = [
            "request.content.application/json",
            "request.body",
            "request.body.amount",
            "request.body.currency",
            "request.body.currency=EUR",
        ];
        for key in &keys {
            watched.daily(&lane, key, &sent);
        }
        drop(lane);
        apply_all(&world, journal).await;
        webhooks(&world.control).await;
        let rollout = proposed(&world.control).await;
        world.control.close().await;
        Self {
            folder: world.dir,
            rollout,
            keys,
        }
    }

    /// A folder of its own for one seed, in memory where there is such a place.
    pub(super) fn copy(&self) -> tempfile::TempDir {
        let memory = Path::new("/dev/shm");
        let copy = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let copy = copy.unwrap();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            // The journal is applied; what is left of it lies in folders.
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
            }
        }
        copy
    }
}

/// One with two addresses, one whose only address is dead, one with a webhook alone, one that nobody can reach.
async fn consumers(world: &World) -> Vec<IssuedKey> {
    let known: [(&str, &[&str]); 4] = [
        ("mailed", &["first@mailed.example", "second@mailed.example"]),
        ("bounced", &[DEAD]),
        ("hooked", &[]),
        ("silent", &[]),
    ];
    let mut keys = Vec::new();
    for (name, addresses) in known {
        let contacts = addresses.iter().map(|address| Contact {
            address: (*address).to_owned(),
            name: None,
            role: None,
        });
        let new = NewConsumer {
            contacts: contacts.collect(),
            ..new_consumer(name)
        };
        world
            .control
            .create_consumer(Actor::Cli, new)
            .await
            .unwrap();
        keys.push(world.key(name, "payments").await);
    }
    keys
}

async fn webhooks(control: &Control) {
    let mut senders = (*control.senders()).clone();
    senders.settings.webhook_targets = WebhookTargets::Any;
    control.set_senders(senders);
    for consumer in [None, Some("hooked".to_owned())] {
        let host = consumer.as_deref().unwrap_or("everyone");
        let new = NewWebhook {
            surface: "payments".to_owned(),
            url: format!("https://{host}.example/hook"),
            consumer,
        };
        control.create_webhook(Actor::Cli, new).await.unwrap();
    }
}

/// A draft that the bar lets pass, with two short stages of brownouts.
async fn proposed(control: &Control) -> RolloutId {
    let revision = contract("3", "{enum: [USD, GBP]}", "amount, note");
    let proposed = Proposed {
        surface: "payments",
        file: "next.yaml",
        revision: &revision,
        name: None,
        evidence_days: 90,
    };
    let view = control.propose_rollout(Actor::Cli, proposed).await.unwrap();
    let id = view.summary.id;
    let mut tx = control.store().read().await.unwrap();
    let row = store::rollout::by_id(&mut tx, id).await.unwrap().unwrap();
    drop(tx);
    let rollout: Rollout = serde_json::from_str(&row.rollout).unwrap();
    let impact: Impact = serde_json::from_str(&row.impact).unwrap();
    assert_eq!(impact.concerned().len(), 4);
    let mut plan = rollout.plan;
    plan.brownouts.stages_minutes = vec![1, 30];
    let plan = strengthened(&plan, &impact, control.now(), None).unwrap();
    let asked = Asked {
        actor: Actor::Cli,
        by: None,
        id: None,
        edition: None,
    };
    let plan = Box::new(plan);
    control
        .ask_rollout(&id.to_string(), asked, Event::Edit { plan })
        .await
        .unwrap();
    id
}
