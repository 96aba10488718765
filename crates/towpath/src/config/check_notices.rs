//! Judges `[notices]`: addresses that are none, and settings that need each other.

use control::notices::mail::is_mailbox;
use control::notices::smtp::SmtpUrl;
use http::Uri;

use super::notices::NoticesSection;

/// Setting, what is wrong, what to do.
pub type Found = (&'static str, String, &'static str);

pub fn check(section: &NoticesSection) -> Vec<Found> {
    let mut found = Vec::new();
    addresses(section, &mut found);
    smtp(section, &mut found);
    together(section, &mut found);
    found
}

fn addresses(section: &NoticesSection, found: &mut Vec<Found>) {
    if let Some(url) = &section.public_url
        && !is_base_url(url)
    {
        found.push((
            "notices.public_url",
            format!("{url:?} is no web address without path and query"),
            "write public_url = \"https://changes.example.com\"",
        ));
    }
    for (setting, address) in [
        ("notices.from", &section.from),
        ("notices.owner", &section.owner),
    ] {
        if let Some(address) = address
            && !is_mailbox(address)
        {
            found.push((
                setting,
                format!("{address:?} is no mail address"),
                "write an address such as \"Payments API <api@example.com>\"",
            ));
        }
    }
}

fn smtp(section: &NoticesSection, found: &mut Vec<Found>) {
    let smtp = &section.smtp;
    let Some(url) = &smtp.url else {
        return;
    };
    if let Err(error) = SmtpUrl::parse(url) {
        found.push((
            "notices.smtp.url",
            error.to_string(),
            "write url = \"starttls://mail.example.com:587\"",
        ));
    }
    if section.from.is_none() {
        found.push((
            "notices.smtp.url",
            "mails need a sender".to_owned(),
            "set notices.from",
        ));
    }
    let has_password = smtp.password.is_some() || smtp.password_file.is_some();
    if smtp.user.is_some() != has_password {
        found.push((
            "notices.smtp.user",
            "a login needs a user and a password".to_owned(),
            "set notices.smtp.password_file, or TOWPATH_NOTICES_SMTP_PASSWORD",
        ));
    }
}

fn together(section: &NoticesSection, found: &mut Vec<Found>) {
    let dkim = &section.dkim;
    let given = [
        dkim.selector.is_some(),
        dkim.domain.is_some(),
        dkim.key_file.is_some(),
    ];
    if given.contains(&true) && given.contains(&false) {
        found.push((
            "notices.dkim.selector",
            "a signature needs selector, domain and key_file".to_owned(),
            "set all three, or none",
        ));
    }
    let page = &section.statuspage;
    let has_token = page.token.is_some() || page.token_file.is_some();
    let given = [page.api_url.is_some(), page.page.is_some(), has_token];
    if given.contains(&true) && given.contains(&false) {
        found.push((
            "notices.statuspage.api_url",
            "a status page needs api_url, page and a token".to_owned(),
            "set token_file, or TOWPATH_NOTICES_STATUSPAGE_TOKEN",
        ));
    }
    if let Some(url) = &page.api_url
        && !is_base_url(url)
    {
        found.push((
            "notices.statuspage.api_url",
            format!("{url:?} is no web address without path and query"),
            "write api_url = \"https://api.statuspage.io\"",
        ));
    }
}

/// Scheme and host alone.
fn is_base_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri
        .authority()
        .is_some_and(|host| !host.as_str().contains('@'));
    is_web && host && matches!(uri.path(), "" | "/") && uri.query().is_none()
}
