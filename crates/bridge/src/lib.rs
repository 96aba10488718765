//! What stands between two contracts of one surface: which parts of a contract a call touches.
//!
//! No IO, no clock, no randomness. A caller hands in bytes as they pass and is told what they were.

#![forbid(unsafe_code)]

pub mod observe;
