//! Passive outlier ejection: an upstream that keeps failing is left alone for a while, unless it is the last one.

use std::cell::Cell;

/// Failures in a row (connects, resets, time-outs; never an answered 5xx) after which an upstream rests.
const FAILURES_TO_EJECT: u32 = 5;
/// The first rest; each further one in a row is twice as long, up to 2^4.
const REST_MS: u64 = 10_000;
const DOUBLINGS_MAX: u32 = 4;

/// What one worker has seen of one upstream.
#[derive(Debug, Default)]
pub struct Health {
    failures: Cell<u32>,
    ejections: Cell<u32>,
    resting_until_ms: Cell<u64>,
}

impl Health {
    pub fn is_resting(&self, now_ms: u64) -> bool {
        now_ms < self.resting_until_ms.get()
    }

    pub fn note_success(&self) {
        if self.failures.get() != 0 || self.ejections.get() != 0 {
            self.failures.set(0);
            self.ejections.set(0);
            self.resting_until_ms.set(0);
        }
    }

    /// Returns whether this failure began a rest.
    pub fn note_failure(&self, now_ms: u64) -> bool {
        let failures = self.failures.get() + 1;
        self.failures.set(failures);
        if failures < FAILURES_TO_EJECT || self.is_resting(now_ms) {
            return false;
        }
        let ejections = self.ejections.get();
        self.resting_until_ms
            .set(now_ms + (REST_MS << ejections.min(DOUBLINGS_MAX)));
        self.ejections.set(ejections + 1);
        // One failure after the rest ejects again at once.
        self.failures.set(FAILURES_TO_EJECT - 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_begin_a_rest_that_doubles() {
        let health = Health::default();
        assert!((0..4).all(|_| !health.note_failure(0)));
        assert!(health.note_failure(0));
        assert!(health.is_resting(9_999) && !health.is_resting(10_000));
        assert!(health.note_failure(10_000));
        assert!(health.is_resting(29_999) && !health.is_resting(30_000));
        health.note_success();
        assert!(!health.note_failure(30_000));
    }
}
