//! The data plane: accepts, matches, identifies, admits, forwards and records calls. Never uses a database.

#![forbid(unsafe_code)]

mod accept;
mod config;
mod connection;
mod event;
pub mod fields;
mod framing;
pub mod front;
mod front_io;
mod gateway;
mod ids;
mod inbound;
pub mod jwt;
mod local;
pub mod matcher;
mod phases;
mod problem;
mod record;
mod request_body;
mod request_head;
mod response_body;
mod response_head;
mod serve;
mod server_tls;
mod shared;
mod sight;
mod snapshot;
mod socket;
mod spec;
mod stats;
mod thread;
mod timers;
mod tunnel;
mod turns;
mod upstream;
pub mod user_agent;
mod watched;
mod worker;

pub use config::{
    Deadlines, Durability, GatewayConfig, JournalFullPolicy, Limits, RequestLog, TlsFiles,
};
pub use gateway::{Gateway, StartError};
pub use server_tls::ServerTlsError;
pub use snapshot::{CompileError, JwksFileError, RolloutProblem, Snapshot, VersionProblem};
pub use spec::{
    Access, Anonymous, BrownoutSpec, ClosedSpec, ContractSpec, DeprecationSpec, GoneSpec,
    IdentitySpec, KeySpec, LeafCondition, LeavesSpec, OperationSpec, RolloutItemSpec, RolloutSpec,
    SnapshotSpec, SurfaceSpec, TimeoutSpec, TouchedCalls, TouchedWhen, UnknownPath, VersionName,
    VersionSpec, VersionsSpec, WarnSpec,
};
pub use stats::GatewayStats;
