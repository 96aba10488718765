//! The data plane as the wiring holds it: started from configuration, fed with Snapshots, drained once.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use adoption::Clock;
use control::{Check, CheckState, SnapshotSink, Taken};
use gateway::front::{Escape, PathRules};
use gateway::{
    Deadlines, Gateway, GatewayConfig, GatewayStats, JournalFullPolicy, Limits, RequestLog,
    SnapshotSpec, StartError, TlsFiles,
};
use meter::{Journal, JournalState};
use web::{Figure, FigureKind, GatewayReport};

use crate::config::{Config, Durability, EncodedSlash, LogRequests, MeterSection, WhenFull};
use crate::failure::{Failure, chain};

/// The gateway until it is drained.
pub struct Plane {
    gateway: RwLock<Option<Gateway>>,
    journal: Arc<Journal>,
}

impl Plane {
    pub fn start(
        config: &Config,
        inherited: Option<TcpListener>,
        journal: Arc<Journal>,
        clock: Arc<dyn Clock>,
        snapshot: &SnapshotSpec,
    ) -> Result<Self, Failure> {
        let drain = config.gateway.timeouts.drain.0;
        if inherited.is_none() {
            check_free(config.gateway.listen)?;
        }
        let gateway = Gateway::start(
            gateway_config(config, inherited),
            &journal,
            clock,
            snapshot,
            drain,
        )
        .map_err(|error| start_failure(&error))?;
        Ok(Self {
            gateway: RwLock::new(Some(gateway)),
            journal,
        })
    }

    /// `None` once it is drained.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.with(Gateway::local_addr)
    }

    /// Reads the certificate files again; on error the running ones stay.
    pub fn reload_tls(&self) {
        if let Some(Err(error)) = self.with(Gateway::reload_tls) {
            tracing::error!(
                error = chain(&error),
                "the certificate files were not taken; the running ones stay"
            );
        }
    }

    /// Blocks until every connection has ended or the drain time is over.
    pub fn drain(&self) {
        let gateway = self
            .gateway
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(gateway) = gateway {
            gateway.drain();
        }
    }

    /// For `/metrics` and `/readyz`.
    pub fn report(&self) -> GatewayReport {
        let Some(stats) = self.with(Gateway::stats) else {
            return GatewayReport::default();
        };
        let mut figures = gateway_figures(&stats);
        figures.extend(journal_figures(&self.journal.state()));
        GatewayReport {
            accepting: true,
            figures,
        }
    }

    /// What the gateway itself has to tell the doctor.
    pub fn checks(&self) -> Vec<Check> {
        let Some(stats) = self.with(Gateway::stats) else {
            return Vec::new();
        };
        let check = |name: &str, count: u64, what: &str| {
            let (state, next_step) = match count {
                0 => (CheckState::Ok, None),
                _ => (
                    CheckState::Warn,
                    Some("free disk space; see `journal` and `disk.free`".to_owned()),
                ),
            };
            Check {
                name: name.to_owned(),
                state,
                detail: format!("{count} calls {what} since the start"),
                next_step,
            }
        };
        vec![
            check(
                "gateway.uncounted",
                stats.uncounted,
                "let through uncounted",
            ),
            check(
                "gateway.refused_full",
                stats.journal_refused,
                "refused because they could not be counted",
            ),
        ]
    }

    fn with<T>(&self, read: impl FnOnce(&Gateway) -> T) -> Option<T> {
        self.gateway
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(read)
    }
}

fn gateway_figures(stats: &GatewayStats) -> Vec<Figure> {
    vec![
        gauge(
            "connections_open",
            "Open consumer connections.",
            stats.connections_open,
        ),
        counter(
            "connections_total",
            "Consumer connections accepted.",
            stats.connections,
        ),
        counter(
            "requests_total",
            "Requests answered, by whomever.",
            stats.requests,
        ),
        counter(
            "requests_refused_total",
            "Refused by the strict front.",
            stats.refused,
        ),
        counter(
            "calls_uncounted_total",
            "Let through without a usage record.",
            stats.uncounted,
        ),
        counter(
            "calls_journal_full_total",
            "Answered 503, not countable.",
            stats.journal_refused,
        ),
        counter(
            "upstream_connects_total",
            "Connections to upstreams.",
            stats.upstream_connects,
        ),
        counter(
            "upstream_retries_total",
            "Requests sent upstream again.",
            stats.upstream_retries,
        ),
        counter(
            "upstream_ejections_total",
            "Upstreams set aside.",
            stats.upstream_ejections,
        ),
    ]
}

fn journal_figures(journal: &JournalState) -> Vec<Figure> {
    vec![
        counter(
            "journal_entries_total",
            "Usage entries written.",
            journal.entries_written,
        ),
        gauge(
            "journal_allocated_bytes",
            "Size of all journal files.",
            journal.allocated_bytes,
        ),
        gauge(
            "journal_spare_bytes",
            "Room kept for a full disk.",
            journal.spare_bytes,
        ),
        gauge(
            "journal_full",
            "1 while there is no room left.",
            u64::from(journal.full),
        ),
        counter(
            "journal_streams_failed_total",
            "Streams lost to the disk.",
            journal.streams_failed,
        ),
    ]
}

const fn counter(name: &'static str, help: &'static str, value: u64) -> Figure {
    Figure {
        name,
        help,
        kind: FigureKind::Counter,
        label: None,
        value,
    }
}

const fn gauge(name: &'static str, help: &'static str, value: u64) -> Figure {
    Figure {
        name,
        help,
        kind: FigureKind::Gauge,
        label: None,
        value,
    }
}

/// The gateway's sockets share their port with every process of this user that asks: two gateways would each
/// get some of the calls. A plain bind is refused while anyone listens.
fn check_free(listen: SocketAddr) -> Result<(), Failure> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::input(format!(
            "the gateway cannot listen on {listen}: {error}"
        ))
        .next(ANOTHER_ADDRESS)),
    }
}

const ANOTHER_ADDRESS: &str =
    "another program may listen there: choose another address with --gateway or gateway.listen";

impl SnapshotSink for Plane {
    fn publish(&self, spec: &SnapshotSpec) -> Taken {
        match self.with(|gateway| gateway.publish(spec)) {
            Some(Ok(())) => Taken::Runs,
            Some(Err(error)) => {
                tracing::error!(
                    error = chain(&error),
                    generation = spec.generation,
                    "the gateway did not take the snapshot; the running one stays"
                );
                Taken::No
            }
            None => Taken::No,
        }
    }
}

pub fn journal_config(data: &Path, meter: &MeterSection) -> meter::JournalConfig {
    let mut journal = meter::JournalConfig::new(data.to_owned());
    journal.segment_bytes = meter.segment.0;
    journal.spare_bytes = meter.spare.0;
    journal.spare_bytes_max = meter.spare_max.0.max(meter.spare.0);
    journal.leave_free_bytes = meter.leave_free.0;
    journal.sync_interval = meter.sync_interval.0;
    journal.durability = match meter.durability {
        Durability::Group => meter::Durability::Group,
        Durability::Strict => meter::Durability::Strict,
    };
    journal
}

fn gateway_config(config: &Config, inherited: Option<TcpListener>) -> GatewayConfig {
    let section = &config.gateway;
    let defaults = GatewayConfig::default();
    GatewayConfig {
        listen: section.listen,
        inherited: inherited.map(Arc::new),
        workers: if section.workers == 0 {
            defaults.workers
        } else {
            usize::from(section.workers)
        },
        tls: section.tls.as_ref().map(|tls| TlsFiles {
            cert_file: tls.cert_file.clone(),
            key_file: tls.key_file.clone(),
        }),
        limits: Limits {
            head_bytes: section.limits.head.0 as usize,
            headers: section.limits.headers as usize,
            target_bytes: section.limits.uri.0 as usize,
            connections: section.limits.connections as usize,
            connections_per_ip: section.limits.connections_per_ip as usize,
            h2_streams: section.limits.h2_streams,
            upstream_idle: section.limits.upstream_idle as usize,
        },
        front_rules: gateway::front::Rules {
            paths: PathRules {
                encoded_slash: match section.encoded_slash {
                    EncodedSlash::Refuse => Escape::Refuse,
                    EncodedSlash::Pass => Escape::Pass,
                },
                ..defaults.front_rules.paths
            },
        },
        deadlines: Deadlines {
            head: section.timeouts.head.0,
            body_idle: section.timeouts.body_idle.0,
            body_bytes_per_second_min: section.timeouts.body_rate.0,
            keepalive_idle: section.timeouts.keepalive_idle.0,
            upstream_idle: section.timeouts.upstream_idle.0,
        },
        trusted_proxies: section.trusted_proxies.clone(),
        journal_full: match config.meter.full {
            WhenFull::Refuse => JournalFullPolicy::Refuse,
            WhenFull::Pass => JournalFullPolicy::Pass,
        },
        durability: match config.meter.durability {
            Durability::Group => gateway::Durability::Group,
            Durability::Strict => gateway::Durability::Strict,
        },
        request_log: match config.log.requests {
            LogRequests::Off => RequestLog::Off,
            LogRequests::Errors => RequestLog::Errors,
            LogRequests::All => RequestLog::All,
        },
    }
}

fn start_failure(error: &StartError) -> Failure {
    let failure = Failure::input(chain(error));
    match error {
        StartError::Listen { .. } => failure.next(ANOTHER_ADDRESS),
        StartError::Tls(_) => failure
            .next("check gateway.tls: PEM files, the chain in cert_file, its key in key_file"),
        StartError::Limits(_) => failure.next("see gateway.limits in the configuration"),
        StartError::Compile(_) => {
            failure.next("see the surface that it names in the configuration")
        }
        _ => failure.next("see `towpath doctor`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_slash_passes_only_where_the_owner_says_so() {
        let mut config = Config::default();
        let paths = |config: &Config| gateway_config(config, None).front_rules.paths;
        assert_eq!(paths(&config), PathRules::default());
        config.gateway.encoded_slash = EncodedSlash::Pass;
        let expected = PathRules {
            encoded_slash: Escape::Pass,
            ..PathRules::default()
        };
        assert_eq!(paths(&config), expected);
    }
}
