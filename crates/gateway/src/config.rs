//! What the gateway is told once, at start: addresses, limits, deadlines. Surfaces come with the Snapshot.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::front::Rules;

/// Everything that needs a restart to change.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    pub listen: SocketAddr,
    /// A listening socket handed over by a supervisor; with it `listen` is not bound.
    pub inherited: Option<Arc<TcpListener>>,
    /// Worker threads; each owns its connections, upstream pool and journal lane.
    pub workers: usize,
    pub tls: Option<TlsFiles>,
    pub limits: Limits,
    /// What request targets may hold.
    pub front_rules: Rules,
    pub deadlines: Deadlines,
    /// Peers whose `X-Forwarded-*` and `Forwarded` are kept.
    pub trusted_proxies: Vec<IpAddr>,
    pub journal_full: JournalFullPolicy,
    /// Whether a response waits for its usage record to reach the disk.
    pub durability: Durability,
    pub request_log: RequestLog,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            inherited: None,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            tls: None,
            limits: Limits::default(),
            front_rules: Rules::default(),
            deadlines: Deadlines::default(),
            trusted_proxies: Vec::new(),
            journal_full: JournalFullPolicy::Refuse,
            durability: Durability::Group,
            request_log: RequestLog::Errors,
        }
    }
}

/// PEM files of the certificate chain and its private key.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
}

/// Bounds of what one consumer may make us hold.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request head, 1 KiB to 64 KiB.
    pub head_bytes: usize,
    pub headers: usize,
    pub target_bytes: usize,
    /// Open connections over all workers.
    pub connections: usize,
    pub connections_per_ip: usize,
    /// Concurrent HTTP/2 streams of one connection.
    pub h2_streams: u32,
    /// Idle connections kept to one upstream by one worker.
    pub upstream_idle: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 16 * 1024,
            headers: 100,
            target_bytes: 8 * 1024,
            connections: 20_000,
            connections_per_ip: 10_000,
            h2_streams: 100,
            upstream_idle: 128,
        }
    }
}

/// How long a consumer or an upstream may keep us waiting.
#[derive(Debug, Clone)]
pub struct Deadlines {
    /// From the first byte of a head to its last, TLS handshake included.
    pub head: Duration,
    /// Between two reads of a request body, or two writes of a response.
    pub body_idle: Duration,
    /// Slowest request body that is borne, after `body_idle` of grace.
    pub body_bytes_per_second_min: u64,
    /// Between two requests of a connection.
    pub keepalive_idle: Duration,
    /// How long an idle upstream connection is trusted; an upstream's own `Keep-Alive: timeout` shortens it.
    pub upstream_idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body_idle: Duration::from_secs(30),
            body_bytes_per_second_min: 1024,
            keepalive_idle: Duration::from_secs(60),
            upstream_idle: Duration::from_secs(30),
        }
    }
}

/// What happens to traffic when usage can no longer be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalFullPolicy {
    /// 503 until there is room again.
    Refuse,
    /// Traffic goes on uncounted; the count of uncounted calls is an alert.
    Pass,
}

/// When a usage record counts as safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// At once against a crash of the process; within the group interval against power loss.
    Group,
    /// The response head waits for the group commit.
    Strict,
}

/// Which requests are logged, one wide event each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestLog {
    Off,
    /// Answers made here and 5xx of the upstream.
    Errors,
    All,
}
