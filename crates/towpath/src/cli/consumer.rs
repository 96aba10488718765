//! `towpath consumer`: create, import, list, show.

use web::api::ImportReport;
use web::api::consumers::{Consumer, Contact, NewConsumer};
use web::api::keys::Key;

use super::args::{ConsumerCommand, ConsumerCreate, ConsumerShow, Format, Global, ImportArgs};
use super::import::{content_type_of, import_text};
use super::key::key_table;
use super::remote::{Remote, Submitted, print_csv, print_list, print_result, read_input};
use crate::client::{Payload, encode};
use crate::failure::Failure;
use crate::output::{self, Align, Table, instant, minute, optional};

pub async fn run(global: &Global, command: ConsumerCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        ConsumerCommand::Create(args) => create(&remote, args).await,
        ConsumerCommand::Import(args) => import(&remote, args).await,
        ConsumerCommand::List(args) => {
            let consumers: Vec<Consumer> = remote.list("/consumers").await?;
            print_list(&consumers, args.format, consumer_table)
        }
        ConsumerCommand::Show(args) => show(&remote, args).await,
    }
}

async fn create(remote: &Remote, args: ConsumerCreate) -> Result<(), Failure> {
    let new = NewConsumer {
        name: args.name,
        kind: Some(args.kind.into()),
        contacts: args.contact.into_iter().map(contact).collect(),
        plan: args.plan,
        sla: args.sla,
        external_id: args.external_id,
    };
    let consumer: Consumer = remote.post("/consumers", &new).await?;
    let human = format!("created consumer {} ({})\n", consumer.name, consumer.id);
    print_result(&consumer, args.output.format, &human)?;
    if args.output.format == Format::Human {
        output::note(&format!(
            "next: towpath key create --consumer \"{}\" --surface NAME",
            consumer.name
        ));
    }
    Ok(())
}

/// `Name <address>`, or the address alone.
fn contact(text: String) -> Contact {
    let named = text.strip_suffix('>').and_then(|text| text.split_once('<'));
    match named.map(|(name, address)| (name.trim(), address.trim())) {
        Some((name, address)) if !name.is_empty() => Contact {
            address: address.to_owned(),
            name: Some(name.to_owned()),
            role: None,
        },
        _ => Contact {
            address: text,
            name: None,
            role: None,
        },
    }
}

async fn import(remote: &Remote, args: ImportArgs) -> Result<(), Failure> {
    let (file, text) = read_input(&args.file)?;
    let payload = Payload {
        content_type: content_type_of(&text),
        body: text.clone().into(),
    };
    let source = Submitted {
        file: &file,
        text: &text,
    };
    let report: ImportReport = remote.submit("/consumers/import", payload, source).await?;
    print_result(&report, args.output.format, &import_text(&report))
}

async fn show(remote: &Remote, args: ConsumerShow) -> Result<(), Failure> {
    let name = encode(&args.consumer);
    let consumer: Consumer = remote.get(&format!("/consumers/{name}")).await?;
    match args.output.format {
        Format::Json => return output::print_json(&consumer),
        Format::Csv => return print_csv(std::slice::from_ref(&consumer)),
        Format::Human => {}
    }
    let keys: Vec<Key> = remote
        .list(&format!("/keys?consumer={}", encode(&consumer.id)))
        .await?;

    let contacts = consumer
        .contacts
        .iter()
        .map(|contact| contact.address.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let mut text = output::fields(&[
        ("name", &consumer.name),
        ("id", &consumer.id),
        ("kind", consumer.kind.as_str()),
        ("contacts", &contacts),
        ("plan", &optional(&consumer.plan)),
        ("sla", &optional(&consumer.sla)),
        ("created", &instant(Some(consumer.created_at))),
        ("last seen", &minute(consumer.last_seen)),
    ]);
    if !keys.is_empty() {
        text.push('\n');
        text.push_str(&key_table(&keys).render(output::Colour::of_stdout()));
    }
    output::print(&text)
}

fn consumer_table(consumers: &[Consumer]) -> Table {
    let mut table = Table::new(&[
        ("name", Align::Left),
        ("kind", Align::Left),
        ("plan", Align::Left),
        ("sla", Align::Left),
        ("keys", Align::Right),
        ("last seen", Align::Left),
        ("id", Align::Left),
    ]);
    for consumer in consumers {
        table.row(vec![
            consumer.name.clone(),
            consumer.kind.as_str().to_owned(),
            optional(&consumer.plan),
            optional(&consumer.sla),
            consumer.keys_active.to_string(),
            minute(consumer.last_seen),
            consumer.id.clone(),
        ]);
    }
    table
}
