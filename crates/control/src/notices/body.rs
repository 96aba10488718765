//! The body of a message for people, as plain text and as HTML: the same sentences, figures and dates.

use std::fmt::Write as _;

use super::events::{Event, EventKind};
use super::message::{ChangeText, Message};
use super::text::{escaped, minute, one_line};

/// Changes that are told of one by one; the rest is counted. A mail of 50 changes has about 20 KB.
const CHANGES_MAX: usize = 50;
/// Brownouts listed one by one: 6 segments in 4 stages are 24.
const EVENTS_MAX: usize = 40;

/// What stands below the message, such as how to decline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footer {
    /// Each a sentence.
    pub lines: Vec<String>,
    /// Name and address.
    pub links: Vec<(String, String)>,
}

/// The body as plain text, lines ended by `\n`.
pub fn plain(message: &Message, footer: &Footer) -> String {
    let mut out = format!("{}\n", one_line(&message.lead()));
    if let Some(text) = message.use_text() {
        _ = write!(out, "\n{}\n", one_line(&text));
    }
    if !message.events.is_empty() {
        out.push_str("\nDATES (UTC)\n");
        for event in message.events.iter().take(EVENTS_MAX) {
            _ = writeln!(out, "  {}  {}", when(event), event_text(event));
        }
    }
    if !message.changes.is_empty() {
        out.push_str("\nWHAT CHANGES FOR YOU\n");
        for change in message.changes.iter().take(CHANGES_MAX) {
            plain_change(&mut out, change, message.asks_for_work());
        }
        if let Some(text) = left_out(message) {
            _ = writeln!(out, "  {text}");
        }
    }
    if let Some(guide) = &message.guide {
        _ = write!(out, "\nHow to move: {}\n", one_line(guide));
    }
    if !footer.lines.is_empty() || !footer.links.is_empty() {
        out.push_str("\n-- \n");
    }
    for line in &footer.lines {
        _ = writeln!(out, "{line}");
    }
    for (name, url) in &footer.links {
        _ = writeln!(out, "{name}: {url}");
    }
    out
}

fn plain_change(out: &mut String, change: &ChangeText, asks_for_work: bool) {
    _ = writeln!(
        out,
        "  * {}: {}",
        one_line(&change.subject),
        one_line(&change.summary)
    );
    if let Some(certainty) = change.certainty() {
        _ = writeln!(out, "    {certainty}");
    }
    if asks_for_work {
        _ = writeln!(out, "    {}", one_line(&change.what_to_do()));
    }
}

/// The body as HTML, without `html`, `head` and `body`.
pub fn html(message: &Message, footer: &Footer) -> String {
    let mut out = format!("<p>{}</p>\n", escaped(&message.lead()));
    if let Some(text) = message.use_text() {
        _ = writeln!(out, "<p>{}</p>", escaped(&text));
    }
    if !message.events.is_empty() {
        out.push_str("<h3>Dates (UTC)</h3>\n<table>\n");
        for event in message.events.iter().take(EVENTS_MAX) {
            _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td></tr>",
                when(event),
                escaped(&event_text(event))
            );
        }
        out.push_str("</table>\n");
    }
    if !message.changes.is_empty() {
        out.push_str("<h3>What changes for you</h3>\n<ul>\n");
        for change in message.changes.iter().take(CHANGES_MAX) {
            html_change(&mut out, change, message.asks_for_work());
        }
        if let Some(text) = left_out(message) {
            _ = writeln!(out, "<li>{text}</li>");
        }
        out.push_str("</ul>\n");
    }
    if let Some(guide) = &message.guide {
        _ = writeln!(out, "<p>How to move: {}</p>", link(guide, guide));
    }
    if !footer.lines.is_empty() || !footer.links.is_empty() {
        out.push_str("<hr>\n");
    }
    for line in &footer.lines {
        _ = writeln!(out, "<p><small>{}</small></p>", escaped(line));
    }
    for (name, url) in &footer.links {
        _ = writeln!(out, "<p><small>{}</small></p>", link(url, name));
    }
    out
}

fn html_change(out: &mut String, change: &ChangeText, asks_for_work: bool) {
    _ = write!(
        out,
        "<li><b>{}</b>: {}",
        escaped(&change.subject),
        escaped(&change.summary)
    );
    if let Some(certainty) = change.certainty() {
        _ = write!(out, "<br>{}", escaped(&certainty));
    }
    if asks_for_work {
        _ = write!(out, "<br>{}", escaped(&change.what_to_do()));
    }
    out.push_str("</li>\n");
}

fn left_out(message: &Message) -> Option<String> {
    let rest = message.changes.len().saturating_sub(CHANGES_MAX);
    (rest > 0).then(|| format!("and {rest} more"))
}

/// The day of a date, the interval of a brownout.
pub fn when(event: &Event) -> String {
    match event.kind {
        EventKind::Date { date, .. } => date.to_string(),
        EventKind::Brownout { .. } => minute(event.from),
    }
}

fn event_text(event: &Event) -> String {
    match event.cancelled {
        true => format!("called off: {}", event.title()),
        false => event.title(),
    }
}

/// A link where `url` is one; else its text, so that no other scheme can be clicked.
fn link(url: &str, text: &str) -> String {
    match is_web(url) {
        true => format!("<a href=\"{}\">{}</a>", escaped(url), escaped(text)),
        false => escaped(text),
    }
}

/// Whether `url` is an address that a browser may be sent to.
pub fn is_web(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}
