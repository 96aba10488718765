//! Names of what a report's rows stand for; joined here, so that metric SQL needs no join.

use std::collections::HashMap;

use adoption::{ConsumerId, ContractId, KeyId, OperationId, SurfaceId};
use store::Tx;
use store::operation::OperationRow;
use store::usage_report::Group;

use crate::deprecation::deprecation_of;
use crate::error::ControlError;
use crate::lookup::find_consumer;

use super::report::UsageBy;

const ANONYMOUS: &str = "(anonymous)";
const UNKNOWN_KEY: &str = "(unknown key)";
const NONE: &str = "(none)";
const UNMATCHED: &str = "(unmatched)";
const REFUSED: &str = "(refused)";

/// What a row is called.
#[derive(Debug, Default)]
pub(super) struct RowName {
    pub(super) name: String,
    pub(super) surface: Option<String>,
    pub(super) consumer: Option<String>,
    pub(super) operation_id: Option<String>,
    pub(super) deprecated: bool,
}

/// Names, each looked up once.
#[derive(Default)]
pub(super) struct Names {
    surfaces: HashMap<SurfaceId, String>,
    running: HashMap<SurfaceId, Option<ContractId>>,
    consumers: HashMap<ConsumerId, String>,
}

impl Names {
    pub(super) async fn of_group(
        &mut self,
        tx: &mut Tx,
        by: UsageBy,
        group: &Group,
    ) -> Result<RowName, ControlError> {
        match by {
            UsageBy::Operation => self.of_operation(tx, group).await,
            UsageBy::Consumer => Ok(RowName {
                name: self.consumer(tx, id(&group.id)?).await?,
                ..RowName::default()
            }),
            UsageBy::Key => self.of_key(tx, group).await,
            UsageBy::Version => self.of_version(tx, group).await,
            UsageBy::Client => Ok(RowName {
                name: group.id.clone(),
                ..RowName::default()
            }),
        }
    }

    async fn of_operation(&mut self, tx: &mut Tx, group: &Group) -> Result<RowName, ControlError> {
        let surface = self.surface(tx, id(&group.of)?).await?;
        let operation: OperationId = id(&group.id)?;
        let name = match operation {
            OperationId::UNMATCHED => UNMATCHED.to_owned(),
            OperationId::REFUSED => REFUSED.to_owned(),
            operation => match self.operation(tx, operation).await? {
                Some(row) => return Ok(self.of_known_operation(row, surface)?),
                None => operation.to_string(),
            },
        };
        Ok(RowName {
            name,
            surface: Some(surface),
            ..RowName::default()
        })
    }

    fn of_known_operation(
        &self,
        row: OperationRow,
        surface: String,
    ) -> Result<RowName, store::StoreError> {
        let running = self.running.get(&row.surface).copied().flatten() == Some(row.contract_last);
        let deprecated = running && deprecation_of(&row)?.is_some();
        Ok(RowName {
            name: format!("{} {}", row.method, row.path),
            surface: Some(surface),
            consumer: None,
            operation_id: row.operation_id,
            deprecated,
        })
    }

    async fn of_key(&mut self, tx: &mut Tx, group: &Group) -> Result<RowName, ControlError> {
        let consumer: ConsumerId = id(&group.of)?;
        let key: KeyId = id(&group.id)?;
        let consumer_name = self.consumer(tx, consumer).await?;
        if key == KeyId::NONE {
            return Ok(RowName {
                name: consumer_name.clone(),
                consumer: Some(consumer_name),
                ..RowName::default()
            });
        }
        let row = store::key::by_id(tx, key).await?;
        let surface = row.as_ref().map(|row| row.surface_name.clone());
        let name = row.map_or_else(|| key.to_string(), |row| row.key.start);
        Ok(RowName {
            name,
            surface,
            consumer: Some(consumer_name),
            ..RowName::default()
        })
    }

    async fn of_version(&mut self, tx: &mut Tx, group: &Group) -> Result<RowName, ControlError> {
        let surface = self.surface(tx, id(&group.of)?).await?;
        let contract: ContractId = id(&group.id)?;
        let name = match contract {
            ContractId::NONE => NONE.to_owned(),
            contract => {
                let row = store::contract::by_id(tx, contract).await?;
                row.map_or_else(|| contract.to_string(), |row| row.version)
            }
        };
        Ok(RowName {
            name,
            surface: Some(surface),
            ..RowName::default()
        })
    }

    pub(super) async fn operation(
        &mut self,
        tx: &mut Tx,
        operation: OperationId,
    ) -> Result<Option<OperationRow>, ControlError> {
        Ok(store::operation::by_id(tx, operation).await?)
    }

    pub(super) async fn surface(
        &mut self,
        tx: &mut Tx,
        surface: SurfaceId,
    ) -> Result<String, ControlError> {
        if let Some(name) = self.surfaces.get(&surface) {
            return Ok(name.clone());
        }
        let row = store::surface::by_id(tx, surface).await?;
        self.running
            .insert(surface, row.as_ref().and_then(|row| row.contract));
        let name = match row {
            Some(row) => row.name,
            None if surface == SurfaceId::NONE => NONE.to_owned(),
            None => surface.to_string(),
        };
        self.surfaces.insert(surface, name.clone());
        Ok(name)
    }

    pub(super) async fn consumer(
        &mut self,
        tx: &mut Tx,
        consumer: ConsumerId,
    ) -> Result<String, ControlError> {
        if let Some(name) = self.consumers.get(&consumer) {
            return Ok(name.clone());
        }
        let name = match consumer {
            ConsumerId::ANONYMOUS => ANONYMOUS.to_owned(),
            ConsumerId::UNKNOWN => UNKNOWN_KEY.to_owned(),
            consumer => {
                let row = store::consumer::by_id(tx, consumer).await?;
                row.map_or_else(|| consumer.to_string(), |row| row.name)
            }
        };
        self.consumers.insert(consumer, name.clone());
        Ok(name)
    }
}

/// The consumer of a name, an id, or the name of a reserved bucket.
pub(super) async fn consumer_id(tx: &mut Tx, consumer: &str) -> Result<ConsumerId, ControlError> {
    match consumer {
        ANONYMOUS => Ok(ConsumerId::ANONYMOUS),
        UNKNOWN_KEY => Ok(ConsumerId::UNKNOWN),
        consumer => Ok(find_consumer(tx, consumer).await?.id),
    }
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, store::StoreError> {
    text.parse().map_err(|_| store::StoreError::Decode {
        column: "id",
        text: text.to_owned(),
    })
}
