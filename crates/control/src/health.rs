//! Whether state can be read and written, and how far usage is behind.

use serde::{Deserialize, Serialize};

use crate::control::Control;

/// The state of the control side; the gateway serves whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether the database answered.
    pub database: bool,
    /// How long ago the applier last caught up with the journal; `None` when it does not run here.
    pub usage_lag_ms: Option<u64>,
    /// Whether the journal has no room left.
    pub journal_full: bool,
    /// Streams whose records are damaged.
    pub streams_damaged: u64,
    /// The generation of the Snapshot that was published last; 0 before the first.
    pub generation: u64,
}

impl Health {
    /// Whether requests to the admin API can be answered.
    pub const fn is_ready(&self) -> bool {
        self.database
    }
}

impl Control {
    pub async fn health(&self) -> Health {
        let status = self.status();
        let now = self.now();
        let lag = |at: adoption::Micros| (now.0 - at.0).max(0).unsigned_abs() / 1_000;
        Health {
            database: self.database_answers().await,
            usage_lag_ms: status.caught_up_at.map(lag),
            journal_full: status.journal.is_some_and(|journal| journal.0.state().full),
            streams_damaged: status.streams_damaged,
            generation: status.generation,
        }
    }

    async fn database_answers(&self) -> bool {
        match self.store().read().await {
            Ok(mut tx) => store::integrity::ping(&mut tx).await.is_ok(),
            Err(_) => false,
        }
    }
}
