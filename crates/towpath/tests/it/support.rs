//! What the tests of the running binary stand on: a process, a recording upstream, a client that sends bytes as they are.

pub mod process;
pub mod upstream;
pub mod wire;

pub use process::{Setup, Towpath, eventually};
pub use upstream::Upstream;
pub use wire::{Answer, Connection, get, send};
