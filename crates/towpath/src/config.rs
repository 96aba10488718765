//! The one typed configuration: every setting with its default; layers are merged in `config::load`.

pub mod check;
mod check_notices;
pub mod contract;
pub mod files;
pub mod load;
pub mod loaded;
mod locate;
pub mod notices;
pub mod report;
pub mod secret;
pub mod settings;
pub mod surface;
#[cfg(test)]
mod tests;
pub mod units;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::contract::{ClientsSetting, ContractSection, RuleSection, VersionPolicySetting};
pub use load::{Flags, Layers, SurfaceFlags, load};
pub use loaded::{ConfigError, Loaded, Source};
pub use notices::NoticesSection;
pub use surface::SurfaceSection;
use units::{Size, Span};

/// All that can be configured. The default runs on a laptop with no file, given one surface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The data folder; created with mode 0700.
    pub data: PathBuf,
    pub gateway: GatewaySection,
    pub web: WebSection,
    pub meter: MeterSection,
    pub retention: RetentionSection,
    pub log: LogSection,
    pub contract: ContractSection,
    pub notices: NoticesSection,
    #[serde(rename = "surface")]
    pub surfaces: Vec<SurfaceSection>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewaySection {
    pub listen: SocketAddr,
    /// Worker threads; 0 is one per processor.
    pub workers: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsSection>,
    pub limits: LimitsSection,
    pub timeouts: TimeoutsSection,
    /// Addresses of proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What happens to a request with `%2F` in its path.
    pub encoded_slash: EncodedSlash,
}

/// Servers disagree whether `%2F` parts segments; an API that takes whole paths as one parameter needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EncodedSlash {
    /// 400: nobody slips past the matching of paths.
    Refuse,
    /// Forwarded as it came; matching takes it as part of a parameter.
    Pass,
}

/// PEM files of the consumers' side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsSection {
    /// Request line and headers together, 1KiB to 64KiB.
    pub head: Size,
    /// Number of header lines.
    pub headers: u32,
    pub uri: Size,
    /// Open consumer connections, all workers together.
    pub connections: u32,
    /// Open connections of one address.
    pub connections_per_ip: u32,
    /// Concurrent HTTP/2 streams of one connection.
    pub h2_streams: u32,
    /// Idle connections that one worker keeps to one upstream.
    pub upstream_idle: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeoutsSection {
    /// From a request head's first byte to its last.
    pub head: Span,
    /// Between two reads of a request body, or two writes of a response.
    pub body_idle: Span,
    /// Bytes per second that a request body must average after the first `body_idle`; 0 sets no minimum.
    pub body_rate: Size,
    /// Between two requests of a connection.
    pub keepalive_idle: Span,
    /// How long an idle upstream connection is trusted.
    pub upstream_idle: Span,
    /// How long running requests may take to end after SIGTERM.
    pub drain: Span,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSection {
    pub listen: SocketAddr,
    /// Host names besides the listen address by which the admin API may be called.
    pub hosts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeterSection {
    pub durability: Durability,
    /// What happens to a request that cannot be counted.
    pub full: WhenFull,
    /// How often the journal is forced to the disk with `durability = "group"`.
    pub sync_interval: Span,
    /// Size of a journal file.
    pub segment: Size,
    /// Room kept ready for a full disk: the least of it. It grows with the traffic, to 10 minutes at the highest rate seen.
    pub spare: Size,
    /// The most that the spare room grows to.
    pub spare_max: Size,
    /// What the journal leaves free on the disk for others, the database among them.
    pub leave_free: Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// A crash of the process loses nothing; power loss at most `sync_interval`.
    Group,
    /// No answer leaves before its count is on the disk.
    Strict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenFull {
    /// 503: no call goes uncounted.
    Refuse,
    /// Forward uncounted, with an alert: availability before exactness.
    Pass,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSection {
    /// Figures by the minute; an hour at least.
    pub minutes: Span,
    /// Figures by the hour; a day at least.
    pub hours: Span,
    pub days: Keep,
}

/// How long a grain of usage is kept: a duration, or `"forever"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Keep {
    For(Span),
    Forever,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    pub format: LogFormat,
    pub level: LogLevel,
    pub requests: LogRequests,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// Which requests leave a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogRequests {
    Off,
    /// Answers made by the gateway, and the upstream's 5xx.
    Errors,
    All,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("towpath-data"),
            gateway: GatewaySection::default(),
            web: WebSection::default(),
            meter: MeterSection::default(),
            retention: RetentionSection::default(),
            log: LogSection::default(),
            contract: ContractSection::default(),
            notices: NoticesSection::default(),
            surfaces: Vec::new(),
        }
    }
}

impl Default for GatewaySection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            workers: 0,
            tls: None,
            limits: LimitsSection::default(),
            timeouts: TimeoutsSection::default(),
            trusted_proxies: Vec::new(),
            encoded_slash: EncodedSlash::Refuse,
        }
    }
}

impl Default for LimitsSection {
    fn default() -> Self {
        let limits = gateway::Limits::default();
        Self {
            head: Size(limits.head_bytes as u64),
            headers: limits.headers as u32,
            uri: Size(limits.target_bytes as u64),
            connections: limits.connections as u32,
            connections_per_ip: limits.connections_per_ip as u32,
            h2_streams: limits.h2_streams,
            upstream_idle: limits.upstream_idle as u32,
        }
    }
}

impl Default for TimeoutsSection {
    fn default() -> Self {
        let deadlines = gateway::Deadlines::default();
        Self {
            head: Span(deadlines.head),
            body_idle: Span(deadlines.body_idle),
            body_rate: Size(deadlines.body_bytes_per_second_min),
            keepalive_idle: Span(deadlines.keepalive_idle),
            upstream_idle: Span(deadlines.upstream_idle),
            drain: Span::seconds(30),
        }
    }
}

impl Default for WebSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)),
            hosts: Vec::new(),
        }
    }
}

impl Default for MeterSection {
    fn default() -> Self {
        let journal = meter::JournalConfig::new(PathBuf::new());
        Self {
            durability: Durability::Group,
            full: WhenFull::Refuse,
            sync_interval: Span(journal.sync_interval),
            segment: Size(journal.segment_bytes),
            spare: Size(journal.spare_bytes),
            spare_max: Size(journal.spare_bytes_max),
            leave_free: Size(journal.leave_free_bytes),
        }
    }
}

impl Default for RetentionSection {
    fn default() -> Self {
        Self {
            minutes: Span::seconds(48 * 3_600),
            // 13 months, so that a month can be compared with the one a year before.
            hours: Span::seconds(396 * 86_400),
            days: Keep::Forever,
        }
    }
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            format: LogFormat::Human,
            level: LogLevel::Info,
            requests: LogRequests::Errors,
        }
    }
}

impl TryFrom<String> for Keep {
    type Error = units::UnitError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "forever" => Ok(Self::Forever),
            text => units::duration(text).map(|duration| Self::For(Span(duration))),
        }
    }
}

impl From<Keep> for String {
    fn from(keep: Keep) -> Self {
        match keep {
            Keep::Forever => "forever".to_owned(),
            Keep::For(span) => units::duration_text(span.0),
        }
    }
}
