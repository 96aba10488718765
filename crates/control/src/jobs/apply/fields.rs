//! What was seen of calls, from numbered sets to named leaves.

use std::collections::BTreeMap;
use std::sync::Arc;

use adoption::{ContractId, OperationId};
use meter::rollup::{Seen, ShapeKey, ShapeRow};
use rustc_hash::FxHashMap;
use store::field::{FieldRow, ObservedRow};
use store::{StoreError, Texts, WriteTx};

/// Operations whose names are remembered; with 100 leaves of 40 bytes each, 8 MB.
const TABLES_MAX: usize = 2_048;
/// Names whose numbers are remembered, at about 100 bytes each: 6 MB.
const NAMES_MAX: usize = 65_536;

/// What the database says of leaves, as far as it was asked.
#[derive(Default)]
pub(super) struct Fields {
    tables: FxHashMap<(ContractId, OperationId), Option<Arc<Table>>>,
    ids: FxHashMap<String, i64>,
}

/// The names of one operation's leaves.
struct Table {
    digest: u32,
    names: Vec<String>,
}

/// Rows of leaves that are held before they are added: 64 bytes each.
const ROWS_MAX: usize = 10_000;

impl Fields {
    /// Adds what `shapes` say, which are in order of key. A set of another table than the stored one counts as not
    /// observed.
    pub(super) async fn add(
        &mut self,
        tx: &mut WriteTx,
        shapes: &[ShapeRow],
        texts: &mut Texts,
    ) -> Result<(), StoreError> {
        let mut all_observed = Vec::new();
        let mut fields = Vec::new();
        for group in shapes.chunk_by(|one, other| one.key == other.key) {
            let key = group[0].key;
            let table = self.table(tx, key.contract, key.operation).await?;
            let Some(table) = table else {
                all_observed.push(unobserved(key, group));
                continue;
            };
            let mut calls_of: BTreeMap<usize, u64> = BTreeMap::new();
            let mut observed = ObservedRow {
                sent: 0,
                delivered: 0,
                ..unobserved(key, group)
            };
            for shape in group {
                let readable = |seen: &Option<Seen>| {
                    let seen = seen.as_ref().filter(|seen| seen.table == table.digest);
                    seen.cloned()
                };
                let sides = [
                    (readable(&shape.request), &mut observed.sent),
                    (readable(&shape.response), &mut observed.delivered),
                ];
                for (seen, calls) in sides {
                    let Some(seen) = seen else { continue };
                    *calls += shape.calls;
                    for leaf in leaves(&seen.bits).filter(|leaf| *leaf < table.names.len()) {
                        *calls_of.entry(leaf).or_default() += shape.calls;
                    }
                }
            }
            all_observed.push(observed);
            for (leaf, calls) in calls_of {
                let leaf = self.id(tx, &table.names[leaf]).await?;
                fields.push(FieldRow { key, leaf, calls });
            }
            if fields.len() >= ROWS_MAX {
                store::field::add_fields(tx, &fields, texts).await?;
                fields.clear();
            }
        }
        store::field::add_fields(tx, &fields, texts).await?;
        store::field::add_observed(tx, &all_observed, texts).await
    }

    /// Numbers that a transaction gave hold only when it was committed.
    pub(super) fn forget(&mut self) {
        self.ids.clear();
    }

    async fn table(
        &mut self,
        tx: &mut WriteTx,
        contract: ContractId,
        operation: OperationId,
    ) -> Result<Option<Arc<Table>>, StoreError> {
        if let Some(known) = self.tables.get(&(contract, operation)) {
            return Ok(known.clone());
        }
        let stored = store::leaves::names(tx, contract, operation).await?;
        let table = stored.map(|(digest, names)| {
            let names = serde_json::from_str(&names).map_err(|_| StoreError::Decode {
                column: "names",
                text: operation.to_string(),
            })?;
            Ok::<_, StoreError>(Arc::new(Table { digest, names }))
        });
        let table = table.transpose()?;
        if self.tables.len() >= TABLES_MAX {
            self.tables.clear();
        }
        // A contract that was stored without leaves may get them; one that has them keeps them.
        if table.is_some() {
            self.tables.insert((contract, operation), table.clone());
        }
        Ok(table)
    }

    async fn id(&mut self, tx: &mut WriteTx, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.ids.get(name) {
            return Ok(*id);
        }
        let id = store::field::leaf_id(tx, name).await?;
        if self.ids.len() >= NAMES_MAX {
            self.ids.clear();
        }
        self.ids.insert(name.to_owned(), id);
        Ok(id)
    }
}

fn unobserved(key: ShapeKey, group: &[ShapeRow]) -> ObservedRow {
    ObservedRow {
        key,
        calls: group.iter().map(|shape| shape.calls).sum(),
        sent: 0,
        delivered: 0,
    }
}

/// The numbers of the bits that are set, ascending.
fn leaves(bits: &[u8]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(at, byte)| {
        let set = (0..8).filter(move |bit| byte & (1 << bit) != 0);
        set.map(move |bit| at * 8 + bit)
    })
}
