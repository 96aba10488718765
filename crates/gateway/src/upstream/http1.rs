//! HTTP/1.1 towards an upstream, driven by the request's own task: no background task, no channel, no copy of the head.

mod exchange;
mod head;
mod stream;

pub use exchange::{Exchange, ExchangeError};
pub use head::Head;
pub use stream::Stream;
