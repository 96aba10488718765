//! `towpath contract`: push, list, show; problems of a broken contract are printed like a compiler's.

use web::api::contracts::{Contract, ContractChange, ContractSource, Operation, PushedContract};

use super::args::{ContractCommand, ContractPush, ContractShow, Format, Global};
use super::remote::{Remote, Submitted, print_csv, print_list, print_result, read_input};
use crate::client::{Payload, encode};
use crate::failure::Failure;
use crate::output::{self, Align, Table, instant};

pub async fn run(global: &Global, command: ContractCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        ContractCommand::Push(args) => push(&remote, args).await,
        ContractCommand::List(args) => {
            let path = match &args.surface {
                Some(surface) => format!("/contracts?surface={}", encode(surface)),
                None => "/contracts".to_owned(),
            };
            let contracts: Vec<Contract> = remote.list(&path).await?;
            print_list(&contracts, args.output.format, contract_table)
        }
        ContractCommand::Show(args) => show(&remote, args).await,
    }
}

async fn push(remote: &Remote, args: ContractPush) -> Result<(), Failure> {
    let (file, text) = read_input(&args.file)?;
    let mut path = format!(
        "/surfaces/{}/contracts?file={}",
        encode(&args.surface),
        encode(&file)
    );
    if let Some(reason) = &args.allow_breaking {
        path.push_str(&format!("&allow_breaking={}", encode(reason)));
    }
    let is_json = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{');
    let content_type = if is_json {
        "application/json"
    } else {
        "application/yaml"
    };
    let payload = Payload {
        content_type,
        body: text.clone().into(),
    };
    let source = Submitted {
        file: &file,
        text: &text,
    };
    let pushed: PushedContract = remote.submit(&path, payload, source).await?;
    print_result(&pushed, args.output.format, &pushed_text(&pushed))
}

fn pushed_text(pushed: &PushedContract) -> String {
    let contract = &pushed.contract;
    let change = match pushed.change {
        ContractChange::Created => "runs now",
        ContractChange::Unchanged => "runs already; nothing changed",
        ContractChange::Reinstated => "runs again",
    };
    let breaks = match pushed.breaks {
        0 => String::new(),
        1 => ", 1 breaking change declared".to_owned(),
        breaks => format!(", {} breaking changes declared", output::count(breaks)),
    };
    let warnings = match pushed.warnings {
        0 => String::new(),
        1 => ", 1 change that may break".to_owned(),
        warnings => format!(", {} changes that may break", output::count(warnings)),
    };
    format!(
        "{} {} ({}) {change} on {}: {} operations, {} added, {} removed, {} deprecated{breaks}{warnings}\n",
        contract.title,
        contract.version,
        contract.id,
        contract.surface,
        output::count(contract.operations),
        output::count(pushed.operations_added),
        output::count(pushed.operations_removed),
        output::count(contract.operations_deprecated),
    )
}

async fn show(remote: &Remote, args: ContractShow) -> Result<(), Failure> {
    let found: ContractSource = remote
        .get(&format!("/contracts/{}", encode(&args.contract)))
        .await?;
    if args.source {
        return output::print(&found.source);
    }
    if args.output.format == Format::Json {
        return output::print_json(&found);
    }

    let contract = &found.contract;
    let operations: Vec<Operation> = remote
        .list(&format!(
            "/surfaces/{}/operations",
            encode(&contract.surface_id)
        ))
        .await?;
    let held: Vec<Operation> = if contract.running {
        operations
            .into_iter()
            .filter(|operation| operation.running)
            .collect()
    } else {
        // Only the running contract's operations are known by name; of an earlier one the source tells.
        Vec::new()
    };
    if args.output.format == Format::Csv {
        return print_csv(&held);
    }

    let mut text = output::fields(&[
        ("contract", &contract.id),
        ("surface", &contract.surface),
        ("title", &contract.title),
        ("version", &contract.version),
        ("openapi", &contract.openapi),
        ("file", &contract.file),
        ("pushed", &instant(Some(contract.created_at))),
        ("running", if contract.running { "yes" } else { "no" }),
        (
            "operations",
            &format!(
                "{}, {} deprecated",
                contract.operations, contract.operations_deprecated
            ),
        ),
    ]);
    if !held.is_empty() {
        text.push('\n');
        text.push_str(&operation_table(&held).render(output::Colour::of_stdout()));
    }
    output::print(&text)
}

fn operation_table(operations: &[Operation]) -> Table {
    let columns = [
        ("method", Align::Left),
        ("path", Align::Left),
        ("deprecated", Align::Left),
        ("sunset", Align::Left),
        ("operation id", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for operation in operations {
        let deprecation = operation.deprecation.as_ref();
        table.row(vec![
            operation.method.clone(),
            operation.path.clone(),
            deprecation
                .map(|deprecation| instant(Some(deprecation.deprecated_at)))
                .unwrap_or_default(),
            deprecation
                .and_then(|deprecation| deprecation.sunset_at)
                .map(|at| instant(Some(at)))
                .unwrap_or_default(),
            operation.operation_id.clone().unwrap_or_default(),
        ]);
    }
    table
}

fn contract_table(contracts: &[Contract]) -> Table {
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("surface", Align::Left),
        ("version", Align::Left),
        ("title", Align::Left),
        ("openapi", Align::Left),
        ("operations", Align::Right),
        ("deprecated", Align::Right),
        ("pushed", Align::Left),
        ("running", Align::Left),
    ]);
    for contract in contracts {
        table.row(vec![
            contract.id.clone(),
            contract.surface.clone(),
            contract.version.clone(),
            contract.title.clone(),
            contract.openapi.clone(),
            output::count(contract.operations),
            output::count(contract.operations_deprecated),
            instant(Some(contract.created_at)),
            if contract.running { "yes" } else { "" }.to_owned(),
        ]);
    }
    table
}
