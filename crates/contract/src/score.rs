//! Agent readiness: whether an agent finds the right operation, fills it in, and does no harm by accident.
//!
//! Deterministic and offline. Two numbers, never blended, of a table of rules that [`rules`] lists; what each tool costs
//! in tokens; which operations are too alike; and, given the sentences of users, whether a search finds the right one.

mod alike;
mod delta;
mod findability;
mod measure;
mod places;
mod resolver;
mod response_size;
mod result;
mod rule;
mod rules;
mod schema;
mod survey;
mod tally;
mod task;
mod tokens;
mod tool;
mod words;

#[cfg(test)]
mod seeds;
#[cfg(test)]
mod tests;

pub use delta::{FamilyDelta, NumberDelta, ScoreDelta, TokensDelta, ToolDelta, delta};
pub use findability::{Findability, TaskRank};
pub use measure::score;
pub use result::{
    AmbiguousPair, FamilyScore, HOTSPOTS_MAX, Hotspot, RuleScore, SCORE_SCHEMA_VERSION, Score,
    ScoreFinding, TokenSummary, ToolScore,
};
pub use rule::{Family, Number, Rule};
pub use rules::rules;
pub use tally::FINDINGS_PER_RULE_MAX;
pub use task::{Task, TaskError};
pub use tokens::{TOKENIZER, count_tokens, token_ranks};
pub use tool::{TOOL_NAME_LEN_MAX, Tool};
