//! OpenAPI contracts: read with source positions, resolved lazily, refused with the place and the next step.
//!
//! No IO, no clock: a caller hands in a text and its name. JSON and YAML become one [`Tree`] whose nodes know their
//! place in the source; [`Contract`] is what the gateway and control need of it, and keeps the tree for the rest.

#![forbid(unsafe_code)]

mod change;
pub mod changelog;
mod contract;
mod deprecation;
mod diff;
mod document;
mod facts;
mod finding;
mod findings;
mod fingerprint;
mod intern;
pub mod json;
pub mod leaves;
mod level;
mod lint;
mod markdown;
mod model;
mod operation;
pub mod pointer;
pub mod policy;
mod problem;
mod read;
mod refs;
pub mod report;
mod rules;
pub mod score;
mod security;
mod server;
mod site;
mod source;
mod span;
mod syntax;
mod template;
#[cfg(test)]
mod testing;
pub mod tools;
mod tree;
mod version;
pub mod yaml;

pub use change::{Change, ChangedOperation};
pub use contract::{Contract, parse, parse_bytes, parse_owned};
pub use deprecation::Deprecation;
pub use diff::diff;
pub use diff::options::{Clients, DiffOptions, LevelOverride, VersionPolicy};
pub use diff::outcome::Diff;
pub use finding::{Finding, OverlayAction, OverlayEffect};
pub use findings::PROBLEMS_TOLD_MAX;
pub use level::{Breaks, Level};
pub use lint::overlay::overlay;
pub use lint::{
    ApplyError, LintRule, Ruleset, RulesetError, RulesetLoader, RulesetSource, apply_fixes, lint,
    lint_rules,
};
pub use model::operation::Stability;
pub use operation::{Extension, Operation, Parameter, ParameterLocation};
pub use problem::{ContractError, Excerpt, Problem, Severity};
pub use refs::{RefError, RefReason, Refs};
pub use rules::rule::{Action, Area, Direction, Kind, Rule, State};
pub use rules::rules;
pub use score::{Score, Task, score};
pub use security::{ApiKeyLocation, SecurityKind, SecurityRequirement, SecurityScheme};
pub use site::Site;
pub use source::Source;
pub use span::{LineIndex, Position, Span};
pub use syntax::SyntaxError;
pub use tree::{
    DEPTH_LIMIT, Elements, Format, Irregularity, IrregularityKind, Member, Members, Node, NodeId,
    SOURCE_BYTES_LIMIT, Tree, Value,
};
pub use version::OpenApiVersion;
