//! HTTP/1.x towards the consumer: heads that the strict front has released in, responses out, one request after the other.

mod connection;
mod reading;
mod request;
mod response;
mod writing;

pub use connection::serve_http1;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
