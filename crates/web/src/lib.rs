//! The admin API, its contract, and the small pages beside it: HTTP over `control` functions, and nothing else.

#![forbid(unsafe_code)]

// The path attribute of utoipa writes parameter types with a longer path than they need.
#[allow(unused_qualifications)]
pub mod api;
pub mod app;
mod extract;
mod guard;
mod metrics;
pub mod problem;
mod public;
pub mod router;
pub mod serve;
mod status_page;
pub mod table;
#[cfg(test)]
mod tests;
pub mod time;

pub use app::{App, AppConfig, ConfigLine, Figure, FigureKind, GatewayReport};
pub use problem::{Problem, ProblemDetail, Refusal};
pub use router::{openapi_json, router};
pub use serve::serve;
