//! Towpath: the library half of the binary (CLI, config, wiring).
