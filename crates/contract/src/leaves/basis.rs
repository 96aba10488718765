//! What decides whom a rule's change touches: who has the part, who lacks it, or every call.

use super::touched::Certainty;
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};
use crate::rules::table::Row;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    AnyCall,
    /// Calls that send the part.
    Sends,
    /// Calls that do not send the part.
    Lacks,
    /// Calls that were answered with the part.
    Receives,
}

/// Every rule has a basis, those included that an override of levels may make an error.
pub(super) fn of(row: &Row) -> Basis {
    match (row.area, row.direction) {
        (Area::Components | Area::Info | Area::Paths | Area::Security | Area::Tags, _)
        | (_, Direction::None) => Basis::AnyCall,
        // A parameter of the path is in every call, and a new one makes another path.
        _ if row.id.contains("path-parameter") => Basis::AnyCall,
        (_, Direction::Response) => Basis::Receives,
        (_, Direction::Request) if is_absence(row) => Basis::Lacks,
        (_, Direction::Request) => Basis::Sends,
    }
}

/// Properties of headers are not looked at, so nobody is known to send one.
fn is_absence(row: &Row) -> bool {
    let is_of_header = row.id.contains("header-property");
    let is_default = row.id.contains("default-value");
    let is_required = match (row.kind, row.action) {
        (Kind::Requiredness, _) => row.id.contains("became-required"),
        (Kind::Existence, Action::Add) => row.id.contains("required"),
        _ => false,
    };
    !is_of_header && (is_default || is_required)
}

/// Whether a call that meets the condition breaks for sure. A warning is one because it may not; `level` is that of the
/// change, since an owner may know better.
pub(super) fn certainty(row: &Row, level: Level) -> Certainty {
    let is_certain = match (row.kind, row.action) {
        _ if level < Level::Error || row.direction == Direction::Response => false,
        // The rule is of a part of what the condition names.
        _ if row.id.contains("header-property") || row.id.contains("extensible") => false,
        (Kind::Existence, _) => !row.id.contains("schema") && !row.id.ends_with("with-default"),
        (Kind::Values, Action::Remove) => row.id.contains("enum-value-removed"),
        (Kind::Type, Action::Change) => {
            row.id.ends_with("type-changed") && !row.id.ends_with("media-type-changed")
        }
        (Kind::Requiredness, _) => row.id.ends_with("became-required"),
        _ => false,
    };
    match is_certain {
        true => Certainty::Breaks,
        false => Certainty::MayBreak,
    }
}
