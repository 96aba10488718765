//! The `meter` crate.
