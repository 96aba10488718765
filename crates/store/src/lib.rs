//! Every SQL statement of Towpath: one file per noun, plain SQL beside its function.

#![forbid(unsafe_code)]

pub mod audit;
pub mod brownout;
pub mod client_report;
pub mod consumer;
pub mod contract;
pub mod delivery;
pub mod error;
#[cfg(feature = "testing")]
pub mod faults;
pub mod field;
pub mod impact;
pub mod integrity;
pub mod key;
pub mod leaves;
mod many_rows;
pub mod migrate;
pub mod notice;
pub mod open_call;
pub mod operation;
pub mod outbox;
pub mod retention;
pub mod rollout;
pub mod rollout_use;
mod row;
pub mod store;
pub mod surface;
pub mod tx;
pub mod usage;
pub mod usage_report;
pub mod version;
pub mod watermark;
pub mod webhook;

pub use error::StoreError;
pub use many_rows::Texts;
pub use store::{Store, StoreConfig};
pub use tx::{ReadTx, Tx, WriteTx};

#[cfg(test)]
mod tests;
