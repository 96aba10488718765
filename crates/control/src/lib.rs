//! Use cases and jobs of Towpath: the only writer of state, and the publisher of Snapshots.

#![forbid(unsafe_code)]

pub mod actor;
pub mod audit;
pub mod backup;
pub mod consumers;
pub mod contracts;
pub mod control;
mod deprecation;
pub mod doctor;
pub mod error;
pub mod health;
pub mod import;
pub mod jobs;
pub mod keys;
mod leaves;
mod lookup;
pub mod notices;
pub mod page;
mod plans;
mod problem;
mod random;
pub mod rollouts;
mod settings;
pub mod snapshot;
pub mod surfaces;
mod tar;
pub mod tokens;
pub mod usage;

pub use actor::Actor;
pub use audit::AuditEntry;
pub use backup::{BackupReport, Existing, RestoreReport, restore};
pub use consumers::{Consumer, ConsumerUpdate, Contact, NewConsumer};
pub use contracts::{
    Breaking, Contract, ContractChange, ContractSource, DeprecationView, Operation, PushedContract,
};
pub use control::{Control, ControlConfig, Retention};
pub use doctor::{Check, CheckState};
pub use error::ControlError;
pub use gateway::{Anonymous, IdentitySpec, SnapshotSpec, TimeoutSpec, UnknownPath};
pub use health::Health;
pub use import::{ImportFormat, ImportReport};
pub use jobs::{Jobs, SnapshotSink, Taken};
pub use keys::{IssuedKey, Key, KeyImport, KeyOrigin, KeyState, NewKey, Rotation, SecretText};
pub use notices::{
    Delivery, IssuedWebhook, NewWebhook, NoticeSettings, PageBody, PublicPage, Senders, Webhook,
};
pub use page::{Page, PageRequest};
pub use problem::{ImportProblem, Problem};
pub use settings::SurfaceSettings;
pub use snapshot::last_snapshot;
pub use surfaces::Surface;
pub use tokens::{AdminToken, local_token};
pub use usage::{
    ClientQuery, ClientReport, ClientUsage, DeprecatedCall, DeprecatedReport, Grain, UsageBy,
    UsageFigures, UsageQuery, UsageReport, UsageRow,
};

#[cfg(test)]
mod tests;
