//! The running data plane: starts the workers, takes new Snapshots, drains.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use adoption::Clock;
use arc_swap::ArcSwap;
use meter::Journal;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::Notify;

use crate::config::{GatewayConfig, TlsFiles};
use crate::front::{FrontLimits, LimitsError};
use crate::server_tls::{ServerTlsError, load};
use crate::shared::{Connections, Shared};
use crate::snapshot::{CompileError, Snapshot};
use crate::spec::SnapshotSpec;
use crate::stats::{self, GatewayStats, WorkerStats};
use crate::thread;
use crate::upstream::TlsConnectors;
use crate::worker::WorkerParts;

/// Connections that the kernel completes for us while all workers are busy.
const BACKLOG: i32 = 4096;

/// A running gateway. Dropping it drains for no time at all.
pub struct Gateway {
    shared: Arc<Shared>,
    stats: Vec<Arc<WorkerStats>>,
    workers: Vec<JoinHandle<()>>,
    local_addr: SocketAddr,
    tls: Option<TlsFiles>,
}

/// Why the gateway could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the gateway cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
    #[error("the listening socket from the supervisor cannot be used")]
    Inherited(#[source] io::Error),
    #[error(transparent)]
    Limits(#[from] LimitsError),
    #[error(transparent)]
    Tls(#[from] ServerTlsError),
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error("worker {index} has no journal lane")]
    Lane {
        index: usize,
        #[source]
        source: meter::JournalError,
    },
    #[error("a worker thread cannot be started")]
    Thread(#[source] io::Error),
    #[error("the system gives no random numbers")]
    Random,
}

impl Gateway {
    /// Listens and serves `snapshot` at once. `drain` is how long open requests may take after `drain()`.
    pub fn start(
        config: GatewayConfig,
        journal: &Journal,
        clock: Arc<dyn Clock>,
        snapshot: &SnapshotSpec,
        drain: Duration,
    ) -> Result<Self, StartError> {
        let limits = &config.limits;
        let front_limits =
            FrontLimits::new(limits.head_bytes, limits.headers, limits.target_bytes)?;
        let server_tls = config.tls.as_ref().map(load).transpose()?;
        let snapshot = Snapshot::compile(snapshot)?;
        let listeners = listeners(&config)?;
        let local_addr = listeners[0]
            .local_addr()
            .map_err(|source| StartError::Listen {
                address: config.listen,
                source,
            })?;

        let shared = Arc::new(Shared {
            snapshot: ArcSwap::from_pointee(snapshot),
            swaps: AtomicU64::new(1),
            server_tls: server_tls.map(ArcSwap::from),
            draining: AtomicBool::new(false),
            stopped: Notify::new(),
            connections: Connections::default(),
        });
        let mut gateway = Self {
            shared,
            stats: Vec::new(),
            workers: Vec::new(),
            local_addr,
            tls: config.tls.clone(),
        };
        let config = Arc::new(config);
        let tls = Arc::new(TlsConnectors::default());
        for (index, listener) in listeners.into_iter().enumerate() {
            let lane = journal
                .lane(index as u16)
                .map_err(|source| StartError::Lane { index, source })?;
            let stats = Arc::new(WorkerStats::default());
            gateway.stats.push(Arc::clone(&stats));
            let parts = WorkerParts {
                config: Arc::clone(&config),
                shared: Arc::clone(&gateway.shared),
                clock: Arc::clone(&clock),
                lane,
                stats,
                tls: Arc::clone(&tls),
                front_limits,
                seed: [random()?, random()?],
            };
            gateway.workers.push(spawn(index, parts, listener, drain)?);
        }
        Ok(gateway)
    }

    /// Where the gateway listens; tells the port when it was asked to choose one.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Replaces the Snapshot whole; requests under way keep theirs. On error the running one stays.
    pub fn publish(&self, spec: &SnapshotSpec) -> Result<(), CompileError> {
        let snapshot = Snapshot::compile(spec)?;
        self.shared.snapshot.store(Arc::new(snapshot));
        self.shared.swaps.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// The generation that new requests are judged by.
    pub fn generation(&self) -> u64 {
        self.shared.snapshot.load().generation
    }

    /// Reads the certificate files again; on error the running ones stay.
    pub fn reload_tls(&self) -> Result<(), ServerTlsError> {
        if let (Some(files), Some(running)) = (&self.tls, &self.shared.server_tls) {
            running.store(load(files)?);
        }
        Ok(())
    }

    pub fn stats(&self) -> GatewayStats {
        stats::sum(&self.stats)
    }

    /// Stops accepting; returns when every connection has ended or the drain time is over. Blocks.
    pub fn drain(mut self) {
        self.stop();
        for worker in self.workers.drain(..) {
            // A worker that panicked has already said so in the log.
            drop(worker.join());
        }
    }

    fn stop(&self) {
        self.shared.draining.store(true, Ordering::Relaxed);
        self.shared.stopped.notify_waiters();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn(
    index: usize,
    parts: WorkerParts,
    listener: TcpListener,
    drain: Duration,
) -> Result<JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(format!("gateway-{index}"))
        .spawn(move || {
            if let Err(error) = thread::run(parts, listener, drain) {
                tracing::error!(%error, worker = index, "a gateway worker could not run");
            }
        })
        .map_err(StartError::Thread)
}

fn random() -> Result<u64, StartError> {
    getrandom::u64().map_err(|_| StartError::Random)
}

/// One listening socket per worker: the supervisor's, or our own on a shared port.
fn listeners(config: &GatewayConfig) -> Result<Vec<TcpListener>, StartError> {
    let workers = config.workers.max(1);
    if let Some(inherited) = &config.inherited {
        inherited
            .set_nonblocking(true)
            .map_err(StartError::Inherited)?;
        return (0..workers)
            .map(|_| inherited.try_clone().map_err(StartError::Inherited))
            .collect();
    }
    let listen_error = |source| StartError::Listen {
        address: config.listen,
        source,
    };
    let first = listen(config.listen).map_err(listen_error)?;
    let address = first.local_addr().map_err(listen_error)?;
    let rest = (1..workers).map(|_| listen(address).map_err(listen_error));
    std::iter::once(Ok(first)).chain(rest).collect()
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
