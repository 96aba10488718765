//! The steps of a request, in the order in which `serve` calls them.

pub mod admit;
#[cfg(test)]
mod fixture;
pub mod forward;
pub mod identify;
pub mod route;
pub mod stage;
pub mod tell;
pub mod version;
