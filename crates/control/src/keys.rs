//! Keys: the credentials by which a surface knows its consumers.

mod drafts;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, SecretKey, SurfaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::key::{KeyRow, KeyView};
use store::{Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;
use crate::import::{ImportFormat, ImportReport, Problems};
use crate::lookup::{find_consumer, find_surface, minute_start};
use crate::page::{Page, PageRequest, cursor_of};
use crate::random;

use drafts::{Names, read_drafts};

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
        let consumer = find_consumer(&mut tx, &new.consumer).await?;
        let surface = find_surface(&mut tx, &new.surface).await?;
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
        let drafts = read_drafts(
            import.format,
            &import.text.0,
            import.surface.as_deref(),
            now,
            &mut problems,
        );
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
            Some(consumer) => Some(find_consumer(&mut tx, consumer).await?.id),
            None => None,
        };
        let surface = match surface {
            Some(surface) => Some(find_surface(&mut tx, surface).await?.id),
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
    /// Errors: `NotFound`, `Invalid`, `State` with code `key_revoked`, `key_expired`, `key_rotated` or `key_native`.
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
        if let Some(successor) = store::key::successor(&mut tx, old.id).await? {
            let message = format!("key {} has a successor already: rotate {successor}", old.id);
            return Err(ControlError::State {
                code: "key_rotated",
                message,
            });
        }
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
