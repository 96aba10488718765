//! A control, a gateway and its journal in one process, at times that the test sets; every message goes over loopback.
//!
//! A gateway reads its clock when it starts and every so often after that, so each day has a gateway of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use adoption::rollout::{Impact, Touch};
use adoption::{ConsumerId, ConsumerKind, Micros};
use contract::policy::{Policy, RuleOverride};
use contract::{Level, LevelOverride};
use control::contracts::Breaking;
use control::jobs::apply::{Storing, applier};
use control::rollouts::Proposed;
use control::{Actor, Anonymous, Control, ControlConfig, NewConsumer, NewKey, SurfaceSettings};
use gateway::{Gateway, GatewayConfig};
use meter::{Journal, JournalConfig};
use serde_json::Value;
use testkit::FakeClock;

use super::cast::{DAYS, Manner, Member};
use super::changes::BREAKING_HERE;
use super::provider::Provider;
use super::wire::request;
use crate::support::Connection;

/// 2027-01-15T08:00:00Z.
const START: Micros = Micros(1_800_000_000_000_000);

/// A contract that consumers call.
pub struct Subject {
    pub name: String,
    pub base: Value,
    /// The one that ran on the first days.
    pub early: Value,
}

pub struct World {
    dir: tempfile::TempDir,
    clock: Arc<FakeClock>,
    pub control: Control,
    ids: BTreeMap<String, Vec<ConsumerId>>,
    secrets: BTreeMap<(String, usize), Vec<String>>,
    pub calls: u64,
}

impl World {
    /// Lets every member live its days in front of every subject, and applies what the journal has of it.
    pub async fn live(subjects: &[Subject], members: &[Member]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::new(START));
        let config = ControlConfig::new(dir.path().to_owned());
        let control = Control::open(config, clock.clone()).await.unwrap();
        control.set_contract_policy(policy());
        let mut world = Self {
            dir,
            clock,
            control,
            ids: BTreeMap::new(),
            secrets: BTreeMap::new(),
            calls: 0,
        };
        let provider = Provider::start(subjects.iter().map(|subject| &subject.base));
        world.set_up(subjects, members, &provider.url()).await;
        for day in 0..DAYS {
            world.clock.set(at(day));
            if day == super::cast::EARLY_DAYS {
                world.push(subjects, |subject| &subject.base).await;
            }
            world.day(subjects, members, day).await;
        }
        world.clock.set(at(DAYS - 1));
        let mut applier = applier(&world.control, world.journal());
        while !applier.pass(Storing::Now).await.unwrap().caught_up {}
        world
    }

    async fn set_up(&mut self, subjects: &[Subject], members: &[Member], upstream: &str) {
        for subject in subjects {
            let mut settings = SurfaceSettings::new(&subject.name, upstream);
            settings.path_prefix = prefix(subject);
            settings.anonymous = Anonymous::Pass;
            self.control
                .upsert_surface(Actor::Cli, settings)
                .await
                .unwrap();
        }
        self.push(subjects, |subject| &subject.early).await;
        for member in members.iter().filter(|member| member.keys > 0) {
            let new = NewConsumer {
                name: member.name.clone(),
                kind: ConsumerKind::Developer,
                contacts: vec![],
                plan: None,
                sla: None,
                external_id: None,
            };
            let consumer = self.control.create_consumer(Actor::Cli, new).await.unwrap();
            self.ids
                .entry(member.name.clone())
                .or_default()
                .push(consumer.id);
            for (at, subject) in subjects.iter().enumerate() {
                for _ in 0..member.keys {
                    let new = NewKey {
                        consumer: member.name.clone(),
                        surface: subject.name.clone(),
                        kind: None,
                        expires_at: None,
                    };
                    let issued = self.control.create_key(Actor::Cli, new).await.unwrap();
                    let own = self.secrets.entry((member.name.clone(), at)).or_default();
                    own.push(issued.secret.0.clone());
                }
            }
        }
    }

    async fn push(&self, subjects: &[Subject], of: impl Fn(&Subject) -> &Value) {
        for subject in subjects {
            let text = of(subject).to_string();
            let declared = Breaking::Declared("a test");
            let pushed =
                self.control
                    .push_contract(Actor::Cli, &subject.name, "base.json", &text, declared);
            pushed
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", subject.name));
        }
    }

    async fn day(&mut self, subjects: &[Subject], members: &[Member], day: i64) {
        let active: Vec<_> = members
            .iter()
            .filter(|member| member.rhythm.is_active(day))
            .collect();
        if active.is_empty() {
            return;
        }
        let journal = self.journal();
        let spec = self.control.snapshot().await.unwrap();
        let config = GatewayConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            workers: 1,
            request_log: gateway::RequestLog::Off,
            ..GatewayConfig::default()
        };
        let patience = Duration::from_secs(30);
        let gateway =
            Gateway::start(config, &journal, self.clock.clone(), &spec, patience).unwrap();
        let mut connection = Connection::open(gateway.local_addr());
        for member in active {
            for (at, subject) in subjects.iter().enumerate() {
                for (number, message) in member.messages[at].iter().enumerate() {
                    let secrets = self.secrets.get(&(member.name.clone(), at));
                    let turn = number + usize::try_from(day).expect("a day of the test");
                    let key = secrets.map(|all| all[turn % all.len()].as_str());
                    let mut methods = vec![message.method.as_str()];
                    if member.manner == Manner::Head && message.method == "GET" {
                        methods.push("HEAD");
                    }
                    for method in methods {
                        let bytes = request(member, message, method, &prefix(subject), key, day);
                        self.calls += 1;
                        if member.manner.on(day) == Manner::Cut && message.body.is_some() {
                            let mut own = Connection::open(gateway.local_addr());
                            own.send(&bytes).finish();
                            // Whatever the answer is, the call has ended when it or the end has come.
                            while own.try_answer().is_some() {}
                            continue;
                        }
                        connection.send(&bytes);
                        let status = match method {
                            "HEAD" => connection.head().map(|head| head[9..12].to_owned()),
                            _ => connection.answer().map(|answer| answer.status.to_string()),
                        };
                        let is_fine = status
                            .as_ref()
                            .is_some_and(|status| status.starts_with('2'));
                        let sent = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]);
                        assert!(is_fine, "{status:?} to {sent}");
                    }
                }
            }
        }
        drop(connection);
        gateway.drain();
    }

    fn journal(&self) -> Arc<Journal> {
        let config = JournalConfig {
            segment_bytes: 4 << 20,
            spare_bytes: 64 << 10,
            spare_bytes_max: 256 << 10,
            ..JournalConfig::new(self.dir.path().to_owned())
        };
        Arc::new(Journal::open(config, self.clock.clone()).unwrap())
    }

    /// What a proposal of `revision` says of consumers, and what decides each item; `None` where nothing breaks.
    pub async fn propose(
        &self,
        subject: &Subject,
        revision: &Value,
    ) -> Option<(Impact, Vec<(String, Touch)>)> {
        let text = revision.to_string();
        let proposed = Proposed {
            surface: &subject.name,
            file: "revision.json",
            revision: &text,
            name: None,
            evidence_days: 90,
        };
        let view = match self.control.propose_rollout(Actor::Cli, proposed).await {
            Ok(view) => view,
            Err(control::ControlError::State {
                code: "nothing_breaks",
                ..
            }) => return None,
            Err(error) => panic!("{}: {error:?}", subject.name),
        };
        let url = ControlConfig::new(self.dir.path().to_owned()).url();
        let store = store::Store::open(&store::StoreConfig::new(url))
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        let row = store::rollout::by_id(&mut tx, view.summary.id)
            .await
            .unwrap()
            .unwrap();
        drop(tx);
        store.close().await;
        let rollout: adoption::rollout::Rollout = serde_json::from_str(&row.rollout).unwrap();
        let items = rollout
            .plan
            .items
            .iter()
            .map(|item| (item.summary.clone(), item.touch));
        Some((serde_json::from_str(&row.impact).unwrap(), items.collect()))
    }

    /// `ANONYMOUS` for a member without a key.
    pub fn id(&self, member: &Member) -> ConsumerId {
        let own = self.ids.get(&member.name).and_then(|own| own.first());
        own.copied().unwrap_or(ConsumerId::ANONYMOUS)
    }
}

fn at(day: i64) -> Micros {
    START.plus_seconds(day * 86_400)
}

fn prefix(subject: &Subject) -> String {
    format!("/{}", subject.name)
}

/// The owner refuses unknown names, and knows what breaks it.
fn policy() -> Policy {
    let one = |id: &&str| RuleOverride {
        id: (*id).to_owned(),
        level: LevelOverride::Level(Level::Error),
        reason: "unknown names are refused here".to_owned(),
        owner: "mara".to_owned(),
        expires: jiff::civil::date(9999, 12, 31),
    };
    Policy {
        overrides: BREAKING_HERE.iter().map(one).collect(),
        ..Policy::default()
    }
}
