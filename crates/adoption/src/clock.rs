//! The seam through which every crate learns the time.

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    pub const PER_SECOND: i64 = 1_000_000;

    /// Minutes since the epoch, rounded down; the `minute` column of every roll-up.
    pub const fn minute(self) -> i64 {
        self.0.div_euclid(60 * Self::PER_SECOND)
    }

    /// Hours since the epoch, rounded down.
    pub const fn hour(self) -> i64 {
        self.0.div_euclid(3_600 * Self::PER_SECOND)
    }

    /// UTC days since the epoch, rounded down.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(86_400 * Self::PER_SECOND)
    }

    /// Seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(Self::PER_SECOND)
    }

    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * Self::PER_SECOND)
    }

    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * Self::PER_SECOND)
    }
}

/// Reads the wall clock. The domain takes `now`; only the edges hold a `Clock`.
pub trait Clock: Send + Sync {
    fn now(&self) -> Micros;
}

#[cfg(test)]
mod tests {
    use super::Micros;

    #[test]
    fn grains_round_down_before_the_epoch_too() {
        assert_eq!(Micros(-1).minute(), -1);
        assert_eq!(Micros(59_999_999).minute(), 0);
        assert_eq!(Micros(86_400_000_000).day(), 1);
    }
}
