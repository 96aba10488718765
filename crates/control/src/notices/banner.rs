//! Banners of a surface as JSON: what a portal shows above every page.

use adoption::Micros;
use serde_json::{Value, json};

use super::agent::dates;
use super::feed::Feed;
use super::message::Message;
use super::text::rfc3339;

/// The last fortnight before the sunset is urgent.
const URGENT_DAYS: i64 = 14;

/// One banner for each rollout that is under way, the nearest sunset first.
pub fn render(feed: &Feed, now: Micros) -> Value {
    let mut shown: Vec<&Message> = feed
        .newest()
        .into_iter()
        .filter(|message| !message.is_over())
        .collect();
    shown.sort_by_key(|message| message.dates.map(|dates| dates.sunset));
    json!({
        "surface": feed.surface_name,
        "updated": rfc3339(feed.updated()),
        "banners": shown.into_iter().map(|message| banner(message, now)).collect::<Vec<_>>(),
    })
}

fn banner(message: &Message, now: Micros) -> Value {
    json!({
        "rollout": message.rollout.to_string(),
        "level": level(message, now),
        "title": message.subject(),
        "text": message.lead(),
        "dates": message.dates.as_ref().map(dates),
        "sequence": message.sequence,
        "guide": message.guide,
    })
}

/// `info`, `warning` in the last fortnight, `critical` from the sunset on.
fn level(message: &Message, now: Micros) -> &'static str {
    let Some(dates) = message.dates else {
        return "info";
    };
    let left = adoption::rollout::day::start_of(dates.sunset).day() - now.day();
    match left {
        ..=0 => "critical",
        1..=URGENT_DAYS => "warning",
        _ => "info",
    }
}
