//! Safety: what a call may do by accident.

pub(super) mod effects;
pub(super) mod writes;
