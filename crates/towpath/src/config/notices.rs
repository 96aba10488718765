//! How notices leave: who sends them, by which servers, and where readers reach us.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::secret::HiddenText;

/// `[notices]`. Nothing is needed: without a mail server mails wait in the ledger, and everything else works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticesSection {
    /// `https://host` under which readers reach the web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// The mailbox that mails come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The mail address that hears of whom nobody could reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub webhook_targets: WebhookTargets,
    pub smtp: SmtpSection,
    pub dkim: DkimSection,
    pub statuspage: StatuspageSection,
}

/// Where webhooks may lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WebhookTargets {
    /// `https` on the public Internet: nobody can make us ask our own network.
    #[default]
    Public,
    Any,
}

/// `[notices.smtp]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpSection {
    /// `smtp://`, `starttls://` or `smtps://`, host and port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// For the environment; a file is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<HiddenText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
}

/// `[notices.dkim]`: all three, or none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DkimSection {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Private key in PEM, RSA or Ed25519.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
}

/// `[notices.statuspage]`: a page of Atlassian's API, or one that speaks it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StatuspageSection {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// For the environment; a file is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<HiddenText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
}

impl NoticesSection {
    /// Relative paths of files, each with its setting.
    pub fn files_mut(&mut self) -> Vec<(&'static str, &mut PathBuf)> {
        let files = [
            (
                "notices.smtp.password_file",
                self.smtp.password_file.as_mut(),
            ),
            ("notices.dkim.key_file", self.dkim.key_file.as_mut()),
            (
                "notices.statuspage.token_file",
                self.statuspage.token_file.as_mut(),
            ),
        ];
        files
            .into_iter()
            .filter_map(|(setting, path)| Some((setting, path?)))
            .collect()
    }
}
