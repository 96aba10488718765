//! Filter expressions, read and decided.

mod evaluate;
mod parse;
mod token;

pub(in crate::lint) use evaluate::{Subject, holds};
pub(super) use parse::parse;
