//! Towpath: the library half of the binary (CLI, config, wiring).

#![forbid(unsafe_code)]

pub mod cli;
pub mod client;
pub mod config;
pub mod demo;
pub mod drill;
pub mod failure;
pub mod output;
pub mod run;
