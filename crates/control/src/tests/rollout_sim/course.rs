//! One seed: commands that come twice and late, a clock that jumps, writes that fail, processes that die.

use std::sync::Arc;
use std::time::Duration;

use adoption::rollout::day::{date_of, plus_days, start_of};
use adoption::rollout::{
    BrownoutOutcome, Command, Event, Freeze, FreezeScope, Friction, Phase, Plan, Refusal, Rollout,
    strengthened,
};
use adoption::{Clock, Micros};
use testkit::{FakeClock, Random};

use super::base::Base;
use super::dates::Expected;
use super::net::Net;
use super::order::{Order, What, perform};
use super::picture::{Camera, Picture};
use crate::jobs::deliver::deliver_due;
use crate::tests::world::START;
use crate::{Control, ControlConfig, ControlError};

/// A rollout by the book takes about forty commands in 300 days.
const STEPS_MAX: u32 = 400;
/// More than a start makes.
const STATEMENTS: u64 = 90;
const DAY_S: i64 = 86_400;

pub(super) struct Course<'a> {
    pub(super) base: &'a Base,
    dice: Random,
    pub(super) folder: tempfile::TempDir,
    pub(super) clock: Arc<FakeClock>,
    pub(super) control: Control,
    pub(super) net: Net,
    pub(super) camera: Camera,
    /// On their way, in no order.
    wire: Vec<Order>,
    made: u64,
    /// The statement that fails; 0 for none.
    armed: u64,
    pub(super) steps: u64,
    pub(super) crashes: u64,
    pub(super) skipped: u64,
}

impl<'a> Course<'a> {
    pub(super) async fn new(base: &'a Base, seed: u64) -> Self {
        let folder = base.copy();
        let clock = Arc::new(FakeClock::new(START));
        let control = open(&folder, &clock).await;
        let net = Net::new(seed, control.store().faults().clone());
        let mut dice = Random::new(seed);
        // Some installations get a mail server later.
        control.set_senders(net.senders(!dice.one_in(4)));
        let camera = Camera::new(folder.path(), base.rollout).await;
        Self {
            base,
            dice,
            folder,
            clock,
            control,
            net,
            camera,
            wire: Vec::new(),
            made: 0,
            armed: 0,
            steps: 0,
            crashes: 0,
            skipped: 0,
        }
    }

    /// Until it has ended, or nothing more is hoped for.
    pub(super) async fn run(&mut self) {
        for _ in 0..STEPS_MAX {
            self.step().await;
            let rollout = self.camera.picture().await.rollout;
            if matches!(rollout.state.as_str(), "removed" | "aborted") {
                break;
            }
        }
        // What is still on its way comes after the end.
        while let Some(order) = self.wire.pop() {
            let _ = self.deliver_order(&order).await;
        }
    }

    async fn step(&mut self) {
        let picture = self.camera.picture().await;
        match self.dice.below(100) {
            0..=4 => self.pass_days(-20, 20),
            5..=29 => self.pass_days(0, 12),
            30..=33 => self.interrupt(&picture.rollout),
            34..=37 => self.send(What::Ask(Event::Resume)),
            38..=39 => self.extend(&picture.rollout),
            40..=42 => self.edit(&picture.rollout),
            43..=45 => self.stumble(&picture.rollout),
            46..=47 => {
                let to = *self.dice.pick(&Phase::ALL);
                self.send(What::Ask(Event::Advance { to }));
            }
            48..=49 => self.send(What::Next),
            50..=51 => self.opt(),
            52..=60 => self.carry().await,
            61..=63 => self.crash().await,
            _ => self.go_on(&picture).await,
        }
        while !self.wire.is_empty() && self.dice.one_in(2) {
            let at = self.dice.below(self.wire.len() as u64) as usize;
            let order = self.wire.swap_remove(at);
            let _ = self.deliver_order(&order).await;
        }
        if self.dice.one_in(3) {
            self.deliver_notices().await;
        }
    }

    fn pass_days(&mut self, from: i64, until: i64) {
        let days = from + self.dice.below((until - from) as u64) as i64;
        let seconds = self.dice.below(3_600) as i64;
        self.clock.advance_seconds(days * DAY_S + seconds);
    }

    fn interrupt(&mut self, rollout: &Rollout) {
        let reason = "incident".to_owned();
        let planned = rollout
            .brownouts
            .iter()
            .find(|brownout| brownout.outcome == BrownoutOutcome::Planned);
        let event = match planned {
            Some(brownout) if self.dice.one_in(2) => Event::BrownoutAborted {
                segment: brownout.segment,
                stage: brownout.stage,
                reason,
            },
            _ if self.dice.one_in(15) => Event::Abort { reason },
            _ => Event::Pause { reason },
        };
        self.send(What::Ask(event));
    }

    fn extend(&mut self, rollout: &Rollout) {
        let days = self.dice.below(30) as i64 - 8;
        let sunset = plus_days(rollout.sunset().unwrap(), days);
        let reason = "more time".to_owned();
        self.send(What::Ask(Event::Extend { sunset, reason }));
    }

    /// Another name, and sometimes a freeze.
    fn edit(&mut self, rollout: &Rollout) {
        let mut plan = rollout.plan.clone();
        plan.name = format!("Payments, wording {}", self.made);
        if self.dice.one_in(2) {
            let from = plus_days(date_of(self.clock.now()), 1 + self.dice.below(60) as i64);
            plan.freezes.push(Freeze {
                scope: FreezeScope::All,
                from,
                until: plus_days(from, self.dice.below(6) as i64),
                reason: "closing".to_owned(),
            });
        }
        self.send_plan(plan);
    }

    fn send_plan(&mut self, plan: Plan) {
        let plan = Box::new(plan);
        self.send(What::Ask(Event::Edit { plan }));
    }

    fn stumble(&mut self, rollout: &Rollout) {
        let open = rollout.friction.iter().find(|one| one.resolution.is_none());
        let event = match open {
            Some(open) => Event::CloseFriction {
                id: open.id.clone(),
                resolution: "explained".to_owned(),
            },
            None => Event::AddFriction {
                friction: Friction {
                    id: format!("f{}", self.made),
                    consumer: self.base.keys[0].key.consumer,
                    item: None,
                    text: "unclear".to_owned(),
                    at: self.clock.now(),
                    resolution: None,
                },
            },
        };
        self.send(What::Ask(event));
    }

    fn opt(&mut self) {
        let key = &self.dice.pick(&self.base.keys).key;
        let (key, consumer) = (key.id, key.consumer);
        let event = match self.dice.one_in(3) {
            true => Event::OptOut { key },
            false => Event::OptIn { key, consumer },
        };
        self.send(What::Ask(event));
    }

    fn order(&mut self, what: What) -> Order {
        self.made += 1;
        Order {
            id: format!("c{}", self.made),
            what,
        }
    }

    /// Puts one to three copies on the wire.
    fn send(&mut self, what: What) {
        let order = self.order(what);
        for _ in 0..=self.dice.below(3) {
            self.wire.push(order.clone());
        }
    }

    /// Asks at once; copies may follow long after.
    async fn ask(&mut self, what: What) -> Result<(), ControlError> {
        let order = self.order(what);
        for _ in 0..self.dice.below(3) {
            self.wire.push(order.clone());
        }
        self.deliver_order(&order).await
    }

    async fn deliver_order(&mut self, order: &Order) -> Result<(), ControlError> {
        let before = self.camera.picture().await;
        self.arm();
        let result = perform(&self.control, self.base.rollout, order).await;
        let is_hit = self.disarm();
        let after = self.camera.picture().await;
        self.steps += 1;
        if after.edition == before.edition {
            // A refusal, a repetition or a fault before the commit: nothing of it is there.
            assert_eq!(after, before, "{order:?}: {result:?}");
            let known = before.rollout.applied.contains(&order.id);
            assert!(
                !known || result.is_ok() || is_hit,
                "{order:?} was done before: {result:?}"
            );
        } else {
            let command = order.command(&before.rollout);
            self.skipped += before.assert_became(&after, &[command], self.clock.now());
        }
        if is_hit {
            self.wire.push(order.clone());
            self.crash().await;
        }
        result
    }

    async fn carry(&mut self) {
        let before = self.camera.picture().await;
        self.arm();
        let done = self.control.carry_rollouts().await;
        let is_hit = self.disarm();
        let after = self.camera.picture().await;
        assert!(done.is_ok() || is_hit, "{done:?}");
        let new = &after.rollout.history[before.rollout.history.len()..];
        let commands: Vec<Command> = new.iter().map(super::order::carried).collect();
        self.steps += commands.len() as u64;
        match commands.is_empty() {
            true => assert_eq!(after, before),
            false => {
                self.skipped += before.assert_became(&after, &commands, self.clock.now());
            }
        }
        if is_hit {
            self.crash().await;
        }
    }

    async fn deliver_notices(&mut self) {
        let before = self.camera.picture().await;
        self.net.expect(Expected::of(&before.rollout));
        self.arm();
        let crashes = self.net.crashes();
        let done = deliver_due(&self.control).await;
        let is_hit = self.disarm() || self.net.crashes() > crashes;
        assert!(done.is_ok() || is_hit, "{done:?}");
        let after = self.camera.picture().await;
        assert_eq!(after, before, "telling changes nothing");
        if is_hit {
            self.crash().await;
        }
    }

    /// Lets a statement of what follows fail, sometimes.
    fn arm(&mut self) {
        let statement = match self.dice.one_in(4) {
            true => 1 + self.dice.below(STATEMENTS),
            false => 0,
        };
        self.control.store().faults().fail_at(statement);
        self.armed = statement;
    }

    /// Whether it came to that statement.
    fn disarm(&mut self) -> bool {
        let faults = self.control.store().faults();
        let is_hit = self.armed > 0 && faults.statements() >= self.armed;
        faults.fail_at(0);
        is_hit
    }

    /// The process ends and another opens what it left.
    pub(super) async fn crash(&mut self) {
        self.crashes += 1;
        let senders = (*self.control.senders()).clone();
        self.control.close().await;
        self.control = open(&self.folder, &self.clock).await;
        self.net.follow(self.control.store().faults().clone());
        let with_mail = senders.mail.is_some() || self.dice.one_in(3);
        self.control.set_senders(self.net.senders(with_mail));
    }

    /// What a diligent owner does next, and how it answers a refusal.
    async fn go_on(&mut self, picture: &Picture) {
        let rollout = &picture.rollout;
        let what = match rollout.state.phase().next() {
            None => return,
            Some(Phase::Beta) => What::Start,
            Some(to) => What::Ask(Event::Advance { to }),
        };
        let Err(ControlError::Refused(refusal)) = self.ask(what).await else {
            return;
        };
        match *refusal {
            Refusal::NotYet { earliest, .. } => {
                let until = start_of(earliest).plus_seconds(9 * 3_600);
                self.clock.set(until.max(self.clock.now()));
            }
            Refusal::Frozen { .. } => self.pass_days(1, 5),
            Refusal::BetaUnfinished { .. } => self.end_beta(rollout).await,
            Refusal::Bar { .. } | Refusal::TooEarly(_) => {
                let now = self.clock.now();
                if let Ok(plan) = strengthened(&rollout.plan, &picture.impact, now, None) {
                    let plan = Box::new(plan);
                    let _ = self.ask(What::Ask(Event::Edit { plan })).await;
                }
            }
            Refusal::NoTimeForBrownouts { last, .. } => self.extend_to(plus_days(last, 5)).await,
            Refusal::BrownoutsUnfinished { left } => self.let_run(rollout, left.len()).await,
            Refusal::InUse { in_use } => {
                let quiet = start_of(in_use[0].quiet_on);
                self.clock.set(quiet.max(self.clock.now()));
            }
            Refusal::Paused { .. } => {
                let _ = self.ask(What::Ask(Event::Resume)).await;
            }
            Refusal::Ended { .. } => {}
            other => panic!("{other}"),
        }
    }

    async fn end_beta(&mut self, rollout: &Rollout) {
        let open = rollout.friction.iter().find(|one| one.resolution.is_none());
        let key = &self.base.keys[0].key;
        let event = match open {
            Some(open) => Event::CloseFriction {
                id: open.id.clone(),
                resolution: "mended".to_owned(),
            },
            None => Event::OptIn {
                key: key.id,
                consumer: key.consumer,
            },
        };
        let _ = self.ask(What::Ask(event)).await;
    }

    /// Brownouts that are planned run; where there is no room for all, there is more.
    async fn let_run(&mut self, rollout: &Rollout, left: usize) {
        let planned = rollout
            .brownouts
            .iter()
            .filter(|brownout| brownout.outcome == BrownoutOutcome::Planned);
        let until: Vec<Micros> = planned.map(|brownout| brownout.until).collect();
        if until.len() < left {
            let today = date_of(self.clock.now());
            let from = today.max(rollout.sunset().unwrap());
            return self.extend_to(plus_days(from, left as i64 + 10)).await;
        }
        let first = until.into_iter().min().unwrap_or_default();
        self.clock.set(first.max(self.clock.now()));
        self.carry().await;
    }

    async fn extend_to(&mut self, sunset: jiff::civil::Date) {
        let reason = "room".to_owned();
        let _ = self.ask(What::Ask(Event::Extend { sunset, reason })).await;
    }
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<FakeClock>) -> Control {
    let config = ControlConfig {
        busy_timeout: Duration::from_secs(5),
        ..ControlConfig::new(folder.path().to_owned())
    };
    Control::open(config, clock.clone()).await.unwrap()
}
