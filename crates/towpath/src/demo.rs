//! `towpath demo`: a sample payments API, forty consumers, Towpath between them, three counts that must agree, and a rollout.

mod carried;
mod cast;
mod client;
mod deprecated;
mod live;
mod load;
mod metered;
mod operations;
mod records;
mod report;
mod schedule;
mod screen;
pub(crate) mod seed;
pub(crate) mod setup;
mod signals;
mod summary;
mod tally;
mod traces;
mod upstream;
mod view;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;

use crate::cli::{DemoArgs, SummaryFormat};
use crate::config::{LogFormat, LogLevel, LogRequests, LogSection};
use crate::failure::{Exit, Failure};
use crate::output::{self, Colour};
use crate::run::logging;
use carried::Carried;
use live::{Live, Output};
use load::{Load, Plan};
use metered::Reader;
use report::Run;
use screen::Screen;
use setup::{Stage, Wanted};
use signals::Signals;
use summary::Summary;
use tally::Tally;

const GATEWAY_DEFAULT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const WEB_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8081);

/// Runs the demo to its end. Errors: what could not start, or counts that differ.
pub fn run(args: DemoArgs) -> anyhow::Result<()> {
    let on_screen = args.format == SummaryFormat::Human && Screen::can_be_taken();
    // A log line would tear the view; elsewhere errors go to stderr.
    let log = match on_screen {
        true => None,
        false => Some(logging::init(&LogSection {
            format: LogFormat::Human,
            // A mailbox that bounces is a part of the play.
            level: LogLevel::Error,
            requests: LogRequests::Off,
        })?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("control")
        .enable_all()
        .build()
        .context("cannot start")?;
    let result = runtime.block_on(demo(&args, on_screen));
    runtime.shutdown_background();
    drop(log);
    result
}

async fn demo(args: &DemoArgs, on_screen: bool) -> anyhow::Result<()> {
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let gateway = Wanted {
        addr: args.gateway,
        default: GATEWAY_DEFAULT,
    };
    let web = Wanted {
        addr: args.web,
        default: WEB_DEFAULT,
    };
    let mut setting = std::pin::pin!(setup::set(gateway, web, args.data.clone()));
    let stage = tokio::select! {
        stage = &mut setting => stage?,
        // Half a start cannot be ended in order; a whole one takes less than a second.
        () = signals.next() => {
            setting.await?.strike().await;
            return Ok(());
        }
    };

    let say = match args.format {
        SummaryFormat::Human => say_on_stdout,
        SummaryFormat::Json => output::note,
    };
    introduce(&stage, say);
    let acted = tokio::select! {
        acted = act(args, &stage, on_screen, say, Signals::listen().context("cannot listen for signals")?) => acted,
        // The first signal ends the run in order, the second one at once.
        () = twice(&mut signals) => Err(anyhow::anyhow!("ended before the counts were compared")),
    };
    stage.strike().await;
    let summary = acted?;

    match args.format {
        SummaryFormat::Human => output::print(&report::render(&summary, Colour::of_stdout()))?,
        SummaryFormat::Json => output::print(&format!("{}\n", serde_json::to_string(&summary)?))?,
    }
    verdict(&summary)
}

/// Runs the load until the end of the run and compares what was counted.
async fn act(
    args: &DemoArgs,
    stage: &Stage,
    on_screen: bool,
    say: fn(&str),
    mut signals: Signals,
) -> anyhow::Result<Summary> {
    let reader = Reader::new(stage.control.clone());
    let before = reader.cells().await?;
    let tally = Arc::new(Tally::default());
    let plan = Plan {
        gateway: stage.running.gateway_addr,
        surface: stage.surface,
        guests: stage.guests.clone(),
        seed: args.seed,
        rate: args.rate,
    };
    let started = Instant::now();
    let load = Load::start(plan, Arc::clone(&tally)).context("the consumers cannot start")?;
    let carried = Carried::start(args.seed, args.clock_speed);
    let board = carried.board.clone();

    let screen = if on_screen { Screen::take() } else { None };
    let output = screen.map_or(Output::Lines(say), Output::Screen);
    Live::new(
        stage,
        reader.clone(),
        Arc::clone(&tally),
        board,
        args.run_for,
    )
    .show(output, &mut signals)
    .await;

    output::note("  stopping the consumers; their last calls end and are counted");
    load.stop().await;
    let duration = started.elapsed();
    let rollout = carried.end().await?;
    let counts = tally.counts();
    let run = Run {
        duration,
        seed: args.seed,
        rate: args.rate,
    };
    report::summarise(stage, &reader, &counts, &before, run, rollout).await
}

fn introduce(stage: &Stage, say: fn(&str)) {
    let [call, deprecated] = &stage.commands;
    say(&format!(
        "\nGateway    http://{}\nAdmin API  http://{}\n\nCall it as one more consumer:\n  {call}\nand see what a deprecated \
         operation says of itself:\n  {deprecated}\n",
        stage.running.gateway_addr, stage.running.web_addr,
    ));
}

fn say_on_stdout(text: &str) {
    // A reader that went away does not end the demo.
    let _ = output::print(&format!("{text}\n"));
}

async fn twice(signals: &mut Signals) {
    signals.next().await;
    signals.next().await;
}

/// What the counts say of Towpath.
fn verdict(summary: &Summary) -> anyhow::Result<()> {
    let rollout = &summary.rollout;
    if summary.mismatches == 0 && rollout.failed_calls == 0 && rollout.notices_lost == 0 {
        return Ok(());
    }
    let what = format!(
        "{} of {} counts differ; in the rollout {} calls failed and {} notices were lost",
        summary.mismatches,
        summary.pairs * 2,
        rollout.failed_calls,
        rollout.notices_lost
    );
    Err(Failure::new(Exit::Findings, what)
        .next("this is a fault of Towpath: please report the lines above")
        .into())
}
