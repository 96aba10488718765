//! A place in a document, for people and for machines.

use std::sync::Arc;

use serde::Serialize;

use crate::span::Span;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    pub file: Arc<str>,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// JSON pointer; empty for the document itself.
    pub pointer: String,
    /// Bytes of the source.
    #[serde(skip)]
    pub span: Span,
}
