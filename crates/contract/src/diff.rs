//! Every difference between two contracts, classified by the rules.

use crate::source::Source;

pub(crate) mod engine;
pub(crate) mod fact;
pub(crate) mod found;
pub(crate) mod options;
pub(crate) mod outcome;
pub(crate) mod pairing;
mod prepared;
pub(crate) mod report;
pub(crate) mod schema_pair;
pub(crate) mod schema_table;
pub(crate) mod schema_walk;
pub(crate) mod sense;
mod sites;
pub(crate) mod step;
pub(crate) mod subschemas;
pub(crate) mod transition;
mod ways;

use options::DiffOptions;
use outcome::Diff;

/// What changed from `base` to `revision`, ordered by operation path, method and position; what belongs to no
/// operation comes first. Never reads a clock: `options.today` decides what has reached its sunset.
pub fn diff(base: &Source, revision: &Source, options: &DiffOptions) -> Diff {
    engine::run(base, revision, options)
}

#[cfg(test)]
mod tests;
