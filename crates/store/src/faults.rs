//! Seeded faults: aborts a transaction at a chosen statement, as a crash would.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::StoreError;

/// Counts statements and fails the chosen one; a clone shares the count.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    statements: AtomicU64,
    /// 0 fails none.
    fail_at: AtomicU64,
}

impl Faults {
    /// Statements seen since the last arming; a commit counts as two, before and after.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::SeqCst)
    }

    /// Starts counting anew and fails statement number `statement` (from 1; 0 fails none), once.
    pub fn fail_at(&self, statement: u64) {
        self.0.statements.store(0, Ordering::SeqCst);
        self.0.fail_at.store(statement, Ordering::SeqCst);
    }

    pub(crate) fn pass(&self) -> Result<(), StoreError> {
        let statement = self.0.statements.fetch_add(1, Ordering::SeqCst) + 1;
        if statement == self.0.fail_at.load(Ordering::SeqCst) {
            return Err(StoreError::Injected { statement });
        }
        Ok(())
    }
}
