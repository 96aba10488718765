//! What the gateway watches for, by contract: read and compiled once, since the leaves of a contract never change.

use std::collections::HashMap;
use std::sync::Arc;

use adoption::{ContractId, OperationId};
use gateway::LeavesSpec;
use store::{StoreError, Tx};

/// By operation. Empty for a contract that was stored before leaves were numbered.
pub(crate) type Watches = Arc<HashMap<OperationId, LeavesSpec>>;

/// The watches that one Snapshot needs, taken from those of the one before it where they are known. For the widest
/// contract that we know, of 403 operations, these are 15 MB.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plans {
    before: HashMap<ContractId, Watches>,
    used: HashMap<ContractId, Watches>,
}

impl Plans {
    /// For the next Snapshot: what this one used is known.
    pub(crate) fn next(self) -> Self {
        Self {
            before: self.used,
            used: HashMap::new(),
        }
    }

    /// What `other` used is known as well.
    pub(crate) fn learn(&mut self, other: Self) {
        self.before.extend(other.used);
    }

    pub(crate) async fn of(
        &mut self,
        tx: &mut Tx,
        contract: ContractId,
    ) -> Result<Watches, StoreError> {
        let known = self.used.get(&contract).or(self.before.get(&contract));
        let watches = match known {
            Some(known) => Arc::clone(known),
            None => Arc::new(read(tx, contract).await?),
        };
        // A contract without leaves may get them.
        if !watches.is_empty() {
            self.used.insert(contract, Arc::clone(&watches));
        }
        Ok(watches)
    }
}

async fn read(
    tx: &mut Tx,
    contract: ContractId,
) -> Result<HashMap<OperationId, LeavesSpec>, StoreError> {
    let rows = store::leaves::plans(tx, contract).await?;
    rows.into_iter()
        .map(|(operation, digest, plan)| {
            let spec = LeavesSpec::new(digest, plan).map_err(|_| StoreError::Decode {
                column: "plan",
                text: operation.to_string(),
            })?;
            Ok((operation, spec))
        })
        .collect()
}
