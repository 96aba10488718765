//! What each item of a rollout touches, as it is kept with the rollout.

use adoption::{OperationId, RolloutId, SurfaceId};
use contract::leaves::Touched;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

/// The calls that one item touches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ItemTouched {
    /// [`adoption::rollout::Item::id`].
    pub(crate) item: String,
    pub(crate) touched: Touched,
}

impl ItemTouched {
    /// The operation that it touches; `None` for what touches the whole surface.
    pub(crate) fn operation(&self, surface: SurfaceId) -> Option<OperationId> {
        let operation = self.touched.operation.as_ref()?;
        Some(OperationId::of(surface, &operation.method, &operation.path))
    }
}

/// Kept with a proposal; `ids` name the changes, one each.
pub(super) fn to_json<C>(ids: &[String], changes: &[(C, Touched)]) -> String {
    let of_item = |(id, (_, touched)): (&String, &(C, Touched))| ItemTouched {
        item: id.clone(),
        touched: touched.clone(),
    };
    let all: Vec<ItemTouched> = ids.iter().zip(changes).map(of_item).collect();
    super::to_json(&all)
}

/// What each item touches; empty for a rollout that was proposed before this was kept.
pub(crate) async fn read_touched(
    tx: &mut Tx,
    rollout: RolloutId,
) -> Result<Vec<ItemTouched>, StoreError> {
    let Some(row) = store::rollout::touched(tx, rollout).await? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&row.touched).map_err(|_| StoreError::Decode {
        column: "touched",
        text: row.touched.chars().take(200).collect(),
    })
}
