//! Events as list, stream and webhooks; and the export.

use serde::Deserialize;

use crate::demo::records::{EVENT, Event, Number, WebhookEndpoint};
use crate::demo::upstream::exchange::{
    Answer, Content, Question, body, known, one_of, page, parameter,
};
use crate::demo::upstream::problems::{Problem, Violation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEndpointCreate {
    url: String,
    event_types: Vec<String>,
}

pub(super) fn create_webhook_endpoint(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: WebhookEndpointCreate = body(question)?;
    let known = |event: &String| Event::TYPES.contains(&event.as_str());
    Violation::refuse([
        Violation::unless(
            new.url.starts_with("https://"),
            "/url",
            "must be an HTTPS address",
        ),
        Violation::unless(
            !new.event_types.is_empty() && new.event_types.iter().all(known),
            "/event_types",
            "must name at least one known event type",
        ),
    ])?;
    Ok(Answer::json(
        201,
        &WebhookEndpoint::of(new.url, new.event_types),
    ))
}

pub(super) fn list_events(question: &Question<'_>) -> Result<Answer, Problem> {
    let kind = one_of(question.query, "type", &Event::TYPES)?;
    page(question, "events", |number| {
        let event = Event::of(number);
        Event {
            kind: kind.unwrap_or(event.kind),
            ..event
        }
    })
}

pub(super) fn stream_events(question: &Question<'_>) -> Result<Answer, Problem> {
    let after = match question.last_event_id {
        Some(id) => known("event", EVENT, id)?,
        None => Number::of("the first event"),
    };
    Ok(Answer::new(200, Content::Events { after }))
}

pub(super) fn export_payments(question: &Question<'_>) -> Result<Answer, Problem> {
    let month = parameter(question.query, "month")
        .ok_or_else(|| Problem::bad_parameter("month", "is required"))?;
    let valid = month
        .split_once('-')
        .is_some_and(|(year, month)| year.len() == 4 && year.starts_with("20") && is_month(month));
    Violation::refuse([Violation::unless(
        valid,
        "/month",
        "must be a month such as 2026-02",
    )])?;
    Ok(Answer::new(
        200,
        Content::Export {
            month: month.to_owned(),
        },
    ))
}

fn is_month(text: &str) -> bool {
    text.len() == 2
        && text
            .parse()
            .is_ok_and(|month: u8| (1..=12).contains(&month))
}
