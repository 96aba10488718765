//! HTTP/1.x towards the consumer: heads that the strict front has released in, responses out, one request after the other.

mod connection;
mod head;
mod reading;
mod writing;

pub use connection::serve_http1;
