//! The rows of a consumer import.

use std::collections::HashMap;

use adoption::{ConsumerKind, ConsumerName};
use serde::Deserialize;
use serde_json::Value;

use crate::error::ControlError;
use crate::import::{self, ImportFormat, Problems, Record};
use crate::lookup::checked_name;

use super::fields::{ConsumerUpdate, Contact, checked_text, contacts_json};

const FIELDS: [&str; 6] = ["name", "kind", "contacts", "plan", "sla", "external_id"];

pub(super) fn read_updates(
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
fn message_of(error: ControlError) -> String {
    match error {
        ControlError::Invalid { message, .. } => message,
        error => error.to_string(),
    }
}
