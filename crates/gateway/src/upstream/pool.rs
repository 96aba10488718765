//! Connections of one worker to one upstream: idle ones taken last in, first out; one shared connection where HTTP/2 is spoken.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use hyper::client::conn::http2;

use super::address::Upstream;
use super::health::Health;
use super::http1::Exchange;
use crate::request_body::UpstreamBody;
use crate::timers::Timers;

/// A connection is not used for longer than this, so that a changed DNS entry takes hold.
const AGE_MS_MAX: u64 = 600_000;

/// All connections of one worker to one upstream.
#[derive(Debug)]
pub struct Pool {
    pub upstream: Arc<Upstream>,
    pub health: Health,
    timers: Rc<Timers>,
    // Boxed, so that a connection moves in and out without a copy of its few hundred bytes.
    #[allow(clippy::vec_box)]
    idle: RefCell<Vec<Box<Exchange>>>,
    shared: RefCell<Option<http2::SendRequest<UpstreamBody>>>,
    /// How long an idle connection is trusted; lowered by the upstream's own `Keep-Alive: timeout`.
    idle_ms: Cell<u64>,
    idle_count_max: usize,
}

impl Pool {
    pub fn new(
        upstream: Arc<Upstream>,
        timers: Rc<Timers>,
        idle_ms: u64,
        idle_count_max: usize,
    ) -> Rc<Self> {
        Rc::new(Self {
            upstream,
            health: Health::default(),
            timers,
            idle: RefCell::default(),
            shared: RefCell::default(),
            idle_ms: Cell::new(idle_ms),
            idle_count_max,
        })
    }

    pub fn now_ms(&self) -> u64 {
        self.timers.now_ms()
    }

    pub fn timers(&self) -> Rc<Timers> {
        Rc::clone(&self.timers)
    }

    /// The most recently used idle connection that is still alive.
    pub fn take_idle(&self) -> Option<Box<Exchange>> {
        let now_ms = self.now_ms();
        let mut idle = self.idle.borrow_mut();
        while let Some(mut connection) = idle.pop() {
            let fresh = now_ms - connection.idle_since_ms <= self.idle_ms.get();
            if fresh && now_ms - connection.born_ms <= AGE_MS_MAX && connection.is_quiet() {
                return Some(connection);
            }
        }
        None
    }

    pub fn give_back(&self, connection: Box<Exchange>) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() < self.idle_count_max {
            idle.push(connection);
        }
    }

    /// The shared HTTP/2 connection, when there is one that still takes streams.
    pub fn shared(&self) -> Option<http2::SendRequest<UpstreamBody>> {
        let mut shared = self.shared.borrow_mut();
        if shared.as_ref().is_some_and(http2::SendRequest::is_closed) {
            *shared = None;
        }
        shared.clone()
    }

    pub fn share(&self, sender: http2::SendRequest<UpstreamBody>) {
        *self.shared.borrow_mut() = Some(sender);
    }

    /// Closes what has been idle for too long; called at every tick.
    pub fn sweep(&self) {
        let now_ms = self.now_ms();
        let idle_ms = self.idle_ms.get();
        let mut idle = self.idle.borrow_mut();
        // The stack is ordered by time of return: the oldest lie at the bottom.
        let stale = idle
            .iter()
            .take_while(|connection| now_ms - connection.idle_since_ms > idle_ms)
            .count();
        idle.drain(..stale);
    }

    /// Heeds `Keep-Alive: timeout=N` of the upstream: one second less, so that we close first.
    pub fn limit_idle(&self, timeout_s: u64) {
        let limit_ms = timeout_s
            .saturating_mul(1_000)
            .saturating_sub(1_000)
            .max(500);
        if limit_ms < self.idle_ms.get() {
            self.idle_ms.set(limit_ms);
        }
    }
}
