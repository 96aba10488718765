//! Discoverability: groups, and what the document says of itself.

pub(super) mod document;
pub(super) mod groups;
