//! Consumers, surfaces and keys: create, find, rotate, revoke, audit.

use std::time::Duration;

use adoption::{Clock, ConsumerKind, KeyDigest};

use super::world::{World, new_consumer};
use crate::{
    Actor, Consumer, ConsumerUpdate, Contact, ControlError, KeyState, NewConsumer, NewKey,
    PageRequest, SurfaceSettings,
};

const WEEK: Duration = Duration::from_secs(7 * 86_400);

fn code<T: std::fmt::Debug>(result: Result<T, ControlError>) -> &'static str {
    result.unwrap_err().code()
}

#[tokio::test]
async fn a_consumer_is_created_found_changed_and_audited() {
    let world = World::new().await;
    let control = &world.control;
    let contact = Contact {
        address: "#payments".to_owned(),
        name: None,
        role: Some("oncall".to_owned()),
    };
    let new = NewConsumer {
        kind: ConsumerKind::Squad,
        contacts: vec![contact.clone()],
        plan: Some("  gold ".to_owned()),
        ..new_consumer("acme")
    };
    let made = control
        .create_consumer(Actor::LocalToken, new)
        .await
        .unwrap();
    assert_eq!(
        (made.kind, made.plan.as_deref(), &made.contacts),
        (ConsumerKind::Squad, Some("gold"), &vec![contact])
    );
    assert_eq!(control.consumer("acme").await.unwrap(), made);
    assert_eq!(control.consumer(&made.id.to_string()).await.unwrap(), made);
    assert_eq!(
        code(
            control
                .create_consumer(Actor::Cli, new_consumer("acme"))
                .await
        ),
        "already_exists"
    );
    assert_eq!(
        code(
            control
                .create_consumer(Actor::Cli, new_consumer("-x"))
                .await
        ),
        "invalid_field"
    );
    assert_eq!(
        code(
            control
                .create_consumer(Actor::Cli, new_consumer("cons_0000000000099"))
                .await
        ),
        "invalid_field"
    );
    assert_eq!(code(control.consumer("nobody").await), "not_found");

    world.clock.advance_seconds(60);
    let update = ConsumerUpdate {
        plan: Some(String::new()),
        sla: Some("99.9".to_owned()),
        ..ConsumerUpdate::default()
    };
    let changed = control
        .update_consumer(Actor::Cli, "acme", update.clone())
        .await
        .unwrap();
    assert_eq!((changed.plan, changed.sla), (None, Some("99.9".to_owned())));
    assert_eq!(
        (changed.created_at, changed.updated_at),
        (made.created_at, world.clock.now())
    );
    // Without a difference nothing is written, not even to the audit log.
    control
        .update_consumer(Actor::Cli, "acme", update)
        .await
        .unwrap();
    let log = control
        .list_audit(&PageRequest::first(10))
        .await
        .unwrap()
        .items;
    let log: Vec<_> = log
        .iter()
        .map(|entry| {
            (
                entry.who.as_str(),
                entry.action.as_str(),
                entry.noun.as_str(),
            )
        })
        .collect();
    assert_eq!(
        log,
        [
            ("cli", "update", "consumer"),
            ("token:local", "create", "consumer")
        ]
    );
}

#[tokio::test]
async fn lists_are_paged_to_the_end_without_loss() {
    let world = World::new().await;
    world.surface("payments").await;
    for n in 0..25 {
        world.consumer(&format!("c{n:02}")).await;
        world.clock.advance_us(i64::from(n % 2));
        world.key(&format!("c{n:02}"), "payments").await;
    }
    let mut page = PageRequest::first(10);
    let (mut names, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let found = world.control.list_consumers(&page).await.unwrap();
        sizes.push(found.items.len());
        names.extend(
            found
                .items
                .into_iter()
                .map(|consumer: Consumer| consumer.name),
        );
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(
        names,
        (0..25).map(|n| format!("c{n:02}")).collect::<Vec<_>>()
    );

    let mut page = PageRequest::first(7);
    let mut keys = Vec::new();
    loop {
        let found = world
            .control
            .list_keys(None, Some("payments"), &page)
            .await
            .unwrap();
        keys.extend(found.items.into_iter().map(|key| key.id));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 25);
    assert_eq!(
        world
            .control
            .list_keys(Some("c03"), None, &PageRequest::first(5))
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    let bad = PageRequest {
        after: Some("nonsense".to_owned()),
        ..PageRequest::default()
    };
    assert_eq!(
        code(world.control.list_keys(None, None, &bad).await),
        "invalid_field"
    );
}

#[tokio::test]
async fn a_key_is_shown_once_and_stored_as_its_digest() {
    let world = World::new().await;
    let surface = world.surface("payments").await;
    world.consumer("acme").await;
    let issued = world.key("acme", "payments").await;
    let secret = &issued.secret.0;
    assert_eq!(adoption::key::check(secret.as_bytes()), Ok(()));
    assert!(secret.starts_with(&issued.key.start));
    assert_eq!(issued.key.state, KeyState::Active);
    assert!(!format!("{issued:?}").contains(secret.as_str()));

    let spec = world.control.snapshot().await.unwrap();
    assert_eq!(spec.keys.len(), 1);
    assert_eq!(
        (spec.keys[0].digest, spec.keys[0].surface),
        (KeyDigest::of(secret.as_bytes()), surface.id)
    );
    world.control.close().await;
    for file in std::fs::read_dir(world.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_key_is_found_by_id_start_or_text_and_not_by_another_text() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    let issued = world.key("acme", "payments").await;
    for name in [
        issued.key.id.to_string(),
        issued.key.start.clone(),
        issued.secret.0.clone(),
    ] {
        assert_eq!(world.control.key(&name).await.unwrap().id, issued.key.id);
    }
    // Same start, another key: a leaked text must not revoke its neighbour.
    let mut random = [0; 30];
    for (n, c) in random
        .iter_mut()
        .zip(issued.secret.0["twp_live_".len()..].bytes().take(6))
    {
        *n = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            .iter()
            .position(|b| *b == c)
            .unwrap() as u8;
    }
    let other = adoption::SecretKey::from_random(random);
    assert_eq!(other.start(), issued.key.start);
    let error = world
        .control
        .revoke_key(Actor::Cli, other.expose())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "not_found");
    assert!(!error.to_string().contains(other.expose()));
}

#[tokio::test]
async fn rotation_overlaps_and_revocation_is_final() {
    let world = World::new().await;
    let control = &world.control;
    world.surface("payments").await;
    world.consumer("acme").await;
    let first = world.key("acme", "payments").await;
    let now = world.clock.now();
    let rotation = control
        .rotate_key(Actor::Cli, &first.key.id.to_string(), WEEK)
        .await
        .unwrap();
    assert_eq!(rotation.old.expires_at, Some(now.plus_seconds(7 * 86_400)));
    assert_eq!(rotation.old.state, KeyState::Expiring);
    assert_eq!(rotation.issued.key.rotated_from, Some(first.key.id));
    assert_eq!(rotation.issued.key.expires_at, None);
    assert_ne!(rotation.issued.secret, first.secret);
    assert_eq!(control.snapshot().await.unwrap().keys.len(), 2);

    // A second rotation would make a second successor: the first one is rotated instead.
    world.clock.advance_seconds(86_400);
    assert_eq!(
        code(
            control
                .rotate_key(Actor::Cli, &first.key.id.to_string(), WEEK)
                .await
        ),
        "key_rotated"
    );
    world.clock.advance_seconds(6 * 86_400);
    assert_eq!(
        control.key(&first.key.id.to_string()).await.unwrap().state,
        KeyState::Expired
    );
    assert_eq!(
        code(
            control
                .rotate_key(Actor::Cli, &first.key.id.to_string(), WEEK)
                .await
        ),
        "key_expired"
    );
    assert_eq!(control.snapshot().await.unwrap().keys.len(), 1);
    assert_eq!(control.consumer("acme").await.unwrap().keys_active, 1);

    let id = rotation.issued.key.id.to_string();
    assert_eq!(
        control.revoke_key(Actor::Cli, &id).await.unwrap().state,
        KeyState::Revoked
    );
    let revoked_at = control.key(&id).await.unwrap().revoked_at;
    world.clock.advance_seconds(5);
    assert_eq!(
        control
            .revoke_key(Actor::Cli, &id)
            .await
            .unwrap()
            .revoked_at,
        revoked_at,
        "twice is no error"
    );
    assert_eq!(
        code(control.rotate_key(Actor::Cli, &id, WEEK).await),
        "key_revoked"
    );
    assert_eq!(
        code(control.rotate_key(Actor::Cli, &id, WEEK * 20).await),
        "invalid_field"
    );
    assert_eq!(control.snapshot().await.unwrap().keys.len(), 0);
    assert_eq!(control.consumer("acme").await.unwrap().keys_active, 0);
}

#[tokio::test]
async fn a_successor_lives_as_long_as_its_predecessor_was_meant_to() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    let now = world.clock.now();
    let new = NewKey {
        consumer: "acme".to_owned(),
        surface: "payments".to_owned(),
        kind: Some(ConsumerKind::Agent),
        expires_at: Some(now.plus_seconds(30 * 86_400)),
    };
    let first = world
        .control
        .create_key(Actor::Cli, new.clone())
        .await
        .unwrap();
    assert_eq!(
        (first.key.kind, first.key.state),
        (ConsumerKind::Agent, KeyState::Expiring)
    );
    world.clock.advance_seconds(86_400);
    let rotation = world
        .control
        .rotate_key(Actor::Cli, &first.key.start, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(rotation.old.state, KeyState::Expired);
    assert_eq!(
        rotation.issued.key.expires_at,
        Some(now.plus_seconds(31 * 86_400))
    );
    let past = NewKey {
        expires_at: Some(now),
        ..new
    };
    assert_eq!(
        code(world.control.create_key(Actor::Cli, past).await),
        "invalid_field"
    );
}

#[tokio::test]
async fn a_surface_is_upserted_by_name_and_may_not_hide_another() {
    let world = World::new().await;
    let control = &world.control;
    let made = world.surface("payments").await;
    assert_eq!(
        world.surface("payments").await,
        made,
        "without a difference nothing is written"
    );
    world.clock.advance_seconds(1);
    let settings = SurfaceSettings {
        preserve_host: true,
        ..made.settings.clone()
    };
    let changed = control
        .upsert_surface(Actor::Config, settings)
        .await
        .unwrap();
    assert_eq!(changed.id, made.id);
    assert!(changed.settings.preserve_host && changed.updated_at > made.updated_at);
    let same_place = SurfaceSettings {
        name: "other".to_owned(),
        ..made.settings.clone()
    };
    assert_eq!(
        code(control.upsert_surface(Actor::Config, same_place).await),
        "invalid_field"
    );
    let log = control
        .list_audit(&PageRequest::first(10))
        .await
        .unwrap()
        .items;
    assert_eq!(
        log.iter()
            .map(|entry| entry.action.as_str())
            .collect::<Vec<_>>(),
        ["update", "create"]
    );
}
