//! `towpath status`, `doctor`, `backup` and `config`: about the server itself.

use std::os::unix::fs::OpenOptionsExt as _;

use http::Method;
use serde_json::json;
use web::api::server::{Check, CheckState, Checks, ConfigLines, Status};
use web::app::ConfigLine;
use web::table::PREFIX;

use super::args::{BackupArgs, ConfigCommand, Format, Global};
use super::offline;
use super::remote::{Remote, config_of, layers, print_list, print_result, refusal};
use super::surface::place_text;
use crate::config::{self, Flags};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Table, instant};

pub async fn status(global: &Global, format: Format) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    let status: Status = remote.get("/status").await?;
    print_result(&status, format, &status_text(&status))?;
    match status.accepting {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Findings,
            "the gateway does not accept connections",
        )),
    }
}

fn status_text(status: &Status) -> String {
    let lag = match status.usage_lag_ms {
        Some(lag_ms) => format!("{lag_ms}ms behind"),
        None => "not being applied".to_owned(),
    };
    let mut text = output::fields(&[
        ("version", &status.version),
        ("started", &instant(Some(status.started_at))),
        (
            "gateway",
            &format!(
                "{} ({})",
                status.gateway,
                if status.accepting {
                    "accepting"
                } else {
                    "draining"
                }
            ),
        ),
        ("web", &status.web),
        ("data", &status.data_dir),
        (
            "database",
            if status.database {
                "answers"
            } else {
                "does not answer; traffic goes on"
            },
        ),
        ("usage", &lag),
        (
            "journal",
            if status.journal_full {
                "FULL"
            } else {
                "has room"
            },
        ),
        ("snapshot", &status.generation.to_string()),
    ]);
    if !status.surfaces.is_empty() {
        let columns = [
            ("surface", Align::Left),
            ("place", Align::Left),
            ("upstream", Align::Left),
            ("contract", Align::Left),
            ("operations", Align::Right),
        ];
        let mut table = Table::new(&columns);
        for surface in &status.surfaces {
            table.row(vec![
                surface.name.clone(),
                place_text(&surface.hosts, &surface.path_prefix),
                surface.upstreams.join(" "),
                output::optional(&surface.contract),
                surface.operations.to_string(),
            ]);
        }
        text.push('\n');
        text.push_str(&table.render(output::Colour::of_stdout()));
    }
    text
}

/// Asks the server; without one looks at the data folder itself. Exit code 1 when a check failed.
pub async fn doctor(global: &Global, format: Format) -> Result<(), Failure> {
    let asked = match Remote::find(global) {
        Ok(remote) => remote.get::<Checks>("/doctor").await,
        Err(failure) => Err(failure),
    };
    let checks = match asked {
        Ok(checks) => checks,
        Err(failure) if global.server.is_some() => return Err(failure),
        Err(failure) => offline::doctor(&config_of(global)?, &failure).await,
    };

    match format {
        Format::Json => output::print_json(&checks)?,
        format => print_list(&checks.checks, format, check_table)?,
    }
    for check in checks.checks.iter().filter(|_| format == Format::Human) {
        if let Some(next_step) = &check.next_step {
            output::note(&format!("{}: {next_step}", check.name));
        }
    }
    match checks.state {
        CheckState::Fail => Err(Failure::new(
            Exit::Findings,
            "something is wrong; see above",
        )),
        CheckState::Ok | CheckState::Warn => Ok(()),
    }
}

fn check_table(checks: &[Check]) -> Table {
    let mut table = Table::new(&[
        ("state", Align::Left),
        ("check", Align::Left),
        ("detail", Align::Left),
    ]);
    for check in checks {
        table.row(vec![
            check.state.as_str().to_owned(),
            check.name.clone(),
            check.detail.clone(),
        ]);
    }
    table
}

/// The server's copy comes over the API, so that it works from another machine too.
pub async fn backup(global: &Global, args: BackupArgs) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    // Created first and never overwritten: an older backup is not lost to a slip.
    let created = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.file);
    let created = created.map_err(|error| {
        Failure::input(format!("cannot create the backup: {error}"))
            .at(args.file.display())
            .next("name a file that does not exist yet, in a folder that you may write")
    })?;

    let mut file = tokio::fs::File::from_std(created);
    let client = remote.client();
    let written = match client
        .download(Method::POST, &format!("{PREFIX}/backup"), &mut file)
        .await
    {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(response)) => Err(refusal(client, &response, None)),
        Err(error) => Err(error.into()),
    };
    let bytes = written.inspect_err(|_| _ = std::fs::remove_file(&args.file))?;
    let report = json!({ "path": args.file, "bytes": bytes });
    let human = format!("wrote {} ({})\n", args.file.display(), output::bytes(bytes));
    print_result(&report, args.output.format, &human)?;
    if args.output.format == Format::Human {
        output::note("It holds every contact and key digest: keep it confidential.");
    }
    Ok(())
}

pub async fn config(global: &Global, command: ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::Show(args) => {
            let lines = match &global.server {
                Some(_) => {
                    Remote::find(global)?
                        .get::<ConfigLines>("/config")
                        .await?
                        .settings
                }
                None => local_lines(global)?,
            };
            print_list(&lines, args.format, config_table)
        }
        ConfigCommand::Check => check_config(global),
    }
}

fn local_lines(global: &Global) -> Result<Vec<ConfigLine>, Failure> {
    let loaded = config::load(&layers(global, Flags::default()))?;
    for warning in &loaded.warnings {
        output::note(&format!("warning: {warning}"));
    }
    Ok(config::report::lines(&loaded))
}

fn config_table(lines: &[ConfigLine]) -> Table {
    let mut table = Table::new(&[
        ("setting", Align::Left),
        ("value", Align::Left),
        ("source", Align::Left),
    ]);
    for line in lines {
        table.row(vec![
            line.setting.clone(),
            line.value.clone(),
            line.source.clone(),
        ]);
    }
    table
}

fn check_config(global: &Global) -> Result<(), Failure> {
    let loaded = config::load(&layers(global, Flags::default()))?;
    let mut findings = loaded
        .warnings
        .iter()
        .map(|warning| format!("warning: {warning}\n"))
        .collect::<Vec<_>>();
    let warnings = findings.len();
    findings.extend(config::files::problems(&loaded.config));
    for finding in &findings {
        output::note(finding);
    }
    if findings.len() > warnings {
        return Err(Failure::new(
            Exit::Findings,
            "files that the configuration names have problems; see above",
        ));
    }
    let file = loaded.file.as_ref().map_or_else(
        || "no config file".to_owned(),
        |file| file.display().to_string(),
    );
    output::print(&format!(
        "ok: {file}, {} surfaces\n",
        loaded.config.surfaces.len()
    ))
}
