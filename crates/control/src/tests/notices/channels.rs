//! What every channel says of one message: the same dates, all of them, and nothing that breaks out of its format.

use std::collections::BTreeSet;

use adoption::Micros;
use adoption::rollout::{DateName, Dates, NoticeKind, Recipient, Rollout, State};
use jiff::civil::date;
use serde_json::Value;

use super::sample::{self, AFFECTED, NOW, POSSIBLE, SURFACE};
use crate::notices::body::{Footer, html, plain};
use crate::notices::mail::{self, Posting};
use crate::notices::settings::{NoticeSettings, Secret, Statuspage};
use crate::notices::statuspage::StatusFile;
use crate::notices::{
    Entry, Feed, Message, Scope, agent, atlassian, atom, banner, calendar, json_feed, statuspage,
    webhook,
};

fn message(rollout: &Rollout, kind: NoticeKind, recipient: Recipient) -> Message {
    let notice = sample::notice(kind, recipient);
    Message::of(&notice, NOW, rollout, &sample::impact(), "payments", NOW)
}

fn feed(message: Message) -> Feed {
    Feed {
        surface: SURFACE,
        surface_name: "payments".to_owned(),
        scope: Scope::Public,
        base_url: "https://changes.example.com/feeds/payments".to_owned(),
        since: Micros(0),
        entries: vec![Entry {
            message,
            updated: NOW,
        }],
    }
}

fn posting(settings: &NoticeSettings) -> Posting<'_> {
    Posting {
        settings,
        to: "dev@example.com",
        unsubscribe: Some("https://changes.example.com/unsubscribe?token=abc"),
        feed: Some("https://changes.example.com/feeds/token/abc/changelog.atom"),
        calendar: None,
        at: NOW,
    }
}

fn settings() -> NoticeSettings {
    NoticeSettings {
        from: Some("Zahlungen-API <api@example.com>".to_owned()),
        ..NoticeSettings::default()
    }
}

/// Every day that a text holds, written as `2027-06-05`.
fn days(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let is_day = |at: usize| {
        let shape = bytes.get(at..at + 10)?;
        let fits = shape.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        fits.then(|| String::from_utf8_lossy(shape).into_owned())
    };
    (0..bytes.len()).filter_map(is_day).collect()
}

fn of_window(dates: &Dates) -> BTreeSet<String> {
    DateName::ALL.map(|name| dates.get(name).to_string()).into()
}

/// The days of the VEVENTs that last a whole day.
fn calendar_days(ics: &str) -> BTreeSet<String> {
    let starts = ics
        .split("\r\n")
        .filter_map(|line| line.strip_prefix("DTSTART;VALUE=DATE:"));
    starts
        .map(|day| format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]))
        .collect()
}

fn instants(values: &Value, field: &str) -> BTreeSet<String> {
    let list = values.as_array().unwrap().iter();
    list.map(|value| value[field].as_str().unwrap().to_owned())
        .collect()
}

/// One message through every channel: each holds each date of the window, and the starts of its brownouts.
fn check_every_channel(rollout: &Rollout) {
    let dates = rollout.plan.window.as_ref().unwrap().dates();
    let window = of_window(&dates);
    for recipient in [Recipient::Changelog, Recipient::Consumer(AFFECTED)] {
        let message = message(rollout, NoticeKind::Moved, recipient);
        let brownouts: BTreeSet<String> = message
            .events
            .iter()
            .filter(|event| event.date().is_none())
            .map(|event| crate::notices::rfc3339(event.from))
            .collect();
        let feed = feed(message.clone());
        let footer = Footer::default();
        for (channel, text) in [
            ("plain", plain(&message, &footer)),
            ("html", html(&message, &footer)),
            ("atom", atom::render(&feed)),
            ("json feed", json_feed::render(&feed).to_string()),
            ("mail", mail_text(&message)),
        ] {
            let found = days(&text);
            assert!(window.is_subset(&found), "{channel}: {found:?}");
        }
        for (channel, ics) in [
            ("feed", calendar::of_feed(&feed)),
            ("mail", calendar::of_message(&message)),
        ] {
            assert_eq!(calendar_days(&ics), window, "{channel}");
            assert!(ics.contains(&format!("SEQUENCE:{}\r\n", message.sequence)));
        }
        let body: Value = serde_json::from_slice(&webhook::body(&message)).unwrap();
        let document = agent::render(&feed);
        for value in [&body["data"], &document["rollouts"][0]] {
            assert_eq!(value["dates"], agent::dates(&dates));
            assert_eq!(value["deadline"], dates.sunset.to_string());
            assert_eq!(instants(&value["brownouts"], "from"), brownouts);
        }
        assert_eq!(
            banner::render(&feed, NOW)["banners"][0]["dates"],
            agent::dates(&dates)
        );

        let sunset = format!("{}T00:00:00Z", dates.sunset);
        let mut shown = brownouts.clone();
        shown.insert(sunset);
        let status = statuspage::render(&feed, StatusFile::Maintenances, NOW);
        assert_eq!(
            instants(&status["scheduled_maintenances"], "scheduled_for"),
            shown
        );
        let pushed: BTreeSet<String> = atlassian::shown(&message)
            .map(|event| {
                atlassian::body(&message, event)["incident"]["scheduled_for"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(pushed, shown);
    }
}

fn mail_text(message: &Message) -> String {
    let settings = settings();
    let mail = mail::render(message, &posting(&settings)).unwrap();
    // Soft line breaks of quoted-printable would part a date.
    String::from_utf8(mail.bytes).unwrap().replace("=\r\n", "")
}

#[test]
fn every_channel_says_the_same_dates_and_after_a_move_only_the_new_ones() {
    let mut rollout = sample::rollout();
    check_every_channel(&rollout);
    let before = message(&rollout, NoticeKind::Moved, Recipient::Changelog);

    let window = rollout.plan.window.as_mut().unwrap();
    window.sequence += 1;
    window.sunset.date = date(2027, 9, 1);
    window.remove.date = date(2027, 10, 1);
    for brownout in &mut rollout.brownouts {
        brownout.from = brownout.from.plus_seconds(86_400);
        brownout.until = brownout.until.plus_seconds(86_400);
    }
    check_every_channel(&rollout);
    let after = message(&rollout, NoticeKind::Moved, Recipient::Changelog);
    for text in [mail_text(&after), atom::render(&feed(after.clone()))] {
        assert!(!days(&text).contains("2027-06-05"), "{text}");
    }
    let uids = |message: &Message| -> Vec<String> {
        message
            .events
            .iter()
            .map(|event| calendar::uid(message, event))
            .collect()
    };
    assert_eq!(uids(&before), uids(&after));
    assert_eq!(after.sequence, before.sequence + 1);
}

#[test]
fn a_consumer_is_told_of_what_it_uses_and_of_nobody_else() {
    let rollout = sample::rollout();
    let own = message(
        &rollout,
        NoticeKind::Announced,
        Recipient::Consumer(AFFECTED),
    );
    let text = mail_text(&own);
    assert_eq!(own.changes.len(), 1);
    assert!(text.contains("123,456 calls would break"), "{text}");
    assert!(text.contains("Run the codemod drop-note"), "{text}");
    assert!(
        !text.contains("Nimbus") && !text.contains("`fee`"),
        "{text}"
    );
    // It is production scale: the brownout of the long tail is not its.
    let brownouts = own.events.iter().filter(|event| event.date().is_none());
    assert_eq!(brownouts.count(), 1);

    let other = message(
        &rollout,
        NoticeKind::Announced,
        Recipient::Consumer(POSSIBLE),
    );
    let text = plain(&other, &Footer::default());
    assert!(text.contains("you may use it: it cannot be seen"), "{text}");
    let public = message(&rollout, NoticeKind::Announced, Recipient::Changelog);
    let text = plain(&public, &Footer::default());
    assert!(
        !text.contains("strel") && !text.contains("123,456"),
        "{text}"
    );
    assert_eq!(public.changes.len(), 2);
}

#[test]
fn after_an_abort_every_date_is_called_off() {
    let mut rollout = sample::rollout();
    rollout.state = State::Aborted {
        phase: rollout.state.phase(),
        by: "mara".to_owned(),
        reason: "a regulator asked".to_owned(),
        at: NOW,
    };
    let message = message(&rollout, NoticeKind::Aborted, Recipient::Changelog);
    let ics = calendar::of_message(&message);
    let count = |text: &str| ics.matches(text).count();
    assert_eq!(count("STATUS:CANCELLED"), DateName::ALL.len());
    assert_eq!((count("STATUS:CONFIRMED"), count("BEGIN:VALARM")), (2, 2));
    assert!(ics.contains("SEQUENCE:3\r\n"), "{ics}");
    let feed = feed(message.clone());
    assert_eq!(banner::render(&feed, NOW)["banners"], Value::Array(vec![]));
    assert!(plain(&message, &Footer::default()).contains("a regulator asked"));
}

#[test]
fn a_mail_is_threaded_stable_and_can_be_declined_by_one_click() {
    let rollout = sample::rollout();
    let message = message(
        &rollout,
        NoticeKind::Announced,
        Recipient::Consumer(AFFECTED),
    );
    let settings = settings();
    let one = mail::render(&message, &posting(&settings)).unwrap();
    let two = mail::render(&message, &posting(&settings)).unwrap();
    assert_eq!(one, two);
    assert_eq!(
        (one.from.as_str(), one.to.as_str()),
        ("api@example.com", "dev@example.com")
    );
    let text = String::from_utf8(one.bytes).unwrap();
    for header in [
        format!("Message-ID: <{}@example.com>\r\n", message.id),
        format!("In-Reply-To: <{}@example.com>\r\n", message.rollout),
        "Auto-Submitted: auto-generated\r\n".to_owned(),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".to_owned(),
        "List-Unsubscribe: <https://changes.example.com/unsubscribe?token=abc>\r\n".to_owned(),
        "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n".to_owned(),
    ] {
        assert!(text.contains(&header), "{header} {text}");
    }
    assert!(
        text.replace("=\r\n", "")
            .contains("Unsubscribing stops invitations and reminders only.")
    );
    for line in text.split("\r\n") {
        assert!(line.len() <= 998 && !line.contains('\n'), "{line}");
    }
    let nobody = NoticeSettings::default();
    assert!(mail::render(&message, &posting(&nobody)).is_err());
}

#[test]
fn a_webhook_stays_below_20_kb_and_says_what_it_leaves_out() {
    let mut rollout = sample::rollout();
    let item = rollout.plan.items[0].clone();
    for n in 0..500 {
        let mut item = item.clone();
        item.id = format!("more-{n}");
        rollout.plan.items.push(item);
    }
    let message = message(&rollout, NoticeKind::Announced, Recipient::Changelog);
    let body = webhook::body(&message);
    assert!(body.len() < 20_000, "{}", body.len());
    let value: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(value["type"], "rollout.announced");
    let kept = value["data"]["changes"].as_array().unwrap().len() as u64;
    assert_eq!(
        kept + value["data"]["changes_left_out"].as_u64().unwrap(),
        502
    );
}

#[test]
fn only_an_id_is_put_into_the_address_of_a_status_page() {
    let page = Statuspage {
        api_url: "https://api.statuspage.io".to_owned(),
        page: "p1".to_owned(),
        token: Secret::new("t".to_owned()),
    };
    assert_eq!(
        atlassian::update_url(&page, "abc123").as_deref(),
        Some("https://api.statuspage.io/v1/pages/p1/incidents/abc123")
    );
    for bad in ["", "a/../b", "a?b", "é"] {
        assert_eq!(atlassian::update_url(&page, bad), None, "{bad}");
    }
}
