//! Writes every rendering of a sample rollout into a folder, and sends it to a mail server and a webhook if told to.
//!
//! `notices_sample FOLDER [--smtp URL ADDRESS] [--dkim PEM] [--webhook URL]`

mod rollout;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adoption::rollout::{BrownoutOutcome, NoticeKind, Recipient, Rollout, State};
use adoption::{Micros, WebhookId};
use control::notices::dkim::DkimKey;
use control::notices::http::HttpClient;
use control::notices::mail::{self, Posting};
use control::notices::senders::{HttpSend, MailSend, Outgoing, Target};
use control::notices::settings::WebhookTargets;
use control::notices::smtp::{Smtp, SmtpUrl};
use control::notices::statuspage::{self, StatusFile};
use control::notices::{
    Entry, Feed, Links, Message, NoticeKey, NoticeSettings, Scope, agent, atom, banner, calendar,
    json_feed, webhook,
};
use rollout::{AFFECTED, NOW, SURFACE, impact, notice};

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Wanted {
    folder: PathBuf,
    smtp: Option<(String, String)>,
    dkim: Option<PathBuf>,
    webhook: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let wanted = wanted()?;
    std::fs::create_dir_all(&wanted.folder)?;
    write_pages(&wanted.folder, "now", &rollout::rollout())?;
    write_pages(&wanted.folder, "moved", &moved())?;
    write_pages(&wanted.folder, "aborted", &aborted())?;
    send(&wanted).await
}

fn wanted() -> Result<Wanted, Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut wanted = Wanted {
        folder: arguments.next().ok_or("name a folder")?.into(),
        ..Wanted::default()
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("a value is missing");
        match argument.as_str() {
            "--smtp" => wanted.smtp = Some((value()?, value()?)),
            "--dkim" => wanted.dkim = Some(value()?.into()),
            "--webhook" => wanted.webhook = Some(value()?),
            other => return Err(format!("unknown argument {other:?}").into()),
        }
    }
    Ok(wanted)
}

/// The sunset a month later, and every brownout a week.
fn moved() -> Rollout {
    let mut rollout = rollout::rollout();
    if let Some(window) = &mut rollout.plan.window {
        window.sequence += 1;
        window.sunset.date = jiff::civil::date(2027, 7, 7);
        window.remove.date = jiff::civil::date(2027, 8, 7);
    }
    for brownout in &mut rollout.brownouts {
        brownout.from = brownout.from.plus_seconds(7 * 86_400);
        brownout.until = brownout.until.plus_seconds(7 * 86_400);
    }
    rollout
}

fn aborted() -> Rollout {
    let mut rollout = rollout::rollout();
    for brownout in &mut rollout.brownouts {
        brownout.outcome = BrownoutOutcome::Aborted {
            reason: "aborted".to_owned(),
        };
    }
    rollout.state = State::Aborted {
        phase: rollout.state.phase(),
        by: "mara".to_owned(),
        reason: "a regulator asked for it".to_owned(),
        at: NOW,
    };
    rollout
}

fn message(rollout: &Rollout, recipient: Recipient) -> Message {
    let notice = notice(NoticeKind::Moved, recipient);
    Message::of(&notice, NOW, rollout, &impact(), "payments", NOW)
}

fn feed(rollout: &Rollout, scope: Scope, recipient: Recipient, base_url: String) -> Feed {
    Feed {
        surface: SURFACE,
        surface_name: "payments".to_owned(),
        scope,
        base_url,
        since: Micros(0),
        entries: vec![Entry {
            message: message(rollout, recipient),
            updated: NOW,
        }],
    }
}

fn write_pages(folder: &Path, name: &str, rollout: &Rollout) -> Result<(), Failure> {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder)?;
    let links = Links::new("https://changes.example.com");
    let key = NoticeKey::from_bytes(&[7; 32]);
    let own_url = links.token_feed(&key, SURFACE, AFFECTED, "");
    let own_url = own_url.trim_end_matches('/').to_owned();
    let own = Recipient::Consumer(AFFECTED);
    let own = feed(rollout, Scope::Consumer(AFFECTED), own, own_url);
    let public_url = links.surface_feed("payments", "");
    let public_url = public_url.trim_end_matches('/').to_owned();
    let public = feed(rollout, Scope::Public, Recipient::Changelog, public_url);
    let status_url = links.status("payments");
    let status = feed(rollout, Scope::Public, Recipient::Status, status_url);

    let write = |file: &str, text: String| std::fs::write(folder.join(file), text);
    write("changelog.atom", atom::render(&public))?;
    write("own.atom", atom::render(&own))?;
    write("changelog.json", json_feed::render(&public).to_string())?;
    write("own.json", json_feed::render(&own).to_string())?;
    write("calendar.ics", calendar::of_feed(&public))?;
    write("own.ics", calendar::of_feed(&own))?;
    write("changes.json", agent::render(&own).to_string())?;
    write("banner.json", banner::render(&public, NOW).to_string())?;
    let files = [
        ("summary.json", StatusFile::Summary),
        ("status.json", StatusFile::Status),
        ("components.json", StatusFile::Components),
        ("incidents.json", StatusFile::Incidents),
        ("scheduled-maintenances.json", StatusFile::Maintenances),
        ("upcoming.json", StatusFile::Upcoming),
        ("active.json", StatusFile::Active),
    ];
    for (file, which) in files {
        write(file, statuspage::render(&status, which, NOW).to_string())?;
    }
    let dates = rollout.plan.window.as_ref().map(|window| window.dates());
    write(
        "dates.json",
        agent::dates(&dates.ok_or("no window")?).to_string(),
    )?;
    Ok(())
}

/// Who verifies a signature refuses one of another time.
fn wall_clock() -> Result<Micros, Failure> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Micros(i64::try_from(now.as_micros())?))
}

async fn send(wanted: &Wanted) -> Result<(), Failure> {
    let message = message(&rollout::rollout(), Recipient::Consumer(AFFECTED));
    let key = NoticeKey::from_bytes(&[7; 32]);
    if let Some((url, address)) = &wanted.smtp {
        let dkim = match &wanted.dkim {
            Some(file) => Some(Arc::new(DkimKey::read(
                "towpath",
                "example.com",
                &std::fs::read(file)?,
            )?)),
            None => None,
        };
        let settings = NoticeSettings {
            from: Some("Zahlungen-API <api@example.com>".to_owned()),
            dkim,
            ..NoticeSettings::default()
        };
        let links = Links::new("https://changes.example.com");
        let unsubscribe = links.unsubscribe(&key, address);
        let feed = links.token_feed(&key, SURFACE, AFFECTED, "changelog.atom");
        let calendar = links.token_feed(&key, SURFACE, AFFECTED, "calendar.ics");
        let posting = Posting {
            settings: &settings,
            to: address,
            unsubscribe: Some(&unsubscribe),
            feed: Some(&feed),
            calendar: Some(&calendar),
            at: wall_clock()?,
        };
        let mail = mail::render(&message, &posting)?;
        Smtp::new(&SmtpUrl::parse(url)?, None)?.send(&mail).await?;
    }
    if let Some(url) = &wanted.webhook {
        let hook = WebhookId::from_raw(99);
        let secrets = [key.webhook_secret(hook, 2), key.webhook_secret(hook, 1)];
        for (secret, file) in secrets.iter().zip(["secret", "secret-before"]) {
            std::fs::write(wanted.folder.join(file), secret.expose())?;
        }
        let at = wall_clock()?;
        let body = webhook::body(&message);
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(webhook::headers(&message, at, &body, &secrets));
        let request = Outgoing {
            method: "POST",
            url: url.clone(),
            headers,
            body,
            target: Target::Given,
        };
        let answer = HttpClient::new(WebhookTargets::Any).send(&request).await?;
        if answer.status != 204 {
            return Err(format!("the webhook answered {}", answer.status).into());
        }
    }
    Ok(())
}
