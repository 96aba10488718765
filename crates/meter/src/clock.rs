//! The real clock: the machine's wall clock in microseconds.

use std::time::{SystemTime, UNIX_EPOCH};

use adoption::{Clock, Micros};

/// Reads the machine's wall clock; never smoothed, may step when the machine's clock is set.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Micros {
        let micros =
            |elapsed: std::time::Duration| i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => Micros(micros(after)),
            Err(before) => Micros(-micros(before.duration())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_time_after_this_was_written() {
        assert!(SystemClock.now() > Micros::from_seconds(1_700_000_000));
    }
}
