//! The fold from what was observed of one consumer and one item to its verdict.

use serde::{Deserialize, Serialize};

use super::item::{Breaks, Touch};
use super::verdict::{Gap, Grade, Verdict};

/// What was observed of one consumer and the subject of one item, within one window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Uses of the subject, as counted for billing: exact.
    pub calls: u64,
    /// Of these, the ones whose sent contents were read whole; less than `calls` is a gap by itself where the sent
    /// contents matter.
    pub sent_observed: u64,
    /// Of those, the ones that held the leaf (E0).
    pub sent: u64,
    /// Of `calls`, the ones whose delivered contents were read whole.
    pub delivered_observed: u64,
    /// Of those, the ones that held the leaf (E1).
    pub delivered: u64,
    /// What the consumer uploaded (E2).
    pub declared: Statement,
    /// What the consumer's client reports (E3).
    pub reported: Statement,
    /// What was missed of this key and subject; empty when nothing was.
    pub gaps: Vec<Gap>,
}

/// What a consumer says of its own use of the leaf.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// It says nothing.
    #[default]
    Silent,
    Uses,
    /// It says that it does not; that may be out of date and proves nothing.
    DoesNotUse,
}

/// A verdict and the best grade that speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub verdict: Verdict,
    /// `None` when only the count of uses, or nothing at all, speaks.
    pub grade: Option<Grade>,
    /// Uses that break or may break.
    pub calls: u64,
}

impl Evidence {
    /// The verdict on a consumer of an item with this `touch` that breaks `breaks`.
    ///
    /// | touch | affected | likely | possible |
    /// |---|---|---|---|
    /// | any | used | says that it uses it (E2, E3) | a gap |
    /// | sent | sent (E0) | says so | a gap |
    /// | sent_some | – | sent (E0), or says so | a gap |
    /// | omitted | used and not sent (E0) | – | a gap |
    /// | received | used, and reports the leaf (E3), or declares it and was given it (E2 and E1) | declares or reports it otherwise | delivered (E1), or a gap |
    /// | unobserved | – | used, or says so | a gap |
    ///
    /// Else it is proven to be unaffected: nothing speaks for a break and nothing was missed. A statement of non-use
    /// never weakens what was seen, and is never a proof. What does not break the wire is at most likely: that
    /// someone exchanges it does not tell how their code was built.
    pub fn verdict(&self, touch: Touch, breaks: &[Breaks]) -> Found {
        let mut found = match touch {
            Touch::Any => self.by_use(Verdict::Affected),
            Touch::Unobserved => self.by_use(Verdict::Likely),
            Touch::Sent => self.by_leaf(Verdict::Affected, self.sent),
            Touch::SentSome => self.by_leaf(Verdict::Likely, self.sent),
            Touch::Omitted => self.by_omission(),
            Touch::Received => self.by_reading(),
        };
        if !breaks.contains(&Breaks::Wire) {
            found.verdict = found.verdict.min(Verdict::Likely);
        }
        if found.verdict == Verdict::UnaffectedProven && !self.is_complete(touch) {
            found.verdict = Verdict::Possible;
            found.calls = self.unread(touch);
        }
        found
    }

    /// Whether nothing that matters to `touch` can have gone unseen.
    pub fn is_complete(&self, touch: Touch) -> bool {
        self.gaps.is_empty() && self.unread(touch) == 0
    }

    /// Uses whose contents matter to `touch` and were not read whole.
    fn unread(&self, touch: Touch) -> u64 {
        match touch {
            Touch::Any | Touch::Unobserved => 0,
            Touch::Sent | Touch::SentSome | Touch::Omitted => {
                self.calls.saturating_sub(self.sent_observed)
            }
            Touch::Received => self.calls.saturating_sub(self.delivered_observed),
        }
    }

    fn by_use(&self, verdict: Verdict) -> Found {
        if self.calls > 0 {
            found(verdict, None, self.calls)
        } else {
            self.by_statement()
        }
    }

    fn by_leaf(&self, verdict: Verdict, seen: u64) -> Found {
        if seen > 0 {
            found(verdict, Some(Grade::Requested), seen)
        } else {
            self.by_statement()
        }
    }

    fn by_omission(&self) -> Found {
        let omitted = self.sent_observed.saturating_sub(self.sent);
        if omitted > 0 {
            found(Verdict::Affected, Some(Grade::Requested), omitted)
        } else {
            found(Verdict::UnaffectedProven, None, 0)
        }
    }

    /// Delivery shows that a leaf could be read, never that it is.
    fn by_reading(&self) -> Found {
        if self.calls > 0 && self.reported == Statement::Uses {
            return found(Verdict::Affected, Some(Grade::Reported), self.calls);
        }
        if self.delivered > 0 && self.declared == Statement::Uses {
            return found(Verdict::Affected, Some(Grade::Declared), self.delivered);
        }
        let stated = self.by_statement();
        if stated.verdict == Verdict::UnaffectedProven && self.delivered > 0 {
            return found(Verdict::Possible, Some(Grade::Delivered), self.delivered);
        }
        stated
    }

    /// Only its own word speaks for a use: likely, and proven to be unaffected without one.
    fn by_statement(&self) -> Found {
        if self.reported == Statement::Uses {
            found(Verdict::Likely, Some(Grade::Reported), 0)
        } else if self.declared == Statement::Uses {
            found(Verdict::Likely, Some(Grade::Declared), 0)
        } else {
            found(Verdict::UnaffectedProven, None, 0)
        }
    }
}

const fn found(verdict: Verdict, grade: Option<Grade>, calls: u64) -> Found {
    Found {
        verdict,
        grade,
        calls,
    }
}

/// The gaps that the window itself makes: it is shorter than the consumer's rhythm, or the consumer shows none.
pub fn window_gaps(window_days: u32, rhythm: super::rhythm::Rhythm) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if window_days < rhythm.explained_days() {
        gaps.push(Gap::WindowTooShort);
    }
    if rhythm.gap_days.is_none() {
        gaps.push(Gap::RhythmUnknown);
    }
    gaps
}
