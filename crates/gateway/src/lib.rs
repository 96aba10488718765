//! The `gateway` crate.
