//! What a contract states, apart from the document that states it.

use crate::operation::Operation;
use crate::security::SecurityScheme;
use crate::version::OpenApiVersion;

/// What is read out of a tree without a borrow of it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) openapi: OpenApiVersion,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) base_paths: Vec<String>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) security_schemes: Vec<SecurityScheme>,
}
