//! What all rules on tools have in common.

use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind, Rule, State};

/// Filled in by each rule.
pub(super) const BASE: Rule = Rule {
    id: "",
    level: Level::Info,
    breaks: &[],
    direction: Direction::None,
    area: Area::Paths,
    kind: Kind::Structure,
    action: Action::Change,
    mirror: None,
    check: "mcp-tools",
    state: State::Implemented,
    purpose: "",
    why: "",
    safely: "",
    breaking_example: "",
    safe_example: "",
};
