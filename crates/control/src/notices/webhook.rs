//! Signed messages to webhooks: Standard Webhooks 1.0.

use adoption::Micros;
use serde_json::{Value, json};

use super::agent;
use super::message::Message;
use super::secrets::WebhookSecret;
use super::text::rfc3339;

/// Standard Webhooks 1.0, "Payload size": below 20 KB.
const BODY_BYTES_MAX: usize = 19_000;

/// The body: type, instant of the notice, and what a program needs to know. Changes that do not fit are counted.
pub fn body(message: &Message) -> Vec<u8> {
    let data = agent::document(message);
    let mut payload = json!({
        "type": format!("rollout.{}", message.kind.as_str()),
        "timestamp": rfc3339(message.at),
        "data": data,
    });
    let mut body = payload.to_string();
    let mut left_out = 0_u64;
    while body.len() > BODY_BYTES_MAX {
        let Some(cut) = halve(&mut payload) else {
            break;
        };
        left_out += cut;
        payload["data"]["changes_left_out"] = json!(left_out);
        body = payload.to_string();
    }
    body.into_bytes()
}

/// Halves the longer of the two lists; how many went, `None` when neither has any.
fn halve(payload: &mut Value) -> Option<u64> {
    let length = |payload: &Value, list: &str| payload["data"][list].as_array().map_or(0, Vec::len);
    let list = match length(payload, "changes") >= length(payload, "brownouts") {
        true => "changes",
        false => "brownouts",
    };
    let items = payload["data"][list].as_array_mut()?;
    if items.is_empty() {
        return None;
    }
    let before = items.len();
    items.truncate(before / 2);
    Some((before - before / 2) as u64)
}

/// `webhook-id`, `webhook-timestamp` and `webhook-signature`, signed by each of `secrets`, the newest first.
pub fn headers(
    message: &Message,
    at: Micros,
    body: &[u8],
    secrets: &[WebhookSecret],
) -> Vec<(&'static str, String)> {
    let id = message.id.to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| secret.signature(&id, at, body))
        .collect();
    vec![
        ("webhook-id", id),
        ("webhook-timestamp", at.seconds().to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}
