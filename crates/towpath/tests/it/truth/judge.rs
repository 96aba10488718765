//! What a proposal says held against what is true.

use adoption::rollout::{ConsumerImpact, Impact, Touch, Verdict};
use serde_json::{Value, json};

use super::cast::{Answers, Member};
use super::changes::Side;
use super::message::Message;
use super::oracle::Oracle;
use super::provider::{Whole, answer_of};

/// One change of one subject.
pub struct Case<'a> {
    pub name: String,
    pub subject: usize,
    pub base: &'a Value,
    pub revision: Value,
    /// `None` where what decides it is read from the proposal.
    pub side: Option<Side>,
    pub also: Option<fn(&Message) -> bool>,
}

/// Counts over consumers, of one change or of many.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub changes: u64,
    pub consumers: u64,
    /// Among consumers that were read whole: those that break by what leaves show, and of them those told affected.
    pub breaking: u64,
    pub found: u64,
    /// Of all that are told affected, those that break.
    pub affected: u64,
    pub affected_rightly: u64,
    /// Those read whole that break by what leaves do not show, and of them those told at least likely.
    pub breaking_by_value: u64,
    pub found_by_value: u64,
    /// Those that do not break though they were read whole, and of them those proven to be safe.
    pub safe: u64,
    pub safe_proven: u64,
    pub proven: u64,
    /// Proven, or not told at all, though they break; and every other fault.
    pub false_proven: Vec<String>,
    pub faults: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.changes += other.changes;
        self.consumers += other.consumers;
        self.breaking += other.breaking;
        self.found += other.found;
        self.affected += other.affected;
        self.affected_rightly += other.affected_rightly;
        self.breaking_by_value += other.breaking_by_value;
        self.found_by_value += other.found_by_value;
        self.safe += other.safe;
        self.safe_proven += other.safe_proven;
        self.proven += other.proven;
        self.false_proven.extend(other.false_proven);
        self.faults.extend(other.faults);
    }

    pub fn precision(&self) -> f64 {
        share(self.affected_rightly, self.affected)
    }

    pub fn recall(&self) -> f64 {
        share(self.found, self.breaking)
    }

    pub fn line(&self) -> String {
        format!(
            "{:>5}/{:<5} {:>5}/{:<5} {:>5}/{:<5} {:>5}/{:<5}",
            self.found,
            self.breaking,
            self.affected_rightly,
            self.affected,
            self.found_by_value,
            self.breaking_by_value,
            self.safe_proven,
            self.safe,
        )
    }

    pub fn json(&self) -> Value {
        json!({
            "changes": self.changes,
            "consumers": self.consumers,
            "precision": self.precision(),
            "recall": self.recall(),
            "false_proven": self.false_proven.len(),
            "proven": self.proven,
            "value_recall": share(self.found_by_value, self.breaking_by_value),
            "safe_proven_share": share(self.safe_proven, self.safe),
        })
    }
}

fn share(part: u64, of: u64) -> f64 {
    match of {
        0 => 1.0,
        of => part as f64 / of as f64,
    }
}

/// Judges one case; `ids` name the members in their order.
pub fn judge(
    case: &Case<'_>,
    members: &[(&Member, adoption::ConsumerId)],
    impact: &Impact,
    items: &[(String, Touch)],
) -> Tally {
    let oracle = Oracle::new(&case.revision);
    let mut tally = Tally {
        changes: 1,
        ..Tally::default()
    };
    let by_value = match case.side {
        Some(side) => matches!(side, Side::RequestValue),
        None => !items
            .iter()
            .all(|(_, touch)| matches!(touch, Touch::Any | Touch::Sent | Touch::Omitted)),
    };
    for (member, id) in members {
        let messages = &member.messages[case.subject];
        if messages.is_empty() {
            continue;
        }
        tally.consumers += 1;
        let refused = |message: &&Message| {
            !oracle.takes(message) || case.also.is_some_and(|also| also(message))
        };
        let refused = messages.iter().find(refused);
        let own = impact.consumers.iter().find(|one| one.consumer == *id);
        let found = own.and_then(worst);
        let told = || {
            format!(
                "{}: {} is told {found:?} by {:?}; its {:?}",
                case.name,
                member.name,
                own.map(|own| &own.verdicts),
                refused
            )
        };
        let is_read = member.is_read(case.subject);
        tally.proven += u64::from(found == Some(Verdict::UnaffectedProven));
        let breaks = refused.is_some() || may_misread(case, member);
        if breaks && found.is_none_or(|found| found == Verdict::UnaffectedProven) {
            tally.false_proven.push(told());
        }
        if found == Some(Verdict::Affected) {
            tally.affected += 1;
            tally.affected_rightly += u64::from(refused.is_some());
            if refused.is_none() {
                tally.faults.push(told());
            }
        }
        match (is_read, refused.is_some()) {
            (true, true) if by_value => {
                tally.breaking_by_value += 1;
                let is_found = found >= Some(Verdict::Likely);
                tally.found_by_value += u64::from(is_found);
                if !is_found {
                    tally.faults.push(told());
                }
            }
            (true, true) => {
                tally.breaking += 1;
                tally.found += u64::from(found == Some(Verdict::Affected));
                if found != Some(Verdict::Affected) {
                    tally.faults.push(told());
                }
            }
            (true, false) if !breaks && !by_value && found.is_some() => {
                tally.safe += 1;
                tally.safe_proven += u64::from(found == Some(Verdict::UnaffectedProven));
            }
            _ => {}
        }
    }
    tally
}

fn worst(own: &ConsumerImpact) -> Option<Verdict> {
    own.verdicts.iter().map(|one| one.verdict).max()
}

/// Whether it was given what changes in answers.
fn may_misread(case: &Case<'_>, member: &Member) -> bool {
    let Some(Side::Response(method, path, place)) = case.side else {
        return false;
    };
    let whole = match member.answers {
        Answers::Full => Whole::Full,
        Answers::Lean => Whole::Lean,
    };
    let calls = member.messages[case.subject]
        .iter()
        .any(|message| message.is(method, path));
    let answer = answer_of(case.base, method, path, whole);
    calls && (place.is_empty() || answer.is_some_and(|answer| answer.pointer(place).is_some()))
}
