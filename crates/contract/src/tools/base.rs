//! What rules on tools have in common: all of them, those on what a tool takes, those on what it returns.

use crate::level::{Breaks, Level};
use crate::rules::rule::{Action, Area, Direction, Kind, Rule, State};

/// Filled in by each rule; as it stands, a change of a tool as a whole that breaks nobody.
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

/// A change of what a tool takes that refuses calls as they were made before.
pub(super) const ARGUMENT: Rule = Rule {
    level: Level::Error,
    breaks: &[Breaks::Wire, Breaks::Agent],
    direction: Direction::Request,
    area: Area::Schema,
    ..BASE
};

/// A change of what a tool takes that breaks nobody.
pub(super) const HARMLESS_ARGUMENT: Rule = Rule {
    level: Level::Info,
    breaks: &[],
    why: "Calls as they were made before stay valid.",
    safely: "Nothing to do.",
    ..ARGUMENT
};

/// A change of what a tool returns that readers cannot take.
pub(super) const OUTPUT: Rule = Rule {
    level: Level::Error,
    breaks: &[Breaks::Wire, Breaks::Sdk, Breaks::Agent],
    direction: Direction::Response,
    area: Area::Schema,
    ..BASE
};

/// A change of what a tool returns that breaks nobody.
pub(super) const HARMLESS_OUTPUT: Rule = Rule {
    level: Level::Info,
    breaks: &[],
    safely: "Nothing to do.",
    ..OUTPUT
};
