//! Errors: how calls fail, and what the failure says.

pub(super) mod bodies;
pub(super) mod declared;
