//! The exact usage journal: append, group commit, replay, roll up. Disk only: no network, no database.

mod clock;
mod disk;
mod entry;
mod format;
mod identity;
mod journal;
mod keeper;
mod lane;
mod names;
mod reader;
pub mod rollup;
mod spares;
mod stream;

pub use clock::SystemClock;
pub use entry::{Call, ClientNumber, Entry, EntryBody, Settlement, StreamId};
pub use journal::{
    DiskError, Durability, Journal, JournalConfig, JournalError, JournalState, WriteMethod,
};
pub use lane::{JournalFull, Lane, NotDurable, Reservation};
pub use reader::{Batch, BatchEnd, ReadError, Reader, StreamInfo, StreamState, TornTail};
pub use rollup::{Delta, OpenCall, OpenCalls};
pub use spares::spare_bytes_for;

#[cfg(test)]
mod tests;
