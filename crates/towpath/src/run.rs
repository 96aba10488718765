//! The wiring: one call brings up the data folder, journal, gateway, state, jobs and admin API, another ends them.

mod checks;
pub mod folder;
pub mod logging;
mod notices;
mod plane;
mod state;
pub mod supervisor;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use adoption::Clock;
use control::{AdminToken, Control, ControlError, Jobs};
use meter::{Journal, SystemClock};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use web::{App, AppConfig};

use crate::config::{Config, Loaded, report};
use crate::failure::{Failure, chain};
use folder::{FolderError, FolderLock};
use plane::Plane;
use supervisor::Sockets;

/// The file that names the admin address of the server that runs on a data folder.
pub const URL_FILE: &str = "admin.url";
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_secs(15);

/// A running Towpath. Dropping it without [`Running::shutdown`] ends it like a crash: nothing counted is lost.
pub struct Running {
    /// Where consumers call.
    pub gateway_addr: SocketAddr,
    /// Where the admin API and the health pages are.
    pub web_addr: SocketAddr,
    pub data: PathBuf,
    pub token: AdminToken,
    /// What went wrong without stopping the start, such as a contract that was refused while its predecessor runs.
    pub warnings: Vec<Failure>,
    parts: Arc<Parts>,
    web: JoinHandle<()>,
    web_stop: watch::Sender<bool>,
    retry: Option<JoinHandle<()>>,
    // Last, so that the folder is free only after everything above is gone.
    _lock: FolderLock,
}

/// What the tasks share.
struct Parts {
    clock: Arc<dyn Clock>,
    journal: Arc<Journal>,
    plane: Arc<Plane>,
    app: App,
    loaded: RwLock<Loaded>,
    state: Mutex<Option<State>>,
}

/// The state, once it is open.
struct State {
    control: Control,
    jobs: Jobs,
}

/// Starts with a configuration made in code.
pub async fn start(config: Config) -> Result<Running, Failure> {
    start_with(config, Arc::new(SystemClock)).await
}

/// The same at the time that `clock` gives.
pub async fn start_with(config: Config, clock: Arc<dyn Clock>) -> Result<Running, Failure> {
    start_at(Loaded::of(config), Sockets::default(), clock).await
}

/// Starts everything; returns when consumers are served.
pub async fn start_loaded(loaded: Loaded, sockets: Sockets) -> Result<Running, Failure> {
    start_at(loaded, sockets, Arc::new(SystemClock)).await
}

async fn start_at(
    loaded: Loaded,
    sockets: Sockets,
    clock: Arc<dyn Clock>,
) -> Result<Running, Failure> {
    let config = loaded.config.clone();
    let lock = take_folder(&config.data)?;
    let token = control::local_token(&config.data).map_err(|error| folder_failure(&error))?;
    let web_listener = web_listener(&config, sockets.web).await?;
    let web_addr = local_addr(&web_listener)?;
    let journal = open_journal(&config, &clock)?;
    let state::Opened {
        control,
        snapshot,
        warnings,
    } = state::open(&config, &clock).await?;
    let plane = Plane::start(
        &config,
        sockets.gateway,
        Arc::clone(&journal),
        Arc::clone(&clock),
        &snapshot,
    )?;
    let gateway_addr = plane
        .local_addr()
        .ok_or_else(|| Failure::input("the gateway ended at once"))?;

    let parts = Arc::new_cyclic(|parts: &Weak<Parts>| Parts {
        app: App::new(app_config(
            &config,
            parts.clone(),
            &clock,
            &token,
            gateway_addr,
            web_addr,
        )),
        clock,
        journal,
        plane: Arc::new(plane),
        loaded: RwLock::new(loaded),
        state: Mutex::new(None),
    });
    let retry = match control {
        Some(control) => {
            parts.attach(control).await;
            None
        }
        None => Some(tokio::spawn(open_later(Arc::clone(&parts)))),
    };

    let (web_stop, stopped) = watch::channel(false);
    let web = tokio::spawn(web::serve(
        web_listener,
        web::router(parts.app.clone()),
        stopped,
    ));
    write_url(&config.data, web_addr);
    let data = config.data;
    Ok(Running {
        gateway_addr,
        web_addr,
        data,
        token,
        warnings,
        parts,
        web,
        web_stop,
        retry,
        _lock: lock,
    })
}

fn open_journal(config: &Config, clock: &Arc<dyn Clock>) -> Result<Arc<Journal>, Failure> {
    let opened = Journal::open(
        plane::journal_config(&config.data, &config.meter),
        Arc::clone(clock),
    );
    let journal = opened.map_err(|error| {
        Failure::input(chain(&error))
            .at(config.data.display())
            .next("see `towpath doctor`")
    })?;
    Ok(Arc::new(journal))
}

impl Running {
    /// The use cases; `None` while the database cannot be opened.
    pub async fn control(&self) -> Option<Control> {
        self.parts
            .state
            .lock()
            .await
            .as_ref()
            .map(|state| state.control.clone())
    }

    /// The configuration that runs.
    pub fn config(&self) -> Config {
        self.parts.config()
    }

    /// Takes surfaces, contracts and certificates of a new configuration without a dropped request. What needs a
    /// restart is named in the log; what is refused is in the answer, and what ran before it goes on running.
    pub async fn reload(&self, loaded: Loaded) -> Vec<Failure> {
        self.tell_differences(&loaded);
        *self
            .parts
            .loaded
            .write()
            .unwrap_or_else(PoisonError::into_inner) = loaded;

        self.parts.plane.reload_tls();
        match self.control().await {
            Some(control) => self.parts.apply(&control).await,
            None => vec![Failure::input(
                "the state is not open: surfaces and contracts follow when it is",
            )],
        }
    }

    fn tell_differences(&self, new: &Loaded) {
        let old = self
            .parts
            .loaded
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        for setting in report::settings_changed(&old, new) {
            tracing::warn!(
                setting,
                "{setting} has changed: it takes effect at the next start"
            );
        }
        let stays = |name: &str| {
            new.config
                .surfaces
                .iter()
                .any(|surface| surface.name == name)
        };
        for surface in old
            .config
            .surfaces
            .iter()
            .filter(|surface| !stays(&surface.name))
        {
            tracing::warn!(
                surface = surface.name,
                "surface {} left the configuration and goes on running",
                surface.name
            );
        }
    }

    /// Stops accepting, lets requests end within the drain time, applies the last usage, ends everything.
    pub async fn shutdown(self) {
        if let Some(retry) = self.retry {
            retry.abort();
        }
        let plane = Arc::clone(&self.parts.plane);
        if tokio::task::spawn_blocking(move || plane.drain())
            .await
            .is_err()
        {
            tracing::error!("the gateway ended with a panic");
        }
        if let Some(state) = self.parts.state.lock().await.take() {
            state.jobs.stop().await;
            // The API ends after the last usage is in, so that who asks meanwhile is still answered.
            self.web_stop.send_replace(true);
            _ = self.web.await;
            state.control.close().await;
        } else {
            self.web_stop.send_replace(true);
            _ = self.web.await;
        }
        _ = std::fs::remove_file(self.data.join(URL_FILE));
    }
}

impl Parts {
    fn config(&self) -> Config {
        self.loaded
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .config
            .clone()
    }

    /// From here on the admin API answers and usage is applied.
    async fn attach(&self, control: Control) {
        let jobs = control.start_jobs(Arc::clone(&self.journal), Arc::clone(&self.plane) as Arc<_>);
        self.app.attach(control.clone());
        *self.state.lock().await = Some(State { control, jobs });
    }

    /// Surfaces and contracts of the running configuration; the answer is what was refused.
    async fn apply(&self, control: &Control) -> Vec<Failure> {
        match state::apply_surfaces(control, &self.config()).await {
            Ok(refused) => refused,
            Err(failure) => vec![failure],
        }
    }

    async fn checks(&self) -> Vec<control::Check> {
        let mut found = self.plane.checks();
        found.extend(checks::web_exposed(self.app.config().web_addr));
        let control = self
            .state
            .lock()
            .await
            .as_ref()
            .map(|state| state.control.clone());
        if let Some(control) = control {
            found.extend(checks::upstreams(&control).await);
        }
        found
    }
}

/// Tries until the state is open, then gives it to everyone who waits for it.
async fn open_later(parts: Arc<Parts>) {
    let mut pause = RETRY_FIRST;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(RETRY_MAX);
        match Control::open(
            state::control_config(&parts.config()),
            Arc::clone(&parts.clock),
        )
        .await
        {
            Ok(control) => {
                tracing::info!("the state is open: the admin API answers, usage is being applied");
                for failure in parts.apply(&control).await {
                    tracing::error!("{failure}");
                }
                parts.attach(control).await;
                return;
            }
            Err(error) => tracing::warn!(error = chain(&error), "the state still cannot be opened"),
        }
    }
}

/// The host of the public address is one of ours.
fn hosts(config: &Config) -> Vec<String> {
    let url = config.notices.public_url.as_ref();
    let uri: Option<http::Uri> = url.and_then(|url| url.parse().ok());
    let public = uri.and_then(|uri| uri.host().map(str::to_owned));
    config.web.hosts.iter().cloned().chain(public).collect()
}

fn app_config(
    config: &Config,
    parts: Weak<Parts>,
    clock: &Arc<dyn Clock>,
    token: &AdminToken,
    gateway_addr: SocketAddr,
    web_addr: SocketAddr,
) -> AppConfig {
    // Weak, because the parts own the app; gone only after the last request.
    let (for_lines, for_report, for_checks) = (parts.clone(), parts.clone(), parts);
    AppConfig {
        token: token.clone(),
        clock: Arc::clone(clock),
        web_addr,
        gateway_addr,
        gateway_tls: config.gateway.tls.is_some(),
        hosts: hosts(config),
        data_dir: config.data.clone(),
        config_lines: Box::new(move || match for_lines.upgrade() {
            Some(parts) => {
                report::lines(&parts.loaded.read().unwrap_or_else(PoisonError::into_inner))
            }
            None => Vec::new(),
        }),
        gateway_report: Box::new(move || {
            for_report
                .upgrade()
                .map(|parts| parts.plane.report())
                .unwrap_or_default()
        }),
        outside_checks: Box::new(move || {
            let parts = for_checks.upgrade();
            Box::pin(async move {
                match parts {
                    Some(parts) => parts.checks().await,
                    None => Vec::new(),
                }
            })
        }),
    }
}

fn take_folder(data: &Path) -> Result<FolderLock, Failure> {
    FolderLock::make_and_take(data).map_err(|error| {
        let next = match &error {
            FolderError::Locked { .. } => {
                "stop the other one, or choose another folder with --data"
            }
            FolderError::Io { .. } => {
                "check the folder's owner and mode, or choose another with --data"
            }
        };
        Failure::input(chain(&error)).next(next)
    })
}

fn folder_failure(error: &ControlError) -> Failure {
    Failure::input(chain(error)).next("check the data folder's owner and mode")
}

async fn web_listener(
    config: &Config,
    inherited: Option<std::net::TcpListener>,
) -> Result<TcpListener, Failure> {
    let listen = config.web.listen;
    let listener = match inherited {
        Some(listener) => listener
            .set_nonblocking(true)
            .and_then(|()| TcpListener::from_std(listener)),
        None => TcpListener::bind(listen).await,
    };
    listener.map_err(|error| {
        Failure::input(format!("the admin API cannot listen on {listen}: {error}")).next(
            "another program may listen there: choose another address with --web or web.listen",
        )
    })
}

fn local_addr(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener
        .local_addr()
        .map_err(|error| Failure::input(format!("the admin API's socket cannot be used: {error}")))
}

/// So that commands beside the server find it by its data folder; without it they use the configured address.
fn write_url(data: &Path, web_addr: SocketAddr) {
    let mut addr = web_addr;
    if addr.ip().is_unspecified() {
        let loopback: std::net::IpAddr = if addr.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        };
        addr.set_ip(loopback);
    }
    if let Err(error) = std::fs::write(data.join(URL_FILE), format!("http://{addr}\n")) {
        tracing::warn!(%error, "the admin address could not be written to {URL_FILE}");
    }
}
