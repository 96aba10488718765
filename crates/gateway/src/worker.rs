//! One worker: a thread with its own runtime, upstream pools, deadlines and journal lane.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::{IpAddr, TcpListener};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use adoption::Clock;
use arc_swap::ArcSwap;
use meter::Lane;
use rustls::ServerConfig;
use tokio::sync::Notify;

use crate::accept;
use crate::config::GatewayConfig;
use crate::front::FrontLimits;
use crate::front_io::REFUSED_METHOD;
use crate::jwt::VerifiedTokens;
use crate::snapshot::Snapshot;
use crate::stats::WorkerStats;
use crate::timers::{TICK, Timers};
use crate::upstream::{Pool, TlsConnectors};

/// What all workers of a gateway share.
pub struct Shared {
    pub snapshot: ArcSwap<Snapshot>,
    /// Grows with every swap; workers compare it with what they hold.
    pub swaps: AtomicU64,
    pub server_tls: Option<ArcSwap<ServerConfig>>,
    pub draining: AtomicBool,
    pub stopped: Notify,
    pub connections: Connections,
}

/// Open connections of the whole gateway, bounded in all and by peer.
#[derive(Debug, Default)]
pub struct Connections {
    open: AtomicUsize,
    by_ip: Mutex<HashMap<IpAddr, usize>>,
}

impl Connections {
    /// Takes a place; `false` when there is none.
    pub fn enter(&self, ip: IpAddr, open_max: usize, per_ip_max: usize) -> bool {
        if self.open.fetch_add(1, Ordering::Relaxed) >= open_max {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        let mut by_ip = self.by_ip.lock().unwrap_or_else(PoisonError::into_inner);
        let open = by_ip.entry(ip).or_insert(0);
        if *open >= per_ip_max {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        *open += 1;
        true
    }

    pub fn leave(&self, ip: IpAddr) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        let mut by_ip = self.by_ip.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = by_ip.get_mut(&ip) {
            *open -= 1;
            if *open == 0 {
                by_ip.remove(&ip);
            }
        }
    }
}

/// The state of one worker; never leaves its thread.
pub struct Worker {
    pub config: Arc<GatewayConfig>,
    pub shared: Arc<Shared>,
    pub clock: Arc<dyn Clock>,
    pub lane: Lane,
    pub stats: Arc<WorkerStats>,
    pub tls: Arc<TlsConnectors>,
    pub timers: Rc<Timers>,
    /// JWTs that were verified a moment ago.
    pub tokens: RefCell<VerifiedTokens>,
    pub front_limits: FrontLimits,
    /// The request that stands in for one refused by the strict front; its path is a secret of this worker.
    pub refusal: Rc<str>,
    pub refusal_path: String,
    view: RefCell<Rc<View>>,
    request_ids: Cell<u64>,
    open: Cell<u64>,
    aborting: Cell<bool>,
}

/// A Snapshot with this worker's pools beside its upstreams.
#[derive(Debug)]
pub struct View {
    swap: u64,
    pub snapshot: Arc<Snapshot>,
    /// By surface index, then upstream index.
    pub pools: Vec<SurfacePools>,
}

#[derive(Debug)]
pub struct SurfacePools {
    pub pools: Vec<Rc<Pool>>,
    pub turn: Cell<usize>,
}

/// What a worker is made from, on its own thread.
pub struct WorkerParts {
    pub config: Arc<GatewayConfig>,
    pub shared: Arc<Shared>,
    pub clock: Arc<dyn Clock>,
    pub lane: Lane,
    pub stats: Arc<WorkerStats>,
    pub tls: Arc<TlsConnectors>,
    pub listener: TcpListener,
    pub front_limits: FrontLimits,
    /// Random; request ids and the refusal path follow from it.
    pub seed: [u64; 2],
    pub drain: Duration,
}

/// Runs a worker until the gateway drains; returns when its last connection has ended or the drain time is over.
pub fn run(parts: WorkerParts) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(tokio::runtime::LocalOptions::default())?;
    let (worker, listener, drain) = {
        let _guard = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(parts.listener)?;
        let shared = Arc::clone(&parts.shared);
        let timers = Timers::new(Instant::now());
        let worker = Rc::new(Worker {
            refusal: format!(
                "{REFUSED_METHOD} /{:016x} HTTP/1.1\r\nhost: refused.invalid\r\nconnection: close\r\n\r\n",
                parts.seed[1]
            )
            .into(),
            refusal_path: format!("/{:016x}", parts.seed[1]),
            front_limits: parts.front_limits,
            tokens: RefCell::default(),
            view: RefCell::new(Rc::new(View { swap: 0, snapshot: Arc::default(), pools: Vec::new() })),
            request_ids: Cell::new(parts.seed[0]),
            open: Cell::new(0),
            aborting: Cell::new(false),
            config: parts.config,
            clock: parts.clock,
            lane: parts.lane,
            stats: parts.stats,
            tls: parts.tls,
            timers,
            shared,
        });
        (worker, listener, parts.drain)
    };

    runtime.block_on(async {
        tokio::task::spawn_local(keep_time(Rc::clone(&worker)));
        accept::accept(&worker, listener).await;
        worker.drained(drain).await;
    });
    // What is still open now is cut off: its records settle as interrupted when the tasks are dropped.
    worker.aborting.set(true);
    drop(runtime);
    Ok(())
}

async fn keep_time(worker: Rc<Worker>) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tick.tick().await;
        worker.timers.tick(Instant::now());
        for surface in &worker.view().pools {
            surface.pools.iter().for_each(|pool| pool.sweep());
        }
    }
}

impl Worker {
    /// The current Snapshot and its pools.
    pub fn view(&self) -> Rc<View> {
        let swap = self.shared.swaps.load(Ordering::Acquire);
        let held = Rc::clone(&self.view.borrow());
        if held.swap == swap {
            return held;
        }
        let view = Rc::new(self.next_view(&held, swap));
        self.view.replace(Rc::clone(&view));
        view
    }

    /// Pools live on as long as some surface has their upstream.
    fn next_view(&self, held: &View, swap: u64) -> View {
        let snapshot = self.shared.snapshot.load_full();
        let known: Vec<&Rc<Pool>> = held
            .pools
            .iter()
            .flat_map(|surface| &surface.pools)
            .collect();
        let pools = snapshot
            .surfaces
            .iter()
            .map(|surface| SurfacePools {
                pools: surface
                    .upstreams
                    .iter()
                    .map(
                        |upstream| match known.iter().find(|pool| pool.upstream == *upstream) {
                            Some(pool) => Rc::clone(pool),
                            None => Pool::new(
                                Arc::clone(upstream),
                                Rc::clone(&self.timers),
                                self.config.deadlines.upstream_idle.as_millis() as u64,
                                self.config.limits.upstream_idle,
                            ),
                        },
                    )
                    .collect(),
                turn: Cell::new(0),
            })
            .collect();
        View {
            swap,
            snapshot,
            pools,
        }
    }

    pub fn next_request_id(&self) -> u64 {
        let next = self.request_ids.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.request_ids.set(next);
        // The finaliser of splitmix64: a bijection, so ids of one worker never repeat.
        let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn is_draining(&self) -> bool {
        self.shared.draining.load(Ordering::Relaxed)
    }

    /// Whether what is still open is being cut off.
    pub fn is_aborting(&self) -> bool {
        self.aborting.get()
    }

    pub fn connection_opened(&self) {
        self.open.set(self.open.get() + 1);
        self.stats.add_connection();
        self.stats.set_connections_open(self.open.get());
    }

    pub fn connection_closed(&self) {
        self.open.set(self.open.get() - 1);
        self.stats.set_connections_open(self.open.get());
    }

    /// Resolves when no connection is open or `limit` has passed.
    async fn drained(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        while self.open.get() > 0 && Instant::now() < deadline {
            // Idle connections look up and see that they should end.
            self.timers.wake_all();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
