//! What the bar asks of a plan, read from the impact: cohort, outreach, promises, length of evidence.

use crate::ids::ConsumerId;
use crate::rollout::impact::Impact;

/// The smallest and largest cohort of a beta: fewer show no pattern, more are not private.
pub const COHORT: std::ops::RangeInclusive<usize> = 5..=10;

/// So many of the heaviest concerned consumers are written to by a person, or all when there are fewer.
pub const OUTREACH_MIN: u32 = 10;

/// The cohort by affected volume: at most ten, heaviest first.
pub fn heaviest(impact: &Impact) -> Vec<ConsumerId> {
    let concerned = impact.concerned();
    concerned
        .iter()
        .take(*COHORT.end())
        .map(|c| c.consumer)
        .collect()
}

/// How many consumers at least are written to by a person.
pub fn outreach(impact: &Impact) -> u32 {
    let concerned = impact.consumers.iter().filter(|c| c.is_concerned()).count();
    u32::try_from(concerned).map_or(OUTREACH_MIN, |count| count.min(OUTREACH_MIN))
}

/// Names of plans and agreements that concerned consumers have, each once.
pub fn promised(impact: &Impact) -> std::collections::BTreeSet<&str> {
    let concerned = impact.consumers.iter().filter(|c| c.is_concerned());
    concerned.flat_map(|c| c.commitments()).collect()
}

/// The longest silence that one of the concerned consumers' rhythms explains, in days; 0 when nobody is concerned.
pub fn longest_rhythm(impact: &Impact) -> u32 {
    let concerned = impact.consumers.iter().filter(|c| c.is_concerned());
    concerned
        .map(|c| c.rhythm.explained_days())
        .max()
        .unwrap_or(0)
}

/// Whether nothing, or nothing readable, is said.
pub fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
