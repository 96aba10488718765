//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use adoption::{Clock, Micros};

/// Shared through an `Arc`; starts at a given instant and moves only by [`FakeClock::advance_us`] and
/// [`FakeClock::set`].
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    pub const fn new(start: Micros) -> Self {
        Self(AtomicI64::new(start.0))
    }

    pub fn advance_us(&self, us: i64) {
        self.0.fetch_add(us, Ordering::SeqCst);
    }

    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_us(seconds * Micros::PER_SECOND);
    }

    pub fn set(&self, now: Micros) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Micros {
        Micros(self.0.load(Ordering::SeqCst))
    }
}
