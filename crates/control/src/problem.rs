//! What is wrong with something that a person wrote: a contract, an import.

use serde::{Deserialize, Serialize};

/// What is wrong in a contract, where, and the next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: u64,
    /// From 1.
    pub column: u64,
    /// JSON pointer; empty for the document itself.
    pub pointer: String,
    pub message: String,
    pub next_step: String,
}

/// One reason why an import was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// CSV: line of the row in the text, from 1. JSON: index of the element, from 1.
    pub line: u64,
    /// The column or field; `None` when the row as a whole cannot be read.
    pub field: Option<String>,
    pub message: String,
}
