//! One row of the table of rules.

use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

/// One rule without its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) level: Level,
    pub(crate) check: &'static str,
    pub(crate) direction: Direction,
    pub(crate) area: Area,
    pub(crate) kind: Kind,
    pub(crate) action: Action,
    /// Empty for none.
    pub(crate) mirror: &'static str,
}

// The columns of the table, in its order.
#[allow(clippy::too_many_arguments)]
pub(super) const fn row(
    id: &'static str,
    level: Level,
    check: &'static str,
    direction: Direction,
    area: Area,
    kind: Kind,
    action: Action,
    mirror: &'static str,
) -> Row {
    Row {
        id,
        level,
        check,
        direction,
        area,
        kind,
        action,
        mirror,
    }
}
