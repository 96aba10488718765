//! Consumers: who builds on a surface.

use std::collections::HashMap;

use adoption::{ConsumerId, ConsumerKind, ConsumerName, Micros};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::consumer::ConsumerRow;
use store::{Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;
use crate::import::{self, ImportFormat, ImportReport, Problems, Record};
use crate::page::{Page, PageRequest};
use crate::random;

const CONTACTS_MAX: usize = 50;
const TEXT_CHARS_MAX: usize = 200;

/// How to reach people of a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// An e-mail address, a web address, or a channel such as `#payments`.
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they answer for, such as `oncall` or `billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

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

/// What to change of a consumer; an absent field stays, an empty text clears an optional one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerUpdate {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub kind: Option<ConsumerKind>,
    #[serde(default)]
    pub contacts: Option<Vec<Contact>>,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub sla: Option<String>,
    #[serde(default)]
    pub external_id: Option<String>,
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
        let row = find(&mut tx, consumer).await?;
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
        let old = find(&mut tx, consumer).await?;
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

/// The row of this name or `cons_` id.
pub(crate) async fn find(tx: &mut Tx, consumer: &str) -> Result<ConsumerRow, ControlError> {
    let row = match consumer.parse() {
        Ok(id) => store::consumer::by_id(tx, id).await?,
        Err(_) => store::consumer::by_name(tx, consumer).await?,
    };
    row.ok_or_else(|| ControlError::NotFound {
        noun: "consumer",
        name: consumer.to_owned(),
    })
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

pub(crate) const fn minute_start(minute: i64) -> Micros {
    Micros::from_seconds(minute * 60)
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

/// A name that is not an id of any kind, so that "name or id" has one meaning.
pub(crate) fn checked_name(
    field: &'static str,
    name: String,
) -> Result<ConsumerName, ControlError> {
    let invalid = |message| ControlError::Invalid { field, message };
    if name.parse::<ConsumerId>().is_ok() || name.parse::<adoption::SurfaceId>().is_ok() {
        return Err(invalid("a name may not look like an id".to_owned()));
    }
    ConsumerName::new(name).map_err(|error| invalid(error.to_string()))
}

fn checked_text(field: &'static str, text: Option<String>) -> Result<Option<String>, ControlError> {
    let Some(text) = text
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    if text.chars().count() > TEXT_CHARS_MAX || text.chars().any(char::is_control) {
        let message =
            format!("at most {TEXT_CHARS_MAX} characters, none of them a control character");
        return Err(ControlError::Invalid { field, message });
    }
    Ok(Some(text))
}

fn contacts_json(contacts: &[Contact]) -> Result<String, ControlError> {
    let invalid = |message| {
        Err(ControlError::Invalid {
            field: "contacts",
            message,
        })
    };
    if contacts.len() > CONTACTS_MAX {
        return invalid(format!("at most {CONTACTS_MAX} contacts"));
    }
    let mut checked = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let Some(address) = checked_text("contacts", Some(contact.address.clone()))? else {
            return invalid("a contact needs an address".to_owned());
        };
        checked.push(Contact {
            address,
            name: checked_text("contacts", contact.name.clone())?,
            role: checked_text("contacts", contact.role.clone())?,
        });
    }
    Ok(serde_json::to_string(&checked).expect("texts are always JSON"))
}

const FIELDS: [&str; 6] = ["name", "kind", "contacts", "plan", "sla", "external_id"];

fn read_updates(
    format: ImportFormat,
    text: &str,
) -> Result<Vec<(ConsumerName, ConsumerUpdate)>, ControlError> {
    let mut problems = Problems::default();
    let records = import::read(format, text, &FIELDS, &mut problems);
    let mut updates: Vec<(ConsumerName, ConsumerUpdate)> = Vec::with_capacity(records.len());
    let mut first_lines: HashMap<String, u64> = HashMap::new();
    for record in &records {
        let update = read_update(record, &mut problems);
        let Some(name) = read_name(record, &mut problems) else {
            continue;
        };
        if let Some(first) = first_lines.insert(name.as_str().to_owned(), record.line) {
            problems.add(
                record.line,
                "name",
                format!("{name} is in line {first} already"),
            );
        }
        updates.push((name, update));
    }
    problems.into_result()?;
    Ok(updates)
}

fn read_name(record: &Record, problems: &mut Problems) -> Option<ConsumerName> {
    let name = record.text("name", problems).unwrap_or("");
    checked_name("name", name.to_owned())
        .map_err(|error| problems.add(record.line, "name", message_of(error)))
        .ok()
}

/// Every field is checked here already, so that all problems are told at once.
fn read_update(record: &Record, problems: &mut Problems) -> ConsumerUpdate {
    let mut update = ConsumerUpdate::default();
    match record.text("kind", problems) {
        None | Some("") => {}
        Some(kind) => {
            update.kind = ConsumerKind::from_text(kind);
            if update.kind.is_none() {
                problems.add(
                    record.line,
                    "kind",
                    format!("{kind:?} is none of developer, agent, squad"),
                );
            }
        }
    }
    let mut text = |field: &'static str| {
        let text = record.text(field, problems).map(str::to_owned);
        if let Err(error) = checked_text(field, text.clone()) {
            problems.add(record.line, field, message_of(error));
        }
        text
    };
    update.plan = text("plan");
    update.sla = text("sla");
    update.external_id = text("external_id");
    if let Some(value) = record.value("contacts") {
        let contacts = read_contacts(value).and_then(|contacts| {
            contacts_json(&contacts).map_err(message_of)?;
            Ok(contacts)
        });
        match contacts {
            Ok(contacts) => update.contacts = Some(contacts),
            Err(message) => problems.add(record.line, "contacts", message),
        }
    }
    update
}

fn read_contacts(value: &Value) -> Result<Vec<Contact>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => {
            let parts = text
                .split(';')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            parts.map(read_contact).collect()
        }
        Value::Array(elements) => elements
            .iter()
            .map(|element| match element {
                Value::String(text) => read_contact(text.trim()),
                other => Contact::deserialize(other).map_err(|error| error.to_string()),
            })
            .collect(),
        _ => Err("a text or an array of contacts is needed".to_owned()),
    }
}

/// `address` or `Name <address>`.
fn read_contact(text: &str) -> Result<Contact, String> {
    let Some((name, rest)) = text.split_once('<') else {
        return Ok(Contact {
            address: text.to_owned(),
            name: None,
            role: None,
        });
    };
    let Some(address) = rest.strip_suffix('>') else {
        return Err(format!("{text:?} lacks its closing >"));
    };
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(Contact {
        address: address.trim().to_owned(),
        name,
        role: None,
    })
}

/// The rule that was broken, without the field's name.
pub(crate) fn message_of(error: ControlError) -> String {
    match error {
        ControlError::Invalid { message, .. } => message,
        error => error.to_string(),
    }
}
