//! The JSON Feed format, version 1.1, of a feed.

use serde_json::{Value, json};

use super::agent;
use super::body::{Footer, html, is_web, plain};
use super::feed::{Entry, Feed};
use super::text::rfc3339;

pub fn render(feed: &Feed) -> Value {
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": format!("{}: changes", feed.surface_name),
        "feed_url": feed.url("changelog.json"),
        "description": "Every step of every breaking change, with the dates that count now.",
        "authors": [{"name": feed.surface_name}],
        "language": "en",
        "items": feed.entries.iter().map(item).collect::<Vec<_>>(),
    })
}

fn item(entry: &Entry) -> Value {
    let message = &entry.message;
    let mut item = json!({
        "id": format!("urn:towpath:notice:{}", message.id),
        "title": message.subject(),
        "summary": message.lead(),
        "content_html": html(message, &Footer::default()),
        "content_text": plain(message, &Footer::default()),
        "date_published": rfc3339(message.at),
        "date_modified": rfc3339(entry.updated),
        "tags": [message.kind.as_str()],
        "_towpath": agent::document(message),
    });
    if let Some(guide) = message.guide.as_deref().filter(|guide| is_web(guide)) {
        item["url"] = json!(guide);
    }
    item
}
