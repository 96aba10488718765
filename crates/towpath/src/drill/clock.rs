//! The clock of the drill: stands still until it is set, and never goes back.

use std::sync::atomic::{AtomicI64, Ordering};

use adoption::{Clock, Micros};

/// Time that the drill gives.
#[derive(Debug)]
pub struct DrillClock(AtomicI64);

impl DrillClock {
    pub const fn at(start: Micros) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Goes on to `at`; an earlier instant changes nothing.
    pub fn set(&self, at: Micros) {
        self.0.fetch_max(at.0, Ordering::SeqCst);
    }
}

impl Clock for DrillClock {
    fn now(&self) -> Micros {
        Micros(self.0.load(Ordering::SeqCst))
    }
}
