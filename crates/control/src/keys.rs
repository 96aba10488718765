//! Keys: the credentials by which a surface knows its consumers.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, SecretKey, SurfaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::key::{KeyRow, KeyView};
use store::{StoreError, Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::consumers::{self, minute_start};
use crate::control::Control;
use crate::error::ControlError;
use crate::import::{self, ImportFormat, ImportReport, Problems, Record};
use crate::page::{Page, PageRequest, cursor_of};
use crate::random;
use crate::surfaces;

/// A rotation that lasts longer is no rotation.
const OVERLAP_DAYS_MAX: u64 = 90;

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Name or `cons_` id.
    pub consumer: String,
    /// Name or `surf_` id.
    pub surface: String,
    /// The consumer's own kind when absent.
    #[serde(default)]
    pub kind: Option<KeyKind>,
    /// Valid strictly before this instant; must be in the future.
    #[serde(default)]
    pub expires_at: Option<Micros>,
}

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyOrigin {
    /// Made here.
    Towpath,
    /// A credential that the existing API already uses.
    Native,
}

/// Whether a key works now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    Active,
    /// Active, and stops at `expires_at`.
    Expiring,
    Expired,
    Revoked,
}

/// A key as stored; never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    pub id: KeyId,
    pub surface: SurfaceId,
    pub surface_name: String,
    pub consumer: ConsumerId,
    pub consumer_name: String,
    pub kind: KeyKind,
    pub origin: KeyOrigin,
    /// The first characters of a Towpath key; of a native one the first 8 of its digest.
    pub start: String,
    pub state: KeyState,
    pub created_at: Micros,
    pub expires_at: Option<Micros>,
    pub revoked_at: Option<Micros>,
    /// The key that this one replaces.
    pub rotated_from: Option<KeyId>,
    /// Start of the last minute with a metered call; `None` when there was none.
    pub last_used: Option<Micros>,
}

/// Text that is shown once and never logged: its `Debug` prints nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

/// A new key with its text, which nobody can show again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedKey {
    pub key: Key,
    pub secret: SecretText,
}

/// A rotation: the new key, and the old one as it now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub issued: IssuedKey,
    pub old: Key,
}

/// Credentials of an existing API to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyImport {
    pub format: ImportFormat,
    /// CSV columns or JSON fields: `consumer` (name, must exist), one of `value` (the credential as sent, without
    /// scheme) or `digest` (SHA-256 of it in hexadecimal), `surface` unless given below, `kind`, `expires_at`
    /// (RFC 3339).
    pub text: SecretText,
    /// The surface (name or `surf_` id) of rows that name none.
    #[serde(default)]
    pub surface: Option<String>,
}

impl Control {
    /// Makes a key; its text is in the answer and nowhere else. Errors: `NotFound`, `Invalid`.
    pub async fn create_key(&self, actor: Actor, new: NewKey) -> Result<IssuedKey, ControlError> {
        let now = self.now();
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(ControlError::Invalid {
                field: "expires_at",
                message: "it is in the past".to_owned(),
            });
        }
        let secret = random::secret_key()?;
        let mut tx = self.store().write().await?;
        let consumer = consumers::find(&mut tx, &new.consumer).await?;
        let surface = surfaces::find(&mut tx, &new.surface).await?;
        let row = KeyRow {
            id: KeyId::from_raw(random::raw_id()?),
            surface: surface.id,
            consumer: consumer.id,
            kind: new.kind.unwrap_or(consumer.kind),
            origin: store::key::KeyOrigin::Towpath,
            digest: secret.digest(),
            start: secret.start().to_owned(),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
            rotated_from: None,
        };
        insert(&mut tx, actor, &row, now).await?;
        let key = find(&mut tx, &row.id.to_string()).await?;
        self.commit_with_snapshot(tx, now).await?;
        Ok(IssuedKey {
            key: view(key, now),
            secret: SecretText(secret.expose().to_owned()),
        })
    }

    /// Imports credentials by digest, all or nothing; a credential that its surface already has stays as it is
    /// when consumer, kind and expiry agree, and is updated otherwise; a revoked one is refused.
    pub async fn import_keys(
        &self,
        actor: Actor,
        import: &KeyImport,
    ) -> Result<ImportReport, ControlError> {
        let now = self.now();
        let mut problems = Problems::default();
        let drafts = read_drafts(import, now, &mut problems);
        let mut report = ImportReport::default();
        let mut names = Names::default();
        let mut first_lines: HashMap<(SurfaceId, KeyDigest), u64> = HashMap::new();

        let mut tx = self.store().write().await?;
        for draft in drafts {
            let Some((surface, consumer)) = names.resolve(&mut tx, &draft, &mut problems).await?
            else {
                continue;
            };
            if let Some(first) = first_lines.insert((surface, draft.digest), draft.line) {
                problems.add(
                    draft.line,
                    draft.field,
                    format!("this credential is in line {first} already"),
                );
                continue;
            }
            let kind = draft.kind.unwrap_or(consumer.1);
            match store::key::by_digest(&mut tx, surface, draft.digest).await? {
                Some(old) if old.revoked_at.is_some() => {
                    problems.add(
                        draft.line,
                        draft.field,
                        "this credential was revoked".to_owned(),
                    );
                }
                Some(old) => {
                    let new = KeyRow {
                        consumer: consumer.0,
                        kind,
                        expires_at: draft.expires_at,
                        ..old.clone()
                    };
                    if new == old {
                        report.unchanged += 1;
                        continue;
                    }
                    change(&mut tx, actor, "update", &new, now).await?;
                    report.updated += 1;
                }
                None => {
                    let row = KeyRow {
                        id: KeyId::from_raw(random::raw_id()?),
                        surface,
                        consumer: consumer.0,
                        kind,
                        origin: store::key::KeyOrigin::Native,
                        digest: draft.digest,
                        start: draft.digest.to_string()[..8].to_owned(),
                        created_at: now,
                        expires_at: draft.expires_at,
                        revoked_at: None,
                        rotated_from: None,
                    };
                    insert(&mut tx, actor, &row, now).await?;
                    report.created += 1;
                }
            }
        }
        problems.into_result()?;
        if report.created + report.updated > 0 {
            self.commit_with_snapshot(tx, now).await?;
        }
        Ok(report)
    }

    /// Keys in order of creation; of one consumer (name or id), of one surface (name or id), or all.
    pub async fn list_keys(
        &self,
        consumer: Option<&str>,
        surface: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Key>, ControlError> {
        let after = page
            .cursor_parts::<i64, KeyId>()?
            .map(|(at, id)| (Micros(at), id));
        let mut tx = self.store().read().await?;
        let consumer = match consumer {
            Some(consumer) => Some(consumers::find(&mut tx, consumer).await?.id),
            None => None,
        };
        let surface = match surface {
            Some(surface) => Some(surfaces::find(&mut tx, surface).await?.id),
            None => None,
        };
        let rows =
            store::key::list(&mut tx, consumer, surface, after, page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| cursor_of(row.key.created_at.0, &row.key.id));
        let now = self.now();
        Ok(Page {
            items: rows.items.into_iter().map(|row| view(row, now)).collect(),
            next: rows.next,
        })
    }

    /// The key with this `key_` id, with this start when exactly one key has it, or with this very text.
    pub async fn key(&self, key: &str) -> Result<Key, ControlError> {
        let mut tx = self.store().read().await?;
        let row = find(&mut tx, key).await?;
        Ok(view(row, self.now()))
    }

    /// Makes a successor of the key (as in [`Control::key`]); the old one works for `overlap` more. A successor
    /// of a key that expires lives as long as the old one was meant to.
    /// Errors: `NotFound`, `Invalid`, `State` with code `key_revoked`, `key_expired` or `key_native`.
    pub async fn rotate_key(
        &self,
        actor: Actor,
        key: &str,
        overlap: Duration,
    ) -> Result<Rotation, ControlError> {
        let now = self.now();
        if overlap > Duration::from_secs(OVERLAP_DAYS_MAX * 86_400) {
            let message = format!("at most {OVERLAP_DAYS_MAX} days");
            return Err(ControlError::Invalid {
                field: "overlap",
                message,
            });
        }
        let secret = random::secret_key()?;
        let mut tx = self.store().write().await?;
        let old = find(&mut tx, key).await?.key;
        refuse_rotation(&old, now)?;
        let overlap_end = Micros(now.0 + i64::try_from(overlap.as_micros()).unwrap_or(i64::MAX));
        let ended = KeyRow {
            expires_at: Some(old.expires_at.map_or(overlap_end, |at| at.min(overlap_end))),
            ..old.clone()
        };
        let new = KeyRow {
            id: KeyId::from_raw(random::raw_id()?),
            digest: secret.digest(),
            start: secret.start().to_owned(),
            created_at: now,
            expires_at: old
                .expires_at
                .map(|at| Micros(now.0 + (at.0 - old.created_at.0))),
            rotated_from: Some(old.id),
            ..old
        };
        insert(&mut tx, actor, &new, now).await?;
        change(&mut tx, actor, "rotate", &ended, now).await?;
        let (new, old) = (
            find(&mut tx, &new.id.to_string()).await?,
            find(&mut tx, &old.id.to_string()).await?,
        );
        self.commit_with_snapshot(tx, now).await?;
        let issued = IssuedKey {
            key: view(new, now),
            secret: SecretText(secret.expose().to_owned()),
        };
        Ok(Rotation {
            issued,
            old: view(old, now),
        })
    }

    /// Ends a key (as in [`Control::key`]) now; the gateway refuses it in under a second. Revoking twice is no
    /// error.
    pub async fn revoke_key(&self, actor: Actor, key: &str) -> Result<Key, ControlError> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        let mut found = find(&mut tx, key).await?;
        if found.key.revoked_at.is_some() {
            return Ok(view(found, now));
        }
        found.key.revoked_at = Some(now);
        change(&mut tx, actor, "revoke", &found.key, now).await?;
        self.commit_with_snapshot(tx, now).await?;
        Ok(view(found, now))
    }

    /// Commits a change that the gateway must know of.
    pub(crate) async fn commit_with_snapshot(
        &self,
        mut tx: WriteTx,
        now: Micros,
    ) -> Result<(), ControlError> {
        store::outbox::append_snapshot(&mut tx, now).await?;
        tx.commit().await?;
        self.snapshot_is_due();
        Ok(())
    }
}

async fn find(tx: &mut Tx, key: &str) -> Result<KeyView, ControlError> {
    // What was asked for may be a secret: it is not repeated whole.
    let not_found = || ControlError::NotFound {
        noun: "key",
        name: key.chars().take(18).collect(),
    };
    if let Ok(id) = key.parse::<KeyId>() {
        return store::key::by_id(tx, id).await?.ok_or_else(not_found);
    }
    let secret = key.parse::<SecretKey>().ok();
    let start = secret.as_ref().map_or(key, |secret| secret.start());
    let mut found = store::key::by_start(tx, start).await?;
    if let Some(secret) = &secret {
        found.retain(|view| view.key.digest == secret.digest());
    }
    if found.len() > 1 {
        let message = format!("more than one key starts with {start:?}: use its key_ id");
        return Err(ControlError::State {
            code: "key_ambiguous",
            message,
        });
    }
    found.pop().ok_or_else(not_found)
}

fn refuse_rotation(key: &KeyRow, now: Micros) -> Result<(), ControlError> {
    let refused = |code, message: String| Err(ControlError::State { code, message });
    if key.origin == store::key::KeyOrigin::Native {
        return refused(
            "key_native",
            format!(
                "key {} belongs to the API itself: rotate it there, then import it",
                key.id
            ),
        );
    }
    match state_of(key, now) {
        KeyState::Revoked => refused(
            "key_revoked",
            format!("key {} is revoked: create a new one", key.id),
        ),
        KeyState::Expired => refused(
            "key_expired",
            format!("key {} has expired: create a new one", key.id),
        ),
        KeyState::Active | KeyState::Expiring => Ok(()),
    }
}

async fn insert(
    tx: &mut WriteTx,
    actor: Actor,
    row: &KeyRow,
    now: Micros,
) -> Result<(), ControlError> {
    store::key::insert(tx, row).await?;
    note(
        tx,
        now,
        Change {
            actor,
            action: "create",
            noun: "key",
            object: &row.id,
            detail: detail(row),
        },
    )
    .await
}

async fn change(
    tx: &mut WriteTx,
    actor: Actor,
    action: &'static str,
    row: &KeyRow,
    now: Micros,
) -> Result<(), ControlError> {
    store::key::update(tx, row).await?;
    note(
        tx,
        now,
        Change {
            actor,
            action,
            noun: "key",
            object: &row.id,
            detail: detail(row),
        },
    )
    .await
}

fn detail(row: &KeyRow) -> serde_json::Value {
    json!({
        "start": row.start,
        "consumer": row.consumer,
        "surface": row.surface,
        "kind": row.kind,
        "expires_at": row.expires_at,
        "rotated_from": row.rotated_from,
    })
}

fn state_of(key: &KeyRow, now: Micros) -> KeyState {
    match (key.revoked_at, key.expires_at) {
        (Some(_), _) => KeyState::Revoked,
        (None, Some(at)) if at <= now => KeyState::Expired,
        (None, Some(_)) => KeyState::Expiring,
        (None, None) => KeyState::Active,
    }
}

fn view(row: KeyView, now: Micros) -> Key {
    let state = state_of(&row.key, now);
    Key {
        id: row.key.id,
        surface: row.key.surface,
        surface_name: row.surface_name,
        consumer: row.key.consumer,
        consumer_name: row.consumer_name,
        kind: row.key.kind,
        origin: match row.key.origin {
            store::key::KeyOrigin::Towpath => KeyOrigin::Towpath,
            store::key::KeyOrigin::Native => KeyOrigin::Native,
        },
        start: row.key.start,
        state,
        created_at: row.key.created_at,
        expires_at: row.key.expires_at,
        revoked_at: row.key.revoked_at,
        rotated_from: row.key.rotated_from,
        last_used: row.seen_minute.map(minute_start),
    }
}

/// A row of an import that can be read.
struct Draft {
    line: u64,
    consumer: String,
    surface: String,
    digest: KeyDigest,
    /// The field that gave the digest.
    field: &'static str,
    kind: Option<KeyKind>,
    expires_at: Option<Micros>,
}

const FIELDS: [&str; 6] = [
    "consumer",
    "surface",
    "value",
    "digest",
    "kind",
    "expires_at",
];

fn read_drafts(import: &KeyImport, now: Micros, problems: &mut Problems) -> Vec<Draft> {
    let records = import::read(import.format, &import.text.0, &FIELDS, problems);
    records
        .iter()
        .filter_map(|record| read_draft(record, import.surface.as_deref(), now, problems))
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
struct Names {
    consumers: HashMap<String, Option<(ConsumerId, KeyKind)>>,
    surfaces: HashMap<String, Option<SurfaceId>>,
}

impl Names {
    async fn resolve(
        &mut self,
        tx: &mut Tx,
        draft: &Draft,
        problems: &mut Problems,
    ) -> Result<Option<(SurfaceId, (ConsumerId, KeyKind))>, ControlError> {
        if !self.consumers.contains_key(&draft.consumer) {
            let found = absent_as_none(consumers::find(tx, &draft.consumer).await)?;
            self.consumers
                .insert(draft.consumer.clone(), found.map(|row| (row.id, row.kind)));
        }
        if !self.surfaces.contains_key(&draft.surface) {
            let found = absent_as_none(surfaces::find(tx, &draft.surface).await)?;
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
