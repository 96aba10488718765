//! Description: what operations, parameters and properties say.

pub(super) mod compactness;
pub(super) mod fields;
pub(super) mod operations;
