//! Rollouts as they were last read, so that a feed or ten thousand mails do not read megabytes each.

use std::sync::{Arc, Mutex, PoisonError};

use adoption::RolloutId;
use adoption::rollout::{Impact, Rollout};
use store::{StoreError, Tx};

/// Rollouts kept: more than are under way at a time. One of 10,000 consumers is about 10 MB.
const KEPT_MAX: usize = 8;

/// A rollout and whom it concerns, of one edition.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) rollout: Rollout,
    pub(crate) impact: Impact,
}

/// The newest editions that were asked for, most recently asked last.
#[derive(Default)]
pub(crate) struct KnownRollouts(Mutex<Vec<(RolloutId, u64, Arc<Known>)>>);

impl KnownRollouts {
    /// The rollout as it is in `tx`; `None` when there is none.
    pub(crate) async fn get(
        &self,
        tx: &mut Tx,
        id: RolloutId,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        let Some(edition) = store::rollout::edition(tx, id).await? else {
            return Ok(None);
        };
        if let Some(known) = self.kept(id, edition) {
            return Ok(Some(known));
        }
        let Some(row) = store::rollout::by_id(tx, id).await? else {
            return Ok(None);
        };
        let known = Arc::new(Known {
            rollout: decoded(&row.rollout, "rollout")?,
            impact: decoded(&row.impact, "impact")?,
        });
        self.keep(id, row.edition, &known);
        Ok(Some(known))
    }

    fn kept(&self, id: RolloutId, edition: u64) -> Option<Arc<Known>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept
            .iter()
            .position(|(is, of, _)| (*is, *of) == (id, edition))?;
        let found = kept.remove(at);
        let known = Arc::clone(&found.2);
        kept.push(found);
        Some(known)
    }

    fn keep(&self, id: RolloutId, edition: u64, known: &Arc<Known>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(is, ..)| *is != id);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push((id, edition, Arc::clone(known)));
    }
}

fn decoded<T: serde::de::DeserializeOwned>(
    text: &str,
    column: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Decode {
        column,
        text: text.chars().take(200).collect(),
    })
}
