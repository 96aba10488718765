//! Tests of the laws of rollouts.

mod bar;
mod brownouts;
mod changes;
mod documents;
mod evidence;
mod rhythm;
mod sample;
mod segments;
mod simulation;
mod transitions;
mod windows;
mod world;
