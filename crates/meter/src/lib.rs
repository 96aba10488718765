//! The exact usage journal: append, group commit, replay, roll up. Disk only: no network, no database.

#![deny(unsafe_code)]

mod clock;
mod config;
mod disk;
mod entry;
mod error;
mod format;
mod identity;
mod journal;
mod keeper;
mod lane;
mod names;
mod priority;
mod reader;
pub mod rollup;
mod spares;
mod state;
mod stream;

pub use clock::SystemClock;
pub use config::{Durability, JournalConfig, WriteMethod};
pub use entry::{
    Call, ClientNumber, Entry, EntryBody, Settlement, ShapeNumber, ShapePart, Shapes, StreamId,
};
pub use error::JournalError;
pub use journal::Journal;
pub use lane::{JournalFull, Lane, NotDurable, Reservation};
pub use priority::yield_to_traffic;
pub use reader::{Batch, BatchEnd, ReadError, Reader, StreamInfo, StreamState, TornTail};
pub use rollup::{Delta, OpenCall, OpenCalls};
pub use spares::spare_bytes_for;
pub use state::{DiskError, JournalState};

#[cfg(test)]
mod tests;
