//! `towpath up`: runs everything until a signal ends it.

use std::io::IsTerminal as _;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::args::{Global, UpArgs};
use super::example::example_path;
use super::remote::layers;
use super::surface::place_text;
use crate::config::{self, Flags, Layers, Loaded, LogFormat, SurfaceFlags};
use crate::failure::Failure;
use crate::output::note;
use crate::run::supervisor::{Notice, notify, passed_sockets};
use crate::run::{self, Running, logging};

/// Of a surface that is given by flags without a name.
const SURFACE_NAME: &str = "api";

pub fn up(global: &Global, args: UpArgs) -> Result<(), Failure> {
    let layers = layers(global, flags(args));
    let loaded = config::load(&layers)?;
    let log = logging::init(&loaded.config.log)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }

    // Control, jobs and the admin API; the gateway's workers have threads of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("control")
        .on_thread_start(meter::yield_to_traffic)
        .enable_all()
        .build()
        .map_err(|error| Failure::input(format!("cannot start: {error}")))?;
    let result = runtime.block_on(serve(&layers, loaded));
    runtime.shutdown_background();
    drop(log);
    result
}

fn flags(args: UpArgs) -> Flags {
    let surface = (!args.upstream.is_empty()).then(|| SurfaceFlags {
        name: args.surface.unwrap_or_else(|| SURFACE_NAME.to_owned()),
        upstream: args.upstream,
        contract: args.contract,
    });
    Flags {
        data: None,
        gateway: args.gateway.map(|address| address.to_string()),
        web: args.web.map(|address| address.to_string()),
        surface,
    }
}

async fn serve(layers: &Layers, loaded: Loaded) -> Result<(), Failure> {
    let sockets = passed_sockets(
        &std::env::vars()
            .filter(|(name, _)| name.starts_with("LISTEN_"))
            .collect(),
    )?;
    let mut signals = Signals::listen()
        .map_err(|error| Failure::input(format!("cannot listen for signals: {error}")))?;
    let running = tokio::select! {
        running = run::start_loaded(loaded, sockets) => running?,
        _ = signals.end() => return Ok(()),
    };
    greet(&running).await;
    notify(Notice::Ready);

    while signals.next().await == Wish::Reload {
        reload(&running, layers).await;
    }

    notify(Notice::Stopping);
    tracing::info!("draining: running requests may end, new ones are not accepted");
    tokio::select! {
        () = running.shutdown() => tracing::info!("ended cleanly"),
        // Nothing counted is lost: the journal has it, and the next start applies it.
        () = signals.end() => tracing::warn!("ended at once on a second signal; running requests were cut off"),
    }
    Ok(())
}

async fn reload(running: &Running, layers: &Layers) {
    match config::load(layers) {
        Ok(loaded) => {
            let refused = running.reload(loaded).await;
            for failure in &refused {
                tracing::error!("{failure}");
            }
            match refused.len() {
                0 => tracing::info!("configuration and contracts reloaded"),
                count => {
                    tracing::warn!(count, "configuration reloaded, except for what was refused")
                }
            }
        }
        Err(error) => tracing::error!(
            "the new configuration was not taken; the running one stays\n{}",
            Failure::from(error)
        ),
    }
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Reload,
    End,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.terminate.recv() => Wish::End,
            _ = self.interrupt.recv() => Wish::End,
            _ = self.hangup.recv() => Wish::Reload,
        }
    }

    async fn end(&mut self) {
        while self.next().await != Wish::End {}
    }
}

/// What runs where, and the next step; for people, so not into a JSON log.
async fn greet(running: &Running) {
    for warning in &running.warnings {
        note(&format!("{warning}\n"));
    }
    let config = running.config();
    tracing::info!(gateway = %running.gateway_addr, web = %running.web_addr, "ready");
    if config.log.format == LogFormat::Json || !std::io::stderr().is_terminal() {
        return;
    }

    let scheme = if config.gateway.tls.is_some() {
        "https"
    } else {
        "http"
    };
    note(&format!(
        "  gateway  {scheme}://{}  (consumers call this)",
        running.gateway_addr
    ));
    note(&format!(
        "  admin    http://{}  (token in {})",
        running.web_addr,
        running.data.join("admin.token").display()
    ));
    if config.surfaces.is_empty() {
        note(
            "  no surface in the configuration; add one: --upstream URL --surface NAME --contract FILE",
        );
    }
    for surface in &config.surfaces {
        note(&format!(
            "  surface  {}: {} -> {}",
            surface.name,
            place_text(&surface.host, &surface.path_prefix),
            surface.upstream.join(" ")
        ));
    }
    if let Some(line) = example(running, scheme) {
        note(&format!("\n  try      {line}"));
        note("  see      towpath usage --by operation");
    }
}

/// A call to the first surface that leads everywhere and has a contract.
fn example(running: &Running, scheme: &str) -> Option<String> {
    let config = running.config();
    let surface = config
        .surfaces
        .iter()
        .find(|surface| surface.host.is_empty())?;
    let path = surface.contract.as_ref()?;
    let contract = contract::parse_bytes(&std::fs::read(path).ok()?, "contract").ok()?;
    Some(format!(
        "curl -i '{scheme}://{}{}{}'",
        running.gateway_addr,
        surface.path_prefix,
        example_path(&contract)?
    ))
}
