//! Vocabulary and laws shared by every crate: ids, keys, consumers, calls, time. No IO, no clock, no randomness.

#![forbid(unsafe_code)]

pub mod call;
pub mod clock;
pub mod consumer;
pub mod ids;
pub mod key;
pub mod latency;
pub mod rollout;

pub use call::{ClientClass, Origin, Outcome, StatusClass};
pub use clock::{Clock, Micros};
pub use consumer::{ConsumerKind, ConsumerName, NameError};
pub use ids::{
    ConsumerId, ContractId, IdError, KeyId, NoticeId, OperationId, RolloutId, SurfaceId, WebhookId,
};
pub use key::{KeyDigest, KeyError, KeyKind, SecretKey};
pub use latency::LatencyBucket;
