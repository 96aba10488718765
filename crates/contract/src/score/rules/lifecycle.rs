//! Lifecycle: versions and deprecation.

pub(super) mod deprecation;
