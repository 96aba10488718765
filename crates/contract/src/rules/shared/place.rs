//! Which schemas a check of parameters or headers is about.

use crate::diff::schema_pair::{Place, SchemaPair};

pub(crate) fn is_parameter(pair: &SchemaPair<'_, '_>) -> bool {
    matches!(pair.place, Place::Parameter { .. })
}

/// The schema of a parameter itself, not of what is inside it.
pub(crate) fn is_parameter_root(pair: &SchemaPair<'_, '_>) -> bool {
    is_parameter(pair) && pair.is_root()
}

/// A parameter in a header of the request, and what is inside it.
pub(crate) fn is_request_header(pair: &SchemaPair<'_, '_>) -> bool {
    matches!(pair.place, Place::Parameter { location, .. } if location == "header")
}

/// The schema of a header of a response itself.
pub(crate) fn is_response_header_root(pair: &SchemaPair<'_, '_>) -> bool {
    matches!(pair.place, Place::Header { .. }) && pair.is_root()
}
