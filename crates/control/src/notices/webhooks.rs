//! Webhooks: addresses of a surface's owner or of one consumer that take signed messages.

use adoption::{ConsumerId, Micros, SurfaceId, WebhookId};
use http::Uri;
use serde_json::json;
use store::webhook::WebhookRow;
use store::{Tx, WriteTx};

use super::http::is_public;
use super::secrets::{NoticeKey, WebhookSecret};
use super::settings::WebhookTargets;
use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::{find_consumer, find_surface};
use crate::page::{Page, PageRequest, cursor_of};
use crate::random;

/// Webhooks of one owner or consumer of a surface.
pub(crate) const WEBHOOKS_MAX: u32 = 20;
const URL_CHARS_MAX: usize = 2_000;
/// After a rotation the secret before signs too for a day: time to put the new one in place.
const OVERLAP_S: i64 = 86_400;

/// A webhook to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Name or id.
    pub surface: String,
    /// Name or id; `None` is the owner's.
    pub consumer: Option<String>,
    pub url: String,
}

/// A webhook as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub surface: SurfaceId,
    pub consumer: Option<ConsumerId>,
    pub url: String,
    /// Until when the secret before signs too.
    pub previous_until: Option<Micros>,
    pub created_at: Micros,
    /// Nothing is sent any more since.
    pub ended_at: Option<Micros>,
    pub ended_why: Option<String>,
}

/// A webhook and its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedWebhook {
    pub webhook: Webhook,
    pub secret: WebhookSecret,
}

impl Control {
    /// Adds a webhook. Errors: `NotFound`, `Invalid`; `State` with code `too_many_webhooks`.
    pub async fn create_webhook(
        &self,
        actor: Actor,
        new: NewWebhook,
    ) -> Result<IssuedWebhook, ControlError> {
        let url = checked_url(new.url, self.senders().settings.webhook_targets)?;
        let key = self.notice_key()?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let surface = find_surface(&mut tx, &new.surface).await?;
        let consumer = match &new.consumer {
            Some(consumer) => Some(find_consumer(&mut tx, consumer).await?.id),
            None => None,
        };
        let known = store::webhook::taking(&mut tx, surface.id, consumer, WEBHOOKS_MAX).await?;
        if known.len() >= WEBHOOKS_MAX as usize {
            return Err(ControlError::State {
                code: "too_many_webhooks",
                message: format!("there are {WEBHOOKS_MAX} webhooks already: remove one first"),
            });
        }
        let row = WebhookRow {
            id: WebhookId::from_raw(random::raw_id()?),
            surface: surface.id,
            consumer,
            url,
            generation: 1,
            previous_until: None,
            created_at: now,
            ended_at: None,
            ended_why: None,
        };
        store::webhook::insert(&mut tx, &row).await?;
        noted(&mut tx, actor, "create", &row, now).await?;
        tx.commit().await?;
        let secret = key.webhook_secret(row.id, row.generation);
        Ok(IssuedWebhook {
            webhook: view(row),
            secret,
        })
    }

    /// Webhooks, oldest first; of one surface (name or id), or all.
    pub async fn list_webhooks(
        &self,
        surface: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Webhook>, ControlError> {
        let after = page
            .cursor_parts::<i64, WebhookId>()?
            .map(|(at, id)| (Micros(at), id));
        let mut tx = self.store().read().await?;
        let surface = match surface {
            Some(surface) => Some(find_surface(&mut tx, surface).await?.id),
            None => None,
        };
        let limit = page.limit_bounded() + 1;
        let rows = store::webhook::list(&mut tx, surface, after, limit).await?;
        let rows = page.page_of(rows, |row| cursor_of(row.created_at.0, &row.id));
        Ok(Page {
            items: rows.items.into_iter().map(view).collect(),
            next: rows.next,
        })
    }

    /// Gives a webhook a new secret; the one before signs too for a day.
    pub async fn rotate_webhook(
        &self,
        actor: Actor,
        webhook: &str,
    ) -> Result<IssuedWebhook, ControlError> {
        let key = self.notice_key()?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let old = find(&mut tx, webhook).await?;
        let row = WebhookRow {
            generation: old.generation + 1,
            previous_until: Some(now.plus_seconds(OVERLAP_S)),
            ..old
        };
        store::webhook::update(&mut tx, &row).await?;
        noted(&mut tx, actor, "rotate", &row, now).await?;
        tx.commit().await?;
        let secret = key.webhook_secret(row.id, row.generation);
        Ok(IssuedWebhook {
            webhook: view(row),
            secret,
        })
    }

    /// Ends a webhook: nothing is sent there any more. One that has ended stays as it is.
    pub async fn remove_webhook(
        &self,
        actor: Actor,
        webhook: &str,
    ) -> Result<Webhook, ControlError> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        let mut row = find(&mut tx, webhook).await?;
        if row.ended_at.is_none() {
            row.ended_at = Some(now);
            row.ended_why = Some("removed".to_owned());
            store::webhook::update(&mut tx, &row).await?;
            noted(&mut tx, actor, "remove", &row, now).await?;
            tx.commit().await?;
        }
        Ok(view(row))
    }
}

/// The secrets that sign at `now`, the newest first.
pub(crate) fn signing_secrets(
    key: &NoticeKey,
    row: &WebhookRow,
    now: Micros,
) -> Vec<WebhookSecret> {
    let mut secrets = vec![key.webhook_secret(row.id, row.generation)];
    if row.previous_until.is_some_and(|until| now < until) && row.generation > 1 {
        secrets.push(key.webhook_secret(row.id, row.generation - 1));
    }
    secrets
}

async fn find(tx: &mut Tx, webhook: &str) -> Result<WebhookRow, ControlError> {
    let found = match webhook.parse() {
        Ok(id) => store::webhook::by_id(tx, id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ControlError::NotFound {
        noun: "webhook",
        name: webhook.to_owned(),
    })
}

/// An address that names a host; in `https` and outside our network unless everything is allowed. Names are looked up
/// only when something is sent.
fn checked_url(url: String, targets: WebhookTargets) -> Result<String, ControlError> {
    let invalid = |message: &str| {
        Err(ControlError::Invalid {
            field: "url",
            message: message.to_owned(),
        })
    };
    if url.len() > URL_CHARS_MAX {
        return invalid("an address has at most 2,000 characters");
    }
    let Ok(uri) = url.parse::<Uri>() else {
        return invalid("this is no web address");
    };
    let Some(authority) = uri.authority().filter(|one| !one.as_str().contains('@')) else {
        return invalid("an address needs a host and no user name");
    };
    match (uri.scheme_str(), targets) {
        (Some("https"), _) | (Some("http"), WebhookTargets::Any) => {}
        _ => return invalid("a webhook needs https"),
    }
    let host = authority.host().trim_matches(['[', ']']);
    let is_inner = host.parse().is_ok_and(|address| !is_public(address));
    if is_inner && targets == WebhookTargets::Public {
        return invalid("this address is not of the public Internet");
    }
    Ok(url)
}

/// The address stays out of the log: it may hold a secret of the receiver's.
async fn noted(
    tx: &mut WriteTx,
    actor: Actor,
    action: &'static str,
    row: &WebhookRow,
    now: Micros,
) -> Result<(), ControlError> {
    let change = Change {
        actor,
        action,
        noun: "webhook",
        object: &row.id,
        detail: json!({"surface": row.surface, "consumer": row.consumer}),
    };
    note(tx, now, change).await
}

fn view(row: WebhookRow) -> Webhook {
    Webhook {
        id: row.id,
        surface: row.surface,
        consumer: row.consumer,
        url: row.url,
        previous_until: row.previous_until,
        created_at: row.created_at,
        ended_at: row.ended_at,
        ended_why: row.ended_why,
    }
}
