//! A message as e-mail: multipart text and HTML with the calendar attached, threaded, and to be declined by one click.

use std::time::{Duration, SystemTime};

use adoption::{Micros, NoticeId, RolloutId};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::body::{Footer, html, plain};
use super::calendar;
use super::message::{Message, Reader};
use super::senders::Mail;
use super::settings::NoticeSettings;
use super::text::{escaped, one_line};
use super::words::is_courtesy;

/// What a mail needs besides its message.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    pub settings: &'a NoticeSettings,
    /// Mail address.
    pub to: &'a str,
    /// Where `to` declines by one click; `None` without a public address.
    pub unsubscribe: Option<&'a str>,
    /// The reader's own feed and calendar; `None` without a public address.
    pub feed: Option<&'a str>,
    pub calendar: Option<&'a str>,
    /// When it is sent.
    pub at: Micros,
}

/// Why there is no mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("no sender is configured: set notices.from")]
    NoSender,
    #[error("{address:?} is no mail address")]
    Address { address: String },
    #[error("the mail cannot be written: {0}")]
    Build(String),
}

/// The mail of one message.
pub fn render(message: &Message, posting: &Posting<'_>) -> Result<Mail, MailError> {
    let body = |footer: &Footer| (plain(message, footer), html(message, footer));
    let (text, markup) = body(&footer(message, posting));
    let letter = Letter {
        id: message.id,
        thread: message.rollout,
        subject: message.subject(),
        text,
        markup,
        calendar: (!message.events.is_empty()).then(|| calendar::of_message(message)),
    };
    letter.mail(posting)
}

/// Whether `text` is a mail address, with or without a name.
pub fn is_mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// A mail before it has a sender.
pub(crate) struct Letter {
    pub(crate) id: NoticeId,
    pub(crate) thread: RolloutId,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) markup: String,
    pub(crate) calendar: Option<String>,
}

impl Letter {
    pub(crate) fn mail(self, posting: &Posting<'_>) -> Result<Mail, MailError> {
        let mailbox = |address: &str| {
            address.parse::<Mailbox>().map_err(|_| MailError::Address {
                address: address.to_owned(),
            })
        };
        let from = posting
            .settings
            .from
            .as_deref()
            .ok_or(MailError::NoSender)?;
        let from = mailbox(from)?;
        let to = mailbox(posting.to)?;
        let domain = from.email.domain().to_owned();
        let thread = format!("<{}@{domain}>", self.thread);
        let mut builder = lettre::Message::builder()
            .from(from.clone())
            .to(to.clone())
            .subject(one_line(&self.subject))
            .date(system_time(posting.at))
            // The same notice has the same id, however often it is sent.
            .message_id(Some(format!("<{}@{domain}>", self.id)))
            .in_reply_to(thread.clone())
            .references(thread)
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(url) = posting.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let built = builder
            .multipart(self.parts())
            .map_err(|error| MailError::Build(error.to_string()))?;
        let bytes = built.formatted();
        let bytes = match &posting.settings.dkim {
            Some(key) => key.signed(&bytes, posting.at),
            None => bytes,
        };
        Ok(Mail {
            from: from.email.to_string(),
            to: to.email.to_string(),
            bytes,
        })
    }

    /// Boundaries are made from the notice's id, so that the same notice is the same mail.
    fn parts(self) -> MultiPart {
        let page = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n{}</body></html>\n",
            escaped(&self.subject),
            self.markup
        );
        let alternative = MultiPart::alternative()
            .boundary(format!("alternative-{}", self.id))
            .singlepart(SinglePart::plain(self.text))
            .singlepart(SinglePart::html(page));
        let mixed = MultiPart::mixed()
            .boundary(format!("mixed-{}", self.id))
            .multipart(alternative);
        match self.calendar {
            None => mixed,
            Some(text) => {
                let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH")
                    .expect("a media type of ours is one");
                mixed.singlepart(Attachment::new("dates.ics".to_owned()).body(text, kind))
            }
        }
    }
}

fn footer(message: &Message, posting: &Posting<'_>) -> Footer {
    let mut footer = Footer::default();
    let who = match &message.reader {
        Reader::Consumer(own) => format!("the contacts of {}", one_line(&own.name)),
        Reader::Public => "the owner".to_owned(),
    };
    footer.lines.push(format!(
        "Sent to {who} because {} is in use.",
        one_line(&message.surface)
    ));
    if posting.unsubscribe.is_some() {
        footer.lines.push(match is_courtesy(message.kind) {
            true => "You may unsubscribe from invitations and reminders.".to_owned(),
            false => "This is a notice about the service itself and is sent to every contact. Unsubscribing stops invitations and reminders only.".to_owned(),
        });
    }
    let links = [
        ("Your changes", posting.feed),
        ("Your calendar", posting.calendar),
        (
            "Unsubscribe from invitations and reminders",
            posting.unsubscribe,
        ),
    ];
    for (name, url) in links {
        if let Some(url) = url {
            footer.links.push((name.to_owned(), url.to_owned()));
        }
    }
    footer
}

/// A header whose value is ASCII without line breaks; a long word must not be folded or encoded.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    let value: String = one_line(value).chars().filter(char::is_ascii).collect();
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.clone(),
        value,
    )
}

fn system_time(at: Micros) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or(0))
}
