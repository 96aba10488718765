//! Who is concerned by a rollout and how heavily: the joined evidence of one window.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::{Item, ItemImpact};
use super::rhythm::Rhythm;
use super::verdict::{Gap, Grade, Verdict};
use crate::call::ClientClass;
use crate::clock::Micros;
use crate::consumer::ConsumerKind;
use crate::ids::ConsumerId;

/// The joined evidence of one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// First day of the evidence window (UTC).
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// Every call on the surface within the window, touched or not.
    pub volume_calls: u64,
    /// One entry per consumer, in any order; a consumer without an entry was never seen.
    pub consumers: Vec<ConsumerImpact>,
    /// Days from the announcement to the cut-over, one per consumer of finished rollouts, in any order; empty before
    /// the first.
    pub cut_over_days: Vec<u32>,
}

/// What one consumer has to do with a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerImpact {
    pub consumer: ConsumerId,
    /// For people; not unique by law here.
    pub name: String,
    pub kind: ConsumerKind,
    /// The class of most of its calls.
    pub client: ClientClass,
    /// Name of its price plan; `None` when it has none.
    pub plan: Option<String>,
    /// Name of its service level agreement; `None` when it has none.
    pub sla: Option<String>,
    /// Calls on the touched operations within the window.
    pub calls: u64,
    /// Those calls in millionths of the volume of the surface: 0 to 1,000,000.
    pub share_ppm: u32,
    pub first_seen: Option<Micros>,
    pub last_seen: Option<Micros>,
    pub rhythm: Rhythm,
    /// Median days between its observed client versions; `None` when unknown.
    pub release_cycle_days: Option<u32>,
    /// At most one per item; an item without one is not concerned and not proven either.
    pub verdicts: Vec<ItemVerdict>,
}

/// The verdict on one consumer and one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemVerdict {
    /// [`Item::id`].
    pub item: String,
    pub verdict: Verdict,
    /// The best grade that speaks for the verdict; `None` when only the use of the subject, or nothing, does.
    pub grade: Option<Grade>,
    /// Calls that break or may break.
    pub calls: u64,
    /// Those calls in millionths of the volume of the surface.
    pub share_ppm: u32,
    pub first_seen: Option<Micros>,
    pub last_seen: Option<Micros>,
    /// Why use may have gone unseen; empty when nothing was missed.
    pub gaps: Vec<Gap>,
}

impl Impact {
    /// Days of the evidence window; 0 when it is empty or turned round.
    pub fn window_days(&self) -> u32 {
        let days = super::day::days_between(self.from, self.until);
        u32::try_from(days.max(0)).expect("a calendar has fewer days than u32")
    }

    /// Consumers that at least possibly break, heaviest first, then by id.
    pub fn concerned(&self) -> Vec<&ConsumerImpact> {
        let mut concerned: Vec<_> = self.consumers.iter().filter(|c| c.is_concerned()).collect();
        concerned.sort_by_key(|c| (std::cmp::Reverse(c.calls), c.consumer));
        concerned
    }

    /// The counts of every item that has a verdict, by [`Item::id`], in one pass.
    pub fn by_item(&self) -> HashMap<&str, ItemImpact> {
        let mut items: HashMap<&str, ItemImpact> = HashMap::new();
        for found in self.consumers.iter().flat_map(|c| &c.verdicts) {
            items.entry(&found.item).or_default().count(found);
        }
        for counts in items.values_mut() {
            counts.share_ppm = share_ppm(counts.calls, self.volume_calls);
        }
        items
    }

    /// The counts of `item` over all consumers; for many items ask [`Self::by_item`] once.
    pub fn of_item(&self, item: &Item) -> ItemImpact {
        self.by_item().remove(item.id.as_str()).unwrap_or_default()
    }
}

impl ItemImpact {
    fn count(&mut self, found: &ItemVerdict) {
        let count = match found.verdict {
            Verdict::Affected => &mut self.affected,
            Verdict::Likely => &mut self.likely,
            Verdict::Possible => &mut self.possible,
            Verdict::UnaffectedProven => {
                self.unaffected_proven += 1;
                return;
            }
        };
        *count += 1;
        self.calls = self.calls.saturating_add(found.calls);
    }
}

impl ConsumerImpact {
    /// The worst verdict over all items; `None` when there is none.
    pub fn worst(&self) -> Option<Verdict> {
        self.verdicts.iter().map(|v| v.verdict).max()
    }

    /// Whether it at least possibly breaks.
    pub fn is_concerned(&self) -> bool {
        self.worst()
            .is_some_and(|worst| worst > Verdict::UnaffectedProven)
    }

    /// Names under which notice may have been promised: its plan, its agreement; each once.
    pub fn commitments(&self) -> impl Iterator<Item = &str> {
        let sla = self
            .sla
            .as_deref()
            .filter(|sla| self.plan.as_deref() != Some(*sla));
        self.plan.as_deref().into_iter().chain(sla)
    }
}

/// `part` in millionths of `whole`, rounded down; 0 of nothing, at most 1,000,000.
pub fn share_ppm(part: u64, whole: u64) -> u32 {
    if whole == 0 {
        return 0;
    }
    let ppm = u128::from(part) * 1_000_000 / u128::from(whole);
    u32::try_from(ppm.min(1_000_000)).expect("at most a million")
}
