//! What finished rollouts teach the forecast: learnt once after each, and kept in memory.

use std::sync::Arc;

use adoption::Micros;
use adoption::rollout::forecast::{Course, Experience, Finished, ROLLOUTS_MAX, finish};
use adoption::rollout::{Phase, State};
use store::Tx;

use super::course::{Span, consumers};
use super::learnt::Learnt;
use super::live::follow;
use super::uses::Uses;
use super::{Stored, find};
use crate::control::Control;
use crate::error::ControlError;

/// Consumers of one finished rollout that are learnt from; of more, every so manieth. The curve of four hundred is that
/// of all, and 24 such rollouts are learnt from in seconds.
const CONSUMERS_MAX: usize = 400;

impl Control {
    /// What the rollouts that are finished teach. Those of which usage is no longer kept are left out.
    pub(super) async fn experience(&self, tx: &mut Tx) -> Result<Arc<Experience>, ControlError> {
        let limit = u32::try_from(ROLLOUTS_MAX).expect("a small constant");
        let removed = Phase::Removed.as_str();
        let from = store::rollout::in_phase(tx, removed, limit).await?;
        let mut learnt = self.learnt().await;
        if let Some(experience) = &learnt.experience
            && learnt.from == from
        {
            return Ok(Arc::clone(experience));
        }
        let mut finished = Vec::with_capacity(from.len());
        for (id, _) in from.iter().rev() {
            let stored = find(tx, &id.to_string()).await?;
            finished.extend(finished_of(tx, &stored, self.now()).await?);
        }
        let seed = from
            .iter()
            .fold(0, |seed: u64, (id, _)| seed.rotate_left(1) ^ id.raw());
        let made = tokio::task::spawn_blocking(move || Experience::learn(&finished, seed));
        let made = Arc::new(made.await.expect("learning does not panic"));
        *learnt = Learnt {
            from,
            experience: Some(Arc::clone(&made)),
        };
        Ok(made)
    }
}

/// `None` where it is not known any more how it went.
async fn finished_of(
    tx: &mut Tx,
    stored: &Stored,
    now: Micros,
) -> Result<Option<Finished>, ControlError> {
    let rollout = &stored.rollout;
    let is_removed = rollout.state
        == State::Running {
            phase: Phase::Removed,
        };
    let span = Span::of(stored, now);
    let kept = store::retention::kept(tx).await?;
    if !is_removed || span.start < kept.day {
        return Ok(None);
    }
    let uses = Uses::of(tx, stored, now).await?;
    let followed = follow(tx, &uses, &stored.impact).await?;
    let all = consumers(stored, &span, &followed);
    let step = all.len().div_ceil(CONSUMERS_MAX).max(1);
    let some = all.into_iter().step_by(step).collect();
    let course = Course::new(span.start, span.sunset, span.today.max(span.sunset), some)
        .expect("the span is clamped, and days and consumers come in order from maps");
    Ok(finish(&course).ok())
}
