//! Imports: all or nothing, every bad row told, twice is once.

use adoption::KeyDigest;
use insta::assert_snapshot;

use super::world::World;
use crate::{
    Actor, ControlError, ImportFormat, ImportReport, KeyImport, KeyOrigin, PageRequest, SecretText,
};

async fn consumers(
    world: &World,
    format: ImportFormat,
    text: &str,
) -> Result<ImportReport, String> {
    world
        .control
        .import_consumers(Actor::Cli, format, text)
        .await
        .map_err(told)
}

async fn keys(
    world: &World,
    format: ImportFormat,
    text: &str,
    surface: Option<&str>,
) -> Result<ImportReport, String> {
    let import = KeyImport {
        format,
        text: SecretText(text.to_owned()),
        surface: surface.map(str::to_owned),
    };
    world
        .control
        .import_keys(Actor::Cli, &import)
        .await
        .map_err(told)
}

fn told(error: ControlError) -> String {
    let ControlError::Import { problems } = error else {
        panic!("{error}")
    };
    let line = |p: &crate::ImportProblem| {
        format!(
            "{} {}: {}",
            p.line,
            p.field.as_deref().unwrap_or("-"),
            p.message
        )
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

const fn report(created: u64, updated: u64, unchanged: u64) -> ImportReport {
    ImportReport {
        created,
        updated,
        unchanged,
    }
}

#[tokio::test]
async fn consumers_from_csv_are_created_then_unchanged_then_updated() {
    let world = World::new().await;
    let csv = "\u{feff}Name,kind,contacts,plan\r\n\
               acme,squad,\"Ann <ann@acme.test>; #acme\",gold\r\n\
               \"Ünïcode Ltd\",,,\r\n";
    assert_eq!(
        consumers(&world, ImportFormat::Csv, csv).await,
        Ok(report(2, 0, 0))
    );
    assert_eq!(
        consumers(&world, ImportFormat::Csv, csv).await,
        Ok(report(0, 0, 2))
    );
    let acme = world.control.consumer("acme").await.unwrap();
    assert_eq!(acme.contacts.len(), 2);
    assert_eq!(
        (
            acme.contacts[0].name.as_deref(),
            acme.contacts[0].address.as_str()
        ),
        (Some("Ann"), "ann@acme.test")
    );

    // A column that is absent leaves the stored value, an empty cell clears it.
    let csv = "name,plan,sla\nacme,,99.9\nnew one,,\n";
    assert_eq!(
        consumers(&world, ImportFormat::Csv, csv).await,
        Ok(report(1, 1, 0))
    );
    let acme = world.control.consumer("acme").await.unwrap();
    assert_eq!(
        (acme.contacts.len(), acme.plan, acme.sla),
        (2, None, Some("99.9".to_owned()))
    );
}

#[tokio::test]
async fn consumers_from_json_are_the_same() {
    let world = World::new().await;
    let json = r##"[{"name": "acme", "kind": "agent", "contacts": [{"address": "#acme", "role": "oncall"}, "a@b.test"]},
                   {"name": "beta", "plan": null}]"##;
    assert_eq!(
        consumers(&world, ImportFormat::Json, json).await,
        Ok(report(2, 0, 0))
    );
    assert_eq!(
        consumers(&world, ImportFormat::Json, json).await,
        Ok(report(0, 0, 2))
    );
    assert_eq!(
        world.control.consumer("acme").await.unwrap().contacts[0]
            .role
            .as_deref(),
        Some("oncall")
    );
}

#[tokio::test]
async fn every_bad_row_is_told_and_no_good_one_is_taken() {
    let world = World::new().await;
    let csv = "name,kind,contacts,colour\n\
               good,developer,,\n\
               -bad,robot,,\n\
               good,,\"Ann <ann\",\n\
               too,many,cells,here,now\n\
               ,,,\n";
    let problems = consumers(&world, ImportFormat::Csv, csv).await.unwrap_err();
    assert_snapshot!(problems, @"
    1 colour: there is no such field: use name, kind, contacts, plan, sla, external_id
    3 kind: \"robot\" is none of developer, agent, squad
    3 name: name \"-bad\" holds '-': use letters, digits, space and . _ - @ / +, starting with a letter or digit
    4 contacts: \"Ann <ann\" lacks its closing >
    4 name: good is in line 2 already
    5 -: the row has 5 cells, the header has 4
    6 name: a name needs 1 to 100 characters, this one has 0
    ");
    let problems = consumers(
        &world,
        ImportFormat::Json,
        "[{\"name\": 7}, 3, {\"nam\": \"x\"}]",
    )
    .await
    .unwrap_err();
    assert_snapshot!(problems, @"
    1 name: a text is needed
    1 name: a name needs 1 to 100 characters, this one has 0
    2 -: an object is needed
    3 nam: there is no such field: use name, kind, contacts, plan, sla, external_id
    3 name: a name needs 1 to 100 characters, this one has 0
    ");
    assert_snapshot!(
        consumers(&world, ImportFormat::Json, "{\n\"name\": 7}").await.unwrap_err(),
        @"1 -: an array of objects is needed: invalid type: map, expected a sequence at line 1 column 0"
    );
    assert!(
        world
            .control
            .list_consumers(&PageRequest::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn credentials_come_by_value_or_digest_and_only_the_digest_stays() {
    let world = World::new().await;
    let surface = world.surface("payments").await;
    world.consumer("acme").await;
    world.consumer("beta").await;
    let digest = KeyDigest::of(b"tok_beta");
    let csv = format!(
        "consumer,value,digest,kind,expires_at\nacme,tok_acme,,,\nbeta,,{digest},agent,2030-01-01T00:00:00Z\n"
    );
    assert_eq!(
        keys(&world, ImportFormat::Csv, &csv, Some("payments")).await,
        Ok(report(2, 0, 0))
    );
    assert_eq!(
        keys(&world, ImportFormat::Csv, &csv, Some("payments")).await,
        Ok(report(0, 0, 2))
    );
    let spec = world.control.snapshot().await.unwrap();
    let mut digests: Vec<_> = spec.keys.iter().map(|key| key.digest.to_string()).collect();
    digests.sort_unstable();
    let mut expected = vec![KeyDigest::of(b"tok_acme").to_string(), digest.to_string()];
    expected.sort_unstable();
    assert_eq!(digests, expected);
    assert!(spec.keys.iter().all(|key| key.surface == surface.id));

    // The credential moved to another consumer.
    let json = format!(r#"[{{"consumer": "acme", "surface": "payments", "digest": "{digest}"}}]"#);
    assert_eq!(
        keys(&world, ImportFormat::Json, &json, None).await,
        Ok(report(0, 1, 0))
    );
    let found = world
        .control
        .list_keys(Some("acme"), None, &PageRequest::default())
        .await
        .unwrap()
        .items;
    assert_eq!(found.len(), 2);
    assert!(
        found
            .iter()
            .all(|key| key.origin == KeyOrigin::Native && key.expires_at.is_none())
    );
    let native = found
        .iter()
        .find(|key| digest.to_string().starts_with(&key.start))
        .unwrap();
    let rotated = world
        .control
        .rotate_key(
            Actor::Cli,
            &native.id.to_string(),
            std::time::Duration::ZERO,
        )
        .await;
    assert_eq!(rotated.unwrap_err().code(), "key_native");

    world
        .control
        .revoke_key(Actor::Cli, &native.id.to_string())
        .await
        .unwrap();
    let problems = keys(&world, ImportFormat::Json, &json, None)
        .await
        .unwrap_err();
    assert_snapshot!(problems, @"1 digest: this credential was revoked");
}

#[tokio::test]
async fn bad_credentials_are_told_without_repeating_them() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    let csv = "consumer,surface,value,digest,expires_at\n\
               acme,payments,tok_1,,\n\
               nobody,payments,tok_2,,\n\
               acme,nowhere,tok_3,,\n\
               acme,payments,tok_1,,\n\
               acme,payments,,,\n\
               acme,payments,tok_4,00,\n\
               acme,payments,,xyz,\n\
               acme,payments,tok_5,,yesterday\n\
               acme,payments,tok_6,,2020-01-01T00:00:00Z\n";
    let problems = keys(&world, ImportFormat::Csv, csv, None)
        .await
        .unwrap_err();
    assert!(!problems.contains("tok_"), "{problems}");
    assert_snapshot!(problems, @"
    3 consumer: there is no consumer \"nobody\": create it first
    4 surface: there is no surface \"nowhere\"
    5 value: this credential is in line 2 already
    6 value: exactly one of value and digest is needed
    7 value: exactly one of value and digest is needed
    8 digest: a SHA-256 digest has 64 hexadecimal digits
    9 expires_at: \"yesterday\" is no RFC 3339 instant such as 2027-03-31T00:00:00Z
    10 expires_at: 2020-01-01T00:00:00Z is in the past
    ");
    assert!(
        world
            .control
            .list_keys(None, None, &PageRequest::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}
