//! Mail by SMTP, over TLS from the first byte, by STARTTLS, or plain.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::senders::{Mail, MailSend, SendError, Sending};
use super::settings::Secret;

/// RFC 5321 section 4.5.3.2 lets a server think for minutes; a mail that waits longer is tried again later.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Characters of a server's answer that the ledger keeps.
const ANSWER_CHARS_MAX: usize = 300;

/// A mail server.
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

/// Why a text is not the address of a mail server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    #[error(
        "mail server {url:?} needs smtp://, starttls:// or smtps:// before the host, and no path"
    )]
    Form { url: String },
    #[error("mail server {host:?} is no name that a certificate can prove")]
    Host { host: String },
}

/// Scheme, host and port of a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    pub security: Security,
    pub host: String,
    pub port: u16,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    Plain,
    /// Refuses to go on without TLS.
    StartTls,
    Tls,
}

impl SmtpUrl {
    /// `smtp://host[:25]`, `starttls://host[:587]`, `smtps://host[:465]`.
    pub fn parse(url: &str) -> Result<Self, SmtpUrlError> {
        let bad = || SmtpUrlError::Form {
            url: url.to_owned(),
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
        let (security, port) = match scheme {
            "smtp" => (Security::Plain, 25),
            "starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            _ => return Err(bad()),
        };
        let authority: ::http::uri::Authority = rest
            .strip_suffix('/')
            .unwrap_or(rest)
            .parse()
            .map_err(|_| bad())?;
        if authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(bad());
        }
        Ok(Self {
            security,
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(port),
        })
    }
}

impl Smtp {
    /// A server, and who we are there. Nothing is connected yet.
    pub fn new(url: &SmtpUrl, login: Option<(String, Secret)>) -> Result<Self, SmtpUrlError> {
        let parameters = || {
            TlsParameters::new(url.host.clone()).map_err(|_| SmtpUrlError::Host {
                host: url.host.clone(),
            })
        };
        let tls = match url.security {
            Security::Plain => Tls::None,
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(url.host.clone())
            .port(url.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.expose().to_owned()));
        }
        Ok(Self(builder.build()))
    }
}

impl MailSend for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a, ()> {
        Box::pin(async move {
            let envelope = envelope(mail)?;
            match self.0.send_raw(&envelope, &mail.bytes).await {
                Ok(_) => Ok(()),
                Err(error) => Err(send_error(&error)),
            }
        })
    }
}

fn envelope(mail: &Mail) -> Result<Envelope, SendError> {
    let address = |text: &str| {
        text.parse::<Address>()
            .map_err(|_| SendError::Refused(format!("{text:?} is no mail address")))
    };
    let to = address(&mail.to)?;
    let from = address(&mail.from).map_err(|error| SendError::Later(error.to_string()))?;
    Envelope::new(Some(from), vec![to]).map_err(|error| SendError::Later(error.to_string()))
}

/// Replies that say something of the recipient are final (RFC 5321 section 4.2.3, RFC 7504); a refused login or a
/// full queue is not the recipient's.
fn send_error(error: &SmtpError) -> SendError {
    let text = crate::error::error_chain(error);
    let text: String = text.chars().take(ANSWER_CHARS_MAX).collect();
    let code = error.status().map(u16::from);
    match code {
        Some(521 | 550 | 551 | 553 | 554 | 556) => SendError::Refused(text),
        _ => SendError::Later(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        let parsed = |url: &str| {
            let url = SmtpUrl::parse(url)?;
            Ok::<_, SmtpUrlError>((url.security, url.host, url.port))
        };
        assert_eq!(
            parsed("smtps://mail.example.com"),
            Ok((Security::Tls, "mail.example.com".to_owned(), 465))
        );
        assert_eq!(
            parsed("starttls://[::1]:2525/"),
            Ok((Security::StartTls, "::1".to_owned(), 2525))
        );
        for bad in [
            "mail.example.com",
            "http://x",
            "smtp://u:p@x",
            "smtp://x/y",
            "smtp://",
        ] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
