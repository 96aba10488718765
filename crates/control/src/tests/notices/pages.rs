//! Pages that readers fetch: everyone's, those of a key, those of a link, and nobody else's.

use adoption::rollout::{NoticeKind, Recipient};
use serde_json::Value;

use super::super::world::new_consumer;
use super::office::Post;
use super::sample::AFFECTED;
use crate::notices::statuspage::StatusFile;
use crate::{Actor, NewKey, PublicPage};

async fn told() -> Post {
    let post = Post::new().await;
    for recipient in [
        Recipient::Changelog,
        Recipient::Status,
        Recipient::Banner,
        Recipient::Consumer(AFFECTED),
    ] {
        post.tell(NoticeKind::Announced, recipient).await;
    }
    post
}

#[tokio::test]
async fn the_public_reads_what_was_told_to_it() {
    let post = told().await;
    let control = &post.world.control;
    let pages = [
        PublicPage::Atom,
        PublicPage::JsonFeed,
        PublicPage::Calendar,
        PublicPage::Agent,
        PublicPage::Banner,
        PublicPage::Status(StatusFile::Summary),
    ];
    for page in pages {
        let one = control.public_page("payments", page).await.unwrap();
        let two = control.public_page("payments", page).await.unwrap();
        assert_eq!(one, two);
        assert!(
            one.body.contains("Zahlungen 1.8.0"),
            "{page:?}: {}",
            one.body
        );
        assert!(!one.body.contains("strel"), "{page:?}: {}", one.body);
    }
    let unknown = control.public_page("nothing", PublicPage::Atom).await;
    assert_eq!(unknown.unwrap_err().code(), "not_found");

    post.world.surface("empty").await;
    let empty = control
        .public_page("empty", PublicPage::Status(StatusFile::Summary))
        .await;
    let empty: Value = serde_json::from_str(&empty.unwrap().body).unwrap();
    assert_eq!(empty["status"]["indicator"], "none");
    assert_eq!(empty["scheduled_maintenances"], Value::Array(vec![]));
}

#[tokio::test]
async fn an_own_page_needs_a_key_in_use_or_our_link() {
    let post = told().await;
    let control = &post.world.control;
    let acme = control
        .create_consumer(Actor::Cli, new_consumer("acme"))
        .await
        .unwrap();
    post.tell(NoticeKind::Announced, Recipient::Consumer(acme.id))
        .await;
    let new = NewKey {
        consumer: "acme".to_owned(),
        surface: "payments".to_owned(),
        kind: None,
        expires_at: None,
    };
    let issued = control.create_key(Actor::Cli, new).await.unwrap();
    let secret = issued.secret.0.clone();
    let by_key = |key: String| async move {
        let page = control.page_by_key("payments", key.as_bytes(), PublicPage::Agent);
        page.await.unwrap()
    };
    let own = by_key(secret.clone()).await.unwrap();
    assert!(own.body.contains(&acme.id.to_string()), "{}", own.body);
    assert_eq!(by_key(format!("{secret}x")).await, None);
    post.world.surface("other").await;
    let elsewhere = control
        .page_by_key("other", secret.as_bytes(), PublicPage::Agent)
        .await;
    assert_eq!(elsewhere.unwrap(), None);
    control
        .revoke_key(Actor::Cli, &issued.key.id.to_string())
        .await
        .unwrap();
    assert_eq!(by_key(secret).await, None);

    let token = control
        .notice_key()
        .unwrap()
        .feed_token(post.surface, AFFECTED);
    let page = control
        .page_by_token(&token, PublicPage::Atom)
        .await
        .unwrap()
        .unwrap();
    assert!(
        page.body.contains("123,456 calls would break"),
        "{}",
        page.body
    );
    assert_eq!(
        control.page_by_token("x", PublicPage::Atom).await.unwrap(),
        None
    );
}
