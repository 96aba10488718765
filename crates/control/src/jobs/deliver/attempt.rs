//! One try: the notice as it stands now, rendered for its channel and sent.

use store::delivery::{Channel, DeliveryRow};
use store::notice::NoticeRow;

use super::outcome::{Outcome, failed, not_written};
use super::rows::NO_MAIL;
use super::{escalate, status_push, unreached};
use crate::control::Control;
use crate::error::ControlError;
use crate::notices::mail::{self, Posting};
use crate::notices::senders::{Outgoing, Target};
use crate::notices::{Message, Senders, courtesy_kind, signing_secrets, webhook};

/// Tries `row` once. Errors only when our own state cannot be read: then nothing is kept, and it stays due.
pub(super) async fn attempt(
    control: &Control,
    senders: &Senders,
    row: &DeliveryRow,
) -> Result<Outcome, ControlError> {
    let mut tx = control.store().read().await?;
    let Some(notice) = store::notice::by_id(&mut tx, row.notice).await? else {
        return Ok(Outcome::Refused("the notice is gone".to_owned()));
    };
    if notice.kind == escalate::UNREACHED {
        drop(tx);
        return unreached::send(control, senders, row, &notice).await;
    }
    let surface = store::surface::by_id(&mut tx, notice.surface).await?;
    let surface = surface.map_or_else(|| notice.surface.to_string(), |surface| surface.name);
    let message = control.message(&mut tx, &notice, &surface).await?;
    let Some(message) = message else {
        let why = "no version of this server tells such a notice";
        return Ok(Outcome::Refused(why.to_owned()));
    };
    let declined = row.channel == Channel::Email
        && courtesy_kind(&notice.kind)
        && store::delivery::is_suppressed(&mut tx, &row.address).await?;
    drop(tx);
    if declined {
        return Ok(Outcome::Suppressed(
            "the address has unsubscribed".to_owned(),
        ));
    }
    match row.channel {
        Channel::Email => send_mail(control, senders, row, &notice, &message).await,
        Channel::Webhook => send_webhook(control, senders, row, &message).await,
        Channel::Statuspage => status_push::push(control, senders, &message).await,
        Channel::Page | Channel::None => Ok(Outcome::Delivered { remote_id: None }),
    }
}

async fn send_mail(
    control: &Control,
    senders: &Senders,
    row: &DeliveryRow,
    notice: &NoticeRow,
    message: &Message,
) -> Result<Outcome, ControlError> {
    let Some(mailer) = &senders.mail else {
        return Ok(Outcome::Waits(NO_MAIL.to_owned()));
    };
    let key = control.notice_key()?;
    let links = senders
        .settings
        .public_url
        .as_ref()
        .map(|_| control.links());
    let own = |file: &str| {
        let (links, consumer) = (links.as_ref()?, row.consumer?);
        Some(links.token_feed(&key, notice.surface, consumer, file))
    };
    let (feed, calendar) = (own("changelog.atom"), own("calendar.ics"));
    let unsubscribe = links
        .as_ref()
        .map(|links| links.unsubscribe(&key, &row.address));
    let posting = Posting {
        settings: &senders.settings,
        to: &row.address,
        unsubscribe: unsubscribe.as_deref(),
        feed: feed.as_deref(),
        calendar: calendar.as_deref(),
        at: control.now(),
    };
    let mail = match mail::render(message, &posting) {
        Ok(mail) => mail,
        Err(error) => return Ok(not_written(&error)),
    };
    Ok(match mailer.send(&mail).await {
        Ok(()) => Outcome::Delivered {
            remote_id: Some(message.id.to_string()),
        },
        Err(error) => failed(error),
    })
}

async fn send_webhook(
    control: &Control,
    senders: &Senders,
    row: &DeliveryRow,
    message: &Message,
) -> Result<Outcome, ControlError> {
    let mut tx = control.store().read().await?;
    let hook = match row.address.parse() {
        Ok(id) => store::webhook::by_id(&mut tx, id).await?,
        Err(_) => None,
    };
    drop(tx);
    let Some(hook) = hook.filter(|hook| hook.ended_at.is_none()) else {
        return Ok(Outcome::Refused("the webhook has ended".to_owned()));
    };
    let now = control.now();
    let body = webhook::body(message);
    let secrets = signing_secrets(&control.notice_key()?, &hook, now);
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(webhook::headers(message, now, &body, &secrets));
    let request = Outgoing {
        method: "POST",
        url: hook.url.clone(),
        headers,
        body,
        target: Target::Given,
    };
    let answer = match senders.http.send(&request).await {
        Ok(answer) => answer,
        Err(error) => return Ok(failed(error)),
    };
    Ok(match answer.status {
        200..=299 => Outcome::Delivered { remote_id: None },
        // Standard Webhooks 1.0: gone means that no more are wanted.
        410 => {
            end_webhook(control, hook).await?;
            Outcome::Refused("the receiver answered 410: the webhook has ended".to_owned())
        }
        300..=399 => Outcome::Later(format!(
            "status {}: redirects are not followed",
            answer.status
        )),
        status => Outcome::Later(format!("status {status}")),
    })
}

async fn end_webhook(
    control: &Control,
    mut hook: store::webhook::WebhookRow,
) -> Result<(), ControlError> {
    hook.ended_at = Some(control.now());
    hook.ended_why = Some("the receiver answered 410".to_owned());
    let mut tx = control.store().write().await?;
    store::webhook::update(&mut tx, &hook).await?;
    tx.commit().await?;
    Ok(())
}
