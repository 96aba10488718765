//! How notices leave, from the configuration: mail server, keys, status page.

use std::path::Path;
use std::sync::Arc;

use control::notices::dkim::DkimKey;
use control::notices::http::HttpClient;
use control::notices::settings::{Secret, Statuspage, WebhookTargets};
use control::notices::smtp::{Smtp, SmtpUrl};
use control::notices::{MailSend, NoticeSettings, Senders};

use crate::config::notices::{self, NoticesSection};
use crate::config::secret::HiddenText;
use crate::failure::{Failure, chain};

/// Reads the files that the section names. Nothing is connected.
pub fn senders(section: &NoticesSection) -> Result<Senders, Failure> {
    let targets = match section.webhook_targets {
        notices::WebhookTargets::Public => WebhookTargets::Public,
        notices::WebhookTargets::Any => WebhookTargets::Any,
    };
    Ok(Senders {
        settings: NoticeSettings {
            public_url: section.public_url.clone(),
            from: section.from.clone(),
            owner: section.owner.clone(),
            dkim: dkim(section)?,
            statuspage: statuspage(section)?,
            webhook_targets: targets,
        },
        mail: smtp(section)?,
        http: Arc::new(HttpClient::new(targets)),
    })
}

fn smtp(section: &NoticesSection) -> Result<Option<Arc<dyn MailSend>>, Failure> {
    let smtp = &section.smtp;
    let Some(url) = &smtp.url else {
        return Ok(None);
    };
    let failed = |error| Failure::usage(chain(&error)).at("notices.smtp.url");
    let url = SmtpUrl::parse(url).map_err(failed)?;
    let password = secret(smtp.password.as_ref(), smtp.password_file.as_deref())?;
    let login = smtp.user.clone().zip(password);
    let server = Smtp::new(&url, login).map_err(failed)?;
    Ok(Some(Arc::new(server)))
}

fn dkim(section: &NoticesSection) -> Result<Option<Arc<DkimKey>>, Failure> {
    let dkim = &section.dkim;
    let (Some(selector), Some(domain), Some(file)) = (&dkim.selector, &dkim.domain, &dkim.key_file)
    else {
        return Ok(None);
    };
    let pem = read(file)?;
    let key = DkimKey::read(selector, domain, pem.as_bytes()).map_err(|error| {
        Failure::input(chain(&error))
            .at(file.display())
            .next("make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048")
    })?;
    Ok(Some(Arc::new(key)))
}

fn statuspage(section: &NoticesSection) -> Result<Option<Statuspage>, Failure> {
    let page = &section.statuspage;
    let token = secret(page.token.as_ref(), page.token_file.as_deref())?;
    let (Some(api_url), Some(name), Some(token)) = (&page.api_url, &page.page, token) else {
        return Ok(None);
    };
    Ok(Some(Statuspage {
        api_url: api_url.trim_end_matches('/').to_owned(),
        page: name.clone(),
        token,
    }))
}

fn secret(text: Option<&HiddenText>, file: Option<&Path>) -> Result<Option<Secret>, Failure> {
    match (text, file) {
        (Some(text), _) => Ok(Some(Secret::new(text.expose().to_owned()))),
        (None, Some(file)) => Ok(Some(Secret::new(read(file)?.trim_end().to_owned()))),
        (None, None) => Ok(None),
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        Failure::input(format!("cannot read the file: {error}"))
            .at(file.display())
            .next("check the path, and that this user may read it")
    })
}
