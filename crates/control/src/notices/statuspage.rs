//! The read schema of Statuspage v2: brownouts and the sunset as scheduled maintenances, so that watchers that exist work.

use adoption::Micros;
use adoption::rollout::DateName;
use serde_json::{Value, json};

use super::events::{Event, EventKind};
use super::feed::Feed;
use super::message::Message;
use super::text::rfc3339;

/// The pages of the schema that are served, by file name without `.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFile {
    Summary,
    Status,
    Components,
    Incidents,
    Unresolved,
    Maintenances,
    Upcoming,
    Active,
}

/// How a maintenance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Scheduled,
    InProgress,
    Completed,
}

/// One file of the schema at `now`.
pub fn render(feed: &Feed, file: StatusFile, now: Micros) -> Value {
    let all = maintenances(feed, now);
    let of = |stage: Stage| -> Vec<&Value> {
        all.iter()
            .filter(|(is, _)| *is == stage)
            .map(|(_, value)| value)
            .collect()
    };
    let active = of(Stage::InProgress);
    let mut page = json!({"page": page(feed)});
    match file {
        StatusFile::Summary => {
            let open: Vec<&Value> = all
                .iter()
                .filter(|(stage, _)| *stage != Stage::Completed)
                .map(|(_, value)| value)
                .collect();
            page["components"] = json!([component(feed, !active.is_empty())]);
            page["incidents"] = json!([]);
            page["scheduled_maintenances"] = json!(open);
            page["status"] = status(!active.is_empty());
        }
        StatusFile::Status => page["status"] = status(!active.is_empty()),
        StatusFile::Components => page["components"] = json!([component(feed, !active.is_empty())]),
        StatusFile::Incidents | StatusFile::Unresolved => page["incidents"] = json!([]),
        StatusFile::Maintenances => {
            let all: Vec<&Value> = all.iter().map(|(_, value)| value).collect();
            page["scheduled_maintenances"] = json!(all);
        }
        StatusFile::Upcoming => page["scheduled_maintenances"] = json!(of(Stage::Scheduled)),
        StatusFile::Active => page["scheduled_maintenances"] = json!(active),
    }
    page
}

/// Whether a status page tells of an event: what takes something away.
pub fn is_shown(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::Brownout { .. }
            | EventKind::Date {
                name: DateName::Sunset,
                ..
            }
    )
}

fn page(feed: &Feed) -> Value {
    json!({
        "id": feed.surface.to_string(),
        "name": feed.surface_name,
        "url": feed.base_url,
        "time_zone": "Etc/UTC",
        "updated_at": rfc3339(feed.updated()),
    })
}

fn status(under_maintenance: bool) -> Value {
    match under_maintenance {
        true => json!({"indicator": "maintenance", "description": "Service Under Maintenance"}),
        false => json!({"indicator": "none", "description": "All Systems Operational"}),
    }
}

fn component(feed: &Feed, under_maintenance: bool) -> Value {
    json!({
        "id": feed.surface.to_string(),
        "name": feed.surface_name,
        "status": if under_maintenance { "under_maintenance" } else { "operational" },
        "created_at": rfc3339(feed.since),
        "updated_at": rfc3339(feed.updated()),
        "position": 1,
        "description": null,
        "showcase": false,
        "start_date": null,
        "group_id": null,
        "page_id": feed.surface.to_string(),
        "group": false,
        "only_show_if_degraded": false,
    })
}

fn maintenances(feed: &Feed, now: Micros) -> Vec<(Stage, Value)> {
    let component = component(feed, false);
    feed.newest()
        .into_iter()
        .flat_map(|message| {
            let shown = message.events.iter().filter(|event| is_shown(event));
            shown.map(move |event| (message, event))
        })
        .map(|(message, event)| maintenance(feed, message, event, &component, now))
        .collect()
}

fn maintenance(
    feed: &Feed,
    message: &Message,
    event: &Event,
    component: &Value,
    now: Micros,
) -> (Stage, Value) {
    let stage = stage(event, now);
    let id = format!("{}-{}", message.rollout, event.key);
    let made = rfc3339(message.at);
    let update = json!({
        "id": format!("{id}-{}", message.sequence),
        "incident_id": id,
        "status": stage.as_str(),
        "body": message.lead(),
        "created_at": made,
        "updated_at": made,
        "display_at": made,
        "affected_components": [],
        "deliver_notifications": true,
        "custom_tweet": null,
        "tweet_id": null,
    });
    let value = json!({
        "id": id,
        "name": name(message, event),
        "status": stage.as_str(),
        "impact": "maintenance",
        "created_at": made,
        "updated_at": made,
        "monitoring_at": null,
        "resolved_at": (stage == Stage::Completed).then(|| rfc3339(event.until.min(now))),
        "started_at": rfc3339(event.from),
        "shortlink": feed.url("summary.json"),
        "page_id": feed.surface.to_string(),
        "scheduled_for": rfc3339(event.from),
        "scheduled_until": rfc3339(event.until),
        "incident_updates": [update],
        "components": [component],
    });
    (stage, value)
}

/// The name of a maintenance, here and on the pages of others.
pub fn name(message: &Message, event: &Event) -> String {
    let title = format!("{}: {}", message.name, event.title());
    match event.cancelled {
        true => format!("{title} (called off)"),
        false => title,
    }
}

fn stage(event: &Event, now: Micros) -> Stage {
    if event.cancelled || event.until <= now {
        Stage::Completed
    } else if event.from <= now {
        Stage::InProgress
    } else {
        Stage::Scheduled
    }
}

impl Stage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }
}
