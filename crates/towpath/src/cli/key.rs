//! `towpath key`: create, import, list, rotate, revoke; a secret is printed once, with how to use it.

use adoption::{KeyDigest, Micros};
use serde_json::Value;
use web::api::ImportReport;
use web::api::keys::{IssuedKey, Key, NewKey, Rotate, Rotation};
use web::api::surfaces::{Identity, Surface};
use web::time::Instant;

use super::args::{
    Format, Global, KeyCommand, KeyCreate, KeyImport, KeyList, KeyRevoke, KeyRotate,
};
use super::example;
use super::import::{content_type_of, import_text};
use super::remote::{Remote, Submitted, print_list, print_result, read_input};
use crate::client::{Payload, encode};
use crate::failure::Failure;
use crate::output::{self, Align, Table, instant, minute};

pub async fn run(global: &Global, command: KeyCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        KeyCommand::Create(args) => create(&remote, args).await,
        KeyCommand::Import(args) => import(&remote, args).await,
        KeyCommand::List(args) => list(&remote, args).await,
        KeyCommand::Rotate(args) => rotate(&remote, args).await,
        KeyCommand::Revoke(args) => revoke(&remote, args).await,
    }
}

async fn create(remote: &Remote, args: KeyCreate) -> Result<(), Failure> {
    let expires_at = args.expires.map(|lifetime| {
        let now = adoption::Clock::now(&meter::SystemClock);
        Instant(Micros(now.0.saturating_add(
            i64::try_from(lifetime.as_micros()).unwrap_or(i64::MAX),
        )))
    });
    let new = NewKey {
        consumer: args.consumer,
        surface: args.surface,
        kind: args.kind.map(Into::into),
        expires_at,
    };
    let issued: IssuedKey = remote.post("/keys", &new).await?;
    print_result(&issued, args.output.format, &issued_text(&issued))?;
    if args.output.format == Format::Human {
        explain_secret(remote, &issued).await;
    }
    Ok(())
}

async fn rotate(remote: &Remote, args: KeyRotate) -> Result<(), Failure> {
    let overlap_seconds = u32::try_from(args.overlap.as_secs())
        .map_err(|_| Failure::usage("the overlap is longer than 136 years").at("--overlap"))?;
    let body = Rotate {
        overlap_seconds: Some(overlap_seconds),
    };
    let rotation: Rotation = remote
        .post(&format!("/keys/{}/rotate", encode(&args.key)), &body)
        .await?;
    print_result(
        &rotation,
        args.output.format,
        &issued_text(&rotation.issued),
    )?;
    if args.output.format == Format::Human {
        output::note(&format!(
            "the old key {} works until {}",
            rotation.old.id,
            instant(rotation.old.expires_at)
        ));
        explain_secret(remote, &rotation.issued).await;
    }
    Ok(())
}

async fn revoke(remote: &Remote, args: KeyRevoke) -> Result<(), Failure> {
    let key: Key = remote
        .upload(
            &format!("/keys/{}/revoke", encode(&args.key)),
            "application/json",
            "{}".into(),
        )
        .await?;
    output::print(&format!(
        "revoked {} of {} on {}; it is refused from now on\n",
        key.id, key.consumer, key.surface
    ))
}

async fn list(remote: &Remote, args: KeyList) -> Result<(), Failure> {
    let filters = [("consumer", &args.consumer), ("surface", &args.surface)];
    let query: Vec<String> = filters
        .iter()
        .filter_map(|(name, value)| {
            value
                .as_ref()
                .map(|value| format!("{name}={}", encode(value)))
        })
        .collect();
    let path = if query.is_empty() {
        "/keys".to_owned()
    } else {
        format!("/keys?{}", query.join("&"))
    };
    let keys: Vec<Key> = remote.list(&path).await?;
    print_list(&keys, args.output.format, key_table)
}

async fn import(remote: &Remote, args: KeyImport) -> Result<(), Failure> {
    let (file, text) = read_input(&args.file)?;
    let content_type = content_type_of(&text);
    let digests = match content_type {
        "text/csv" => digest_csv(&text),
        _ => digest_json(&text),
    };
    let digests = digests.map_err(|message| Failure::input(message).at(&file))?;
    let path = match &args.surface {
        Some(surface) => format!("/keys/import?surface={}", encode(surface)),
        None => "/keys/import".to_owned(),
    };
    let payload = Payload {
        content_type,
        body: digests.clone().into(),
    };
    // The excerpt shows what was sent, so that no credential appears on the terminal.
    let source = Submitted {
        file: &file,
        text: &digests,
    };
    let report: ImportReport = remote.submit(&path, payload, source).await?;
    print_result(&report, args.output.format, &import_text(&report))
}

/// The column `value` becomes `digest`, so that credentials stay on this machine. Lines stay where they are.
fn digest_csv(text: &str) -> Result<String, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let mut column = None;
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        if index == 0 {
            column = record
                .iter()
                .position(|name| name.trim().trim_start_matches('\u{feff}') == "value");
            if column.is_some() && record.iter().any(|name| name.trim() == "digest") {
                return Err("a file has a column `value` or a column `digest`, not both".to_owned());
            }
        }
        let cells = record
            .iter()
            .enumerate()
            .map(|(at, cell)| match (index, Some(at) == column) {
                (0, true) => "digest".to_owned(),
                (_, true) => KeyDigest::of(cell.trim().as_bytes()).to_string(),
                (_, false) => cell.to_owned(),
            });
        writer
            .write_record(cells)
            .map_err(|error| error.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn digest_json(text: &str) -> Result<String, String> {
    let mut rows: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    for row in rows
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        if let Some(Value::String(value)) = row.remove("value") {
            row.insert(
                "digest".to_owned(),
                KeyDigest::of(value.as_bytes()).to_string().into(),
            );
        }
    }
    Ok(rows.to_string())
}

fn issued_text(issued: &IssuedKey) -> String {
    let key = &issued.key;
    output::fields(&[
        ("key", &key.id),
        ("consumer", &key.consumer),
        ("surface", &key.surface),
        ("expires", &instant(key.expires_at)),
        ("secret", &issued.secret),
    ])
}

/// On stderr: what the secret is, how it is sent, and a line that works when pasted.
async fn explain_secret(remote: &Remote, issued: &IssuedKey) {
    output::note(
        "\nThe secret is shown this once; only its digest is kept. Hand it over on a confidential channel.",
    );
    let Ok(surface) = remote
        .get::<Surface>(&format!("/surfaces/{}", encode(&issued.key.surface_id)))
        .await
    else {
        return;
    };
    let towpath_key = surface
        .settings
        .identity
        .iter()
        .find_map(|identity| match identity {
            Identity::TowpathKey { header, scheme } => Some(header_text(
                header.as_deref(),
                scheme.as_deref(),
                &issued.secret,
            )),
            _ => None,
        });
    match towpath_key {
        Some(header) => output::note(&format!(
            "Try it:\n  {}",
            example::curl(remote, &surface, Some(&header)).await
        )),
        None => output::note(&format!(
            "warning: {} looks for its own credentials only, so this key is not recognised; add identity kind \"towpath_key\"",
            surface.name
        )),
    }
}

/// How the key is sent.
fn header_text(header: Option<&str>, scheme: Option<&str>, secret: &str) -> String {
    match (header, scheme) {
        (None, _) => format!("Authorization: Bearer {secret}"),
        (Some(header), Some(scheme)) => format!("{header}: {scheme} {secret}"),
        (Some(header), None) => format!("{header}: {secret}"),
    }
}

pub fn key_table(keys: &[Key]) -> Table {
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("start", Align::Left),
        ("surface", Align::Left),
        ("consumer", Align::Left),
        ("kind", Align::Left),
        ("state", Align::Left),
        ("last used", Align::Left),
        ("expires", Align::Left),
    ]);
    for key in keys {
        table.row(vec![
            key.id.clone(),
            key.start.clone(),
            key.surface.clone(),
            key.consumer.clone(),
            key.kind.as_str().to_owned(),
            key.state.as_str().to_owned(),
            minute(key.last_used),
            instant(key.expires_at),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_as_digests() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let csv = digest_csv("consumer,value,kind\nacme,abc,agent\n").unwrap();
        assert_eq!(csv, format!("consumer,digest,kind\nacme,{digest},agent\n"));
        let json = digest_json(r#"[{"consumer":"acme","value":"abc"}]"#).unwrap();
        assert_eq!(
            json,
            format!(r#"[{{"consumer":"acme","digest":"{digest}"}}]"#)
        );

        let untouched = format!("consumer,digest\nacme,{digest}\n");
        assert_eq!(digest_csv(&untouched).unwrap(), untouched);
        assert!(digest_csv("value,digest\na,b\n").is_err());
    }

    #[test]
    fn the_header_follows_the_surface() {
        assert_eq!(header_text(None, None, "s"), "Authorization: Bearer s");
        assert_eq!(header_text(Some("X-Key"), None, "s"), "X-Key: s");
        assert_eq!(
            header_text(Some("Authorization"), Some("token"), "s"),
            "Authorization: token s"
        );
    }
}
