//! JSON Schemas held against values, those of rulesets and those of the document.

mod convert;
mod effort;
mod errors;
mod formats;
mod patterns;
mod prepared;
mod sides;
mod store;
mod validator;

pub(super) use convert::{Side, value};
pub(super) use store::{Reading, Store, Verdict};
pub(super) use validator::Validator;
