//! The rows of a credential import, and the names in them.

use std::collections::HashMap;

use adoption::{ConsumerId, KeyDigest, KeyKind, Micros, SurfaceId};
use store::{StoreError, Tx};

use crate::error::ControlError;
use crate::import::{self, ImportFormat, Problems, Record};
use crate::lookup::{find_consumer, find_surface};

/// A row of an import that can be read.
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) consumer: String,
    pub(super) surface: String,
    pub(super) digest: KeyDigest,
    /// The field that gave the digest.
    pub(super) field: &'static str,
    pub(super) kind: Option<KeyKind>,
    pub(super) expires_at: Option<Micros>,
}

const FIELDS: [&str; 6] = [
    "consumer",
    "surface",
    "value",
    "digest",
    "kind",
    "expires_at",
];

/// The rows that can be read; `surface` is that of rows that name none.
pub(super) fn read_drafts(
    format: ImportFormat,
    text: &str,
    surface: Option<&str>,
    now: Micros,
    problems: &mut Problems,
) -> Vec<Draft> {
    let records = import::read(format, text, &FIELDS, problems);
    records
        .iter()
        .filter_map(|record| read_draft(record, surface, now, problems))
        .collect()
}

fn read_draft(
    record: &Record,
    surface: Option<&str>,
    now: Micros,
    problems: &mut Problems,
) -> Option<Draft> {
    let line = record.line;
    let consumer = record.text("consumer", problems).unwrap_or("");
    if consumer.is_empty() {
        problems.add(line, "consumer", "a consumer's name is needed".to_owned());
    }
    let surface = record
        .text("surface", problems)
        .filter(|name| !name.is_empty())
        .or(surface);
    if surface.is_none() {
        problems.add(line, "surface", "a surface's name is needed".to_owned());
    }
    let kind = record
        .text("kind", problems)
        .filter(|text| !text.is_empty());
    if let Some(text) = kind.filter(|text| KeyKind::from_text(text).is_none()) {
        problems.add(
            line,
            "kind",
            format!("{text:?} is none of developer, agent, squad"),
        );
    }
    let expires_at = read_expiry(record, now, problems);
    let (digest, field) = read_digest(record, problems)?;
    Some(Draft {
        line,
        consumer: consumer.to_owned(),
        surface: surface?.to_owned(),
        digest,
        field,
        kind: kind.and_then(KeyKind::from_text),
        expires_at,
    })
}

fn read_digest(record: &Record, problems: &mut Problems) -> Option<(KeyDigest, &'static str)> {
    let value = record
        .text("value", problems)
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    let digest = record
        .text("digest", problems)
        .filter(|text| !text.is_empty());
    match (value, digest) {
        (Some(value), None) => Some((KeyDigest::of(value.as_bytes()), "value")),
        (None, Some(digest)) => match digest.parse() {
            Ok(digest) => Some((digest, "digest")),
            Err(error) => {
                let error: adoption::key::DigestError = error;
                problems.add(record.line, "digest", error.to_string());
                None
            }
        },
        _ => {
            problems.add(
                record.line,
                "value",
                "exactly one of value and digest is needed".to_owned(),
            );
            None
        }
    }
}

fn read_expiry(record: &Record, now: Micros, problems: &mut Problems) -> Option<Micros> {
    let text = record
        .text("expires_at", problems)
        .filter(|text| !text.is_empty())?;
    match text.parse::<jiff::Timestamp>() {
        Ok(at) if Micros(at.as_microsecond()) > now => return Some(Micros(at.as_microsecond())),
        Ok(_) => problems.add(record.line, "expires_at", format!("{text} is in the past")),
        Err(_) => {
            problems.add(
                record.line,
                "expires_at",
                format!("{text:?} is no RFC 3339 instant such as 2027-03-31T00:00:00Z"),
            );
        }
    }
    None
}

/// Ids by name, each looked up once; `None` is a name that nothing has.
#[derive(Default)]
pub(super) struct Names {
    consumers: HashMap<String, Option<(ConsumerId, KeyKind)>>,
    surfaces: HashMap<String, Option<SurfaceId>>,
}

impl Names {
    pub(super) async fn resolve(
        &mut self,
        tx: &mut Tx,
        draft: &Draft,
        problems: &mut Problems,
    ) -> Result<Option<(SurfaceId, (ConsumerId, KeyKind))>, ControlError> {
        if !self.consumers.contains_key(&draft.consumer) {
            let found = absent_as_none(find_consumer(tx, &draft.consumer).await)?;
            self.consumers
                .insert(draft.consumer.clone(), found.map(|row| (row.id, row.kind)));
        }
        if !self.surfaces.contains_key(&draft.surface) {
            let found = absent_as_none(find_surface(tx, &draft.surface).await)?;
            self.surfaces
                .insert(draft.surface.clone(), found.map(|row| row.id));
        }
        let consumer = self.consumers.get(&draft.consumer).copied().flatten();
        let surface = self.surfaces.get(&draft.surface).copied().flatten();
        if consumer.is_none() && !draft.consumer.is_empty() {
            problems.add(
                draft.line,
                "consumer",
                format!("there is no consumer {:?}: create it first", draft.consumer),
            );
        }
        if surface.is_none() {
            problems.add(
                draft.line,
                "surface",
                format!("there is no surface {:?}", draft.surface),
            );
        }
        Ok(surface.zip(consumer))
    }
}

fn absent_as_none<T>(found: Result<T, ControlError>) -> Result<Option<T>, StoreError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(ControlError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
