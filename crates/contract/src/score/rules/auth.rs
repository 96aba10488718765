//! Auth: who may call, with what, and where.

pub(super) mod requirements;
pub(super) mod schemes;
