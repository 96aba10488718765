//! iCalendar (RFC 5545, RFC 7986): one VEVENT for each date and brownout, which moves when it is told again.

use std::fmt::Write as _;

use super::body::is_web;
use super::events::{Event, EventKind};
use super::feed::Feed;
use super::message::Message;
use super::text::{ics_date, ics_instant};

/// Octets of a content line without its line break (RFC 5545 section 3.1).
const LINE_OCTETS_MAX: usize = 75;
/// How often a reader may look again.
const REFRESH: &str = "PT1H";

/// The calendar of a feed: every rollout that it tells of, each as its newest message says.
pub fn of_feed(feed: &Feed) -> String {
    let url = feed.url("calendar.ics");
    render(
        &format!("{} changes", feed.surface_name),
        Some(&url),
        feed.newest().into_iter(),
    )
}

/// The calendar of one message, as it is attached to a mail.
pub fn of_message(message: &Message) -> String {
    render(
        &format!("{} changes", message.surface),
        None,
        [message].into_iter(),
    )
}

fn render<'a>(
    name: &str,
    source: Option<&str>,
    messages: impl Iterator<Item = &'a Message>,
) -> String {
    let mut out = Lines::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Towpath//Notices//EN");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    out.text("NAME", name);
    out.text("X-WR-CALNAME", name);
    if let Some(source) = source {
        out.line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
        out.line("X-PUBLISHED-TTL", REFRESH);
        out.line("SOURCE;VALUE=URI", source);
    }
    for message in messages {
        for event in &message.events {
            write_event(&mut out, message, event);
        }
    }
    out.line("END", "VCALENDAR");
    out.0
}

fn write_event(out: &mut Lines, message: &Message, event: &Event) {
    let summary = format!("{}: {}", message.name, event.title());
    out.line("BEGIN", "VEVENT");
    out.line("UID", &uid(message, event));
    out.line("DTSTAMP", &ics_instant(message.at));
    out.line("SEQUENCE", &message.sequence.to_string());
    match event.kind {
        EventKind::Date { date, .. } => {
            let next = date.tomorrow().unwrap_or(date);
            out.line("DTSTART;VALUE=DATE", &ics_date(date));
            out.line("DTEND;VALUE=DATE", &ics_date(next));
        }
        EventKind::Brownout { .. } => {
            out.line("DTSTART", &ics_instant(event.from));
            out.line("DTEND", &ics_instant(event.until));
        }
    }
    out.text("SUMMARY", &summary);
    out.text("DESCRIPTION", &message.lead());
    if let Some(guide) = message
        .guide
        .as_deref()
        .filter(|guide| is_web(guide) && guide.is_ascii())
    {
        out.line("URL", guide);
    }
    out.text("CATEGORIES", &message.surface);
    out.line(
        "STATUS",
        if event.cancelled {
            "CANCELLED"
        } else {
            "CONFIRMED"
        },
    );
    out.line("TRANSP", "TRANSPARENT");
    if !event.cancelled {
        write_alarm(out, event, &summary);
    }
    out.line("END", "VEVENT");
}

/// A week before a date, an hour before a brownout.
fn write_alarm(out: &mut Lines, event: &Event, summary: &str) {
    let before = match event.kind {
        EventKind::Date { .. } => "-P7D",
        EventKind::Brownout { .. } => "-PT1H",
    };
    out.line("BEGIN", "VALARM");
    out.line("ACTION", "DISPLAY");
    out.text("DESCRIPTION", summary);
    out.line("TRIGGER", before);
    out.line("END", "VALARM");
}

/// The same for everyone who is told, whenever and wherever it is written.
pub fn uid(message: &Message, event: &Event) -> String {
    format!("{}-{}@towpath", message.rollout, event.key)
}

/// Content lines, folded and ended by CRLF.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A value that needs no escaping; a line break in it becomes a space.
    fn line(&mut self, name: &str, value: &str) {
        let value = value.replace(['\r', '\n'], " ");
        let line = format!("{name}:{value}");
        let mut octets = 0;
        for c in line.chars() {
            // A fold is CRLF and a space, which counts; no character is cut in two.
            if octets + c.len_utf8() > LINE_OCTETS_MAX {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A value of type TEXT (RFC 5545 section 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => _ = write!(escaped, "\\{c}"),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.line(name, &escaped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_by_octets_and_texts_escaped() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", &"é".repeat(60));
        for line in lines.0.split("\r\n") {
            assert!(line.len() <= LINE_OCTETS_MAX, "{}", line.len());
        }
        assert_eq!(
            lines.0.replace("\r\n ", ""),
            format!("SUMMARY:{}\r\n", "é".repeat(60))
        );
        let mut lines = Lines::default();
        lines.text("X", "a;b,c\\d\ne\rf");
        assert_eq!(lines.0, "X:a\\;b\\,c\\\\d\\nef\r\n");
        let mut lines = Lines::default();
        lines.line("URL", "a\r\nEND:VCALENDAR");
        assert_eq!(lines.0, "URL:a  END:VCALENDAR\r\n");
    }
}
