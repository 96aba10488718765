//! The steps of a request, in the order in which `serve` calls them.

pub mod admit;
pub mod forward;
pub mod identify;
pub mod route;
