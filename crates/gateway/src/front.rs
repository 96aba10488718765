//! The strict front: what a request may look like on the wire, decided before anything else reads it.
//!
//! Every byte of an HTTP/1.x connection passes `Scanner` first; it releases whole, validated heads and
//! validated chunk framing only, so that no later parser can see another message boundary than it saw.
//! `check_path` adds the rules for paths. `check_request` judges a parsed request by the same rules where there are no
//! such bytes, as in HTTP/2; `canonical` has the one form in which an accepted request's fields go upstream. Nothing here reads a clock, a socket or a file.

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
pub(crate) mod laws;
#[cfg(test)]
pub(crate) mod matrix;
