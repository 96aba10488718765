//! Notices: what every channel says, who is reached, and what happens when somebody is not.

mod channels;
mod delivery;
mod office;
mod pages;
#[path = "../../examples/notices_sample/rollout.rs"]
mod sample;
