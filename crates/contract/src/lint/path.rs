//! JSONPath-Plus, as far as rulesets use it: compiled once, then walked many paths at a time.

mod expression;
mod parse;
mod script;
mod selector;
mod value;

pub(super) use expression::{Expression, Names};
pub(super) use parse::parse;
pub(super) use script::{Subject, holds};
pub(super) use selector::{Path, Selector, Step, Tail};
pub(super) use value::{Js, number, to_number};
