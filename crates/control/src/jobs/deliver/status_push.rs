//! Pushes to a status page: each date made once, and moved when it moves.

use serde_json::Value;

use super::outcome::{Outcome, failed};
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::atlassian::{self, Ours};
use crate::notices::senders::{Answer, HttpSend, Outgoing, Target};
use crate::notices::settings::Statuspage;
use crate::notices::{Event, Message, Senders};

/// A step of a push: what it found, or why the whole try ends.
type Step<T> = Result<T, Outcome>;

/// Brings every date of `message` to the page; the ids that the page gave are kept one by one.
pub(super) async fn push(
    control: &Control,
    senders: &Senders,
    message: &Message,
) -> Result<Outcome, ControlError> {
    let Some(page) = &senders.settings.statuspage else {
        return Ok(Outcome::Waits("no status page configured".to_owned()));
    };
    let http = senders.http.as_ref();
    let mut listed = None;
    let mut last = None;
    for event in atlassian::shown(message) {
        let mut tx = control.store().read().await?;
        let known =
            store::delivery::status_entry(&mut tx, message.rollout, &event.key, &page.page).await?;
        drop(tx);
        let brought = match known {
            Some(id) => update(http, page, message, event, id).await.map(Some),
            None => create(http, page, message, event, &mut listed).await,
        };
        let id = match brought {
            Ok(Some(id)) => id,
            Ok(None) => continue,
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

/// The page may have it already, from a try whose end was never kept: then it is found by what we wrote into it.
/// `listed` is what the page has, asked for once in a push. `None` for a date that is called off and that the page was
/// never told of: it needs not hear of it.
async fn create(
    http: &dyn HttpSend,
    page: &Statuspage,
    message: &Message,
    event: &Event,
    listed: &mut Option<Answer>,
) -> Step<Option<String>> {
    let there = match listed {
        Some(there) => there,
        None => {
            let asked = request(page, "GET", atlassian::create_url(page), None);
            let answer = send(http, asked).await?;
            accepted(&answer)?;
            listed.insert(answer)
        }
    };
    match atlassian::find_ours(&there.body, message, event) {
        Some(Ours::Known(id)) => return update(http, page, message, event, id).await.map(Some),
        Some(Ours::Absent) if event.cancelled => return Ok(None),
        Some(Ours::Absent) => {}
        // Made blindly it could be there twice.
        None => {
            let why = "the status page's list of incidents cannot be read";
            return Err(Outcome::Later(why.to_owned()));
        }
    }
    let body = atlassian::body(message, event);
    let url = atlassian::create_url(page);
    let answer = send(http, request(page, "POST", url, Some(&body))).await?;
    accepted(&answer)?;
    atlassian::created_id(&answer.body)
        .map(Some)
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
