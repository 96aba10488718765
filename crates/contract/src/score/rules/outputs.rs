//! Outputs: what comes back.

pub(super) mod lists;
pub(super) mod success;
