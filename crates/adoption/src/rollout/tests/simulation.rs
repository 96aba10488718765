//! Whole rollouts from a seed: crashes between any two writes, deliveries twice and out of order, a clock that jumps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::sample::{ROLLOUT, freeze, id, impact, now, strong};
use crate::clock::Micros;
use crate::ids::{KeyId, NoticeId};
use crate::rollout::day::{DAY_US, date_of, plus_days, start_of};
use crate::rollout::*;

const SEEDS: u64 = 1_000;
/// A rollout by the book takes about 300 days in steps of 1 to 20; most of what is asked is refused.
const STEPS_MAX: usize = 2_000;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }
}

/// What a recipient holds: the dates of the highest revision that reached it.
#[derive(Default)]
struct Inbox {
    ids: BTreeSet<NoticeId>,
    latest: Option<(u32, Dates)>,
}

/// What a step is compared with.
struct Before {
    phase: Phase,
    sequence: u32,
    dates: Dates,
    planned: Vec<BrownoutInterval>,
}

impl Before {
    fn of(rollout: &Rollout) -> Self {
        Self {
            phase: rollout.state.phase(),
            sequence: rollout.sequence(),
            dates: rollout.plan.window.as_ref().unwrap().dates(),
            planned: rollout.gateway_policy().brownouts,
        }
    }
}

struct World {
    dice: Dice,
    now: Micros,
    /// What survives a crash: written whole, in one transaction.
    stored: Rollout,
    outbox: Vec<Notice>,
    /// Everything that was ever put into the outbox.
    made: BTreeMap<NoticeId, Notice>,
    inboxes: BTreeMap<Recipient, Inbox>,
    /// The dates that were told under each revision.
    told: BTreeMap<u32, Dates>,
    sent: Vec<Command>,
    impact: Impact,
    live: Vec<Live>,
    crashes: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut impact = impact();
        impact.consumers.truncate(6 + dice.below(7) as usize);
        impact.consumers[0].release_cycle_days = Some(dice.below(250) as u32);
        let mut plan = strong(&impact);
        if dice.percent(30) {
            plan.sunset.bridge_stays_for = vec!["gold".to_owned()];
        }
        let rollout = Rollout::draft(ROLLOUT, plan, now());
        let live = impact.consumers.iter().map(|c| Live {
            consumer: c.consumer,
            old_success: c.last_seen,
            new_success: None,
        });
        Self {
            dice,
            now: now(),
            stored: rollout,
            outbox: Vec::new(),
            made: BTreeMap::new(),
            inboxes: BTreeMap::new(),
            told: BTreeMap::new(),
            sent: Vec::new(),
            live: live.collect(),
            impact,
            crashes: 0,
        }
    }

    /// One command, repeated until its transaction is committed: a crash before that loses all that was in memory.
    fn ask(&mut self, command: &Command) -> Result<(), Refusal> {
        let facts = Facts {
            impact: &self.impact,
            live: &self.live,
        };
        let lost = self.dice.percent(10).then(|| {
            let mut lost = self.stored.clone();
            let effects = transition(&mut lost, command, &facts, self.now);
            (lost, effects)
        });
        if self.dice.below(200) == 0 {
            // A fresh start reads the state from text.
            let text = serde_json::to_string(&self.stored).unwrap();
            self.stored = serde_json::from_str(&text).unwrap();
        }
        let before = Before::of(&self.stored);
        let effects = transition(&mut self.stored, command, &facts, self.now);
        if let Some(lost) = lost {
            self.crashes += 1;
            assert_eq!((&self.stored, &effects), (&lost.0, &lost.1));
        }
        self.commit(&before, effects?);
        Ok(())
    }

    fn commit(&mut self, before: &Before, effects: Vec<Effect>) {
        self.check_step(before);
        for effect in effects {
            match effect {
                Effect::Notify { notice } => {
                    let known = self.made.insert(notice.id, notice.clone());
                    assert_eq!(known, None, "an id was made twice");
                    self.outbox.push(notice);
                }
                Effect::Publish { policy } => assert_eq!(policy, self.stored.gateway_policy()),
            }
        }
    }

    /// No step is skipped, nothing public moves to an earlier day, no brownout lies in a freeze.
    fn check_step(&self, before: &Before) {
        let next = &self.stored;
        let (was, is) = (before.phase, next.state.phase());
        assert!(is == was || was.next() == Some(is), "{was:?} to {is:?}");
        let entered: Vec<_> = next.entered.keys().copied().collect();
        assert_eq!(entered, Phase::ALL[..entered.len()]);
        assert!(next.sequence() >= before.sequence);
        let (old, new) = (before.dates, next.plan.window.as_ref().unwrap().dates());
        for name in DateName::ALL {
            assert!(was < Phase::Announced || new.get(name) >= old.get(name));
        }
        if was >= Phase::Beta && old != new {
            assert!(next.sequence() > before.sequence);
        }
        let planned = next.gateway_policy().brownouts;
        if was == Phase::Brownouts && planned.iter().any(|new| !before.planned.contains(new)) {
            assert!(
                next.sequence() > before.sequence,
                "a brownout moved unnoticed"
            );
        }
        for interval in next
            .gateway_policy()
            .brownouts
            .iter()
            .filter(|i| i.from > self.now)
        {
            let frozen = next
                .plan
                .freezes
                .iter()
                .filter(|freeze| freeze.scope == FreezeScope::All);
            for freeze in frozen {
                assert!(
                    interval.until <= start_of(freeze.from)
                        || start_of(freeze.until) <= interval.from
                );
            }
            assert!(interval.until <= start_of(next.sunset().unwrap()));
        }
    }

    /// Delivers some of the outbox in any order; a crash before the receipt is written delivers it again.
    fn deliver(&mut self, mut count: usize) {
        while count > 0 && !self.outbox.is_empty() {
            count -= 1;
            let at = self.dice.below(self.outbox.len() as u64) as usize;
            let notice = self.outbox[at].clone();
            let told = self.stored.told(&notice);
            let dates = told.dates.unwrap();
            assert_eq!(dates, self.stored.plan.window.as_ref().unwrap().dates());
            if self.stored.state.phase() >= Phase::Beta {
                let known = self.told.entry(told.sequence).or_insert(dates);
                assert_eq!(*known, dates, "one revision, two sets of dates");
            }
            let inbox = self.inboxes.entry(notice.recipient).or_default();
            inbox.ids.insert(notice.id);
            if inbox
                .latest
                .is_none_or(|(sequence, _)| sequence <= told.sequence)
            {
                inbox.latest = Some((told.sequence, dates));
            }
            if self.dice.percent(10) {
                self.crashes += 1;
            } else {
                self.outbox.swap_remove(at);
            }
        }
    }

    /// Something happens: time, traffic, people, jobs.
    fn step(&mut self) {
        match self.dice.below(100) {
            0..=4 => self.jump(),
            5..=9 => self.redeliver(),
            10..=11 => self.interrupt(),
            12..=13 => self.extend(),
            14 => self.declare_freeze(),
            15..=16 => self.send(Event::Resume),
            17..=19 => {
                let to = Phase::ALL[self.dice.below(8) as usize];
                self.send(Event::Advance { to });
            }
            20..=29 => self.now = Micros(self.now.0 + self.dice.below(20) as i64 * DAY_US),
            _ => self.go_on(),
        }
        self.traffic();
        let count = self.dice.below(12) as usize;
        self.deliver(count);
    }

    fn jump(&mut self) {
        let days = self.dice.below(80) as i64 - 60;
        self.now = Micros(self.now.0 + days * DAY_US);
    }

    /// An old command comes a second time, long after others.
    fn redeliver(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let at = self.dice.below(self.sent.len() as u64) as usize;
        let command = self.sent[at].clone();
        if !self.stored.applied.contains(&command.id) {
            let _ = self.ask(&command);
            return;
        }
        let (before, made) = (self.stored.clone(), self.made.len());
        assert_eq!(self.ask(&command), Ok(()));
        assert_eq!((&self.stored, self.made.len()), (&before, made));
    }

    fn interrupt(&mut self) {
        let reason = "incident".to_owned();
        let planned = self
            .stored
            .brownouts
            .iter()
            .find(|b| b.outcome == BrownoutOutcome::Planned);
        let event = match planned {
            Some(b) if self.dice.percent(60) => Event::BrownoutAborted {
                segment: b.segment,
                stage: b.stage,
                reason,
            },
            _ if self.dice.percent(1) => Event::Abort { reason },
            _ => Event::Pause { reason },
        };
        self.send(event);
    }

    fn extend(&mut self) {
        let days = self.dice.below(40) as i64 - 10;
        self.extend_to(plus_days(self.stored.sunset().unwrap(), days));
    }

    fn extend_to(&mut self, sunset: Date) {
        let reason = "more time".to_owned();
        self.send(Event::Extend { sunset, reason });
    }

    fn declare_freeze(&mut self) {
        let mut plan = self.stored.plan.clone();
        let from = plus_days(date_of(self.now), 1 + self.dice.below(60) as i64);
        let until = plus_days(from, self.dice.below(10) as i64);
        plan.freezes.push(freeze(FreezeScope::All, from, until));
        self.send(Event::Edit {
            plan: Box::new(plan),
        });
    }

    /// What a diligent owner does next, and how it answers a refusal.
    fn go_on(&mut self) {
        let ended = self
            .stored
            .brownouts
            .iter()
            .find(|b| b.outcome == BrownoutOutcome::Planned && b.until <= self.now);
        if let Some(b) = ended {
            let (segment, stage) = (b.segment, b.stage);
            return self.send(Event::BrownoutCompleted { segment, stage });
        }
        let Some(to) = self.stored.state.phase().next() else {
            return;
        };
        match self.try_send(Event::Advance { to }) {
            Err(Refusal::NotYet { .. } | Refusal::Frozen { .. }) => {
                self.now = Micros(self.now.0 + (1 + self.dice.below(40) as i64) * DAY_US);
            }
            Err(Refusal::BetaUnfinished { .. }) => {
                let key = KeyId::from_raw(1_000 + self.dice.below(1_000));
                self.send(Event::OptIn {
                    key,
                    consumer: id(0),
                });
            }
            Err(Refusal::Bar { .. } | Refusal::TooEarly(_)) => self.move_window(),
            Err(Refusal::NoTimeForBrownouts { last, .. }) => self.extend_to(plus_days(last, 5)),
            Err(Refusal::BrownoutsUnfinished { left }) => {
                let planned = self
                    .stored
                    .brownouts
                    .iter()
                    .filter(|b| b.outcome == BrownoutOutcome::Planned);
                if planned.count() < left.len() {
                    let days = left.len() as i64 + 10;
                    self.extend_to(plus_days(
                        date_of(self.now).max(self.stored.sunset().unwrap()),
                        days,
                    ));
                } else {
                    self.now = Micros(self.now.0 + DAY_US);
                }
            }
            Err(Refusal::InUse { in_use }) => self.now = self.now.max(start_of(in_use[0].quiet_on)),
            Err(Refusal::Paused { .. }) => self.send(Event::Resume),
            Ok(()) | Err(Refusal::Ended { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }

    fn move_window(&mut self) {
        if let Ok(plan) = strengthened(&self.stored.plan, &self.impact, self.now, None) {
            self.send(Event::Edit {
                plan: Box::new(plan),
            });
        }
    }

    fn send(&mut self, event: Event) {
        // A refusal is an answer; what was not carried out may be asked again.
        let _ = self.try_send(event);
    }

    fn try_send(&mut self, event: Event) -> Result<(), Refusal> {
        let command = Command {
            id: format!("c{}", self.sent.len()),
            by: "Ada".to_owned(),
            event,
        };
        self.sent.push(command.clone());
        self.ask(&command)
    }

    /// Consumers use the old until they move; after the sunset only a kept bridge still answers.
    fn traffic(&mut self) {
        let gone = self.stored.gateway_policy().gone.is_some();
        let bridged = !self.stored.plan.sunset.bridge_stays_for.is_empty();
        for at in 0..self.live.len() {
            let moves = self.dice.percent(1);
            let (live, consumer) = (&mut self.live[at], &mut self.impact.consumers[at]);
            if moves {
                live.new_success = Some(self.now);
            }
            if live.new_success.is_none() && (!gone || bridged) {
                live.old_success = Some(self.now);
            }
            consumer.last_seen = Some(self.now);
        }
    }

    /// Everything that is still to be delivered is, and every recipient holds the dates of the plan.
    fn settle(&mut self) {
        self.deliver(usize::MAX);
        let latest = (
            self.stored.sequence(),
            self.stored.plan.window.as_ref().unwrap().dates(),
        );
        for notice in self.made.values() {
            let inbox = &self.inboxes[&notice.recipient];
            assert!(inbox.ids.contains(&notice.id), "lost: {notice:?}");
            assert_eq!(inbox.latest, Some(latest), "{:?}", notice.recipient);
        }
    }
}

/// Runs the seeds of one quarter; four tests share the cores.
fn check(quarter: u64) {
    let mut ended: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut notices, mut crashes) = (0, 0);
    for seed in (0..SEEDS).filter(|seed| seed % 4 == quarter) {
        let outcome = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..STEPS_MAX {
                world.step();
                if matches!(world.stored.state.as_str(), "removed" | "aborted") {
                    break;
                }
            }
            world.settle();
            world
        });
        let world = outcome.unwrap_or_else(|panic| {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic)
        });
        *ended.entry(world.stored.state.as_str()).or_default() += 1;
        notices += world.made.len();
        crashes += world.crashes;
    }
    println!("{notices} notices, {crashes} crashes, ended {ended:?}");
    // The test would show little if rollouts got stuck on the way.
    assert!(ended["removed"] >= SEEDS / 4 * 9 / 10, "{ended:?}");
}

#[test]
fn whole_rollouts_first_quarter() {
    check(0);
}

#[test]
fn whole_rollouts_second_quarter() {
    check(1);
}

#[test]
fn whole_rollouts_third_quarter() {
    check(2);
}

#[test]
fn whole_rollouts_last_quarter() {
    check(3);
}
