//! Inputs: what can be sent, and at what cost.

pub(super) mod shape;
pub(super) mod types;

pub(super) use types::is_untyped;
