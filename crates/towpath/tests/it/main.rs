//! The one integration-test binary: laws of the tree, and the running `towpath` seen from outside.

#![allow(clippy::unwrap_used)]

mod architecture;
mod bad_input;
mod contract_cli;
mod crash;
mod db_gone;
mod demo;
mod deprecation;
mod disk_full;
mod h2_conformance;
mod key_lifecycle;
mod large_body;
mod parser_matrix;
mod pass_through;
mod rollout;
mod rollout_steps;
mod rule_pages;
mod secure;
mod stages;
mod support;
mod truth;
