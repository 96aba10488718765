//! What is recorded of one call: who answered, how it ended, which class of client made it.

use serde::{Deserialize, Serialize};

/// Who made the answer that the consumer got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Origin {
    /// The upstream answered; we passed it on.
    Upstream = 0,
    /// We answered because of what the consumer sent.
    Consumer = 1,
    /// We answered because of our own state.
    Gateway = 2,
    /// We answered because the upstream failed to.
    UpstreamFailure = 3,
}

impl Origin {
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Upstream),
            1 => Some(Self::Consumer),
            2 => Some(Self::Gateway),
            3 => Some(Self::UpstreamFailure),
            _ => None,
        }
    }

    /// Whether the answer was made here rather than by the upstream.
    pub const fn is_ours(self) -> bool {
        !matches!(self, Self::Upstream)
    }
}

/// How a call ended after its response head had left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Outcome {
    /// The whole response body was handed over.
    Complete = 0,
    /// The consumer went away first.
    ConsumerAborted = 1,
    /// The upstream broke off in the middle of the body.
    UpstreamAborted = 2,
    /// We stopped (crash or drain deadline) before the end was known.
    Interrupted = 3,
}

impl Outcome {
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Complete),
            1 => Some(Self::ConsumerAborted),
            2 => Some(Self::UpstreamAborted),
            3 => Some(Self::Interrupted),
            _ => None,
        }
    }
}

/// What kind of software called, judged from the key's kind and the `User-Agent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum ClientClass {
    Unknown = 0,
    /// An HTTP library or vendor SDK.
    Sdk = 1,
    Browser = 2,
    /// A key of kind agent, or a client that names itself one.
    Agent = 3,
    /// curl, wget, HTTPie and the like.
    Cli = 4,
}

impl ClientClass {
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::Sdk,
        Self::Browser,
        Self::Agent,
        Self::Cli,
    ];

    pub fn from_raw(raw: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| *class as u8 == raw)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Sdk => "sdk",
            Self::Browser => "browser",
            Self::Agent => "agent",
            Self::Cli => "cli",
        }
    }
}

/// The hundreds digit of a status: 1 to 5; anything else is class 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusClass(u8);

impl StatusClass {
    pub const fn of(status: u16) -> Self {
        match status {
            100..=599 => Self((status / 100) as u8),
            _ => Self(0),
        }
    }

    pub const fn digit(self) -> u8 {
        self.0
    }

    /// 4xx and 5xx.
    pub const fn is_error(self) -> bool {
        self.0 >= 4
    }
}
