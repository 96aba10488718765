//! When to try again after the disk failed.

use adoption::Micros;

/// The first new stream is tried at once, then waits double from 100 ms to 51.2 s.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    not_before: Option<Micros>,
}

impl Backoff {
    const FIRST_US: i64 = 100_000;
    const DOUBLINGS_MAX: u32 = 9;

    pub(crate) fn failed(&mut self, now: Micros) {
        self.not_before = match self.failures {
            0 => None,
            n => Some(Micros(
                now.0 + (Self::FIRST_US << (n - 1).min(Self::DOUBLINGS_MAX)),
            )),
        };
        self.failures = self.failures.saturating_add(1);
    }

    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn may_try(&self, now: Micros) -> bool {
        self.not_before.is_none_or(|instant| now >= instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end_with_a_success() {
        let mut backoff = Backoff::default();
        let now = Micros(0);
        assert!(backoff.may_try(now));
        backoff.failed(now);
        assert!(
            backoff.may_try(now),
            "the first failure is followed by a try at once"
        );
        let mut waits = vec![];
        for _ in 0..12 {
            backoff.failed(now);
            waits.push(
                (1..)
                    .map(|n| n * 100_000)
                    .find(|us| backoff.may_try(Micros(*us)))
                    .unwrap()
                    / 100_000,
            );
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512]);
        backoff.succeeded();
        assert!(backoff.may_try(now));
    }
}
