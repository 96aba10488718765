//! Control at its boundary: real SQLite and a real journal in temporary folders, a clock that tests move.

mod apply;
mod backup;
mod contracts;
mod imports;
mod jobs;
mod keys;
mod live;
mod notices;
mod rollout_sim;
mod rollout_status;
mod rollouts;
mod usage;
mod world;
