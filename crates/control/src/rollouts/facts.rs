//! What is known at the moment of a decision: the impact, and the latest use of old and new.

use adoption::rollout::{Event, Impact, Live, Phase};
use contract::leaves::Touched;
use store::Tx;

use super::Stored;
use super::evidence;
use super::gather::{self, Window};
use super::live::live;
use super::touched::read_touched;
use super::uses::Uses;
use crate::control::Control;
use crate::error::ControlError;

/// What a decision is made on.
pub(super) struct Known {
    pub(super) impact: Impact,
    pub(super) live: Vec<Live>,
}

impl Control {
    /// What is known for deciding `event`; the impact is counted anew where it decides.
    pub(super) async fn known(
        &self,
        tx: &mut Tx,
        stored: &Stored,
        event: &Event,
    ) -> Result<Known, ControlError> {
        let is_draft = stored.rollout.state.as_str() == Phase::Draft.as_str();
        let keeps = is_draft && matches!(event, Event::Edit { .. });
        if keeps || !judges_evidence(event) {
            return Ok(Known {
                impact: stored.impact.clone(),
                live: Vec::new(),
            });
        }
        let impact = self.recounted(tx, stored).await?;
        let uses = Uses::of(tx, stored, self.now()).await?;
        let live = live(tx, &uses, &impact).await?;
        Ok(Known { impact, live })
    }

    /// Who is concerned by what is known now; a draft keeps what it was proposed on.
    async fn recounted(&self, tx: &mut Tx, stored: &Stored) -> Result<Impact, ControlError> {
        let touched = read_touched(tx, stored.row.id).await?;
        if touched.is_empty() {
            return Ok(stored.impact.clone());
        }
        let window = Window::ending_today(self.now(), stored.proposal.evidence_days);
        let status = self.status();
        let damaged = status.streams_damaged > 0 || status.apply_error.is_some();
        let ids: Vec<String> = touched.iter().map(|one| one.item.clone()).collect();
        let calls: Vec<&Touched> = touched.iter().map(|one| &one.touched).collect();
        let surface = stored.row.surface;
        let asked = gather::Asked {
            surface,
            window,
            touched: &calls,
            is_journal_damaged: damaged,
        };
        let gathered = gather::gather(tx, &asked).await?;
        let counted = evidence::impact(&gathered, surface, &window, &ids, &calls);
        Ok(with_the_silent(counted, &stored.impact))
    }
}

/// Whether the decision needs evidence of now rather than what was counted last.
pub(super) const fn judges_evidence(event: &Event) -> bool {
    matches!(
        event,
        Event::Advance { .. } | Event::Edit { .. } | Event::Extend { .. } | Event::Resume
    )
}

/// The impact of now; who was concerned and has not been seen in it stays as it was last known, since silence of a
/// window proves nobody safe.
fn with_the_silent(now: Impact, before: &Impact) -> Impact {
    let seen: std::collections::BTreeSet<_> = now.consumers.iter().map(|c| c.consumer).collect();
    let silent = before
        .consumers
        .iter()
        .filter(|c| c.is_concerned() && !seen.contains(&c.consumer));
    let mut consumers = now.consumers;
    consumers.extend(silent.cloned());
    Impact { consumers, ..now }
}
