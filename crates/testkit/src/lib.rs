//! Fixtures for tests: a fake clock, seeded pseudo-randomness, a simulated disk with faults and power losses.

#![forbid(unsafe_code)]

mod clock;
mod disk;
mod random;

pub use clock::FakeClock;
pub use disk::{SimDisk, SimFile};
pub use random::Random;
