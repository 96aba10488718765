//! Pages that readers fetch: feeds, calendars, status files, banners; of everyone, or of one consumer.

use adoption::rollout::{Notice, NoticeKind, Recipient};
use adoption::{ConsumerId, KeyDigest, Micros};
use ring::digest::{SHA256, digest};
use store::Tx;
use store::notice::NoticeRow;
use store::surface::SurfaceRow;

use super::feed::{Entry, Feed, Scope};
use super::links::Links;
use super::message::Message;
use super::statuspage::{self, StatusFile};
use super::{agent, atom, banner, calendar, json_feed};
use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::find_surface;

/// Notices of one page; a rollout has about ten steps.
const ENTRIES_MAX: u32 = 50;
/// Where links lead when nobody said under which address readers reach us.
const LOCAL: &str = "http://127.0.0.1:8081";

/// What may be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Atom,
    JsonFeed,
    Calendar,
    /// For programs: what changes for you, by when, how to move.
    Agent,
    Banner,
    Status(StatusFile),
}

/// A page, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageBody {
    pub content_type: &'static str,
    /// An entity tag of what it says (RFC 9110 section 8.8.3), quoted.
    pub tag: String,
    pub body: String,
}

impl Control {
    /// A page of a surface (name or id) that everyone may read: what was told to the public.
    pub async fn public_page(&self, surface: &str, page: Page) -> Result<PageBody, ControlError> {
        let mut tx = self.store().read().await?;
        let surface = find_surface(&mut tx, surface).await?;
        let recipient = match page {
            Page::Banner => Recipient::Banner,
            Page::Status(_) => Recipient::Status,
            Page::Atom | Page::JsonFeed | Page::Calendar | Page::Agent => Recipient::Changelog,
        };
        let name = &surface.name;
        let links = self.links();
        let base_url = match page {
            Page::Status(_) => links.status(name),
            _ => links
                .surface_feed(name, "")
                .trim_end_matches('/')
                .to_owned(),
        };
        let feed = self
            .feed(&mut tx, &surface, Scope::Public, recipient, base_url)
            .await?;
        Ok(written(&feed, page, self.now()))
    }

    /// The same of what touches the consumer that holds this key of the surface; `None` for a key that is not in use.
    pub async fn page_by_key(
        &self,
        surface: &str,
        credential: &[u8],
        page: Page,
    ) -> Result<Option<PageBody>, ControlError> {
        let now = self.now();
        let mut tx = self.store().read().await?;
        let Ok(surface) = find_surface(&mut tx, surface).await else {
            return Ok(None);
        };
        let digest = KeyDigest::of(credential);
        let key = store::key::by_digest(&mut tx, surface.id, digest).await?;
        let key = key.filter(|key| {
            key.revoked_at.is_none() && key.expires_at.is_none_or(|expires| now < expires)
        });
        match key {
            None => Ok(None),
            Some(key) => self.own_page(&mut tx, &surface, key.consumer, page).await,
        }
    }

    /// The same for readers that cannot send a key; `None` for a token that is not one of ours.
    pub async fn page_by_token(
        &self,
        token: &str,
        page: Page,
    ) -> Result<Option<PageBody>, ControlError> {
        let Some((surface, consumer)) = self.notice_key()?.read_feed_token(token) else {
            return Ok(None);
        };
        let mut tx = self.store().read().await?;
        match store::surface::by_id(&mut tx, surface).await? {
            None => Ok(None),
            Some(surface) => self.own_page(&mut tx, &surface, consumer, page).await,
        }
    }

    async fn own_page(
        &self,
        tx: &mut Tx,
        surface: &SurfaceRow,
        consumer: ConsumerId,
        page: Page,
    ) -> Result<Option<PageBody>, ControlError> {
        let key = self.notice_key()?;
        let base_url = self.links().token_feed(&key, surface.id, consumer, "");
        let base_url = base_url.trim_end_matches('/').to_owned();
        let scope = Scope::Consumer(consumer);
        let recipient = Recipient::Consumer(consumer);
        let feed = self.feed(tx, surface, scope, recipient, base_url).await?;
        Ok(Some(written(&feed, page, self.now())))
    }

    pub(crate) fn links(&self) -> Links {
        let senders = self.senders();
        Links::new(senders.settings.public_url.as_deref().unwrap_or(LOCAL))
    }

    async fn feed(
        &self,
        tx: &mut Tx,
        surface: &SurfaceRow,
        scope: Scope,
        recipient: Recipient,
        base_url: String,
    ) -> Result<Feed, ControlError> {
        let rows = store::notice::feed(tx, surface.id, &recipient.key(), None, ENTRIES_MAX).await?;
        let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
        for row in rows {
            let message = self.message(tx, &row, &surface.name).await?;
            entries.extend(message.map(|message| Entry {
                updated: message.at,
                message,
            }));
        }
        spread_updates(&mut entries);
        Ok(Feed {
            surface: surface.id,
            surface_name: surface.name.clone(),
            scope,
            base_url,
            since: surface.created_at,
            entries,
        })
    }

    /// What a stored notice says now; `None` for one of a kind that is told otherwise.
    pub(crate) async fn message(
        &self,
        tx: &mut Tx,
        row: &NoticeRow,
        surface: &str,
    ) -> Result<Option<Message>, ControlError> {
        let Some(notice) = notice_of(row) else {
            return Ok(None);
        };
        let known = self.known_rollouts().get(tx, row.rollout).await?;
        Ok(known.map(|known| {
            Message::of(
                &notice,
                row.created_at,
                &known.rollout,
                &known.impact,
                surface,
                self.now(),
            )
        }))
    }
}

/// The notice that a row holds; `None` when its kind or recipient is none of a rollout's.
pub(crate) fn notice_of(row: &NoticeRow) -> Option<Notice> {
    Some(Notice {
        id: row.id,
        rollout: row.rollout,
        kind: NoticeKind::from_text(&row.kind)?,
        recipient: Recipient::from_key(&row.recipient)?,
        revision: row.revision,
    })
}

/// An entry says what counts now, so the newest step of its rollout has changed it. Entries come newest first.
fn spread_updates(entries: &mut [Entry]) {
    for at in 0..entries.len() {
        let rollout = entries[at].message.rollout;
        let newest = entries[..at]
            .iter()
            .find(|entry| entry.message.rollout == rollout);
        if let Some(updated) = newest.map(|entry| entry.updated) {
            entries[at].updated = entries[at].updated.max(updated);
        }
    }
}

fn written(feed: &Feed, page: Page, now: Micros) -> PageBody {
    let json = |value: serde_json::Value| format!("{value:#}\n");
    let (content_type, body) = match page {
        Page::Atom => ("application/atom+xml; charset=utf-8", atom::render(feed)),
        Page::JsonFeed => ("application/feed+json", json(json_feed::render(feed))),
        Page::Calendar => ("text/calendar; charset=utf-8", calendar::of_feed(feed)),
        Page::Agent => ("application/json", json(agent::render(feed))),
        Page::Banner => ("application/json", json(banner::render(feed, now))),
        Page::Status(file) => (
            "application/json",
            json(statuspage::render(feed, file, now)),
        ),
    };
    let digest = digest(&SHA256, body.as_bytes());
    let half = digest.as_ref()[..16].iter();
    let tag: String = half.map(|byte| format!("{byte:02x}")).collect();
    PageBody {
        content_type,
        tag: format!("\"{tag}\""),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_another_kind_is_no_notice_of_a_rollout() {
        let row = NoticeRow {
            id: adoption::NoticeId::from_raw(20),
            rollout: adoption::RolloutId::from_raw(21),
            surface: adoption::SurfaceId::from_raw(22),
            kind: "moved".to_owned(),
            recipient: "changelog".to_owned(),
            revision: 3,
            created_at: Micros(0),
        };
        assert_eq!(notice_of(&row).unwrap().recipient, Recipient::Changelog);
        let other = NoticeRow {
            kind: "unreached".to_owned(),
            ..row
        };
        assert_eq!(notice_of(&other), None);
    }
}
