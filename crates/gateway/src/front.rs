//! The strict front: what a request may look like on the wire, decided before anything else reads it.
//!
//! Every byte of an HTTP/1.x connection passes `Scanner` first; it releases whole, validated heads and
//! validated chunk framing only, so that no later parser can see another message boundary than it saw.
//! `check_request` judges the parsed request, HTTP/1.x or HTTP/2, by the same rules; `canonical` turns an accepted
//! request's headers into the one form that goes upstream. Nothing here reads a clock, a socket or a file.

mod bytes;
pub mod canonical;
mod check;
mod chunk;
mod fields;
mod head;
mod host;
mod limits;
mod path;
mod request_line;
mod scanner;
mod target;
mod violation;

pub use check::{Rules, check_request};
pub use limits::{FrontLimits, LimitsError};
pub use path::{Escape, PathRules, check_path};
pub use scanner::{HeadState, Phase, Progress, Refusal, Scanner};
pub use violation::Violation;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod matrix;
