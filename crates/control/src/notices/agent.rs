//! Messages for programs: what changes for you, by when, and how to move, as JSON.

use adoption::rollout::{DateName, Dates};
use serde_json::{Map, Value, json};

use super::events::{Event, EventKind};
use super::feed::Feed;
use super::message::{ChangeText, Message, Reader};
use super::text::rfc3339;

/// Everything that a feed tells, each rollout once.
pub fn render(feed: &Feed) -> Value {
    json!({
        "surface": feed.surface_name,
        "surface_id": feed.surface.to_string(),
        "updated": rfc3339(feed.updated()),
        "rollouts": feed.newest().into_iter().map(document).collect::<Vec<_>>(),
    })
}

/// One message. Absent values are `null`, so that the keys are always the same.
pub fn document(message: &Message) -> Value {
    let brownouts = message.events.iter().filter_map(brownout);
    json!({
        "notice": message.id.to_string(),
        "rollout": message.rollout.to_string(),
        "kind": message.kind.as_str(),
        "surface": message.surface,
        "name": message.name,
        "phase": message.phase,
        "reason": message.reason,
        "sequence": message.sequence,
        "made_at": rfc3339(message.at),
        "subject": message.subject(),
        "summary": message.lead(),
        "deadline": message.dates.map(|dates| dates.sunset.to_string()),
        "dates": message.dates.as_ref().map(dates),
        "brownouts": brownouts.collect::<Vec<_>>(),
        "use": used(message),
        "changes": message.changes.iter().map(change).collect::<Vec<_>>(),
        "guide": message.guide,
        "successor": message.successor,
    })
}

/// The six dates by name, as `YYYY-MM-DD`.
pub fn dates(dates: &Dates) -> Value {
    let all =
        DateName::ALL.map(|name| (name.as_str().to_owned(), json!(dates.get(name).to_string())));
    Value::Object(Map::from_iter(all))
}

fn brownout(event: &Event) -> Option<Value> {
    match event.kind {
        EventKind::Date { .. } => None,
        EventKind::Brownout { segment, stage } => Some(json!({
            "segment": segment.as_str(),
            "stage": stage,
            "from": rfc3339(event.from),
            "until": rfc3339(event.until),
            "cancelled": event.cancelled,
        })),
    }
}

fn used(message: &Message) -> Value {
    match &message.reader {
        Reader::Public => Value::Null,
        Reader::Consumer(own) => json!({
            "consumer": own.consumer.to_string(),
            "segment": own.segment.map(|segment| segment.as_str()),
            "calls": own.calls,
            "share_ppm": own.share_ppm,
            "last_seen": own.last_seen.map(rfc3339),
            "evidence_from": own.evidence_from,
            "evidence_until": own.evidence_until,
        }),
    }
}

fn change(change: &ChangeText) -> Value {
    let found = change.found.map(|found| {
        json!({
            "verdict": found.verdict.as_str(),
            "grade": found.grade.map(|grade| grade.code()),
            "calls": found.calls,
            "last_seen": found.last_seen.map(rfc3339),
        })
    });
    json!({
        "id": change.id,
        "subject": change.subject,
        "rule": change.rule,
        "summary": change.summary,
        "found": found,
        "bridge": change.bridge.as_str(),
        "what_to_do": change.what_to_do(),
    })
}
