//! Upstreams of a surface: where they are, which one is next, and the way to send one request with its retries.

mod address;
mod connect;
mod health;
mod http1;
mod pool;
mod send;

pub use address::{Upstream, UpstreamError};
pub use connect::{Protocol, TlsConnectors};
pub use http1::Stream;
pub use pool::Pool;
pub use send::{Answer, Down, Outgoing, SendFailure, is_idempotent, send};
