//! What each item of a rollout touches, as it is kept with the rollout.

use adoption::{OperationId, SurfaceId};
use contract::leaves::Touched;
use serde::{Deserialize, Serialize};

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
