//! JSON Schemas held against values, those of rulesets and those of the document.

mod budget;
mod convert;
mod effort;
mod errors;
mod formats;
mod parts;
mod patterns;
mod prepared;
mod references;
mod sides;
mod store;
mod validator;

pub(super) use budget::Budget;
pub(super) use convert::{Side, value};
pub(super) use store::{Reading, Store, Verdict};
pub(super) use validator::{Judged, Validator};
