//! What the handlers share: the use cases once they are open, the token, and the figures that the wiring passes in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use adoption::{Clock, Micros};
use control::{AdminToken, Check, Control};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Refusal;

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigLine {
    /// Dotted path, such as `gateway.listen`.
    #[schema(example = "gateway.listen")]
    pub setting: String,
    /// As TOML writes it; empty when optional and absent. Secrets are hidden.
    #[schema(example = "\"127.0.0.1:8080\"")]
    pub value: String,
    /// `default`, a file and line, an environment variable, or a flag.
    #[schema(example = "default")]
    pub source: String,
}

/// A number for `/metrics`. Names and labels are fixed texts: the set of series is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Without the `towpath_` prefix; counters end in `_total`.
    pub name: &'static str,
    pub help: &'static str,
    pub kind: FigureKind,
    pub label: Option<(&'static str, &'static str)>,
    pub value: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    Counter,
    Gauge,
}

/// What the gateway beside us says of itself.
#[derive(Debug, Clone, Default)]
pub struct GatewayReport {
    /// Whether it accepts new connections.
    pub accepting: bool,
    /// Series of the same name stand together.
    pub figures: Vec<Figure>,
}

/// What the wiring knows at start.
pub struct AppConfig {
    pub token: AdminToken,
    pub clock: Arc<dyn Clock>,
    pub web_addr: SocketAddr,
    pub gateway_addr: SocketAddr,
    /// Whether consumers reach the gateway with TLS.
    pub gateway_tls: bool,
    /// Host names by which we may be called, besides addresses and `localhost`.
    pub hosts: Vec<String>,
    pub data_dir: PathBuf,
    /// Read on each request, so that a reload shows.
    pub config_lines: Box<dyn Fn() -> Vec<ConfigLine> + Send + Sync>,
    pub gateway_report: Box<dyn Fn() -> GatewayReport + Send + Sync>,
    /// Checks that only the wiring can make, such as whether upstreams answer.
    pub outside_checks: Box<dyn Fn() -> CheckFuture + Send + Sync>,
}

/// Checks on their way.
pub type CheckFuture = std::pin::Pin<Box<dyn Future<Output = Vec<Check>> + Send>>;

/// Shared by all handlers; a clone is another handle.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: AppConfig,
    started_at: Micros,
    control: OnceLock<Control>,
}

impl App {
    /// Without use cases: every request that needs them gets 503 until [`App::attach`].
    pub fn new(config: AppConfig) -> Self {
        let started_at = config.clock.now();
        Self {
            inner: Arc::new(Inner {
                config,
                started_at,
                control: OnceLock::new(),
            }),
        }
    }

    /// The state is open. Only the first call has an effect.
    pub fn attach(&self, control: Control) {
        _ = self.inner.control.set(control);
    }

    pub fn config(&self) -> &AppConfig {
        &self.inner.config
    }

    pub fn control(&self) -> Result<&Control, Refusal> {
        self.inner.control.get().ok_or_else(Refusal::unavailable)
    }

    pub fn now(&self) -> Micros {
        self.inner.config.clock.now()
    }

    pub fn started_at(&self) -> Micros {
        self.inner.started_at
    }
}
