//! What the gateway counts about itself; each worker writes its own cells, anyone may read the sums.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Sums over all workers since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GatewayStats {
    pub connections_open: u64,
    pub connections: u64,
    /// Requests that were answered, by whomever.
    pub requests: u64,
    /// Requests that the strict front refused.
    pub refused: u64,
    /// Calls let through without a usage record (journal full, policy pass).
    pub uncounted: u64,
    /// Calls answered 503 because usage could not be recorded.
    pub journal_refused: u64,
    pub upstream_connects: u64,
    pub upstream_retries: u64,
    pub upstream_ejections: u64,
}

macro_rules! counters {
    ($($add:ident $field:ident;)*) => {
        /// The cells of one worker, which alone writes them.
        #[derive(Debug, Default)]
        pub struct WorkerStats {
            connections_open: AtomicU64,
            $($field: AtomicU64,)*
        }

        impl WorkerStats {
            $(pub fn $add(&self) {
                // One writer: a plain load and store is enough and cheaper than a locked add.
                self.$field.store(self.$field.load(Relaxed) + 1, Relaxed);
            })*

            pub fn set_connections_open(&self, n: u64) {
                self.connections_open.store(n, Relaxed);
            }
        }

        /// Sums the cells of all workers.
        pub fn sum(workers: &[Arc<WorkerStats>]) -> GatewayStats {
            let mut sum = GatewayStats::default();
            for worker in workers {
                sum.connections_open += worker.connections_open.load(Relaxed);
                $(sum.$field += worker.$field.load(Relaxed);)*
            }
            sum
        }
    };
}

counters! {
    add_connection connections;
    add_request requests;
    add_refused refused;
    add_uncounted uncounted;
    add_journal_refused journal_refused;
    add_upstream_connect upstream_connects;
    add_upstream_retry upstream_retries;
    add_upstream_ejection upstream_ejections;
}
