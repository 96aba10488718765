//! What the gateway does for a rollout: who is concerned, which calls touch an item, and what becomes of them now.

use std::collections::HashMap;

use adoption::rollout::{Channel, Item, Verdict};
use adoption::{ConsumerId, ContractId, OperationId};
use contract::leaves::{Condition, Evidence};
use gateway::{
    BrownoutSpec, ClosedSpec, GoneSpec, LeafCondition, RolloutItemSpec, RolloutSpec, TouchedCalls,
    TouchedWhen, WarnSpec,
};
use store::surface::SurfaceRow;
use store::version::VersionRow;
use store::{StoreError, Tx};

use super::Stored;
use super::touched::{ItemTouched, read_touched};
use super::version_settings::settings_of;
use crate::error::ControlError;
use crate::settings;

/// The rollout as the gateway carries it out.
pub(super) async fn rollout_spec(
    tx: &mut Tx,
    surface: &SurfaceRow,
    stored: &Stored,
    version: &VersionRow,
    name_old: &str,
) -> Result<RolloutSpec, ControlError> {
    let rollout = &stored.rollout;
    let policy = rollout.gateway_policy();
    let tells_in_headers = rollout
        .plan
        .communication
        .channels
        .contains(&Channel::Headers);
    let successor = successor(surface, version)?;
    let warn = policy.warn.filter(|_| tells_in_headers);
    let window_days = stored.impact.window_days();
    let concerned = stored.impact.concerned().into_iter().map(|consumer| {
        let segment = rollout
            .plan
            .segment_of(consumer, window_days, stored.impact_at());
        (consumer.consumer, segment)
    });
    let closed = match policy.closed_since {
        Some(since) => Some(ClosedSpec {
            since,
            known: known(tx, stored).await?,
        }),
        None => None,
    };
    Ok(RolloutSpec {
        id: rollout.id,
        old: name_old.to_owned(),
        new: version.name.clone(),
        warn: warn.map(|warn| WarnSpec {
            deprecated_at: warn.deprecated,
            sunset_at: warn.sunset,
            guide: rollout.plan.guide.clone(),
            successor,
        }),
        items: items(tx, surface, stored).await?,
        concerned: concerned.collect(),
        closed,
        brownouts: policy
            .brownouts
            .iter()
            .map(|brownout| BrownoutSpec {
                segment: brownout.segment,
                from: brownout.from,
                until: brownout.until,
            })
            .collect(),
        gone: policy.gone.map(|gone| GoneSpec {
            since: rollout
                .entered
                .get(&adoption::rollout::Phase::Sunset)
                .copied()
                .unwrap_or_default(),
            stays: staying(stored, &gone.bridge_stays_for),
        }),
    })
}

/// Where a program finds what takes over: the plan's word when it is a link, else the path of the new version.
fn successor(surface: &SurfaceRow, version: &VersionRow) -> Result<Option<String>, StoreError> {
    let own = settings_of(version)?;
    let prefix = settings::settings_of(surface)?.path_prefix;
    Ok(own.path.map(|path| format!("{prefix}{path}")))
}

/// Consumers whose plan or agreement keeps the bridge.
fn staying(stored: &Stored, names: &[String]) -> Vec<ConsumerId> {
    let keeps = |name: &str| names.iter().any(|kept| kept == name);
    let consumers = stored.impact.consumers.iter();
    consumers
        .filter(|consumer| consumer.commitments().any(keeps))
        .map(|consumer| consumer.consumer)
        .collect()
}

async fn known(tx: &mut Tx, stored: &Stored) -> Result<Vec<ConsumerId>, StoreError> {
    let row = store::rollout::touched(tx, stored.row.id).await?;
    let Some(known) = row.and_then(|row| row.known) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&known).map_err(|_| StoreError::Decode {
        column: "known",
        text: known.chars().take(200).collect(),
    })
}

async fn items(
    tx: &mut Tx,
    surface: &SurfaceRow,
    stored: &Stored,
) -> Result<Vec<RolloutItemSpec>, ControlError> {
    let touched = read_touched(tx, stored.row.id).await?;
    let mut operations = Vec::new();
    if touched.iter().any(|one| one.touched.operation.is_none()) {
        let running = store::operation::running(tx, surface.id).await?;
        operations.extend(running.into_iter().map(|row| row.id));
    }
    let mut leaves = Leaves {
        contract: surface.contract.unwrap_or(ContractId::NONE),
        numbers: HashMap::new(),
    };
    let by_item = affected(stored);
    let mut items = Vec::new();
    for item in &stored.rollout.plan.items {
        let Some(one) = touched.iter().find(|one| one.item == item.id) else {
            continue;
        };
        let affected = by_item.get(item.id.as_str());
        let affected = affected.map(Vec::as_slice).unwrap_or_default();
        let calls = match one.operation(surface.id) {
            Some(operation) => vec![TouchedCalls {
                operation,
                when: when(tx, one, operation, affected, &mut leaves).await?,
            }],
            None => operations
                .iter()
                .map(|operation| TouchedCalls {
                    operation: *operation,
                    when: TouchedWhen::AnyCall,
                })
                .collect(),
        };
        items.push(RolloutItemSpec {
            id: item.id.clone(),
            summary: summary(item),
            calls,
        });
    }
    Ok(items)
}

fn summary(item: &Item) -> String {
    format!("{}: {}", item.subject, item.summary)
}

/// Consumers that break, or may break, by item.
fn affected(stored: &Stored) -> HashMap<&str, Vec<ConsumerId>> {
    let mut by_item: HashMap<&str, Vec<ConsumerId>> = HashMap::new();
    for consumer in &stored.impact.consumers {
        let breaking = consumer
            .verdicts
            .iter()
            .filter(|found| found.verdict > Verdict::UnaffectedProven);
        for found in breaking {
            by_item
                .entry(&found.item)
                .or_default()
                .push(consumer.consumer);
        }
    }
    by_item
}

/// The numbers of leaves under the running contract, by operation and name, read as they are asked for.
struct Leaves {
    contract: ContractId,
    numbers: HashMap<OperationId, (u32, HashMap<String, u32>)>,
}

impl Leaves {
    async fn of(
        &mut self,
        tx: &mut Tx,
        operation: OperationId,
    ) -> Result<&(u32, HashMap<String, u32>), StoreError> {
        if !self.numbers.contains_key(&operation) {
            let row = store::leaves::names(tx, self.contract, operation).await?;
            let numbered = match row {
                Some((digest, names)) => {
                    let names: Vec<String> =
                        serde_json::from_str(&names).map_err(|_| StoreError::Decode {
                            column: "names",
                            text: operation.to_string(),
                        })?;
                    (digest, names.into_iter().zip(0..).collect())
                }
                None => (0, HashMap::new()),
            };
            self.numbers.insert(operation, numbered);
        }
        Ok(&self.numbers[&operation])
    }
}

/// Which calls of `operation` the item touches. Where leaves cannot tell, those of the consumers that it concerns.
async fn when(
    tx: &mut Tx,
    one: &ItemTouched,
    operation: OperationId,
    affected: &[ConsumerId],
    leaves: &mut Leaves,
) -> Result<TouchedWhen, StoreError> {
    let conditions = match &one.touched.evidence {
        Evidence::AnyCall(_) => return Ok(TouchedWhen::AnyCall),
        Evidence::NoCall => return Ok(TouchedWhen::Consumers(Vec::new())),
        Evidence::Calls(conditions) => conditions,
    };
    let (digest, numbers) = leaves.of(tx, operation).await?;
    let any: Option<Vec<LeafCondition>> = conditions
        .iter()
        .map(|condition| leaf_condition(condition, numbers))
        .collect();
    Ok(match any {
        Some(any) => TouchedWhen::Request {
            digest: *digest,
            any,
        },
        None => TouchedWhen::Consumers(affected.to_vec()),
    })
}

/// `None` where no request tells.
fn leaf_condition(condition: &Condition, numbers: &HashMap<String, u32>) -> Option<LeafCondition> {
    match condition {
        Condition::Sends { key, .. } => {
            let leaf = *numbers.get(key)?;
            Some(LeafCondition::Sends { leaf })
        }
        Condition::Lacks { key, under, .. } => {
            let under = match under {
                Some(under) => Some(*numbers.get(under)?),
                None => None,
            };
            let leaf = numbers.get(key).copied();
            Some(LeafCondition::Lacks { leaf, under })
        }
        Condition::Receives { .. } => None,
    }
}
