//! `towpath drill`: a whole rollout with seeded consumers on real connections, from the proposal to the removal, at a time that the drill gives.

pub mod board;
mod clock;
mod consumers;
pub mod course;
mod inbox;
mod ledger;
mod owner;
pub mod pace;
pub mod report;
mod stage;
mod standing;
mod traffic;
mod upstream;

use anyhow::Context as _;
use tokio::sync::watch;

use crate::cli::{DrillArgs, SummaryFormat};
use crate::config::{LogFormat, LogLevel, LogRequests, LogSection};
use crate::failure::{Exit, Failure};
use crate::output;
use crate::run::logging;
use board::Board;
use pace::Pace;

/// Runs the drill to its end. Errors: what could not be carried out, or calls that failed.
pub fn run(args: &DrillArgs) -> anyhow::Result<()> {
    let _log = logging::init(&LogSection {
        format: LogFormat::Human,
        level: LogLevel::Error,
        requests: LogRequests::Off,
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("control")
        .enable_all()
        .build()
        .context("cannot start")?;
    let report = runtime.block_on(course::run(
        usize::from(args.consumers),
        args.seed,
        Pace::unbound(),
        &watch::Sender::new(Board::default()),
    ));
    runtime.shutdown_background();
    let report = report?;
    match args.format {
        SummaryFormat::Human => output::print(&report.text())?,
        SummaryFormat::Json => output::print(&format!("{}\n", serde_json::to_string(&report)?))?,
    }
    if report.failed_calls > 0 || report.notices_lost > 0 {
        let what = format!(
            "{} calls failed and {} notices were lost",
            report.failed_calls, report.notices_lost
        );
        return Err(Failure::new(Exit::Findings, what).into());
    }
    Ok(())
}
