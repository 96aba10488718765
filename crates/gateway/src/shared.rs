//! What all workers of a gateway share: the Snapshot, the certificate, the word to stop, the count of connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use tokio::sync::Notify;

use crate::snapshot::Snapshot;

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
