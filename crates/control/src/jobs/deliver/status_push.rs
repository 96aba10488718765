//! Pushes to a status page: each date made once, and moved when it moves.

use serde_json::Value;
use store::delivery::DeliveryRow;

use super::outcome::{Outcome, failed};
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::atlassian;
use crate::notices::senders::{Answer, HttpSend, Outgoing, Target};
use crate::notices::settings::Statuspage;
use crate::notices::{Event, Message, Senders};

/// A step of a push: what it found, or why the whole try ends.
type Step<T> = Result<T, Outcome>;

/// Brings every date of `message` to the page; the ids that the page gave are kept one by one.
pub(super) async fn push(
    control: &Control,
    senders: &Senders,
    row: &DeliveryRow,
    message: &Message,
) -> Result<Outcome, ControlError> {
    let Some(page) = &senders.settings.statuspage else {
        return Ok(Outcome::Waits("no status page configured".to_owned()));
    };
    let mut last = None;
    for event in atlassian::shown(message) {
        let mut tx = control.store().read().await?;
        let known =
            store::delivery::status_entry(&mut tx, message.rollout, &event.key, &page.page).await?;
        drop(tx);
        // A page that was never told of a date that is called off needs not hear of it.
        if known.is_none() && event.cancelled {
            continue;
        }
        let http = senders.http.as_ref();
        let brought = match known {
            Some(id) => update(http, page, message, event, id).await,
            None => create(http, page, message, event, row.attempts > 1).await,
        };
        let id = match brought {
            Ok(id) => id,
            Err(outcome) => return Ok(outcome),
        };
        let mut tx = control.store().write().await?;
        let (rollout, now) = (message.rollout, control.now());
        store::delivery::keep_status_entry(&mut tx, rollout, &event.key, &page.page, &id, now)
            .await?;
        tx.commit().await?;
        last = Some(id);
    }
    Ok(Outcome::Delivered { remote_id: last })
}

async fn update(
    http: &dyn HttpSend,
    page: &Statuspage,
    message: &Message,
    event: &Event,
    id: String,
) -> Step<String> {
    let Some(url) = atlassian::update_url(page, &id) else {
        return Err(Outcome::Refused(format!("{id:?} is no id of an incident")));
    };
    let body = atlassian::body(message, event);
    let answer = send(http, request(page, "PATCH", url, Some(&body))).await?;
    accepted(&answer)?;
    Ok(id)
}

/// After a try whose end is not known, the page may have it already: then it is found by what we wrote into it.
async fn create(
    http: &dyn HttpSend,
    page: &Statuspage,
    message: &Message,
    event: &Event,
    was_tried: bool,
) -> Step<String> {
    if was_tried {
        let answer = send(
            http,
            request(page, "GET", atlassian::create_url(page), None),
        )
        .await?;
        accepted(&answer)?;
        if let Some(id) = atlassian::find_ours(&answer.body, message, event) {
            return update(http, page, message, event, id).await;
        }
    }
    let body = atlassian::body(message, event);
    let url = atlassian::create_url(page);
    let answer = send(http, request(page, "POST", url, Some(&body))).await?;
    accepted(&answer)?;
    atlassian::created_id(&answer.body)
        .ok_or_else(|| Outcome::Later("the status page answered without an id".to_owned()))
}

async fn send(http: &dyn HttpSend, request: Outgoing) -> Step<Answer> {
    http.send(&request).await.map_err(failed)
}

fn accepted(answer: &Answer) -> Step<()> {
    match answer.status {
        200..=299 => Ok(()),
        status => Err(Outcome::Later(format!("the status page answered {status}"))),
    }
}

fn request(page: &Statuspage, method: &'static str, url: String, body: Option<&Value>) -> Outgoing {
    Outgoing {
        method,
        url,
        headers: vec![
            ("authorization", atlassian::authorization(page)),
            ("content-type", "application/json".to_owned()),
        ],
        body: body
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default(),
        target: Target::Configured,
    }
}
