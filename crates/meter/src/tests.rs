//! Tests of the journal as a whole, on a simulated disk and on the real one.

mod applier;
mod crash;
mod cuts;
mod faults;
mod full;
mod kill;
mod real;
mod sim;
mod simulation;
mod truth;
