//! Entry point of the `towpath` binary.

fn main() {}
