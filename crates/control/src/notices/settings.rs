//! How notices leave: who sends them, where readers reach us, and by which servers.

use std::fmt;
use std::sync::Arc;

use super::dkim::DkimKey;

/// What the wiring knows of notices.
#[derive(Debug, Clone, Default)]
pub struct NoticeSettings {
    /// `https://host` under which readers reach the web address; without it, messages have no links.
    pub public_url: Option<String>,
    /// Mailbox that mails come from, such as `Payments API <api@example.com>`.
    pub from: Option<String>,
    /// Address of the owner: told whom nobody could reach.
    pub owner: Option<String>,
    pub dkim: Option<Arc<DkimKey>>,
    pub statuspage: Option<Statuspage>,
    pub webhook_targets: WebhookTargets,
}

/// Where webhooks may point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookTargets {
    /// `https` to addresses of the public Internet: nobody can make us ask our own network.
    #[default]
    Public,
    /// Any `http` or `https` address.
    Any,
}

/// A status page that takes incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statuspage {
    /// Without a trailing slash.
    pub api_url: String,
    pub page: String,
    pub token: Secret,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
