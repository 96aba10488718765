//! One reading of the document for all rules.

mod media;
mod model;
mod operations;
mod read;
mod schemas;

pub(crate) use model::Survey;
pub(crate) use operations::{Operation, Parameter, Response};
pub(crate) use read::survey;
pub(crate) use schemas::PropertyUse;
