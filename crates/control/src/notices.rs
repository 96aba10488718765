//! Notices: one record of a step, rendered for every channel, delivered at least once, with a ledger of who was reached.

pub mod agent;
pub mod atlassian;
pub mod atom;
pub mod banner;
pub(crate) mod body;
pub mod calendar;
pub mod dkim;
mod events;
pub mod feed;
pub mod http;
pub mod json_feed;
mod known;
mod ledger;
pub mod links;
pub mod mail;

pub mod message;
mod pages;
pub mod secrets;
pub mod senders;
pub mod settings;
pub mod smtp;
pub mod statuspage;
mod text;
mod unsubscribe;
pub mod webhook;
mod webhooks;
mod words;

pub use events::{Event, EventKind};
pub use feed::{Entry, Feed, Scope};
pub(crate) use known::KnownRollouts;
pub use ledger::Delivery;
pub use links::Links;
pub use message::{ChangeText, Message, Reader, Use};
pub use pages::{Page as PublicPage, PageBody};
pub use secrets::NoticeKey;
pub use senders::{Answer, HttpSend, Mail, MailSend, Outgoing, SendError, Senders, Sending};
pub use settings::{NoticeSettings, Statuspage};
pub(crate) use text::escaped as escaped_text;
#[cfg(test)]
pub(crate) use text::rfc3339;
pub use unsubscribe::Unsubscribed;
pub use webhooks::{IssuedWebhook, NewWebhook, Webhook};
pub(crate) use webhooks::{WEBHOOKS_MAX, signing_secrets};
pub(crate) use words::is_courtesy_text as courtesy_kind;
