//! Typed views over the nodes of a document, canonicalised on read: 3.0, 3.1 and 3.2 answer the same questions.

mod anchors;
pub(crate) mod body;
pub(crate) mod document;
pub(crate) mod keyword;
pub(crate) mod operation;
pub(crate) mod parameter;
pub(crate) mod schema;
#[allow(
    dead_code,
    reason = "read by the checks on security requirements and servers"
)]
pub(crate) mod security;
pub(crate) mod types;
