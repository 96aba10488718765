//! Who is reached: once each, again after a failure, by the next contact after a bounce, and nobody in silence.

use adoption::rollout::{NoticeKind, Recipient};
use serde_json::Value;

use super::office::Post;
use crate::notices::{NewWebhook, SendError};
use crate::{Actor, IssuedWebhook};

fn later() -> SendError {
    SendError::Later("the server is busy".to_owned())
}

fn bounced() -> SendError {
    SendError::Refused("550 no such user".to_owned())
}

#[tokio::test]
async fn everyone_is_told_once_and_pages_are_reached_by_being_there() {
    let post = Post::new().await;
    let acme = post
        .consumer("acme", &["dev@acme.example", "ops@acme.example"])
        .await;
    for recipient in [
        Recipient::Consumer(acme),
        Recipient::Changelog,
        Recipient::Banner,
    ] {
        post.tell(NoticeKind::Announced, recipient).await;
    }
    assert_eq!(post.deliver().await, 1);
    // The same step again, and nothing that is due.
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    assert_eq!(post.deliver().await, 0);
    assert_eq!(post.mailed(), ["dev@acme.example"]);
    assert_eq!(
        post.states().await,
        [
            "email dev@acme.example delivered",
            "page banner delivered",
            "page changelog delivered"
        ]
    );
}

#[tokio::test]
async fn a_failed_try_is_repeated_by_the_schedule_and_then_escalated() {
    let post = Post::new().await;
    let acme = post.consumer("acme", &["dev@acme.example"]).await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    let mut waits = Vec::new();
    for _ in 0..8 {
        post.mail_fails("dev@acme.example", later());
        post.deliver().await;
        let one = post.ledger().await.remove(0);
        let Some(next) = one.next_at else {
            assert_eq!((one.state, one.attempts), ("failed", 8));
            break;
        };
        let wait = next.seconds() - post.world.control.now().seconds();
        waits.push(wait);
        post.world.clock.advance_seconds(wait - 1);
        assert_eq!(post.deliver().await, 0);
        post.world.clock.advance_seconds(1);
    }
    assert_eq!(waits, [60, 300, 1_800, 7_200, 18_000, 36_000, 86_400]);
    assert_eq!(post.mailed().len(), 8);
    let ids: std::collections::BTreeSet<_> = {
        let mails = post.office.mails.lock().unwrap();
        let texts = mails
            .iter()
            .map(|mail| String::from_utf8_lossy(&mail.bytes).into_owned());
        let id = |text: String| {
            text.lines()
                .find(|line| line.starts_with("Message-ID"))
                .unwrap()
                .to_owned()
        };
        texts.map(id).collect()
    };
    assert_eq!(ids.len(), 1, "{ids:?}");
    post.world.clock.advance_seconds(3_600);
    post.deliver().await;
    assert_eq!(post.mailed().last().unwrap(), "owner@example.com");
}

#[tokio::test]
async fn a_bounce_goes_to_the_next_contact_and_then_to_the_owner_once() {
    let post = Post::new().await;
    let acme = post
        .consumer("acme", &["dev@acme.example", "ops@acme.example"])
        .await;
    let nobody = post.consumer("nobody", &["#payments"]).await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(nobody))
        .await;
    post.mail_fails("dev@acme.example", bounced());
    post.mail_fails("ops@acme.example", bounced());
    post.deliver().await;
    assert_eq!(post.mailed(), ["dev@acme.example", "ops@acme.example"]);
    post.world.clock.advance_seconds(3_600);
    post.deliver().await;
    let states = post.states().await;
    assert_eq!(
        states,
        [
            "email dev@acme.example bounced",
            "email ops@acme.example bounced",
            "email owner@example.com delivered",
            "none  unreachable",
        ]
    );
    let ops = post.ledger().await;
    let ops = ops
        .iter()
        .find(|one| one.address == "ops@acme.example")
        .unwrap();
    assert_eq!(ops.stands_for.as_deref(), Some("dev@acme.example"));
    let text = {
        let mails = post.office.mails.lock().unwrap();
        String::from_utf8_lossy(&mails.last().unwrap().bytes).replace("=\r\n", "")
    };
    assert!(
        text.contains("nobody") && text.contains("dev@acme.example"),
        "{text}"
    );

    // What fails later the same day is told with the next day's mail.
    let other = post.consumer("other", &[]).await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(other))
        .await;
    post.deliver().await;
    post.world.clock.advance_seconds(86_400);
    post.deliver().await;
    let owned = post
        .mailed()
        .iter()
        .filter(|to| *to == "owner@example.com")
        .count();
    assert_eq!(owned, 2);
}

#[tokio::test]
async fn without_a_mail_server_mails_wait_in_sight_and_then_go() {
    let post = Post::new().await;
    post.configure(post.settings(), false);
    let acme = post.consumer("acme", &["dev@acme.example"]).await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    assert_eq!(post.deliver().await, 0);
    let one = post.ledger().await.remove(0);
    assert_eq!(
        (one.state, one.error.as_deref(), one.next_at),
        ("pending", Some("no smtp configured"), None)
    );
    post.configure(post.settings(), true);
    assert_eq!(post.deliver().await, 1);
    assert_eq!(post.states().await, ["email dev@acme.example delivered"]);
}

#[tokio::test]
async fn unsubscribing_stops_invitations_and_no_notice_of_the_service() {
    let post = Post::new().await;
    let acme = post.consumer("acme", &["Dev@acme.example"]).await;
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    post.deliver().await;
    let text = {
        let mails = post.office.mails.lock().unwrap();
        String::from_utf8_lossy(&mails[0].bytes).into_owned()
    };
    let link = text
        .lines()
        .find(|line| line.starts_with("List-Unsubscribe:"))
        .unwrap();
    let token = link.split("token=").nth(1).unwrap().trim_end_matches('>');
    let control = &post.world.control;
    assert_eq!(
        control.unsubscribing(token).unwrap().as_deref(),
        Some("Dev@acme.example")
    );
    for _ in 0..2 {
        let done = control.unsubscribe(token).await.unwrap();
        assert_eq!(done.unwrap().address, "Dev@acme.example");
    }
    assert_eq!(control.unsubscribe("nonsense").await.unwrap(), None);

    post.tell(NoticeKind::BetaInvited, Recipient::Consumer(acme))
        .await;
    post.tell(NoticeKind::Sunset, Recipient::Consumer(acme))
        .await;
    post.deliver().await;
    let ledger = post.ledger().await;
    let state = |kind: &str| ledger.iter().find(|one| one.kind == kind).unwrap().state;
    assert_eq!(
        (state("beta_invited"), state("sunset")),
        ("suppressed", "delivered")
    );
}

async fn hook(post: &Post, consumer: Option<&str>) -> IssuedWebhook {
    let new = NewWebhook {
        surface: "payments".to_owned(),
        consumer: consumer.map(str::to_owned),
        url: "https://hooks.example.com/x".to_owned(),
    };
    post.world
        .control
        .create_webhook(Actor::Cli, new)
        .await
        .unwrap()
}

#[tokio::test]
async fn webhooks_are_signed_by_both_secrets_of_a_rotation_and_end_with_410() {
    let post = Post::new().await;
    let acme = post.consumer("acme", &[]).await;
    let first = hook(&post, Some("acme")).await;
    hook(&post, None).await;
    let id = first.webhook.id.to_string();
    let second = post
        .world
        .control
        .rotate_webhook(Actor::Cli, &id)
        .await
        .unwrap();
    assert_ne!(first.secret, second.secret);
    let notice = post
        .tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    post.deliver().await;
    let request = post.office.requests.lock().unwrap().remove(0);
    let header = |name: &str| {
        request
            .headers
            .iter()
            .find(|(is, _)| *is == name)
            .unwrap()
            .1
            .clone()
    };
    let now = post.world.control.now();
    let signed =
        [&second.secret, &first.secret].map(|secret| secret.signature(&notice, now, &request.body));
    assert_eq!(header("webhook-id"), notice);
    assert_eq!(header("webhook-signature"), signed.join(" "));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "rollout.announced");

    // After the overlap the new one signs alone; the consumer's own webhook gets nothing that is not its.
    post.world.clock.advance_seconds(86_400);
    post.tell(NoticeKind::Sunset, Recipient::Consumer(acme))
        .await;
    post.tell(NoticeKind::Sunset, Recipient::Changelog).await;
    post.http_answers(410, "");
    post.http_answers(410, "");
    post.deliver().await;
    let sent = post.office.requests.lock().unwrap().len();
    assert_eq!(sent, 2);
    let listed = post
        .world
        .control
        .list_webhooks(None, &Default::default())
        .await
        .unwrap();
    for webhook in listed.items {
        assert_eq!(
            webhook.ended_why.as_deref(),
            Some("the receiver answered 410")
        );
    }
    // The consumer has no other way, so the owner is told within the hour.
    post.world.clock.advance_seconds(3_600);
    post.deliver().await;
    assert_eq!(post.mailed(), ["owner@example.com"]);
}

#[tokio::test]
async fn a_webhook_must_lead_out_and_be_one_of_few() {
    let post = Post::new().await;
    for bad in [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://a@hooks.example.com/",
        "ftp://x/",
        "x",
    ] {
        let new = NewWebhook {
            surface: "payments".to_owned(),
            consumer: None,
            url: bad.to_owned(),
        };
        let refused = post
            .world
            .control
            .create_webhook(Actor::Cli, new)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "invalid_field", "{bad}");
    }
    let mut last = None;
    for _ in 0..20 {
        last = Some(hook(&post, None).await);
    }
    let new = NewWebhook {
        surface: "payments".to_owned(),
        consumer: None,
        url: "https://hooks.example.com/x".to_owned(),
    };
    let control = &post.world.control;
    let refused = control.create_webhook(Actor::Cli, new).await.unwrap_err();
    assert_eq!(refused.code(), "too_many_webhooks");
    let id = last.unwrap().webhook.id.to_string();
    let ended = control.remove_webhook(Actor::Cli, &id).await.unwrap();
    assert_eq!(ended.ended_why.as_deref(), Some("removed"));
    hook(&post, None).await;
}

#[tokio::test]
async fn a_status_page_hears_of_each_date_once_and_of_its_moves() {
    let post = Post::new().await;
    post.tell(NoticeKind::BrownoutsScheduled, Recipient::Status)
        .await;
    // The page has none of ours. The first incident is made, the answer to the second is lost.
    post.http_answers(200, "[]");
    post.http_answers(201, r#"{"id": "inc1"}"#);
    post.http_answers(500, "");
    post.deliver().await;
    let asked = |post: &Post| -> Vec<String> {
        let mut requests = post.office.requests.lock().unwrap();
        let line = |one: &crate::notices::Outgoing| {
            let tail = one.url.rsplit('/').next().unwrap().to_owned();
            format!("{} {tail}", one.method)
        };
        requests.drain(..).map(|one| line(&one)).collect()
    };
    assert_eq!(
        asked(&post),
        ["GET incidents", "POST incidents", "POST incidents"]
    );

    // It is there after all: found by what was written into it, and not made twice. The third is not, and is made.
    post.world.clock.advance_seconds(60);
    post.http_answers(200, "{}");
    let rollout = post.rollout.id;
    let found = format!(
        r#"[{{"id": "inc2", "metadata": {{"towpath": {{"rollout": "{rollout}", "event": "brownout-long_tail-1"}}}}}}]"#
    );
    post.http_answers(200, &found);
    post.http_answers(200, "{}");
    post.http_answers(201, r#"{"id": "inc3"}"#);
    post.deliver().await;
    assert_eq!(
        asked(&post),
        [
            "PATCH inc1",
            "GET incidents",
            "PATCH inc2",
            "POST incidents"
        ]
    );
    assert!(
        post.states()
            .await
            .contains(&"statuspage page1 delivered".to_owned())
    );

    post.tell(NoticeKind::Moved, Recipient::Status).await;
    for _ in 0..3 {
        post.http_answers(200, "{}");
    }
    post.deliver().await;
    assert_eq!(asked(&post), ["PATCH inc1", "PATCH inc2", "PATCH inc3"]);
}

#[tokio::test]
async fn a_notice_can_be_sent_again_and_reaches_contacts_that_came_later() {
    let post = Post::new().await;
    let acme = post.consumer("acme", &[]).await;
    let notice = post
        .tell(NoticeKind::Announced, Recipient::Consumer(acme))
        .await;
    post.deliver().await;
    assert_eq!(post.states().await[1], "none  unreachable");
    let update = crate::ConsumerUpdate {
        contacts: Some(vec![crate::Contact {
            address: "dev@acme.example".to_owned(),
            name: None,
            role: None,
        }]),
        ..Default::default()
    };
    let control = &post.world.control;
    control
        .update_consumer(Actor::Cli, "acme", update)
        .await
        .unwrap();
    control.resend_notice(Actor::Cli, &notice).await.unwrap();
    post.deliver().await;
    assert_eq!(post.mailed(), ["dev@acme.example"]);
    assert_eq!(control.resend_notice(Actor::Cli, &notice).await.unwrap(), 1);
    post.deliver().await;
    assert_eq!(post.mailed().len(), 2);
    let unknown = control.resend_notice(Actor::Cli, "ntc_0000000000001").await;
    assert_eq!(unknown.unwrap_err().code(), "not_found");
}

/// Whatever statement a crash falls on, the next run goes on, and everyone has been told under the one id.
#[tokio::test]
async fn a_crash_at_any_statement_loses_no_notice() {
    let mut statement = 1;
    loop {
        let post = Post::new().await;
        let acme = post
            .consumer("acme", &["dev@acme.example", "ops@acme.example"])
            .await;
        let other = post.consumer("other", &[]).await;
        for recipient in [
            Recipient::Consumer(acme),
            Recipient::Consumer(other),
            Recipient::Changelog,
        ] {
            post.tell(NoticeKind::Announced, recipient).await;
        }
        post.mail_fails("dev@acme.example", bounced());
        let faults = post.world.control.store().faults().clone();
        faults.fail_at(statement);
        // Its error is the crash.
        _ = crate::jobs::deliver::deliver_due(&post.world.control).await;
        let was_hit = faults.statements() >= statement;
        faults.fail_at(0);
        // A second bounce, when the crash fell between sending and keeping.
        post.mail_fails("dev@acme.example", bounced());
        for seconds in [0, 60, 3_600, 3_600] {
            post.world.clock.advance_seconds(seconds);
            post.deliver().await;
        }
        let states = post.states().await;
        assert_eq!(
            states,
            [
                "email dev@acme.example bounced",
                "email ops@acme.example delivered",
                "email owner@example.com delivered",
                "none  unreachable",
                "page changelog delivered",
            ],
            "statement {statement}"
        );
        if !was_hit {
            break;
        }
        statement += 1;
    }
    assert!(statement > 20, "{statement}");
}
