//! What is pushed to a status page of Atlassian's API (or one that speaks it): one incident for each date shown.

use serde_json::{Value, json};

use super::events::Event;
use super::message::Message;
use super::settings::Statuspage;
use super::statuspage;
use super::text::rfc3339;

/// Where a new incident is made.
pub fn create_url(page: &Statuspage) -> String {
    format!("{}/v1/pages/{}/incidents", page.api_url, page.page)
}

/// Where one that exists is changed. Only what their API may have given as an id is put into an address.
pub fn update_url(page: &Statuspage, remote_id: &str) -> Option<String> {
    let is_id = !remote_id.is_empty()
        && remote_id.len() <= 64
        && remote_id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_id.then(|| format!("{}/{remote_id}", create_url(page)))
}

pub fn authorization(page: &Statuspage) -> String {
    format!("OAuth {}", page.token.expose())
}

/// The events that a message has on a status page.
pub fn shown(message: &Message) -> impl Iterator<Item = &Event> {
    message
        .events
        .iter()
        .filter(|event| statuspage::is_shown(event))
}

/// The body of both requests.
pub fn body(message: &Message, event: &Event) -> Value {
    let mut incident = json!({
        "name": statuspage::name(message, event),
        "body": message.lead(),
        "impact_override": "maintenance",
        "scheduled_for": rfc3339(event.from),
        "scheduled_until": rfc3339(event.until),
        "scheduled_remind_prior": true,
        "scheduled_auto_in_progress": true,
        "scheduled_auto_completed": true,
        "deliver_notifications": true,
        "metadata": {"towpath": {"rollout": message.rollout.to_string(), "event": event.key}},
    });
    incident["status"] = json!(if event.cancelled {
        "completed"
    } else {
        "scheduled"
    });
    json!({ "incident": incident })
}

/// The id of an incident in the answer to its creation.
pub fn created_id(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value["id"].as_str().map(str::to_owned)
}

/// The incident of ours in a list that their API gave, by what we wrote into its metadata; `None` for what is no list.
pub fn find_ours(body: &[u8], message: &Message, event: &Event) -> Option<Ours> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let rollout = message.rollout.to_string();
    let ours = value.as_array()?.iter().find(|incident| {
        let towpath = &incident["metadata"]["towpath"];
        towpath["rollout"] == rollout.as_str() && towpath["event"] == event.key.as_str()
    });
    let id = ours.and_then(|ours| ours["id"].as_str());
    Some(id.map_or(Ours::Absent, |id| Ours::Known(id.to_owned())))
}

/// Whether a status page has an incident of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ours {
    Known(String),
    Absent,
}
