//! The Message: what one notice says to one reader at the moment it is delivered; every format is written from it.

use adoption::rollout::{
    BridgeSlot, ConsumerImpact, Dates, Grade, Impact, Item, Notice, NoticeKind, Recipient, Rollout,
    Segment, State, Verdict,
};
use adoption::{ConsumerId, Micros, NoticeId, RolloutId};

use super::events::{Event, events};

/// One notice as one reader is told it, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: NoticeId,
    pub rollout: RolloutId,
    pub kind: NoticeKind,
    /// The surface's name.
    pub surface: String,
    /// The rollout's one line for people.
    pub name: String,
    /// Where the rollout stands: a phase, `paused` or `aborted`.
    pub phase: &'static str,
    /// Why it is paused or was aborted.
    pub reason: Option<String>,
    /// Rises with every date that moves.
    pub sequence: u32,
    /// When the notice was made.
    pub at: Micros,
    pub dates: Option<Dates>,
    /// The dates, then the brownouts that reach the reader, in order of time.
    pub events: Vec<Event>,
    /// What the reader is concerned by; everything for the public.
    pub changes: Vec<ChangeText>,
    /// Where to read how to move.
    pub guide: Option<String>,
    /// What to move to, such as the name of a version.
    pub successor: Option<String>,
    pub reader: Reader,
}

/// Who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    Public,
    Consumer(Use),
}

/// What a consumer was seen to do with what changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub consumer: ConsumerId,
    pub name: String,
    /// `None` for a consumer that evidence does not name.
    pub segment: Option<Segment>,
    /// Calls on what changes, from `evidence_from` to before `evidence_until`, as `YYYY-MM-DD`.
    pub calls: u64,
    pub share_ppm: u32,
    pub last_seen: Option<Micros>,
    pub evidence_from: String,
    pub evidence_until: String,
}

/// One change as the reader is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeText {
    pub id: String,
    /// What it touches, such as `POST /payments`.
    pub subject: String,
    pub rule: String,
    pub summary: String,
    pub bridge: BridgeSlot,
    /// `None` for the public, and where no evidence speaks of the consumer.
    pub found: Option<ChangeUse>,
}

/// What is known of one consumer and one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeUse {
    pub verdict: Verdict,
    pub grade: Option<Grade>,
    pub calls: u64,
    pub last_seen: Option<Micros>,
}

impl Message {
    /// What `notice` says now, to whom it is for. A consumer is told of what it uses and of nobody else.
    pub fn of(
        notice: &Notice,
        made_at: Micros,
        rollout: &Rollout,
        impact: &Impact,
        surface: &str,
        now: Micros,
    ) -> Self {
        match notice.recipient {
            Recipient::Consumer(consumer) => {
                let known = impact.consumers.iter().find(|c| c.consumer == consumer);
                Self::to_consumer(
                    notice,
                    made_at,
                    rollout,
                    impact,
                    surface,
                    (consumer, known, now),
                )
            }
            _ => Self::base(notice, made_at, rollout, surface, None),
        }
    }

    fn to_consumer(
        notice: &Notice,
        made_at: Micros,
        rollout: &Rollout,
        impact: &Impact,
        surface: &str,
        (consumer, known, now): (ConsumerId, Option<&ConsumerImpact>, Micros),
    ) -> Self {
        let days = impact.window_days();
        let segment = known.map(|known| rollout.plan.segment_of(known, days, now));
        let items = rollout.plan.items.iter();
        let changes = match known {
            Some(known) => items.filter_map(|item| concerned_by(item, known)).collect(),
            None => items.map(|item| change(item, None)).collect(),
        };
        Self {
            changes,
            reader: Reader::Consumer(Use {
                consumer,
                name: known.map_or_else(|| consumer.to_string(), |known| known.name.clone()),
                segment,
                calls: known.map_or(0, |known| known.calls),
                share_ppm: known.map_or(0, |known| known.share_ppm),
                last_seen: known.and_then(|known| known.last_seen),
                evidence_from: impact.from.to_string(),
                evidence_until: impact.until.to_string(),
            }),
            ..Self::base(notice, made_at, rollout, surface, segment)
        }
    }

    fn base(
        notice: &Notice,
        made_at: Micros,
        rollout: &Rollout,
        surface: &str,
        segment: Option<Segment>,
    ) -> Self {
        let told = rollout.told(notice);
        let reason = match &rollout.state {
            State::Running { .. } => None,
            State::Paused { reason, .. } | State::Aborted { reason, .. } => Some(reason.clone()),
        };
        // RFC 5545 section 3.8.7.4: calling an event off is a revision of it too.
        let called_off = u32::from(matches!(rollout.state, State::Aborted { .. }));
        Self {
            id: notice.id,
            rollout: rollout.id,
            kind: told.kind,
            surface: surface.to_owned(),
            name: rollout.plan.name.clone(),
            phase: rollout.state.as_str(),
            reason,
            sequence: told.sequence.saturating_add(called_off),
            at: made_at,
            events: events(rollout, told.dates.as_ref(), &told.brownouts, segment),
            dates: told.dates,
            changes: rollout
                .plan
                .items
                .iter()
                .map(|item| change(item, None))
                .collect(),
            guide: rollout.plan.guide.clone(),
            successor: rollout.plan.successor.clone(),
            reader: Reader::Public,
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, "aborted" | "removed")
    }
}

/// `None` for what is proven not to concern the consumer, and for what nothing speaks of.
fn concerned_by(item: &Item, consumer: &ConsumerImpact) -> Option<ChangeText> {
    let found = consumer
        .verdicts
        .iter()
        .find(|found| found.item == item.id)?;
    let found = ChangeUse {
        verdict: found.verdict,
        grade: found.grade,
        calls: found.calls,
        last_seen: found.last_seen,
    };
    (found.verdict > Verdict::UnaffectedProven).then(|| change(item, Some(found)))
}

fn change(item: &Item, found: Option<ChangeUse>) -> ChangeText {
    ChangeText {
        id: item.id.clone(),
        subject: item.subject.clone(),
        rule: item.rule.clone(),
        summary: item.summary.clone(),
        bridge: item.bridge.clone(),
        found,
    }
}
