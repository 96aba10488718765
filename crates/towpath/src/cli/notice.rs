//! `towpath notice` and `towpath webhook`: who was told, send again, and where signed messages go.

use web::api::notices::{Delivery, IssuedWebhook, NewWebhook, Resent, Webhook};

use super::args::{
    Format, Global, NoticeCommand, NoticeList, NoticeResend, WebhookAdd, WebhookCommand,
    WebhookList, WebhookRef,
};
use super::remote::{Remote, print_list, print_result};
use crate::client::encode;
use crate::failure::Failure;
use crate::output::{self, Align, Table, minute, optional};

pub async fn run(global: &Global, command: NoticeCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        NoticeCommand::List(args) => list(&remote, args).await,
        NoticeCommand::Resend(args) => resend(&remote, args).await,
    }
}

pub async fn run_webhook(global: &Global, command: WebhookCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        WebhookCommand::Add(args) => add(&remote, args).await,
        WebhookCommand::List(args) => list_webhooks(&remote, args).await,
        WebhookCommand::Rotate(args) => rotate(&remote, args).await,
        WebhookCommand::Remove(args) => remove(&remote, args).await,
    }
}

async fn list(remote: &Remote, args: NoticeList) -> Result<(), Failure> {
    let mut path = format!("/rollouts/{}/deliveries", encode(&args.rollout));
    if let Some(state) = &args.state {
        path.push_str(&format!("?state={}", encode(state)));
    }
    let deliveries: Vec<Delivery> = remote.list(&path).await?;
    print_list(&deliveries, args.output.format, delivery_table)
}

async fn resend(remote: &Remote, args: NoticeResend) -> Result<(), Failure> {
    let path = format!("/notices/{}/resend", encode(&args.notice));
    let resent: Resent = remote.post(&path, &()).await?;
    let human = format!("{} deliveries wait to be sent again\n", resent.deliveries);
    print_result(&resent, args.output.format, &human)
}

async fn add(remote: &Remote, args: WebhookAdd) -> Result<(), Failure> {
    let new = NewWebhook {
        surface: args.surface,
        consumer: args.consumer,
        url: args.url,
    };
    let issued: IssuedWebhook = remote.post("/webhooks", &new).await?;
    print_issued(&issued, args.output.format)
}

async fn rotate(remote: &Remote, args: WebhookRef) -> Result<(), Failure> {
    let path = format!("/webhooks/{}/rotate", encode(&args.webhook));
    let issued: IssuedWebhook = remote.post(&path, &()).await?;
    print_issued(&issued, args.output.format)
}

fn print_issued(issued: &IssuedWebhook, format: Format) -> Result<(), Failure> {
    let human = format!("webhook {}\nsecret  {}\n", issued.webhook.id, issued.secret);
    print_result(issued, format, &human)?;
    if format == Format::Human {
        output::note("the secret is shown this once: it verifies each message (Standard Webhooks)");
    }
    Ok(())
}

async fn list_webhooks(remote: &Remote, args: WebhookList) -> Result<(), Failure> {
    let path = match &args.surface {
        Some(surface) => format!("/webhooks?surface={}", encode(surface)),
        None => "/webhooks".to_owned(),
    };
    let webhooks: Vec<Webhook> = remote.list(&path).await?;
    print_list(&webhooks, args.output.format, webhook_table)
}

async fn remove(remote: &Remote, args: WebhookRef) -> Result<(), Failure> {
    let path = format!("/webhooks/{}", encode(&args.webhook));
    let ended: Webhook = remote.delete(&path).await?;
    let human = format!("webhook {} has ended\n", ended.id);
    print_result(&ended, args.output.format, &human)
}

fn delivery_table(deliveries: &[Delivery]) -> Table {
    let mut table = Table::new(&[
        ("told", Align::Left),
        ("to", Align::Left),
        ("by", Align::Left),
        ("state", Align::Left),
        ("tries", Align::Right),
        ("delivered", Align::Left),
        ("why", Align::Left),
        ("notice", Align::Left),
    ]);
    for delivery in deliveries {
        let to = match delivery.address.is_empty() {
            true => optional(&delivery.consumer),
            false => delivery.address.clone(),
        };
        table.row(vec![
            delivery.kind.clone(),
            to,
            delivery.channel.clone(),
            delivery.state.clone(),
            delivery.attempts.to_string(),
            minute(delivery.delivered_at),
            optional(&delivery.error),
            delivery.notice.clone(),
        ]);
    }
    table
}

fn webhook_table(webhooks: &[Webhook]) -> Table {
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("consumer", Align::Left),
        ("url", Align::Left),
        ("since", Align::Left),
        ("ended", Align::Left),
    ]);
    for webhook in webhooks {
        table.row(vec![
            webhook.id.clone(),
            optional(&webhook.consumer),
            webhook.url.clone(),
            minute(Some(webhook.created_at)),
            optional(&webhook.ended_why),
        ]);
    }
    table
}
