//! What every channel must say of the dates, and how each channel is read.

use std::collections::BTreeMap;

use adoption::rollout::{DateName, Dates, Rollout, State};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The six dates and the SEQUENCE as the stored plan has them.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) dates: Dates,
    pub(super) sequence: u32,
}

/// Each of the six dates in a calendar: its SEQUENCE and its day as `YYYYMMDD`.
pub(super) type Calendar = BTreeMap<String, (u32, String)>;

impl Expected {
    pub(super) fn of(rollout: &Rollout) -> Self {
        let called_off = matches!(rollout.state, State::Aborted { .. });
        Self {
            dates: rollout.plan.window.as_ref().unwrap().dates(),
            sequence: rollout.sequence() + u32::from(called_off),
        }
    }

    pub(super) fn assert_dates(&self, calendar: &Calendar, place: &str) {
        let expected = DateName::ALL.map(|name| {
            let day = self.dates.get(name).to_string().replace('-', "");
            (name.as_str().to_owned(), (self.sequence, day))
        });
        assert_eq!(*calendar, BTreeMap::from(expected), "{place}");
    }

    /// A message as programs read it.
    pub(super) fn assert_document(&self, document: &Value, place: &str) {
        for name in DateName::ALL {
            let found = document["dates"][name.as_str()].as_str();
            let date = self.dates.get(name).to_string();
            assert_eq!(found, Some(date.as_str()), "{place}: {}", name.as_str());
        }
        assert_eq!(document["sequence"], self.sequence, "{place}");
    }

    pub(super) fn assert_text(&self, text: &str, place: &str) {
        for name in DateName::ALL {
            let date = self.dates.get(name).to_string();
            assert!(text.contains(&date), "{place}: no {date} in {text}");
        }
    }
}

/// The dates of the calendar that is attached to a mail.
pub(super) fn attached(mail: &str) -> Calendar {
    let part = mail.split("text/calendar").nth(1).unwrap();
    let (headers, body) = part.split_once("\r\n\r\n").unwrap();
    let body = body.split("\r\n--").next().unwrap();
    if headers.contains("quoted-printable") {
        // A date is ASCII, and of what stands around it only `=` is escaped.
        return calendar(&body.replace("=\r\n", "").replace("=3D", "="));
    }
    if !headers.contains("base64") {
        return calendar(body);
    }
    let letters: String = body.split_whitespace().collect();
    let bytes = BASE64_STANDARD.decode(letters).unwrap();
    calendar(&String::from_utf8(bytes).unwrap())
}

/// The dates of the calendar in `text`; a folded line is read as one.
pub(super) fn calendar(text: &str) -> Calendar {
    let text = text.replace("\r\n ", "");
    let mut found = Calendar::new();
    for event in text.split("BEGIN:VEVENT").skip(1) {
        let value = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let uid = value("UID:").and_then(|uid| uid.strip_suffix("@towpath"));
        let key = uid.and_then(|uid| uid.split_once('-')).unwrap().1;
        // A brownout has an hour, and no day.
        let Some(day) = value("DTSTART;VALUE=DATE:") else {
            continue;
        };
        let sequence = value("SEQUENCE:").unwrap().parse().unwrap();
        let event = (sequence, day.to_owned());
        assert_eq!(found.insert(key.to_owned(), event), None, "{key} twice");
    }
    found
}
