//! The seams to the network: one that hands over mail, one that sends an HTTP request.

use std::pin::Pin;
use std::sync::Arc;

use super::settings::NoticeSettings;

/// Something on its way.
pub type Sending<'a, T> = Pin<Box<dyn Future<Output = Result<T, SendError>> + Send + 'a>>;

/// Hands mail over to a server.
pub trait MailSend: Send + Sync {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a, ()>;
}

/// Sends one HTTP request. Follows no redirect; reads at most 4 MiB of a configured place's answer, 64 KiB of another's,
/// and gives an empty body for a longer one.
pub trait HttpSend: Send + Sync {
    fn send<'a>(&'a self, request: &'a Outgoing) -> Sending<'a, Answer>;
}

/// A mail as it crosses the wire, and its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub bytes: Vec<u8>,
}

/// An HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Who chose the address, and so where it may lead.
    pub target: Target,
}

/// Who chose an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Written in our configuration.
    Configured,
    /// Given by somebody else: only public addresses.
    Given,
}

/// What answered an HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why something did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may arrive later.
    #[error("{0}")]
    Later(String),
    /// The other side says that this address takes nothing, now or later.
    #[error("{0}")]
    Refused(String),
}

/// How notices leave this process.
#[derive(Clone)]
pub struct Senders {
    pub settings: NoticeSettings,
    /// `None` without a mail server: mails wait in the ledger.
    pub mail: Option<Arc<dyn MailSend>>,
    pub http: Arc<dyn HttpSend>,
}
