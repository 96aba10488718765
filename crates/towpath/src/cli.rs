//! The command line: one small file per noun, each a client of the admin API or a reader of contracts.

pub mod args;
mod changelog;
mod comparison;
mod consumer;
mod contract;
mod diff;
mod document;
mod example;
mod explain;
mod import;
mod key;
mod lint;
mod notice;
mod offline;
mod remote;
mod reporting;
mod rollout;
mod rulebook;
mod score;
mod score_text;
mod server;
mod surface;
mod up;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command, Global};
pub use args::{DemoArgs, DrillArgs, SummaryFormat};

use crate::failure::{Exit, Failure};

/// Parses, runs, reports, and turns the result into the documented exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            crate::output::note(&failure.to_string());
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn execute(cli: Cli) -> Result<(), Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Up(args) => up::up(global, args),
        Command::Demo(args) => demo(global, args),
        Command::Drill(args) => drill(&args),
        Command::Consumer(command) => wait(consumer::run(global, command)),
        Command::Key(command) => wait(key::run(global, command)),
        Command::Surface(command) => wait(surface::run(global, command)),
        Command::Contract(command) => wait(contract::run(global, command)),
        Command::Rollout(command) => wait(rollout::run(global, command)),
        Command::Notice(command) => wait(notice::run(global, command)),
        Command::Webhook(command) => wait(notice::run_webhook(global, command)),
        Command::Diff(args) => diff::run(global, &args),
        Command::Changelog(args) => changelog::run(global, &args),
        Command::Lint(args) => lint::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Usage(args) => wait(usage::run(global, args)),
        Command::Backup(args) => wait(server::backup(global, args)),
        Command::Restore(args) => wait(offline::restore(global, args)),
        Command::Doctor(args) => wait(server::doctor(global, args.format)),
        Command::Config(command) => wait(server::config(global, command)),
        Command::Status(args) => wait(server::status(global, args.format)),
    }
}

/// Runs a short command on this thread alone.
fn wait(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| Failure::input(format!("cannot start: {error}")))?
        .block_on(command)
}

fn drill(args: &DrillArgs) -> Result<(), Failure> {
    crate::drill::run(args).map_err(as_failure)
}

fn as_failure(error: anyhow::Error) -> Failure {
    match error.downcast::<Failure>() {
        Ok(failure) => failure,
        Err(error) => Failure::new(Exit::Findings, format!("{error:#}")),
    }
}

fn demo(global: &Global, mut args: DemoArgs) -> Result<(), Failure> {
    args.data = global.data.clone();
    crate::demo::run(args).map_err(as_failure)
}
