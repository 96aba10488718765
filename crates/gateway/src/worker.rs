//! One worker's state: the Snapshot with its pools, deadlines, journal lane and counters; never leaves its thread.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use adoption::{Clock, Micros};
use meter::Lane;

use crate::config::GatewayConfig;
use crate::front::FrontLimits;
use crate::jwt::VerifiedTokens;
use crate::shared::Shared;
use crate::snapshot::{Snapshot, Surface};
use crate::stats::WorkerStats;
use crate::timers::Timers;
use crate::upstream::{Pool, TlsConnectors};

/// The method of the request that stands in for a refused one; no consumer can send its secret path.
pub const REFUSED_METHOD: &str = "REFUSED";

/// What a worker is made from.
pub struct WorkerParts {
    pub config: Arc<GatewayConfig>,
    pub shared: Arc<Shared>,
    pub clock: Arc<dyn Clock>,
    pub lane: Lane,
    pub stats: Arc<WorkerStats>,
    pub tls: Arc<TlsConnectors>,
    pub front_limits: FrontLimits,
    /// Random; request ids and the refusal path follow from it.
    pub seed: [u64; 2],
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
    /// Requests that have no usage record yet.
    unanswered: Cell<u64>,
    aborting: Cell<bool>,
    /// The time as HTTP writes it, to the second, and that second.
    date: RefCell<(u64, String)>,
    /// When the turn under way began, once somebody has asked.
    turn: Cell<Option<Instant>>,
    /// The clock's time at an instant of the last tick.
    anchor: Cell<(Instant, Micros)>,
}

/// A Snapshot with this worker's pools beside its upstreams.
#[derive(Debug, Default)]
pub struct View {
    swap: u64,
    pub snapshot: Arc<Snapshot>,
    /// By place of the version, then upstream index.
    pub pools: Vec<VersionPools>,
}

#[derive(Debug)]
pub struct VersionPools {
    pub pools: Vec<Rc<Pool>>,
    pub turn: Cell<usize>,
}

impl Worker {
    pub fn new(parts: WorkerParts) -> Self {
        let refusal_path = format!("/{:016x}", parts.seed[1]);
        Self {
            refusal: format!(
                "{REFUSED_METHOD} {refusal_path} HTTP/1.1\r\nhost: refused.invalid\r\nconnection: close\r\n\r\n"
            )
            .into(),
            refusal_path,
            front_limits: parts.front_limits,
            tokens: RefCell::default(),
            view: RefCell::default(),
            request_ids: Cell::new(parts.seed[0]),
            open: Cell::new(0),
            unanswered: Cell::new(0),
            aborting: Cell::new(false),
            date: RefCell::default(),
            turn: Cell::new(None),
            anchor: Cell::new((Instant::now(), parts.clock.now())),
            config: parts.config,
            clock: parts.clock,
            lane: parts.lane,
            stats: parts.stats,
            tls: parts.tls,
            timers: Timers::new(Instant::now()),
            shared: parts.shared,
        }
    }

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
            .flat_map(|version| &version.pools)
            .collect();
        let pools = snapshot
            .surfaces
            .iter()
            .flat_map(Surface::all_versions)
            .map(|version| VersionPools {
                pools: version
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

    /// The value of a `Date` header (RFC 9110 section 6.6.1), as of the last tick.
    pub fn date(&self) -> Ref<'_, [u8]> {
        Ref::map(self.date.borrow(), |(_, text)| text.as_bytes())
    }

    /// A task of a connection is about to run.
    pub fn begin_turn(&self) {
        self.turn.set(None);
    }

    /// One reading for a whole turn of a task, which takes microseconds: two for a usual request, where each would
    /// cost more than matching its operation does.
    pub fn now(&self) -> Instant {
        self.turn.get().unwrap_or_else(|| {
            let now = Instant::now();
            self.turn.set(Some(now));
            now
        })
    }

    /// The time of day at `now`, counted on from the last tick.
    pub fn time_at(&self, now: Instant) -> Micros {
        let (instant, micros) = self.anchor.get();
        let since = now.saturating_duration_since(instant).as_micros() as i64;
        Micros(micros.0 + since)
    }

    /// To be told at every tick.
    pub fn turn_date(&self) {
        let time = self.clock.now();
        self.anchor.set((Instant::now(), time));
        let second = time.seconds().max(0) as u64;
        let mut date = self.date.borrow_mut();
        if date.0 != second {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
            *date = (second, httpdate::fmt_http_date(time));
        }
    }

    pub fn request_began(&self) {
        self.unanswered.set(self.unanswered.get() + 1);
    }

    pub fn request_answered(&self) {
        self.unanswered.set(self.unanswered.get() - 1);
    }

    /// Whether the journal has room for all requests that will want a record: asked before a request is
    /// forwarded, so that what cannot be counted is not executed.
    pub fn can_record(&self) -> bool {
        self.lane.make_room(self.unanswered.get()).is_ok()
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

    /// From here on what is still open is cut off.
    pub fn abort(&self) {
        self.aborting.set(true);
    }

    pub fn has_open_connections(&self) -> bool {
        self.open.get() > 0
    }
}
