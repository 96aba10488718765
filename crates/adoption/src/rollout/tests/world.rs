//! One rollout with its facts and its clock, driven by hand.

use jiff::civil::Date;

use super::sample::{ROLLOUT, id, impact, now, strong};
use crate::clock::Micros;
use crate::ids::KeyId;
use crate::rollout::day::start_of;
use crate::rollout::*;

/// A rollout with its facts and its clock, driven by hand.
pub struct World {
    pub rollout: Rollout,
    pub impact: Impact,
    pub live: Vec<Live>,
    pub now: Micros,
    pub commands: usize,
}

impl World {
    pub fn new() -> Self {
        let impact = impact();
        Self {
            rollout: Rollout::draft(ROLLOUT, strong(&impact), now()),
            impact,
            live: Vec::new(),
            now: now(),
            commands: 0,
        }
    }

    pub fn ask(&mut self, event: Event) -> Result<Vec<Effect>, Refusal> {
        self.commands += 1;
        let command = Command {
            id: format!("c{}", self.commands),
            by: "Ada".to_owned(),
            event,
        };
        let facts = Facts {
            impact: &self.impact,
            live: &self.live,
        };
        let before = self.rollout.clone();
        let effects = transition(&mut self.rollout, &command, &facts, self.now);
        match &effects {
            Ok(_) => {
                let after = self.rollout.clone();
                assert_eq!(
                    transition(&mut self.rollout, &command, &facts, self.now),
                    Ok(Vec::new())
                );
                assert_eq!(self.rollout, after);
            }
            Err(_) => assert_eq!(self.rollout, before),
        }
        effects
    }

    pub fn go(&mut self, to: Phase) -> Result<Vec<Effect>, Refusal> {
        self.ask(Event::Advance { to })
    }

    pub fn refused(&mut self, event: Event) -> String {
        let refusal = self.ask(event).unwrap_err();
        let needs: Vec<_> = refusal
            .needs()
            .iter()
            .map(|covers| format!("{covers:?}"))
            .collect();
        format!("{}: {refusal} [{}]", refusal.code(), needs.join(" "))
    }

    pub fn on(&mut self, day: Date) {
        self.now = start_of(day).plus_seconds(3_600);
        for consumer in &mut self.impact.consumers {
            consumer.last_seen = Some(self.now.plus_seconds(-86_400));
        }
    }

    pub fn window(&self) -> Window {
        self.rollout.plan.window.clone().unwrap()
    }

    /// Goes on by the book until `to`.
    pub fn reach(&mut self, to: Phase) -> &mut Self {
        while self.rollout.state.phase() < to {
            let next = self.rollout.state.phase().next().unwrap();
            let window = self.window();
            match next {
                Phase::Draft | Phase::Beta => {}
                Phase::Announced => {
                    self.ask(Event::OptIn {
                        key: KeyId::from_raw(50),
                        consumer: id(0),
                    })
                    .unwrap();
                    self.on(window.announce.date);
                }
                Phase::Deprecated => self.on(window.deprecate.date),
                Phase::Closed => self.on(window.close.date),
                Phase::Brownouts => self.on(window.brownouts.date),
                Phase::Sunset => {
                    self.on(window.sunset.date);
                    for brownout in self.rollout.brownouts.clone() {
                        self.ask(Event::BrownoutCompleted {
                            segment: brownout.segment,
                            stage: brownout.stage,
                        })
                        .unwrap();
                    }
                }
                Phase::Removed => self.on(window.remove.date),
            }
            self.go(next).unwrap();
        }
        self
    }
}

pub fn policy(effects: &[Effect]) -> &GatewayPolicy {
    match effects.last() {
        Some(Effect::Publish { policy }) => policy,
        other => panic!("{other:?} is no policy"),
    }
}

pub fn recipients(effects: &[Effect]) -> Vec<(NoticeKind, Recipient)> {
    let notice = |effect: &Effect| match effect {
        Effect::Notify { notice } => Some((notice.kind, notice.recipient)),
        Effect::Publish { .. } => None,
    };
    effects.iter().filter_map(notice).collect()
}

pub fn ago_of(now: Micros, days: i64) -> Option<Micros> {
    Some(now.plus_seconds(-days * 86_400))
}
