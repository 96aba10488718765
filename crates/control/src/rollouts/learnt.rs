//! What was learnt from finished rollouts, as it is kept in memory.

use std::sync::Arc;

use adoption::RolloutId;
use adoption::rollout::forecast::Experience;

/// What was learnt, and from which rollouts in which edition.
#[derive(Default)]
pub(crate) struct Learnt {
    pub(crate) from: Vec<(RolloutId, u64)>,
    pub(crate) experience: Option<Arc<Experience>>,
}
