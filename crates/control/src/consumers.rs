//! Consumers: who builds on a surface.

mod fields;
mod rows;

use adoption::{ConsumerId, ConsumerKind, Micros};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::consumer::ConsumerRow;
use store::{Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;
use crate::import::{ImportFormat, ImportReport};
use crate::lookup::{checked_name, find_consumer, minute_start};
use crate::page::{Page, PageRequest};
use crate::random;

pub use fields::{ConsumerUpdate, Contact};
use fields::{checked_text, contacts_json};
use rows::read_updates;

/// A consumer to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsumer {
    /// Unique; see `adoption::ConsumerName` for its rule.
    pub name: String,
    /// Developer when absent.
    #[serde(default = "NewConsumer::kind_default")]
    pub kind: ConsumerKind,
    #[serde(default)]
    pub contacts: Vec<Contact>,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub sla: Option<String>,
    /// The owner's own id of this consumer, such as a CRM account.
    #[serde(default)]
    pub external_id: Option<String>,
}

impl NewConsumer {
    const fn kind_default() -> ConsumerKind {
        ConsumerKind::Developer
    }
}

/// A consumer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumer {
    pub id: ConsumerId,
    pub name: String,
    pub kind: ConsumerKind,
    pub contacts: Vec<Contact>,
    pub plan: Option<String>,
    pub sla: Option<String>,
    pub external_id: Option<String>,
    pub created_at: Micros,
    pub updated_at: Micros,
    /// Keys that are neither revoked nor expired.
    pub keys_active: u64,
    /// Start of the last minute with a metered call; `None` when there was none.
    pub last_seen: Option<Micros>,
}

impl Control {
    /// Creates a consumer. Errors: `Invalid`, `Exists`.
    pub async fn create_consumer(
        &self,
        actor: Actor,
        new: NewConsumer,
    ) -> Result<Consumer, ControlError> {
        let name = checked_name("name", new.name)?;
        let now = self.now();
        let row = ConsumerRow {
            id: ConsumerId::from_raw(random::raw_id()?),
            name: name.as_str().to_owned(),
            kind: new.kind,
            contacts: contacts_json(&new.contacts)?,
            plan: checked_text("plan", new.plan)?,
            sla: checked_text("sla", new.sla)?,
            external_id: checked_text("external_id", new.external_id)?,
            created_at: now,
            updated_at: now,
        };

        let mut tx = self.store().write().await?;
        if store::consumer::by_name(&mut tx, &row.name)
            .await?
            .is_some()
        {
            return Err(ControlError::Exists {
                noun: "consumer",
                name: row.name,
            });
        }
        insert(&mut tx, actor, &row).await?;
        let consumer = view(&mut tx, row, now).await?;
        tx.commit().await?;
        Ok(consumer)
    }

    /// Creates or updates consumers by name, all or nothing. CSV columns: `name` (required), `kind`, `contacts`
    /// (`address` or `Name <address>`, several parted by `;`), `plan`, `sla`, `external_id`. A column or field
    /// that is absent leaves the stored value, an empty one clears it.
    pub async fn import_consumers(
        &self,
        actor: Actor,
        format: ImportFormat,
        text: &str,
    ) -> Result<ImportReport, ControlError> {
        let updates = read_updates(format, text)?;
        let now = self.now();
        let mut report = ImportReport::default();
        let mut tx = self.store().write().await?;
        for (name, update) in updates {
            let stored = store::consumer::by_name(&mut tx, name.as_str()).await?;
            match stored {
                Some(old) => {
                    let new = updated(&old, update, now)?;
                    if same(&old, &new) {
                        report.unchanged += 1;
                        continue;
                    }
                    change(&mut tx, actor, &old, &new).await?;
                    report.updated += 1;
                }
                None => {
                    let empty = ConsumerRow {
                        id: ConsumerId::from_raw(random::raw_id()?),
                        name: name.as_str().to_owned(),
                        kind: ConsumerKind::Developer,
                        contacts: "[]".to_owned(),
                        plan: None,
                        sla: None,
                        external_id: None,
                        created_at: now,
                        updated_at: now,
                    };
                    insert(&mut tx, actor, &updated(&empty, update, now)?).await?;
                    report.created += 1;
                }
            }
        }
        tx.commit().await?;
        Ok(report)
    }

    /// Consumers in order of name.
    pub async fn list_consumers(&self, page: &PageRequest) -> Result<Page<Consumer>, ControlError> {
        let now = self.now();
        let mut tx = self.store().read().await?;
        let rows =
            store::consumer::list(&mut tx, page.after.as_deref(), page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| row.name.clone());
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            items.push(view(&mut tx, row, now).await?);
        }
        Ok(Page {
            items,
            next: rows.next,
        })
    }

    /// The consumer with this name or `cons_` id.
    pub async fn consumer(&self, consumer: &str) -> Result<Consumer, ControlError> {
        let mut tx = self.store().read().await?;
        let row = find_consumer(&mut tx, consumer).await?;
        view(&mut tx, row, self.now()).await
    }

    /// Changes the consumer with this name or `cons_` id. Errors: `NotFound`, `Invalid`, `Exists`.
    pub async fn update_consumer(
        &self,
        actor: Actor,
        consumer: &str,
        update: ConsumerUpdate,
    ) -> Result<Consumer, ControlError> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        let old = find_consumer(&mut tx, consumer).await?;
        let new = updated(&old, update, now)?;
        if same(&old, &new) {
            return view(&mut tx, old, now).await;
        }
        if new.name != old.name
            && store::consumer::by_name(&mut tx, &new.name)
                .await?
                .is_some()
        {
            return Err(ControlError::Exists {
                noun: "consumer",
                name: new.name,
            });
        }
        change(&mut tx, actor, &old, &new).await?;
        let consumer = view(&mut tx, new, now).await?;
        tx.commit().await?;
        Ok(consumer)
    }
}

async fn insert(tx: &mut WriteTx, actor: Actor, row: &ConsumerRow) -> Result<(), ControlError> {
    store::consumer::insert(tx, row).await?;
    let detail = json!({ "name": row.name, "kind": row.kind.as_str() });
    note(
        tx,
        row.created_at,
        Change {
            actor,
            action: "create",
            noun: "consumer",
            object: &row.id,
            detail,
        },
    )
    .await
}

async fn change(
    tx: &mut WriteTx,
    actor: Actor,
    old: &ConsumerRow,
    new: &ConsumerRow,
) -> Result<(), ControlError> {
    store::consumer::update(tx, new).await?;
    let detail = json!({ "name": old.name, "fields": changed_fields(old, new) });
    note(
        tx,
        new.updated_at,
        Change {
            actor,
            action: "update",
            noun: "consumer",
            object: &new.id,
            detail,
        },
    )
    .await
}

/// Names only: contacts are people's addresses.
fn changed_fields(old: &ConsumerRow, new: &ConsumerRow) -> Vec<&'static str> {
    [
        ("name", old.name != new.name),
        ("kind", old.kind != new.kind),
        ("contacts", old.contacts != new.contacts),
        ("plan", old.plan != new.plan),
        ("sla", old.sla != new.sla),
        ("external_id", old.external_id != new.external_id),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect()
}

fn same(old: &ConsumerRow, new: &ConsumerRow) -> bool {
    changed_fields(old, new).is_empty()
}

async fn view(tx: &mut Tx, row: ConsumerRow, now: Micros) -> Result<Consumer, ControlError> {
    let activity = store::consumer::activity(tx, row.id, now).await?;
    let contacts = serde_json::from_str(&row.contacts).map_err(|_| store::StoreError::Decode {
        column: "contacts",
        text: row.contacts.clone(),
    })?;
    Ok(Consumer {
        id: row.id,
        name: row.name,
        kind: row.kind,
        contacts,
        plan: row.plan,
        sla: row.sla,
        external_id: row.external_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
        keys_active: activity.keys_active,
        last_seen: activity.seen_minute.map(minute_start),
    })
}

fn updated(
    old: &ConsumerRow,
    update: ConsumerUpdate,
    now: Micros,
) -> Result<ConsumerRow, ControlError> {
    let mut new = ConsumerRow {
        updated_at: now,
        ..old.clone()
    };
    if let Some(name) = update.name {
        new.name = checked_name("name", name)?.as_str().to_owned();
    }
    if let Some(kind) = update.kind {
        new.kind = kind;
    }
    if let Some(contacts) = update.contacts {
        new.contacts = contacts_json(&contacts)?;
    }
    if update.plan.is_some() {
        new.plan = checked_text("plan", update.plan)?;
    }
    if update.sla.is_some() {
        new.sla = checked_text("sla", update.sla)?;
    }
    if update.external_id.is_some() {
        new.external_id = checked_text("external_id", update.external_id)?;
    }
    Ok(new)
}
